import { accountText, holdsProd } from '../../controller/account.ts';
import { type App, say } from '../../controller/app.ts';
import { contextsOf, regionsOf, type ScopeControl } from '../../controller/contexts.ts';
import { setReadOnlyAccount } from '../../controller/read-only.ts';
import type { ContextRow, RegionRow, ScopeSession } from '../../state/contexts.ts';
import { withoutRegions } from '../../state/navigation.ts';
import { asFailure } from '../../state/plan-session.ts';
import { reasonToStay } from '../../state/stay-in-scope.ts';
import { plural } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import type { Performs } from './perform.ts';
import { ssoLogin } from './sso-login.ts';

/** How many regions are tried at once. */
const triedAtOnce = 6;

const rowUnder = (app: App): ContextRow | undefined => {
  const { rows, at } = contextsOf(app, app.store.get());
  return rows[at];
};

/** What changes the scope, where that can be done. */
function control(app: App): ScopeControl | undefined {
  const found = app.contexts.source?.control;
  if (!found) say(app, 'warning', 'the scope of this sitting cannot be changed');
  return found;
}

const whyNotLeave = (app: App, leaving: readonly ScopeSession[]): string | undefined =>
  reasonToStay(
    app.contexts.source?.sessions() ?? [],
    leaving,
    app.sessions.running().map(({ cluster }) => cluster),
  );

async function leaveAll(app: App, scope: ScopeControl, sessions: readonly ScopeSession[]) {
  await Promise.all(sessions.map(({ id }) => scope.leave(id)));
  app.contexts.rescoped();
}

/** Resolves to whether it is read now; says why where it is not. */
async function joinRegion(app: App, scope: ScopeControl, id: string, region: string): Promise<boolean> {
  try {
    await scope.join(id, region);
    app.contexts.answered(id, region, undefined);
    return true;
  } catch (error) {
    const failure = asFailure(error);
    app.contexts.answered(id, region, { kind: 'failed', failure });
    say(app, 'error', `✗ ${clean(failure.message)}`);
    return false;
  } finally {
    app.contexts.rescoped();
  }
}

/** Remembers where a profile is asked now; regions that are named by flag are for once. */
function keepRegions(app: App, id: string) {
  if ((app.contexts.source?.regions().length ?? 0) > 0) return;
  const regions = (regionsOf(app, app.store.get(), id)?.rows ?? []).flatMap(({ session, region }) =>
    session ? [region] : [],
  );
  if (regions.length === 0) return;
  app.store.update(state => ({ ...state, keptRegions: { ...state.keptRegions, [id]: regions } }));
  app.preferences.keepRegions(id);
}

/** Space: the profile under the cursor comes into scope, or leaves it; among regions, the region. */
async function toggleScope(app: App) {
  const state = app.store.get();
  const regions = regionsOf(app, state);
  if (regions) return toggleRegion(app, regions.profile, regions.rows[regions.at]);
  const row = rowUnder(app);
  const scope = row && control(app);
  if (!row || !scope) return;
  const name = clean(row.name);
  if (row.inScope) {
    const leaving = regionsOf(app, state, row.id)?.rows.flatMap(({ session }) => session ?? []) ?? [];
    const reason = whyNotLeave(app, leaving);
    if (reason !== undefined) return say(app, 'warning', reason);
    await leaveAll(app, scope, leaving);
    return say(app, 'info', `${name} is out of scope`);
  }
  if (row.regions.length === 0) return say(app, 'warning', `${name} names no region: <r> chooses where it is asked`);
  const joined = await Promise.all(row.regions.map(region => joinRegion(app, scope, row.id, region)));
  if (joined.some(Boolean)) say(app, 'info', `${name} is in scope, in ${plural(row.regions.length, 'region')}`);
}

async function toggleRegion(app: App, id: string, row: RegionRow | undefined) {
  const scope = row && control(app);
  if (!row || !scope) return;
  const { session, region } = row;
  if (!session) {
    if (await joinRegion(app, scope, id, region)) keepRegions(app, id);
    return;
  }
  const reason = whyNotLeave(app, [session]);
  if (reason !== undefined) return say(app, 'warning', reason);
  await leaveAll(app, scope, [session]);
  keepRegions(app, id);
}

