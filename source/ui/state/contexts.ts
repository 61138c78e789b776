/** The profiles of the shared configuration as rows: what their files say, and of those in scope what was found. */
import type { Failure } from '../../identity/reading.ts';
import type { ClusterRow, Count, SourceState } from '../../live/model.ts';
import type { ProfileChoice } from '../../read/scopes.ts';
import type { Role } from '../theme/theme.ts';
import type { KeptRegions } from './kept-scope.ts';

/** One profile in one region that this sitting asks. */
export type ScopeSession = {
  /** As in the ids of its sources: `sts|ID`, `eks|ID`. */
  readonly id: string;
  /** Absent: the SDK's default chain. */
  readonly profile?: string;
  readonly region: string;
  /** Once STS has answered. */
  readonly account?: string;
  /** When its credentials run out, ms since the epoch; absent: none have been found yet. */
  readonly expiresAt?: number | 'never';
  /** Milliseconds that its last list of clusters took. */
  readonly took?: number;
};

export type ContextStatus = { readonly word: string; readonly role: Role; readonly failure?: Failure };

export type ContextRow = {
  /** The profile's name; empty for the default chain. */
  readonly id: string;
  readonly name: string;
  readonly inScope: boolean;
  readonly account?: string;
  /** What the account calls itself. */
  readonly alias?: string;
  /** Nothing may be changed in its account. */
  readonly readOnly: boolean;
  readonly auth: string;
  readonly expiresAt?: number | 'never';
  /** Where it is asked, or would be; empty: nobody says. */
  readonly regions: readonly string[];
  readonly clusters: Count;
  readonly status: ContextStatus;
  readonly roleArn?: string;
  readonly source?: string;
  readonly endpoint?: string;
};

/** What rows are made of. */
export type ContextFacts = {
  readonly profiles: readonly ProfileChoice[];
  /** Regions that every profile would be asked in; empty: each in its own. */
  readonly regions: readonly string[];
  /** Where a profile was asked by choice, ahead of `usual` and of its own region. */
  readonly kept: KeptRegions;
  /** The region that the environment names for all. */
  readonly usual?: string;
  readonly readOnly: ReadonlySet<string>;
  readonly aliasOf: (account: string) => string | undefined;
  readonly sessions: readonly ScopeSession[];
  readonly sources: readonly SourceState[];
  readonly clusters: readonly (Pick<ClusterRow, 'account' | 'region'> & Partial<Pick<ClusterRow, 'associations'>>)[];
};

export const defaultChain = 'default chain';

/** In the order of the profiles; what is in scope without being one of them comes first. */
export function contextRows(facts: ContextFacts): readonly ContextRow[] {
  const known = new Set(facts.profiles.map(({ name }) => name));
  const idOf = (session: ScopeSession) => contextId(facts, session);
  const others = [...new Set(facts.sessions.map(idOf))].filter(id => !known.has(id));
  const row = (id: string, profile?: ProfileChoice) =>
    rowOf(
      facts,
      id,
      facts.sessions.filter(session => idOf(session) === id),
      profile,
    );
  return [...others.map(id => row(id)), ...facts.profiles.map(profile => row(profile.name, profile))];
}

/** The row of a session: its profile, or the default chain. */
export function contextId({ profiles }: Pick<ContextFacts, 'profiles'>, { profile = '' }: ScopeSession): string {
  // No profile of that name: what the chain ends with then is not one's own (of a container, of an instance).
  return profile === 'default' && !profiles.some(({ name }) => name === profile) ? '' : profile;
}

