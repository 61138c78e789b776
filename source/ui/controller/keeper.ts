import type { Focus } from '../../live/model.ts';
import type { Cursor } from '../state/cursor.ts';
import { formCluster, formFacts } from '../state/form-facts.ts';
import { changeTop } from '../state/navigation.ts';
import { contextCluster, newDialog, topFrame, type UiState } from '../state/state.ts';
import { isTable, viewCluster, viewNamespace } from '../state/view.ts';
import { type App, say } from './app.ts';
import { sayTakenUp } from './draft-message.ts';
import { tallyOf } from './runs.ts';
import { rowsInWindow, Settler } from './settler.ts';
import { readShownPolicies } from './shown-policies.ts';
import { type CurrentTable, currentTable } from './table.ts';

const ageTick = 10_000;
const focusDelay = 120;

export const withCursor = (state: UiState, cursor: Cursor): UiState =>
  changeTop(state, frame => (frame.cursor === cursor ? frame : { ...frame, cursor }));

/** Rows in the window, by id. */
export function visibleIds(table: CurrentTable): readonly string[] {
  const { first, last } = rowsInWindow(table.lines, table.frame.cursor, table.height);
  return table.set.rows.slice(first, last).map(({ id }) => id);
}

/**
 * Keeps what follows from the model and the clock: the cursor on its row, the model told what is on screen, ages
 * moving. Returns what stops it.
 */
export function keep(app: App): () => void {
  const settler = new Settler(app);
  const unsubscribeModel = app.model.subscribe(() => settler.settle());
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
    settler.settle();
    readShownPolicies(app);
    app.drafts.note();
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
  settler.settle();
  tell();
  void tick(app);
  app.preferences.load();
  app.history.load();
  app.drafts.load(key => sayTakenUp(app, key));
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
