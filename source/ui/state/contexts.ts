/** The profiles of the shared configuration as rows: what their files say, and of those in scope what was found. */
import type { Failure } from '../../identity/reading.ts';
import type { ClusterRow, Count, SourceState } from '../../live/model.ts';
import type { ProfileChoice } from '../../read/scopes.ts';
import type { Role } from '../theme/theme.ts';

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
};

export type ContextStatus = { readonly word: string; readonly role: Role; readonly failure?: Failure };

export type ContextRow = {
  /** The profile's name; empty for the default chain. */
  readonly id: string;
  readonly name: string;
  readonly inScope: boolean;
  readonly account?: string;
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
  readonly sessions: readonly ScopeSession[];
  readonly sources: readonly SourceState[];
  readonly clusters: readonly Pick<ClusterRow, 'account' | 'region'>[];
};

export const defaultChain = 'default chain';

/** In the order of the profiles; what is in scope without being one of them comes first. */
export function contextRows(facts: ContextFacts): readonly ContextRow[] {
  const known = new Set(facts.profiles.map(({ name }) => name));
  // No profile of that name: what the chain ends with then is not one's own (of a container, of an instance).
  const idOf = ({ profile = '' }: ScopeSession) => (profile === 'default' && !known.has(profile) ? '' : profile);
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

function rowOf(
  facts: ContextFacts,
  id: string,
  sessions: readonly ScopeSession[],
  profile: ProfileChoice | undefined,
): ContextRow {
  const inScope = sessions.length > 0;
  const account = sessions.find(session => session.account !== undefined)?.account ?? profile?.account;
  const expiresAt = sessions.find(session => session.expiresAt !== undefined)?.expiresAt;
  const own = profile?.region === undefined ? [] : [profile.region];
  const wanted = facts.regions.length > 0 ? facts.regions : own;
  return {
    id,
    name: id === '' ? defaultChain : id,
    inScope,
    auth: id === '' ? 'chain' : authOf(profile),
    regions: inScope ? [...new Set(sessions.map(({ region }) => region))] : wanted,
    clusters: clusterCount(facts, sessions),
    status: inScope ? statusOf(facts, sessions, profile?.mfa ?? false) : { word: '? not asked', role: 'dim' },
    ...(account === undefined ? {} : { account }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(profile?.roleArn === undefined ? {} : { roleArn: profile.roleArn }),
    ...(profile?.source === undefined ? {} : { source: profile.source }),
    ...(profile?.endpoint === undefined ? {} : { endpoint: profile.endpoint }),
  };
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