/** `r`: the regions of the profile under the cursor get the keys, or give them back. */
function turnRegions(app: App) {
  if (app.store.get().regions) return closeRegions(app);
  const row = rowUnder(app);
  if (!row || !control(app)) return;
  void app.contexts.choose(row.id, row.regions[0] ?? 'us-east-1');
  app.store.update(state => ({ ...state, regions: { profile: row.id } }));
}

export const closeRegions = (app: App): void => app.store.update(withoutRegions);

/**
 * `+`: every region that the account has turned on. Only the API of account settings lists these, to those who may ask
 * it; what eks:ListClusters answers in each region is known to whoever may use this app at all.
 */
async function joinAllRegions(app: App) {
  const row = rowUnder(app);
  const id = app.store.get().regions?.profile ?? row?.id;
  const scope = id === undefined ? undefined : control(app);
  if (id === undefined || !scope) return;
  await app.contexts.choose(id, row?.regions[0] ?? 'us-east-1');
  // After the wait: whoever presses twice asks once.
  if ([...(app.contexts.get().answers.get(id)?.values() ?? [])].some(({ kind }) => kind === 'asking'))
    return say(app, 'info', 'the regions are being asked');
  const rows = regionsOf(app, app.store.get(), id)?.rows ?? [];
  const unread = rows.filter(({ session }) => !session).map(({ region }) => region);
  const works = rows.some(({ status }) => status.word === 'ok');
  for (const region of unread) app.contexts.answered(id, region, { kind: 'asking' });
  say(app, 'info', `asking ${plural(unread.length, 'region')} whether they answer`);
  const found = { joined: 0, off: 0, failed: 0 };
  const left = [...unread];
  const worker = async () => {
    for (let region = left.shift(); region !== undefined && !app.ended.signal.aborted; region = left.shift()) {
      found[await tryAndJoin(app, scope, id, region, works)] += 1;
    }
  };
  await Promise.all(Array.from({ length: triedAtOnce }, worker));
  if (app.ended.signal.aborted) return;
  keepRegions(app, id);
  const rest = [
    ...(found.off > 0 ? [`${found.off} off in this account`] : []),
    ...(found.failed > 0 ? [`${found.failed} refused or did not answer`] : []),
  ];
  const level = found.failed > 0 ? 'warning' : 'info';
  say(app, level, [`${plural(found.joined, 'more region')} read`, ...rest].join(', '));
}

async function tryAndJoin(
  app: App,
  scope: ScopeControl,
  id: string,
  region: string,
  works: boolean,
): Promise<'joined' | 'off' | 'failed'> {
  try {
    await scope.tryRegion(id, region, app.ended.signal);
  } catch (error) {
    const failure = asFailure(error);
    // Keys that another region takes are not wrong: this one does not know the account.
    const off = works && (failure.code === 'UnrecognizedClientException' || failure.code === 'InvalidClientTokenId');
    app.contexts.answered(id, region, off ? { kind: 'off' } : { kind: 'failed', failure });
    return off ? 'off' : 'failed';
  }
  return (await joinRegion(app, scope, id, region)) ? 'joined' : 'failed';
}

/** `R`: nothing is changed in the account under the cursor, in this sitting and those to come; or that is taken back. */
function turnReadOnly(app: App) {
  const row = rowUnder(app);
  if (!row) return;
  const { account } = row;
  if (account === undefined)
    return say(app, 'warning', `whose account ${clean(row.name)} is of is not known yet: <space> asks it`);
  const text = accountText(app, account);
  if (!row.readOnly) {
    setReadOnlyAccount(app, account, true);
    return say(app, 'info', `nothing is changed in account ${text} from now on; <R> allows it again`);
  }
  if (holdsProd(app, account)) return say(app, 'warning', `production is in it: type :set rw ${clean(account)}`);
  // Whose clusters were not read may have production among them.
  if (row.clusters === undefined)
    return say(app, 'warning', `its clusters are not known: type :set rw ${clean(account)}`);
  setReadOnlyAccount(app, account, false);
  say(app, 'warning', `changes are allowed in account ${text}`);
}

export const scopeActions: Performs = {
  'toggle-scope': app => void toggleScope(app),
  'profile-regions': turnRegions,
  'all-regions': app => void joinAllRegions(app),
  'read-only-account': turnReadOnly,
  'sso-login': app => {
    const row = rowUnder(app);
    if (row) void ssoLogin(app, row);
  },
};
