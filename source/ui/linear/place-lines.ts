import { type App, logLines } from '../controller/app.ts';
import { contextsOf } from '../controller/contexts.ts';
import { currentTable } from '../controller/table.ts';
import { missingLines } from '../plain.ts';
import { detailLines } from '../screens/detail/lines.ts';
import { detailTabs } from '../screens/detail/tabs.ts';
import { runLines, runState } from '../screens/runs/lines.ts';
import { tableSubject } from '../screens/table/notices.ts';
import { type Line, lineText } from '../state/lines.ts';
import { topFrame } from '../state/state.ts';
import type { AnyRow } from '../tables/table.ts';
import { clockTime, dateTime, plural, thousands } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';

/** Lines said at once; `more` says the next ones. */
export const page = 20;

/** What a place says. */
export type PlaceText = {
  readonly head: readonly string[];
  readonly items: readonly string[];
  /** What the items stand for, by the numbers they are said with; absent: they have none. */
  readonly ids?: readonly string[];
};

const textOf = (lines: readonly Line[]): readonly string[] => lines.map(line => lineText(line).trimEnd());

/** The place on top of the stack in words: a heading, and items that are numbered where they can be opened. */
export function placeText(app: App): PlaceText {
  const state = app.store.get();
  const { view } = topFrame(state);
  switch (view.kind) {
    case 'detail': {
      const tabs = detailTabs(view.subject.type);
      const head = `${view.subject.type.replace('-', ' ')} ${clean(view.label)}: ${tabs[view.tab] ?? ''}. There are: ${tabs.join(', ')}.`;
      return { head: [head], items: textOf(detailLines(app, state, view.subject, view.tab)) };
    }
    case 'log': {
      const items = logLines(app).map(
        ({ at, level, source, text }) => `${clockTime(at)} ${level}, ${clean(source)}: ${clean(text)}`,
      );
      return {
        head: [`The log, newest first: ${plural(items.length, 'line')}.`],
        items: items.reverse(),
      };
    }
    case 'contexts':
      return contextsText(app);
    case 'runs':
      return runsText(app);
    case 'run': {
      const { shown } = app.runs.get();
      const lines = shown?.run === view.run ? runLines(shown, isGoingOn(app, view.run), 100) : [];
      return { head: [`Run ${clean(view.run)}.`], items: textOf(lines) };
    }
    default:
      return tableText(app);
  }
}

const isGoingOn = (app: App, run: string): boolean => app.sessions.running().some(session => session.run === run);

function tableText(app: App): PlaceText {
  const table = currentTable(app, app.store.get());
  if (!table) return { head: [], items: [] };
  const { set, view, frame, engine } = table;
  const levels = set.rows.map(row => engine.health(row).level);
  const bad = levels.filter(level => level === 'error').length;
  const unknown = levels.filter(level => level === 'unknown').length;
  const counted =
    set.length === set.total ? thousands(set.total) : `${thousands(set.length)} of ${thousands(set.total)}`;
  const facts = [
    `${tableSubject(view)}: ${counted}`,
    ...(frame.filter === '' ? [] : [`filtered by ${clean(frame.filter)}`]),
    ...(bad > 0 ? [plural(bad, 'error')] : []),
    ...(unknown > 0 ? [`${unknown} not checked`] : []),
  ];
  const head = `${facts.join(', ')}.`;
  return {
    head: [head.charAt(0).toUpperCase() + head.slice(1), ...missingLines(app.model, view)],
    items: set.rows.map((row, index) => rowText(app, table, row, set.labelAt(index))),
    ids: set.rows.map(({ id }) => id),
  };
}

type Table = NonNullable<ReturnType<typeof currentTable>>;

/** `payments/refunds: ROLE payments-refunds, PODS 4, error TRUST: the role does not ...`: a row as a sentence. */
function rowText(app: App, { engine, view }: Table, row: AnyRow, label: string): string {
  const geometry = { width: 100, wide: false, acrossClusters: !('cluster' in view) && view.kind !== 'clusters' };
  const shown = new Set(engine.columns(geometry).map(({ title }) => title));
  const cells = engine.cells(row, { now: app.clock.now() });
  const parts = engine.filterColumns.flatMap((title, index) => {
    const cell = cells[index] ?? '';
    const said = cell === '' || cell === '-' || label.split('/').includes(cell);
    return shown.has(title) && !said ? [`${title} ${cell === '?' ? 'not known' : cell}`] : [];
  });
  const { level, code, detail } = engine.health(row);
  const health = level === 'ok' ? 'ok' : level === 'pending' ? 'not read yet' : `${level} ${code}`;
  const why = (level === 'error' || level === 'warning') && detail ? `: ${clean(detail)}` : '';
  const age = engine.stale(row) ? ' (as last seen)' : '';
  return `${label}: ${[...parts, `${health}${why}`].join(', ')}${age}`;
}

/** `prod: account 1111, sso, ok, in scope`: the profiles, each as a sentence. */
function contextsText(app: App): PlaceText {
  const { all, rows } = contextsOf(app, app.store.get());
  const items = rows.map(row => {
    const why = row.status.failure ? `: ${clean(row.status.failure.message)}` : '';
    const account = row.account === undefined ? 'account not known' : `account ${row.account}`;
    const word = row.status.word.replace(/^[^a-z0-9]+/, '');
    return `${clean(row.name)}: ${account}, ${row.auth}, ${word}${row.inScope ? ', in scope' : ''}${why}`;
  });
  if (all.length === 0)
    return {
      head: ['No AWS profiles in ~/.aws/config and ~/.aws/credentials: aws configure sso, or aws configure.'],
      items,
    };
  const head = [`Profiles: ${items.length}. A number uses that one instead.`];
  return { head, items, ids: rows.map(({ id }) => id) };
}

function runsText(app: App): PlaceText {
  const { rows, failure } = app.runs.get();
  const items = rows.map(row => {
    if ('unreadable' in row) return `${clean(row.run)}: its journal cannot be read: ${clean(row.unreadable)}`;
    const [word] = runState(row, isGoingOn(app, row.run));
    const { done, of, failed } = row.tally ?? { done: '?', of: '?', failed: 0 };
    const wrong = failed > 0 ? `, ${failed} failed` : '';
    return `${clean(row.run)}: ${row.command} of ${clean(row.cluster.name)}, ${word}, ${done} of ${of} done${wrong}, begun ${dateTime(row.begunAt)}`;
  });
  const head = failure ? `The runs cannot be read: ${clean(failure.message)}` : `Runs: ${items.length}, newest first.`;
  return { head: [head], items, ids: rows.map(({ run }) => run) };
}
