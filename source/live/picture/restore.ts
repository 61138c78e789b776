import type { Failure } from '../../identity/reading.ts';
import type { Store } from '../store/store.ts';
import type { ClusterPicture, RolesPicture } from './contents.ts';

/**
 * Takes a cluster's picture into the store, as what is known from before and not read yet (`why` says so). What has been
 * read meanwhile is newer and stays. A picture that is not what it seems to be adds nothing.
 */
export function restoreCluster(store: Store, picture: ClusterPicture, why: Failure): void {
  const { arn, account, region } = picture.ref;
  if (store.cluster(arn) || store.isListed(account, region)) return;
  const facts = store.addCluster(picture.ref);
  const { cluster, agent, namespaces, serviceAccounts, associations } = picture;
  if (cluster) {
    facts.putCluster(cluster.value, cluster.at);
    facts.failCluster(why, cluster.at);
  }
  if (agent) {
    facts.putAgent(agent.value, agent.at);
    facts.failAgent(why, agent.at);
  }
  if (namespaces) {
    for (const namespace of namespaces.value) facts.putNamespace(namespace);
    facts.namespacesListed(namespaces.at);
    facts.failNamespaces(why, namespaces.at);
  }
  if (serviceAccounts) {
    for (const account of serviceAccounts.value) facts.putServiceAccount(account);
    facts.serviceAccountsListed(serviceAccounts.at);
    facts.failServiceAccounts(why, serviceAccounts.at);
  }
  if (associations) {
    for (const seen of associations.value) {
      facts.putSummary(seen[0]);
      if (seen.length === 1) continue;
      const [association, at] = seen;
      facts.putAssociation(association, at);
      facts.failAssociation(association.id, why, at);
    }
    facts.associationsListed(associations.at);
    facts.failAssociations(why, associations.at);
  }
}

/** Roles are kept only while a restored cluster names them. */
export function restoreRoles(store: Store, roles: RolesPicture, why: Failure): void {
  for (const [arn, fact, at] of roles) {
    if (store.roles.get(arn).state !== 'unread') continue;
    store.roles.put(arn, fact, at);
    store.roles.fail(arn, why, at);
  }
}
