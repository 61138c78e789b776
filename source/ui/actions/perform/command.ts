import { accountText, clusterIsProd } from '../../controller/account.ts';
import { type App, askedReadOnly, clusterRow, say } from '../../controller/app.ts';
import { setReadOnlyAccount } from '../../controller/read-only.ts';
import { actionContext } from '../../controller/subject.ts';
import { commandFor } from '../../controller/views.ts';
import { type ParsedCommand, parseCommand } from '../../state/commands.ts';
import { nearestOf } from '../../state/nearest.ts';
import { topFrame } from '../../state/state.ts';
import { clusterName, type TableView, viewCluster } from '../../state/view.ts';
import { clean } from '../../text/sanitise.ts';
import { isThemeName, themeNames } from '../../theme/theme.ts';
import { reasonOf } from '../reasons.ts';
import { applyFile } from './apply-file.ts';
import { openContexts } from './contexts.ts';
import { startMigration } from './migrate.ts';
import { go, jumpTo } from './navigate.ts';
import { openLastForm } from './open-form.ts';
import { enterSandbox, quit } from './process.ts';
import { openRuns } from './runs.ts';

type Command = Extract<ParsedCommand, { ok: true }>;

/** Does what a command line says, or says why not. */
export function runCommand(app: App, command: Command) {
  const filter = command.filter ?? '';
  switch (command.name) {
    case 'quit':
      return quit(app);
    case 'sandbox':
      return enterSandbox(app);
    case 'contexts':
      return openContexts(app, filter);
    case 'clusters':
      return openClusters(app, command);
    case 'apply':
      // A path may have blanks in it.
      return openFile(app, (command.words ?? []).join(' '));
    case 'log':
      return go(app, { kind: 'log' }, filter);
    case 'help':
      return go(app, { kind: 'help', of: topFrame(app.store.get()).view.kind });
    case 'runs':
      return openRuns(app);
    case 'new':
      return openNew(app);
    case 'save':
      return saveView(app, command.words?.[0] ?? '');
    case 'view':
      return openView(app, command.words?.[0]);
    case 'set':
      return set(app, command.words ?? []);
    case 'theme':
      return setTheme(app, command.words?.[0]);
    case 'migrate': {
      const cluster = commandCluster(app, command.scope);
      const namespace = command.namespace ? { namespace: command.namespace } : {};
      return cluster === undefined ? undefined : startMigration(app, { cluster, ...namespace });
    }
    default:
      return openTable(app, command, command.name);
  }
}

/** What stands after `@`: one cluster, or all of them, perhaps of one region or account. */
type Scope =
  | { readonly cluster: string }
  | { readonly cluster?: undefined; readonly filter: string }
  | { readonly unknown: string };

function scopeOf(app: App, named: string, kind: TableView['kind'] = 'clusters'): Scope {
  if (named === 'all') return { filter: '' };
  const rows = app.model.clusters();
  const found = rows.filter(row => row.name === named || row.id === named);
  const [only] = found;
  if (only && found.length === 1) return { cluster: only.id };
  if (only) return { unknown: `several clusters are called ${named}: name one by its ARN` };
  // The region or account is a column of the tables that span clusters.
  if (rows.some(row => row.region === named)) return { filter: `region=${named}` };
  if (rows.some(row => row.account === named)) return { filter: accountFilter(kind, named) };
  const near = nearestOf(named, ['all', ...rows.flatMap(row => [row.name, row.region, row.account])]);
  return { unknown: `no cluster, region or account ${named}${near === undefined ? '' : `; there is @${near}`}` };
}

/** Clusters show their account in full, what is in them the end of it. */
const accountFilter = (kind: TableView['kind'], account: string): string =>
  kind === 'clusters' ? `account=${account}` : `acct=${account.slice(-4)}`;

const joined = (...parts: readonly string[]): string => parts.filter(part => part !== '').join(' ');

function openClusters(app: App, { scope, filter = '' }: Command) {
  if (scope === undefined) return jumpTo(app, { kind: 'clusters' }, filter);
  const found = scopeOf(app, scope);
  if ('unknown' in found) return say(app, 'warning', clean(found.unknown));
  const within = found.cluster === undefined ? found.filter : `name=${clusterName(found.cluster)}`;
  jumpTo(app, { kind: 'clusters' }, joined(within, filter));
}

type Spanning = Exclude<TableView['kind'], 'clusters'>;

function openTable(app: App, command: Command, kind: Spanning) {
  const { scope, namespace, filter = '' } = command;
  const inNamespace = namespace === undefined ? {} : { namespace };
  // `:a` from a place without a cluster lists every association in scope.
  const here = viewCluster(topFrame(app.store.get()).view);
  const everywhere = scope === undefined && kind === 'associations' && here === undefined;
  const found = everywhere ? { filter: '' } : scope === undefined ? undefined : scopeOf(app, scope, kind);
  if (found && 'unknown' in found) return say(app, 'warning', clean(found.unknown));
  if (found && found.cluster === undefined) {
    if (kind !== 'associations' && kind !== 'service-accounts')
      return say(app, 'warning', `:${kind} is about one cluster at a time: @CLUSTER`);
    return jumpTo(app, { kind, ...inNamespace }, joined(found.filter, filter));
  }
  const cluster = found ? found.cluster : commandCluster(app, undefined);
  if (cluster === undefined) return;
  switch (kind) {
    case 'namespaces':
    case 'roles':
      return jumpTo(app, { kind, cluster }, filter);
    case 'service-accounts':
    case 'associations':
      return jumpTo(app, { kind, cluster, ...inNamespace }, filter);
  }
}

