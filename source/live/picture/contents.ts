/**
 * What a picture holds: the facts that the rows are made of, with when they were read, and nothing that is secret. Of
 * annotations only those that decide an identity are kept: others may hold anything.
 */
import type {
  AgentState,
  Association,
  AssociationSummary,
  Cluster,
  Namespace,
  RoleFact,
  ServiceAccount,
} from '../../identity/facts.ts';
import { lastKnown, type Reading } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { ClusterFacts } from '../store/cluster.ts';

/** A value and when it was read, ms since the epoch; null: it is not known. */
type Seen<T> = { readonly value: T; readonly at: number } | null;

export type ClusterPicture = {
  readonly ref: ClusterRef;
  readonly cluster: Seen<Cluster>;
  readonly agent: Seen<AgentState>;
  readonly namespaces: Seen<readonly Namespace[]>;
  readonly serviceAccounts: Seen<readonly ServiceAccount[]>;
  readonly associations: Seen<readonly SeenAssociation[]>;
};

export type SeenAssociation = readonly [AssociationSummary] | readonly [described: Association, at: number];

export type RolesPicture = readonly (readonly [arn: string, fact: RoleFact, at: number])[];

/** The file that names the others. */
export type Index = {
  /** Whose world it is; pictures of another account are not shown beside it. */
  readonly account: string;
  readonly caller: string;
  readonly at: number;
  readonly clusters: readonly { readonly arn: string; readonly file: string }[];
};

const seen = <T, U>(reading: Reading<T>, map: (value: T) => U): Seen<U> => {
  const last = lastKnown(reading);
  return last ? { value: map(last.value), at: last.at } : null;
};

export function clusterPicture(facts: ClusterFacts): ClusterPicture {
  const associations = function* (): Iterable<SeenAssociation> {
    for (const id of facts.associations.ids()) {
      const entry = facts.associations.get(id);
      if (!entry) continue;
      const described = lastKnown(entry.described);
      yield described ? [described.value, described.at] : [entry.summary];
    }
  };
  return {
    ref: facts.ref,
    cluster: seen(facts.cluster, value => value),
    agent: seen(facts.agent, value => value),
    namespaces: seen(facts.namespacesRead, () => [...facts.namespaces.values()]),
    serviceAccounts: seen(facts.serviceAccountsRead, () => [...facts.serviceAccounts.values()].map(withoutTheRest)),
    associations: seen(facts.associationsRead, () => [...associations()]),
  };
}

function withoutTheRest(account: ServiceAccount): ServiceAccount {
  const kept = Object.entries(account.annotations).filter(([name]) => name.startsWith('eks.amazonaws.com/'));
  return { ...account, annotations: Object.fromEntries(kept), labels: {} };
}
