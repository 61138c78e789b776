import type { App } from '../../controller/app.ts';
import { layout, say } from '../../controller/app.ts';
import type { CurrentTable } from '../../controller/table.ts';
import { currentTable } from '../../controller/table.ts';
import { pageHeight, pageLines } from '../../screens/pages.ts';
import { type Cursor, move, place } from '../../state/cursor.ts';
import { concerns, covers } from '../../state/following.ts';
import { changeTop, withoutFollowed } from '../../state/navigation.ts';
import { topFrame } from '../../state/state.ts';
import { contextsHeight, moveContexts } from './contexts.ts';
import { helpPage, moveHelp } from './help.ts';
import type { Perform, Performs } from './perform.ts';
import { moveRuns } from './runs.ts';
import { scrollLog } from './stream.ts';
import { moveTree } from './tree.ts';

type Motion = { readonly by: 'line' | 'page'; readonly sign: 1 | -1 } | { readonly to: 'first' | 'last' };

function moveRow(table: CurrentTable, motion: Motion): Cursor {
  const { lines, height, frame } = table;
  if ('to' in motion) return place(frame.cursor, lines, height, motion.to === 'first' ? 0 : lines.length - 1);
  return move(frame.cursor, lines, height, motion.sign * (motion.by === 'page' ? Math.max(1, height - 1) : 1));
}

/** Scrolls a page of lines. */
function scrollPage(app: App, motion: Motion): void {
  const state = app.store.get();
  const { view, scroll } = topFrame(state);
  const height = pageHeight(app, state);
  const step = 'by' in motion ? motion.sign * (motion.by === 'page' ? Math.max(1, height - 1) : 1) : 0;
  if (view.kind === 'log') {
    scrollLog(app, 'to' in motion ? motion.to : step);
    return;
  }
  const most = Math.max(0, pageLines(app, state).length - height);
  const next =
    'to' in motion ? (motion.to === 'first' ? 0 : most) : Math.max(0, Math.min(most, Math.min(scroll, most) + step));
  app.store.update(current =>
    changeTop(current, frame => (frame.scroll === next ? frame : { ...frame, scroll: next })),
  );
}

/** Keys that follow one another within this time, in milliseconds, are one movement. */
const restAfter = 80;

/**
 * A key moves the cursor and nothing else, so that it writes two lines and no more; what explains the row follows when
 * the cursor rests.
 */
function moveCursor(app: App, cursor: Cursor): void {
  const now = app.clock.now();
  endFollowing(app, cursor);
  app.store.update(state => changeTop(state, frame => ({ ...frame, cursor, movedAt: now, moving: true })));
  app.clock.sleep(restAfter, app.ended.signal).then(
    () =>
      app.store.update(state =>
        changeTop(state, frame => (frame.moving && frame.movedAt === now ? { ...frame, moving: false } : frame)),
      ),
    () => {},
  );
}

/** Who moves the cursor to another row wants it there. */
function endFollowing(app: App, cursor: Cursor): void {
  const state = app.store.get();
  const { view, cursor: before } = topFrame(state);
  const { followed } = state;
  if (before.id === cursor.id || !concerns(followed, view) || !covers(view, followed)) return;
  app.store.update(withoutFollowed);
  say(app, 'info', `${followed.label} is not followed any more: the cursor was moved`);
}

const moving =
  (motion: Motion): Perform =>
  app => {
    const state = app.store.get();
    const table = currentTable(app, state);
    if (table) return moveCursor(app, moveRow(table, motion));
    if (topFrame(state).view.kind === 'migrate') {
      const page = Math.max(1, layout(state).body - 8);
      moveTree(app, 'to' in motion ? motion.to : motion.sign * (motion.by === 'page' ? page : 1));
      return;
    }
    if (topFrame(state).view.kind === 'help') {
      moveHelp(app, 'to' in motion ? motion.to : motion.sign * (motion.by === 'page' ? helpPage(app) : 1));
      return;
    }
    if (topFrame(state).view.kind === 'runs') {
      const page = Math.max(1, pageHeight(app, state) - 1);
      moveRuns(app, 'to' in motion ? motion.to : motion.sign * (motion.by === 'page' ? page : 1));
      return;
    }
    if (topFrame(state).view.kind === 'contexts') {
      const page = Math.max(1, contextsHeight(state) - 1);
      moveContexts(app, 'to' in motion ? motion.to : motion.sign * (motion.by === 'page' ? page : 1));
      return;
    }
    scrollPage(app, motion);
  };

export const movement: Performs = {
  down: moving({ by: 'line', sign: 1 }),
  up: moving({ by: 'line', sign: -1 }),
  'page-down': moving({ by: 'page', sign: 1 }),
  'page-up': moving({ by: 'page', sign: -1 }),
  first: moving({ to: 'first' }),
  last: moving({ to: 'last' }),
  'scroll-down': moving({ by: 'line', sign: 1 }),
  'scroll-up': moving({ by: 'line', sign: -1 }),
};
