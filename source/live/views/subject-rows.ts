import { oidcProviderArn } from '../../identity/arn.ts';
import type { IdentityCluster } from '../../identity/effective-identity.ts';
import type { Association } from '../../identity/facts.ts';
import { serviceAccountHealth } from '../../identity/findings.ts';
import type { Health } from '../../identity/health.ts';
import { lastKnown, type Reading, unread } from '../../identity/reading.ts';
import type { AssociationRow, ChangeMark, ServiceAccountRow } from '../model.ts';
import type { AssociationEntry } from '../store/associations.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import { keyOf, rowId } from '../store/keys.ts';
import type { Store } from '../store/store.ts';
import { counted, mapped, member } from './readings.ts';

/** The parts of a cluster that every row's health depends on, worked out once for all of them. */
export type Surroundings = { readonly cluster: IdentityCluster; readonly oidcProvider: Reading<boolean> };

export function surroundingsOf(store: Store, facts: ClusterFacts): Surroundings {
  const { partition, account } = facts.ref;
  const cluster = lastKnown(facts.cluster)?.value;
  if (!cluster) return { cluster: facts.ref, oidcProvider: unread };
  const { oidcIssuer } = cluster;
  const arn = oidcIssuer === undefined ? undefined : oidcProviderArn(partition, account, oidcIssuer);
  const oidcProvider = mapped(store.oidcProviders(account), arns => arn !== undefined && arns.has(arn));
  return { cluster, oidcProvider };
}

/** The row of a service account that the cluster, an association, or both know; undefined when neither does. */
export function serviceAccountRow(
  facts: ClusterFacts,
  key: string,
  health: Health | undefined,
): ServiceAccountRow | undefined {
  const account = facts.serviceAccounts.get(key);
  const entry = facts.associations.of(key);
  const subject = account ?? entry?.summary;
  if (!subject || !health) return undefined;
  const association = associationReading(facts, entry);
  const { pods, onIrsa } = facts.pods.countOf(key);
  const listed = lastKnown(facts.serviceAccountsRead) !== undefined;
  return {
    id: rowId(facts.ref.arn, key),
    cluster: facts.ref.arn,
    clusterName: facts.ref.name,
    namespace: subject.namespace,
    name: subject.serviceAccount,
    ...(account && { serviceAccount: account }),
    inCluster: account || listed ? account !== undefined : undefined,
    ...(account?.roleArn !== undefined && { irsaRoleArn: account.roleArn }),
    ...(entry && { associationId: entry.summary.id }),
    association,
    pods: counted(pods, facts.podsRead),
    podsOnIrsa: counted(onIrsa, facts.podsRead),
    health,
    ...marked(facts, key),
  };
}

/**
 * The row of an association. Its health is that of its service account, which is where its troubles show: `tell`
 * answers it by the service account's key.
 */
export function associationRow(
  facts: ClusterFacts,
  id: string,
  tell: (key: string) => Health | undefined,
): AssociationRow | undefined {
  const entry = facts.associations.get(id);
  if (!entry) return undefined;
  const { summary, described } = entry;
  const key = keyOf(summary);
  const health = facts.associations.idOf(key) === id ? tell(key) : undefined;
  return {
    id: rowId(facts.ref.arn, id),
    cluster: facts.ref.arn,
    clusterName: facts.ref.name,
    region: facts.ref.region,
    account: facts.ref.account,
    namespace: summary.namespace,
    serviceAccount: summary.serviceAccount,
    associationId: id,
    ...(summary.ownerArn !== undefined && { ownerArn: summary.ownerArn }),
    association: described,
    pods: health && counted(facts.pods.countOf(key).pods, facts.podsRead),
    health: health ?? replaced,
    ...marked(facts, id),
  };
}

function marked(facts: ClusterFacts, key: string): { readonly mark?: ChangeMark } {
  const mark = facts.marks.get(key);
  return mark ? { mark } : {};
}

function associationReading(
  facts: ClusterFacts,
  entry: AssociationEntry | undefined,
): Reading<Association | undefined> {
  return entry ? entry.described : member<Association>(facts.associationsRead, undefined);
}

/** How the service account of `key` is; undefined when neither the cluster nor an association knows it. */
export function healthOf(store: Store, facts: ClusterFacts, around: Surroundings, key: string): Health | undefined {
  const account = facts.serviceAccounts.get(key);
  const entry = facts.associations.of(key);
  const subject = account ?? entry?.summary;
  if (!subject) return undefined;
  const { namespace, serviceAccount } = subject;
  return serviceAccountHealth({
    ...around,
    subject: { namespace, serviceAccount },
    serviceAccount: member(facts.serviceAccountsRead, account),
    namespace: member(facts.namespacesRead, facts.namespaces.get(namespace)),
    association: associationReading(facts, entry),
    role: arn => store.roles.get(arn),
    agent: facts.agent,
    ...(facts.podsRead.state !== 'unread' && { pods: mapped(facts.podsRead, () => [...facts.pods.of(key)]) }),
  });
}

/** EKS keeps one association per service account: a second one is listed only while the first is being deleted. */
const replaced: Health = {
  level: 'unknown',
  code: 'UNKNOWN',
  detail: 'another association of this service account is listed as well: one of them is about to go',
  more: 0,
};