/** The cluster a command is about: named with `@`, else the one on screen, else the only one. */
function commandCluster(app: App, named: string | undefined): string | undefined {
  if (named !== undefined) {
    const found = scopeOf(app, named);
    if ('unknown' in found || found.cluster === undefined) {
      say(app, 'warning', 'unknown' in found ? clean(found.unknown) : 'one cluster at a time: @CLUSTER');
      return undefined;
    }
    return found.cluster;
  }
  const here = viewCluster(topFrame(app.store.get()).view);
  if (here !== undefined) return here;
  const rows = app.model.clusters();
  const under = topFrame(app.store.get()).cursor.id;
  const chosen = clusterRow(app, under)?.id ?? (rows.length === 1 ? rows[0]?.id : undefined);
  if (chosen === undefined) say(app, 'warning', 'choose a cluster first');
  return chosen;
}

function openFile(app: App, path: string) {
  const reason = reasonOf('write', actionContext(app, app.store.get()));
  if (reason === undefined) void applyFile(app, path);
  else say(app, 'warning', `apply: ${reason}`);
}

function openNew(app: App) {
  const reason = reasonOf('write', actionContext(app, app.store.get()));
  if (reason === undefined) openLastForm(app);
  else say(app, 'warning', `new: ${reason}`);
}

function saveView(app: App, name: string) {
  const command = commandFor(app.store.get());
  if (command === undefined)
    return say(app, 'warning', 'this is no place to come back to: go to a table, the log or the runs');
  app.store.update(state => ({ ...state, views: { ...state.views, [name]: command } }));
  app.preferences.keepViews();
  say(app, 'info', `kept: :view ${clean(name)} leads here`);
}

function openView(app: App, name: string | undefined) {
  const { views } = app.store.get();
  const names = Object.keys(views);
  if (names.length === 0) return say(app, 'info', 'no place is kept yet: :save NAME keeps the one on screen');
  if (name === undefined) return say(app, 'info', `kept places: ${names.map(clean).join(', ')}`);
  const line = Object.hasOwn(views, name) ? views[name] : undefined;
  if (line === undefined) {
    const near = nearestOf(name, names);
    return say(app, 'warning', clean(`no place is kept as ${name}${near === undefined ? '' : `; there is ${near}`}`));
  }
  const parsed = parseCommand(line);
  if (!parsed.ok || parsed.name === 'view')
    return say(app, 'warning', clean(`the place ${name} cannot be read: ${line}`));
  runCommand(app, parsed);
}

/** The colours of this sitting and of those to come. */
function setTheme(app: App, name: string | undefined) {
  const current = app.store.get().theme ?? app.theme.name;
  if (name === undefined) return say(app, 'info', `the theme is ${current}; there are: ${themeNames.join(', ')}`);
  if (!isThemeName(name)) {
    const near = nearestOf(name, themeNames);
    const offer = near === undefined ? `there are: ${themeNames.join(', ')}` : `there is ${near}`;
    return say(app, 'warning', clean(`no theme ${name}; ${offer}`));
  }
  app.store.update(state => ({ ...state, theme: name }));
  app.preferences.keepTheme(name);
  const why = app.theme.depth === 'none' && name !== 'mono' ? '; this terminal is asked to show no colour' : '';
  say(app, 'info', `the theme is ${name} from now on${why}`);
}

/** What is set lasts for the sitting, or, as signs are a matter of the terminal, for those to come too. */
function set(app: App, words: readonly string[]) {
  const [what] = words;
  if (what !== 'ascii' && what !== 'unicode') return setAccess(app, words);
  const ascii = what === 'ascii';
  app.store.update(state => ({ ...state, ascii }));
  app.preferences.keepAscii(ascii);
  say(app, 'info', ascii ? 'drawn with ASCII alone from now on' : 'drawn with all signs from now on');
}

/** Where production is in scope, allowing changes takes the number of the account, typed. */
function setAccess(app: App, [access, typed]: readonly string[]) {
  if (access === 'ro') {
    app.store.update(state => ({ ...state, readOnly: askedReadOnly }));
    return say(app, 'info', 'read-only from now on; :set rw allows changes again');
  }
  if (access !== 'rw') return say(app, 'warning', ':set ro or :set rw; :set ascii or :set unicode');
  const { readOnly, readOnlyAccounts } = app.store.get();
  if (typed !== undefined && readOnlyAccounts.has(typed)) return allowAccount(app, typed);
  if (readOnly === undefined && readOnlyAccounts.size > 0)
    return say(
      app,
      'warning',
      `an account is read-only: type :set rw ${[...readOnlyAccounts].map(clean).join(' or ')}`,
    );
  if (readOnly === undefined) return say(app, 'info', 'changes are allowed already');
  const account = app.model.clusters().find(row => clusterIsProd(app, row))?.account;
  if (account !== undefined && typed !== account)
    return say(app, 'warning', `production is in scope: type :set rw ${clean(account)}`);
  app.store.update(({ readOnly: _, ...state }) => state);
  say(app, 'warning', 'changes are allowed now');
}

/** Allows changes in an account that was made read-only by itself; its number is the typed phrase. */
function allowAccount(app: App, account: string) {
  setReadOnlyAccount(app, account, false);
  const sitting = app.store.get().readOnly === undefined ? '' : '; this sitting is read-only all the same';
  say(app, 'warning', `changes are allowed in account ${accountText(app, account)}${sitting}`);
}
