import type { Focus } from '../../live/model.ts';
import { type Cursor, lineCount, settle } from '../state/cursor.ts';
import { formCluster, formFacts } from '../state/form-facts.ts';
import { changeTop } from '../state/navigation.ts';
import { contextCluster, isFrozen, newDialog, topFrame, type UiState } from '../state/state.ts';
import { isTable, viewCluster, viewNamespace } from '../state/view.ts';
import { levelRank } from '../text/health.ts';
import { type App, say } from './app.ts';
import { tallyOf } from './runs.ts';
import { readShownPolicies } from './shown-policies.ts';
import { type CurrentTable, currentTable } from './table.ts';

const ageTick = 10_000;
const focusDelay = 120;

export const withCursor = (state: UiState, cursor: Cursor): UiState =>
  changeTop(state, frame => (frame.cursor === cursor ? frame : { ...frame, cursor }));

/** Binds the cursor again after rows, size or filter changed. A frozen table stays as it is. */
export function settleCursor(app: App): void {
  app.store.update(state => {
    if (isFrozen(state)) return state;
    const table = currentTable(app, state);
    return table ? withCursor(state, settle(table.frame.cursor, table.set, table.height, beginning(table))) : state;
  });
}

/** Clusters begin at the worst one, which is what a user comes for; what is in them, at the top. */
function beginning({ engine, set, frame }: CurrentTable): number {
  if (engine.kind !== 'clusters' || frame.cursor.bound) return 0;
  const ranks = set.rows.map(row => levelRank[engine.health(row).level]);
  const worst = Math.min(...ranks);
  return worst <= levelRank.warning ? ranks.indexOf(worst) : 0;
}

/** Rows in the window, by id. */
export function visibleIds(table: CurrentTable): readonly string[] {
  const { cursor } = table.frame;
  const last = Math.min(cursor.top + table.height, lineCount(cursor, table.set));
  const ids: string[] = [];
  for (let index = cursor.top; index < last; index += 1) {
    const id = table.set.idAt(index);
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/**
 * Keeps what follows from the model and the clock: the cursor on its row, the model told what is on screen, ages
 * moving. Returns what stops it.
 */
export function keep(app: App): () => void {
  const unsubscribeModel = app.model.subscribe(() => settleCursor(app));
  let told = '';
  let waiting: AbortController | undefined;
  const tell = () => {
    const focus = focusOf(app, app.store.get());
    const text = JSON.stringify(focus);
    if (text === told) return;
    told = text;
    app.model.focus(focus);
  };
  const unsubscribeStore = app.store.subscribe(() => {
    settleCursor(app);
    readShownPolicies(app);
    if (waiting) return;
    waiting = new AbortController();
    app.clock.sleep(focusDelay, waiting.signal).then(
      () => {
        waiting = undefined;
        tell();
      },
      () => {},
    );
  });
  settleCursor(app);
  tell();
  void tick(app);
  app.preferences.load();
  app.history.load();
  void askAboutOpenRuns(app);
  return () => {
    unsubscribeModel();
    unsubscribeStore();
    waiting?.abort();
  };
}

/** A run whose journal just ends was cut off: whoever starts the app is asked about it, since nothing else shows it. */
async function askAboutOpenRuns(app: App): Promise<void> {
  await app.runs.read();
  const open = app.runs.get().rows.flatMap(row => ('state' in row && row.state === 'interrupted' ? [row] : []));
  const [first] = open;
  if (!first || app.ended.signal.aborted) return;
  const { run, command, cluster, begunAt } = first;
  const summary = await app.runs.show(run);
  if (!summary || app.ended.signal.aborted) return;
  const interrupted = { run, command, begunAt, tally: tallyOf(summary), others: open.length - 1 };
  const dialog = { ...newDialog('interrupted', cluster.arn, app.clock.now()), interrupted };
  // Whoever is at something already is not interrupted in turn.
  const busy = ({ stack, prompt, dialog: open }: UiState) =>
    stack.length > 1 || prompt !== undefined || open !== undefined;
  if (busy(app.store.get())) return say(app, 'warning', `${command} of ${cluster.name} did not finish: :runs`);
  app.store.update(state => ({ ...state, dialog }));
}

/** The cluster whose facts the screen is made of: what lies over a cluster's place is still about that cluster. */
function aboutCluster(app: App, state: UiState): string | undefined {
  const { view } = topFrame(state);
  if (isTable(view)) return viewCluster(view);
  if (view.kind === 'form' && state.form) return formCluster(formFacts(app.model, state.form))?.id;
  if (view.kind === 'review') return app.sessions.get().review?.cluster.arn;
  return viewCluster(view) ?? contextCluster(state);
}

function focusOf(app: App, state: UiState): Focus {
  const { view } = topFrame(state);
  const cluster = aboutCluster(app, state);
  const namespace = viewNamespace(view);
  const table = currentTable(app, state);
  return {
    ...(cluster ? { cluster } : {}),
    ...(namespace ? { namespace } : {}),
    ...(table ? { rows: visibleIds(table) } : view.kind === 'detail' ? { rows: [view.subject.id] } : {}),
  };
}

/** Ages are counted from `state.now`, which moves every ten seconds: idle screens cost nothing in between. */
async function tick(app: App): Promise<void> {
  try {
    for (;;) {
      await app.clock.sleep(ageTick, app.ended.signal);
      app.store.update(state => ({ ...state, now: app.clock.now() }));
    }
  } catch {
    // The app ended.
  }
}
