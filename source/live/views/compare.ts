import { parseRoleArn } from '../../identity/arn.ts';
import { lastKnown } from '../../identity/reading.ts';
import type { LiveModel, ServiceAccountRow } from '../model.ts';
import { byText } from './row-table.ts';

/** How the service account of one cluster comes by its role. */
export type Mechanism = 'association' | 'annotation' | 'none' | 'unknown';

/** What one cluster gives to a service account. */
export type Stance = {
  readonly row: ServiceAccountRow;
  readonly mechanism: Mechanism;
  /** The role's name, with `(cluster)` for that of its cluster: accounts and clusters have roles of their own for one use. */
  readonly role?: string;
  readonly roleArn?: string;
  /** Of an association. */
  readonly target?: string;
  readonly policy?: boolean;
  readonly sessionTags?: boolean;
};

/** What of a cluster differs from most of them; the first that applies. */
export type Drift = 'NONE' | 'ROLE' | 'TARGET' | 'POLICY' | 'TAGS' | 'IRSA';

export type Tally = { readonly value: string; readonly count: number };

/** One service account in all clusters that have it. */
export type Comparison = {
  readonly stances: readonly Stance[];
  /** Roles with how many clusters give them, most first; what has no role is not among them. */
  readonly roles: readonly Tally[];
  readonly none: number;
  /** Clusters of which it is not known (yet). */
  readonly unknown: number;
  /** The role that more clusters give than any other. */
  readonly majority?: string;
  /** By row id. */
  readonly drift: ReadonlyMap<string, Drift>;
};

const nameOf = (arn: string): string => {
  const parsed = parseRoleArn(arn);
  return parsed.ok ? parsed.value.name : arn;
};

/** A role's name with something else in the place of a cluster's name, where that is a part of it by itself. */
export function renamedFor(name: string, clusterName: string, instead: string): string {
  const at = name.indexOf(clusterName);
  const end = at + clusterName.length;
  const inWord = /[A-Za-z0-9]/;
  const whole = at >= 0 && !inWord.test(name.charAt(at - 1)) && !inWord.test(name.charAt(end));
  return whole ? name.slice(0, at) + instead + name.slice(end) : name;
}

/** Roles are often named after their cluster: such names are the same when what is left of them is. */
const roleName = (arn: string, { clusterName }: ServiceAccountRow): string =>
  renamedFor(nameOf(arn), clusterName, '(cluster)');

function stanceOf(row: ServiceAccountRow): Stance {
  const known = lastKnown(row.association);
  if (!known) return { row, mechanism: 'unknown' };
  const association = known.value;
  if (association) {
    return {
      row,
      mechanism: 'association',
      role: roleName(association.roleArn, row),
      roleArn: association.roleArn,
      ...(association.targetRoleArn ? { target: roleName(association.targetRoleArn, row) } : {}),
      policy: association.policy !== undefined,
      sessionTags: !association.disableSessionTags,
    };
  }
  // Without the annotations it may have one.
  if (row.inCluster === undefined) return { row, mechanism: 'unknown' };
  if (row.irsaRoleArn === undefined) return { row, mechanism: 'none' };
  return { row, mechanism: 'annotation', role: roleName(row.irsaRoleArn, row), roleArn: row.irsaRoleArn };
}

/** Values with how often they occur, most first; equals by their text, so that the order is always the same. */
function tally(values: readonly string[]): readonly Tally[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || byText(a.value, b.value));
}

/** The value that occurs more often than any other. */
function most(tallies: readonly Tally[]): string | undefined {
  const [first, second] = tallies;
  return first && first.count > (second?.count ?? 0) ? first.value : undefined;
}

/**
 * Compares what clusters give to the service account whose rows these are. Where no role has a majority all who have one
 * differ. Having none is a difference only where most clusters give some role: `default` of `default` is everywhere.
 */
export function compareSubject(rows: readonly ServiceAccountRow[]): Comparison {
  const stances = rows.map(stanceOf);
  const given = stances.filter(stance => stance.role !== undefined);
  const none = stances.filter(stance => stance.mechanism === 'none').length;
  const roles = tally(given.flatMap(({ role }) => role ?? []));
  const majority = most(roles);
  const usual = usualOf(given);
  const drift = new Map<string, Drift>();
  for (const stance of stances) {
    const found = driftOf(stance, { roles, usual, mostHaveOne: given.length > none, majority });
    if (found) drift.set(stance.row.id, found);
  }
  return {
    stances,
    roles,
    none,
    unknown: stances.length - given.length - none,
    ...(majority === undefined ? {} : { majority }),
    drift,
  };
}

