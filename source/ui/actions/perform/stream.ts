import { type App, layout, say } from '../../controller/app.ts';
import { shownLog } from '../../screens/log/shown.ts';
import { streamHeight } from '../../screens/migrate/geometry.ts';
import { leftBy } from '../../screens/migrate/left.ts';
import { pageHeight } from '../../screens/pages.ts';
import { changeTop } from '../../state/navigation.ts';
import type { RunProgress } from '../../state/run-progress.ts';
import { type Frame, type UiState, type UnderTree, underTree } from '../../state/state.ts';
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
function withStream(app: App, change: (under: UnderTree, run: RunProgress, height: number) => UnderTree): void {
  const state = currentMigration(app)?.session.get();
  const run = state && 'run' in state ? state.run : undefined;
  if (!run) return;
  const height = streamHeight(layout(app.store.get()));
  if (height === 0) say(app, 'info', 'the terminal is too small for the requests');
  else changeTree(app, tree => ({ ...tree, under: change(underTree(tree, run), run, height) }));
}

const withPlace = (run: number, stream: UnderTree['stream']): UnderTree => (stream ? { run, stream } : { run });

const followRequests = (app: App): void =>
  withStream(app, ({ run, stream }, { stream: items }, height) => withPlace(run, turnFollowing(items, stream, height)));

const scroll = (by: number) => (app: App) =>
  withStream(app, (under, { stream, result }, height) => {
    const left = leftBy(result).length;
    if (left === 0) return withPlace(under.run, scrollStream(stream, under.stream, height, by));
    return { ...under, left: Math.max(0, Math.min(left - height, (under.left ?? 0) + by)) };
  });

export const streamActions: Performs = {
  'follow-log': followLog,
  'follow-requests': followRequests,
  'requests-up': scroll(-1),
  'requests-down': scroll(1),
};
