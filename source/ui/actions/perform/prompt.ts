import type { App } from '../../controller/app.ts';
import { contextColumns } from '../../controller/contexts.ts';
import { searchAhead } from '../../controller/search-ahead.ts';
import { logColumns } from '../../screens/log/lines.ts';
import { parseCommand, type Suggestion, suggest } from '../../state/commands.ts';
import { parseFilter } from '../../state/filter.ts';
import { changeTop, setFilter, withoutPrompt } from '../../state/navigation.ts';
import { type Prompt, topFrame, type UiState } from '../../state/state.ts';
import { editField, emptyField, type FieldEdit, fieldOf } from '../../state/text-field.ts';
import { isTable, viewCluster } from '../../state/view.ts';
import { completePath } from './apply-file.ts';
import { runCommand } from './command.ts';
import type { Performs } from './perform.ts';

const openPrompt = (kind: Prompt['kind']) => (app: App) => {
  app.store.update(state => {
    const before = topFrame(state).filter;
    return { ...state, prompt: { kind, before, pick: -1, field: kind === 'filter' ? fieldOf(before) : emptyField } };
  });
  if (kind === 'filter') searchAhead(app);
};

/** Columns that a filter may name where the user is. */
function filterColumns(app: App, state: UiState): readonly string[] {
  const { view } = topFrame(state);
  if (isTable(view)) return app.tables[view.kind].filterColumns;
  if (view.kind === 'contexts') return contextColumns;
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

/** What was typed before and has all that is typed now in it, newest first. */
function typedBefore(app: App, { kind, field }: Prompt): readonly Suggestion[] {
  const typed = field.value.trim().toLowerCase();
  return app.history
    .of(kind)
    .filter(line => line.toLowerCase().includes(typed) && line !== field.value)
    .map(text => ({ text, hint: 'typed before' }));
}

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

/** What the prompt offers for what is typed: what was typed before, when that is asked for or nothing is typed yet. */
export function suggestionsOf(app: App, state: UiState): readonly Suggestion[] {
  const { prompt } = state;
  if (!prompt) return [];
  if (prompt.search) return typedBefore(app, prompt);
  if (prompt.kind === 'filter') return [];
  const cluster = viewCluster(topFrame(state).view);
  const clusters = app.model.clusters();
  const offered = suggest(prompt.field.value, {
    namespaces: cluster ? app.model.namespaces(cluster).map(row => row.name) : [],
    clusters: clusters.map(row => row.name),
    regions: sorted(clusters.map(row => row.region)),
    accounts: sorted(clusters.map(row => row.account)),
    views: state.views,
  });
  return once(prompt.field.value === '' ? [...typedBefore(app, prompt).slice(0, 3), ...offered] : offered);
}

/** Each text where it comes first: a command can have been typed before, and two clusters can have one name. */
const once = (all: readonly Suggestion[]): readonly Suggestion[] => {
  const first = new Map<string, Suggestion>();
  for (const item of all) if (!first.has(item.text)) first.set(item.text, item);
  return [...first.values()];
};

/** In the filter, what was typed before is the only thing to choose from. */
const pickSuggestion = (delta: 1 | -1) => (app: App) =>
  app.store.update(before => {
    const state: UiState = before.prompt?.kind === 'filter' ? searching(before) : before;
    const { prompt } = state;
    const size = suggestionsOf(app, state).length;
    if (!prompt || size === 0) return before;
    const pick = prompt.pick < 0 ? (delta > 0 ? 0 : size - 1) : (prompt.pick + delta + size) % size;
    return { ...state, prompt: { ...prompt, pick } };
  });

const searching = (state: UiState): UiState =>
  state.prompt && !state.prompt.search ? { ...state, prompt: { ...state.prompt, search: true, pick: -1 } } : state;

/** Offers what was typed before; again, the next older. */
function searchHistory(app: App) {
  app.store.update(searching);
  const state = app.store.get();
  if (suggestionsOf(app, state).length === 0) {
    app.store.update(now =>
      now.prompt ? { ...now, prompt: { ...now.prompt, error: 'nothing like it was typed before' } } : now,
    );
    return;
  }
  pickSuggestion(1)(app);
}

/** Puts the picked suggestion, else the first, else the nearest command, into the prompt, for more to be typed. */
function complete(app: App) {
  const { prompt: open } = app.store.get();
  const path = open?.kind === 'command' ? /^\s*apply\s+(.*)$/.exec(open.field.value)?.[1] : undefined;
  if (path !== undefined) return void completeFile(app, path);
  app.store.update(state => {
    const { prompt } = state;
    if (!prompt) return state;
    const picked = suggestionsOf(app, state)[Math.max(0, prompt.pick)]?.text;
    const parsed = prompt.kind === 'command' ? parseCommand(prompt.field.value) : undefined;
    const text = picked ?? (parsed && !parsed.ok ? parsed.nearest : undefined);
    return text === undefined ? state : withText(app, state, text);
  });
}

/** The path of a file, with what is on the disk; unless more was typed meanwhile. */
async function completeFile(app: App, begun: string): Promise<void> {
  const path = await completePath(app, begun);
  if (path === undefined || path === begun) return;
  app.store.update(state => {
    const typed = state.prompt?.field.value;
    if (typed === undefined || !typed.endsWith(begun)) return state;
    return withText(app, state, typed.slice(0, typed.length - begun.length) + path);
  });
}

/** A prompt that says this, as if it had been typed. */
function withText(app: App, state: UiState, text: string): UiState {
  const { prompt } = state;
  if (!prompt) return state;
  const { error: _, search: __, ...rest } = prompt;
  const emptied: UiState = { ...state, prompt: { ...rest, field: emptyField, pick: -1 } };
  return editPrompt(app, emptied, { type: 'insert', text });
}

function submit(app: App) {
  const picked = pickedText(app);
  if (picked !== undefined) app.store.update(state => withText(app, state, picked));
  const { prompt } = app.store.get();
  if (!prompt) return;
  const text = prompt.field.value;
  if (prompt.kind === 'filter') {
    if (prompt.error !== undefined) return;
    app.history.add('filter', text);
    app.store.update(withoutPrompt);
    return;
  }
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
  app.history.add('command', text);
  app.store.update(withoutPrompt);
  runCommand(app, parsed);
}

function pickedText(app: App): string | undefined {
  const state = app.store.get();
  const pick = state.prompt?.pick ?? -1;
  return pick < 0 ? undefined : suggestionsOf(app, state)[pick]?.text;
}

export const promptActions: Performs = {
  command: openPrompt('command'),
  filter: openPrompt('filter'),
  'run-prompt': submit,
  complete,
  'search-history': searchHistory,
  'next-suggestion': pickSuggestion(1),
  'previous-suggestion': pickSuggestion(-1),
};
