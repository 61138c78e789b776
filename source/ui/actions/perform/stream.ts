import { type App, layout, say } from '../../controller/app.ts';
import { shownLog } from '../../screens/log/shown.ts';
import { streamHeight } from '../../screens/migrate/geometry.ts';
import { leftBy } from '../../screens/migrate/left.ts';
import { pageHeight } from '../../screens/pages.ts';
import { changeTop } from '../../state/navigation.ts';
import type { RunProgress } from '../../state/run-progress.ts';
import type { Frame, TreeView, UiState } from '../../state/state.ts';
import { scrollStream, turnFollowing } from '../../state/stream.ts';
import { currentMigration } from './migrate.ts';
import type { Performs } from './perform.ts';
import { changeTree } from './tree.ts';

/** Another place in the log on screen. */
const changeLog = (app: App, change: (frame: Frame, state: UiState) => Frame['stream']): void =>
  app.store.update(state =>
    changeTop(state, frame => {
      const stream = change(frame, state);
      return stream === frame.stream ? frame : { ...frame, stream };
    }),
  );

/** Scrolls the log; at its end it is followed again. */
export const scrollLog = (app: App, to: number | 'first' | 'last'): void =>
  changeLog(app, ({ stream }, state) => scrollStream(shownLog(app, state), stream, pageHeight(app, state), to));

const followLog = (app: App): void =>
  changeLog(app, ({ stream }, state) => turnFollowing(shownLog(app, state), stream, pageHeight(app, state)));

/** Does something with what is shown under the tree of a run. */
function withStream(app: App, change: (tree: TreeView, run: RunProgress, height: number) => TreeView): void {
  const state = currentMigration(app)?.session.get();
  const run = state && 'run' in state ? state.run : undefined;
  if (!run) return;
  const height = streamHeight(layout(app.store.get()));
  if (height === 0) say(app, 'info', 'the terminal is too small for the requests');
  else changeTree(app, tree => change(tree, run, height));
}

const withPlace = ({ stream: _, ...tree }: TreeView, stream: TreeView['stream']): TreeView =>
  stream ? { ...tree, stream } : tree;

const followRequests = (app: App): void =>
  withStream(app, (tree, { stream }, height) => withPlace(tree, turnFollowing(stream, tree.stream, height)));

const scroll = (by: number) => (app: App) =>
  withStream(app, (tree, { stream, result }, height) => {
    const left = leftBy(result).length;
    if (left === 0) return withPlace(tree, scrollStream(stream, tree.stream, height, by));
    return { ...tree, left: Math.max(0, Math.min(left - height, (tree.left ?? 0) + by)) };
  });

export const streamActions: Performs = {
  'follow-log': followLog,
  'follow-requests': followRequests,
  'requests-up': scroll(-1),
  'requests-down': scroll(1),
};