function rowOf(
  facts: ContextFacts,
  id: string,
  sessions: readonly ScopeSession[],
  profile: ProfileChoice | undefined,
): ContextRow {
  const inScope = sessions.length > 0;
  const account = sessions.find(session => session.account !== undefined)?.account ?? profile?.account;
  const expiresAt = sessions.find(session => session.expiresAt !== undefined)?.expiresAt;
  const alias = account === undefined ? undefined : facts.aliasOf(account);
  return {
    id,
    name: id === '' ? defaultChain : id,
    inScope,
    auth: id === '' ? 'chain' : authOf(profile),
    readOnly: account !== undefined && facts.readOnly.has(account),
    regions: inScope ? [...new Set(sessions.map(({ region }) => region))] : wantedRegions(facts, id, profile),
    clusters: clusterCount(facts, sessions),
    status: inScope ? statusOf(facts, sessions, profile?.mfa ?? false) : { word: '? not asked', role: 'dim' },
    ...(account === undefined ? {} : { account }),
    ...(alias === undefined ? {} : { alias }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(profile?.roleArn === undefined ? {} : { roleArn: profile.roleArn }),
    ...(profile?.source === undefined ? {} : { source: profile.source }),
    ...(profile?.endpoint === undefined ? {} : { endpoint: profile.endpoint }),
  };
}

/** Named for all, chosen for this one, named by the environment, its own. */
function wantedRegions(facts: ContextFacts, id: string, profile: ProfileChoice | undefined): readonly string[] {
  const { regions, kept, usual } = facts;
  if (regions.length > 0) return regions;
  const chosen = Object.hasOwn(kept, id) ? kept[id] : undefined;
  if (chosen) return chosen;
  const region = usual ?? profile?.region;
  return region === undefined ? [] : [region];
}

/** What a region that is not read said when it was tried. */
export type RegionAnswer =
  | { readonly kind: 'asking' }
  /** The account has not turned it on: it knows none of its keys. */
  | { readonly kind: 'off' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** One region of a profile: whether it is read, and how that goes. */
export type RegionRow = {
  readonly region: string;
  readonly session?: ScopeSession;
  readonly clusters: Count;
  readonly associations: Count;
  readonly status: ContextStatus;
};

/** The regions of a profile, by name: those that are read and those that could be. */
export function regionRows(
  facts: ContextFacts,
  profile: string,
  choices: readonly string[],
  answers: ReadonlyMap<string, RegionAnswer>,
): readonly RegionRow[] {
  const sessions = facts.sessions.filter(session => contextId(facts, session) === profile);
  const all = new Set([...sessions.map(({ region }) => region), ...choices]);
  return [...all].sort().map(region => {
    const session = sessions.find(each => each.region === region);
    const clusters = session && clusterCount(facts, [session]);
    const within = facts.clusters.filter(each => each.account === session?.account && each.region === region);
    const associations =
      clusters === undefined || within.some(each => each.associations === undefined)
        ? undefined
        : within.reduce((sum, each) => sum + (each.associations ?? 0), 0);
    return {
      region,
      clusters,
      associations,
      status: session ? statusOf(facts, [session], false) : answerStatus(answers.get(region)),
      ...(session ? { session } : {}),
    };
  });
}

function answerStatus(answer: RegionAnswer | undefined): ContextStatus {
  switch (answer?.kind) {
    case 'asking':
      return { word: '◌ asking', role: 'info' };
    case 'off':
      return { word: 'off in this account', role: 'dim' };
    case 'failed':
      return { ...failed(answer.failure, false), failure: answer.failure };
    default:
      return { word: 'not read', role: 'dim' };
  }
}

const authOf = (profile: ProfileChoice | undefined): string =>
  profile === undefined ? '?' : profile.signIn === 'unset' ? '-' : profile.signIn;

const sourceOf = ({ sources }: ContextFacts, kind: 'sts' | 'eks', session: ScopeSession): SourceState | undefined =>
  sources.find(({ id }) => id === `${kind}|${session.id}`);

/** A count is one of all its regions, or none. */
function clusterCount(facts: ContextFacts, sessions: readonly ScopeSession[]): Count {
  const all = sessions.every(session => sourceOf(facts, 'eks', session)?.state === 'live' && session.account);
  if (sessions.length === 0 || !all) return undefined;
  const places = new Set(sessions.map(({ account, region }) => `${account} ${region}`));
  return facts.clusters.filter(({ account, region }) => places.has(`${account} ${region}`)).length;
}

/** Who is asking comes before what is asked: without credentials no region answers. */
function statusOf(facts: ContextFacts, sessions: readonly ScopeSession[], mfa: boolean): ContextStatus {
  const answers = sessions.map(session => ({
    sts: sourceOf(facts, 'sts', session),
    eks: sourceOf(facts, 'eks', session),
  }));
  const failures = answers.flatMap(({ sts, eks }) => sts?.failure ?? eks?.failure ?? []);
  const [first] = failures;
  if (first && failures.length < answers.length)
    return { word: `! ${failures.length} of ${answers.length}`, role: 'warning', failure: first };
  if (first) return { ...failed(first, mfa), failure: first };
  if (answers.every(({ eks }) => eks?.state === 'live')) return { word: 'ok', role: 'ok' };
  return { word: '◌ asking', role: 'info' };
}

function failed({ kind }: Failure, mfa: boolean): ContextStatus {
  switch (kind) {
    case 'expired-credentials':
      return { word: '✗ expired', role: 'error' };
    case 'no-credentials':
      return { word: mfa ? '✗ mfa' : '✗ no keys', role: 'error' };
    case 'denied':
      return { word: '✗ denied', role: 'error' };
    case 'unreachable':
      return { word: '✗ no answer', role: 'error' };
    case 'throttled':
      return { word: '! slowed', role: 'warning' };
    default:
      return { word: '✗ failed', role: 'error' };
  }
}
