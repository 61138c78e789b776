import { type App, clusterRow, say } from '../../controller/app.ts';
import { logColumns } from '../../screens/log/lines.ts';
import { type CommandName, parseCommand, type Suggestion, suggest } from '../../state/commands.ts';
import { parseFilter } from '../../state/filter.ts';
import { changeTop, setFilter, withoutPrompt } from '../../state/navigation.ts';
import { type Prompt, topFrame, type UiState } from '../../state/state.ts';
import { editField, emptyField, type FieldEdit, fieldOf } from '../../state/text-field.ts';
import { isTable, viewCluster } from '../../state/view.ts';
import { openForm } from './form.ts';
import { startMigration } from './migrate.ts';
import { go, jumpTo } from './navigate.ts';
import type { Performs } from './perform.ts';
import { enterSandbox, quit } from './process.ts';
import { openRuns } from './runs.ts';

const openPrompt = (kind: Prompt['kind']) => (app: App) =>
  app.store.update(state => {
    const before = topFrame(state).filter;
    return { ...state, prompt: { kind, before, pick: -1, field: kind === 'filter' ? fieldOf(before) : emptyField } };
  });

/** Columns that a filter may name where the user is. */
function filterColumns(app: App, state: UiState): readonly string[] {
  const { view } = topFrame(state);
  if (isTable(view)) return app.tables[view.kind].filterColumns;
  return view.kind === 'log' ? logColumns : [];
}

/** The prompt after an edit. A filter is applied as it is typed; a bad one says so and leaves the last good one. */
export function editPrompt(app: App, state: UiState, edit: FieldEdit): UiState {
  const { prompt } = state;
  if (!prompt) return state;
  const field = editField(prompt.field, edit);
  const { error: _, ...rest } = prompt;
  const next: Prompt = { ...rest, field, pick: -1 };
  if (prompt.kind === 'command') return { ...state, prompt: next };
  const parsed = parseFilter(field.value, filterColumns(app, state));
  const withError: Prompt = parsed.ok ? next : { ...next, error: parsed.error };
  const text = field.value.trim() === '' ? '' : field.value;
  return changeTop({ ...state, prompt: withError }, frame => setFilter(frame, parsed.ok ? text : frame.filter));
}

/** What the command line offers for what is typed. */
export function suggestionsOf(app: App, state: UiState): readonly Suggestion[] {
  const { prompt } = state;
  if (prompt?.kind !== 'command') return [];
  const cluster = viewCluster(topFrame(state).view);
  return suggest(prompt.field.value, {
    namespaces: cluster ? app.model.namespaces(cluster).map(row => row.name) : [],
    clusters: app.model.clusters().map(row => row.name),
  });
}

const pickSuggestion = (delta: 1 | -1) => (app: App) =>
  app.store.update(state => {
    const { prompt } = state;
    const size = suggestionsOf(app, state).length;
    if (!prompt || size === 0) return state;
    const pick = prompt.pick < 0 ? (delta > 0 ? 0 : size - 1) : (prompt.pick + delta + size) % size;
    return { ...state, prompt: { ...prompt, pick } };
  });

/** Takes the picked suggestion, else the first, else the nearest command of one that does not exist. */
function complete(app: App) {
  app.store.update(state => {
    const { prompt } = state;
    if (!prompt) return state;
    const suggestions = suggestionsOf(app, state);
    const picked = suggestions[Math.max(0, prompt.pick)]?.text;
    const parsed = parseCommand(prompt.field.value);
    const text = picked ?? (parsed.ok ? undefined : parsed.nearest);
    if (text === undefined) return state;
    const { error: _, ...rest } = prompt;
    return { ...state, prompt: { ...rest, field: fieldOf(text), pick: -1 } };
  });
}

function submit(app: App) {
  const state = app.store.get();
  const { prompt } = state;
  if (!prompt) return;
  if (prompt.kind === 'filter') {
    if (prompt.error === undefined) app.store.update(withoutPrompt);
    return;
  }
  const picked = prompt.pick >= 0 ? suggestionsOf(app, state)[prompt.pick]?.text : undefined;
  const text = picked ?? prompt.field.value;
  if (text.trim() === '') {
    app.store.update(withoutPrompt);
    return;
  }
  const parsed = parseCommand(text);
  if (!parsed.ok) {
    const offer = parsed.nearest ? `   <tab> :${parsed.nearest}` : '';
    app.store.update(now => ({ ...now, prompt: { ...prompt, error: parsed.error + offer } }));
    return;
  }
  app.store.update(withoutPrompt);
  runCommand(app, parsed.name, parsed);
}

/** The cluster a command is about: named with `@`, else the one on screen, else the only one. */
function commandCluster(app: App, named: string | undefined): string | undefined {
  const rows = app.model.clusters();
  if (named !== undefined) {
    const found = rows.filter(row => row.name === named || row.id === named);
    if (found.length !== 1) {
      say(app, 'warning', found.length === 0 ? `no cluster ${named}` : `several clusters are called ${named}`);
      return undefined;
    }
    return found[0]?.id;
  }
  const here = viewCluster(topFrame(app.store.get()).view);
  if (here !== undefined) return here;
  const under = topFrame(app.store.get()).cursor.id;
  const chosen = clusterRow(app, under)?.id ?? (rows.length === 1 ? rows[0]?.id : undefined);
  if (chosen === undefined) say(app, 'warning', 'choose a cluster first');
  return chosen;
}

function runCommand(
  app: App,
  name: CommandName,
  args: { readonly namespace?: string; readonly filter?: string; readonly cluster?: string },
) {
  const filter = args.filter ?? '';
  switch (name) {
    case 'quit':
      return quit(app);
    case 'sandbox':
      return enterSandbox(app);
    case 'clusters':
      return jumpTo(app, { kind: 'clusters' }, filter);
    case 'log':
      return go(app, { kind: 'log' }, filter);
    case 'help': {
      const { view } = topFrame(app.store.get());
      return go(app, { kind: 'help', of: view.kind });
    }
    case 'runs':
      return openRuns(app);
    case 'new':
      return openForm(app);
    default:
      break;
  }
  if (name === 'associations' && (args.cluster === 'all' || hasNoCluster(app, args.cluster))) {
    return jumpTo(app, { kind: 'associations', ...(args.namespace ? { namespace: args.namespace } : {}) }, filter);
  }
  const cluster = commandCluster(app, args.cluster);
  if (cluster === undefined) return;
  const namespace = args.namespace ? { namespace: args.namespace } : {};
  switch (name) {
    case 'namespaces':
      return jumpTo(app, { kind: 'namespaces', cluster }, filter);
    case 'service-accounts':
      return jumpTo(app, { kind: 'service-accounts', cluster, ...namespace }, filter);
    case 'associations':
      return jumpTo(app, { kind: 'associations', cluster, ...namespace }, filter);
    case 'roles':
      return jumpTo(app, { kind: 'roles', cluster }, filter);
    case 'migrate':
      return startMigration(app, { cluster, ...namespace });
  }
}

/** `:a` from a place without a cluster lists every association in scope. */
const hasNoCluster = (app: App, named: string | undefined): boolean =>
  named === undefined && viewCluster(topFrame(app.store.get()).view) === undefined;

export const promptActions: Performs = {
  command: openPrompt('command'),
  filter: openPrompt('filter'),
  'run-prompt': submit,
  complete,
  'next-suggestion': pickSuggestion(1),
  'previous-suggestion': pickSuggestion(-1),
};