/** What most associations say besides their role. */
type Usual = {
  readonly target?: string | undefined;
  readonly policy?: string | undefined;
  readonly tags?: string | undefined;
};

function usualOf(given: readonly Stance[]): Usual & { readonly mechanism?: string | undefined } {
  const associations = given.filter(({ mechanism }) => mechanism === 'association');
  return {
    target: most(tally(associations.map(({ target }) => target ?? ''))),
    policy: most(tally(associations.map(({ policy }) => String(policy)))),
    tags: most(tally(associations.map(({ sessionTags }) => String(sessionTags)))),
    mechanism: most(tally(given.map(({ mechanism }) => mechanism))),
  };
}

function driftOf(
  stance: Stance,
  all: {
    readonly roles: readonly Tally[];
    readonly usual: ReturnType<typeof usualOf>;
    readonly mostHaveOne: boolean;
    readonly majority: string | undefined;
  },
): Drift | undefined {
  const { mechanism, role, target, policy, sessionTags } = stance;
  if (mechanism === 'unknown') return undefined;
  if (mechanism === 'none') return all.mostHaveOne ? 'NONE' : undefined;
  if (all.roles.length > 1 && role !== all.majority) return 'ROLE';
  if (mechanism === 'annotation') return all.usual.mechanism === 'association' ? 'IRSA' : undefined;
  if (all.usual.target !== undefined && (target ?? '') !== all.usual.target) return 'TARGET';
  if (all.usual.policy !== undefined && String(policy) !== all.usual.policy) return 'POLICY';
  if (all.usual.tags !== undefined && String(sessionTags) !== all.usual.tags) return 'TAGS';
  return undefined;
}

/** The rows of one service account in every cluster that has it, in the order of the clusters. */
export function acrossClusters(
  model: Pick<LiveModel, 'clusters' | 'serviceAccounts'>,
  namespace: string,
  name: string,
): readonly ServiceAccountRow[] {
  return model.clusters().flatMap(({ id }) => find(model.serviceAccounts(id), namespace, name) ?? []);
}

/** Rows of a cluster are sorted by name, then namespace: a fleet of them is searched without an index. */
function find(rows: readonly ServiceAccountRow[], namespace: string, name: string): ServiceAccountRow | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (!row) return undefined;
    const order = byText(row.name, name) || byText(row.namespace, namespace);
    if (order === 0) return row;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** What stands for one service account wherever it is. */
export const subjectKey = (namespace: string, name: string): string => `${namespace}/${name}`;

/**
 * Every service account of the fleet that differs somewhere, by `namespace/name`. One pass over all rows; what stayed
 * the same since the last pass is not compared again.
 */
export class FleetDrift {
  #source: readonly ServiceAccountRow[] | undefined;
  #drifting: ReadonlyMap<string, Comparison> = new Map();
  #groups = new Map<string, { readonly rows: readonly ServiceAccountRow[]; readonly comparison: Comparison }>();

  /** @param rows those of all clusters */
  of(rows: readonly ServiceAccountRow[]): ReadonlyMap<string, Comparison> {
    if (this.#source === rows) return this.#drifting;
    this.#source = rows;
    const groups = new Map<string, { readonly rows: readonly ServiceAccountRow[]; readonly comparison: Comparison }>();
    const drifting = new Map<string, Comparison>();
    for (const [key, members] of Map.groupBy(rows, row => subjectKey(row.namespace, row.name))) {
      if (members.length < 2) continue;
      const before = this.#groups.get(key);
      const same = before?.rows.length === members.length && members.every((row, index) => row === before.rows[index]);
      const group = before && same ? before : { rows: members, comparison: compareSubject(members) };
      groups.set(key, group);
      if (group.comparison.drift.size > 0) drifting.set(key, group.comparison);
    }
    this.#groups = groups;
    this.#drifting = drifting;
    return drifting;
  }
}
