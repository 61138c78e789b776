import { actions as planActions } from '../../../plan/plan.ts';
import { type App, say } from '../../controller/app.ts';
import { copyText } from '../../controller/clipboard.ts';
import { factsOf } from '../../controller/facts.ts';
import { subjectOf } from '../../controller/subject.ts';
import { currentTable, type KindedRow, kinded, unfiltered } from '../../controller/table.ts';
import { pageLines } from '../../screens/pages.ts';
import { lineText } from '../../state/lines.ts';
import type { PlanSession } from '../../state/plan-session.ts';
import { topFrame } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { commandOf } from '../../text/cli.ts';
import { csvText } from '../../text/csv.ts';
import { plural } from '../../text/numbers.ts';
import { clean, cleanLines } from '../../text/sanitise.ts';
import { currentMigration } from './migrate.ts';
import type { Performs } from './perform.ts';
import { runIndex } from './runs.ts';

/** Marked rows if there are any, else what the screen is about. */
function subjects(app: App): readonly KindedRow[] {
  const state = app.store.get();
  const table = currentTable(app, state);
  if (table && table.frame.marks.size > 0) {
    const all = unfiltered(app, table);
    return [...table.frame.marks].flatMap(id => {
      const row = all.byId(id);
      return row ? [kinded(table.view, row)] : [];
    });
  }
  const subject = subjectOf(app, state);
  return subject ? [subject] : [];
}

/** What a row is called where it will be pasted: names, and ARNs of roles. */
function nameOf(subject: KindedRow): string {
  switch (subject.kind) {
    case 'clusters':
      return clusterName(subject.cluster);
    case 'namespaces':
      return subject.row.name;
    case 'service-accounts':
      return `${subject.row.namespace}/${subject.row.name}`;
    case 'associations':
      return `${subject.row.namespace}/${subject.row.serviceAccount}`;
    case 'roles':
      return subject.row.arn;
  }
}

const what = (found: readonly KindedRow[]): string => {
  const [only] = found;
  return only && found.length === 1 ? clean(nameOf(only)) : plural(found.length, 'row');
};

function copyNames(app: App) {
  const state = app.store.get();
  const { view } = topFrame(state);
  if (view.kind === 'runs') {
    const run = app.runs.get().rows[runIndex(app, state)]?.run;
    return run === undefined ? say(app, 'warning', 'there is no run') : void copyText(app, run, run);
  }
  if (view.kind === 'detail' || view.kind === 'log' || view.kind === 'run') {
    const lines = pageLines(app, state).map(line => lineText(line).trimEnd());
    return void copyText(app, `${lines.join('\n')}\n`, plural(lines.length, 'line'));
  }
  const found = subjects(app);
  if (found.length > 0) void copyText(app, found.map(each => clean(nameOf(each))).join('\n'), what(found));
}

const copyFacts = (format: 'json' | 'yaml') => async (app: App) => {
  const found = subjects(app);
  if (found.length === 0) return say(app, 'warning', 'there is no row');
  const facts = found.map(subject => factsOf(app, subject));
  if (facts.every(fact => fact === undefined)) return say(app, 'warning', 'it has not been read yet');
  const value = facts.length === 1 ? facts[0] : facts;
  // Loaded when it is needed: nothing else of the app reads YAML.
  const text =
    format === 'json' ? JSON.stringify(value, undefined, 2) : (await import('../../text/yaml.ts')).yamlText(value);
  await copyText(app, cleanLines(text).join('\n'), `${what(found)} as ${format.toUpperCase()}`);
};

/** The plan on screen, in the order of its tree; else the command that makes or shows the row. */
function copyCommands(app: App) {
  const { view } = topFrame(app.store.get());
  if (view.kind === 'migrate') return copyPlan(app, currentMigration(app)?.session);
  const found = subjects(app);
  if (found.length === 0) return say(app, 'warning', 'there is no row');
  void copyText(app, found.map(commandOf).map(clean).join('\n'), `${what(found)} as a command`);
}

function copyPlan(app: App, session: PlanSession | undefined) {
  const state = session?.get();
  if (!state || !('plan' in state)) return say(app, 'warning', 'there is no plan yet');
  const commands = planActions(state.plan.root).map(({ action }) => clean(action.command));
  if (commands.length === 0) return say(app, 'warning', 'there is nothing to do');
  void copyText(app, `${commands.join('\n')}\n`, plural(commands.length, 'command'));
}

/** Writes the table as it is filtered and sorted, all of its columns, to a file. */
function saveCsv(app: App) {
  const table = currentTable(app, app.store.get());
  if (!table) return;
  if (!app.saveExport) return say(app, 'warning', 'files are not written here');
  const { engine, set, view } = table;
  const titles = engine.filterColumns;
  const now = app.clock.now();
  const rows = set.rows.map(row => engine.cells(row, { now }).map(clean));
  const cluster = 'cluster' in view && view.cluster !== undefined ? clusterName(view.cluster) : 'all';
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  app.saveExport(`${view.kind}-${cluster}-${stamp}.csv`, csvText(titles, rows)).then(
    path => say(app, 'info', `${plural(rows.length, 'row')} in ${path}`),
    (error: Error) => say(app, 'error', `✗ not saved: ${clean(error.message)}`),
  );
}

export const copyActions: Performs = {
  copy: copyNames,
  'copy-yaml': app => void copyFacts('yaml')(app),
  'copy-json': app => void copyFacts('json')(app),
  'copy-commands': copyCommands,
  'copy-plan': app => copyPlan(app, app.sessions.get().review),
  'save-csv': saveCsv,
};
