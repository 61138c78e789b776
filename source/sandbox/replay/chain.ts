/**
 * What eksctl does for one service account when it migrates with `--remove-oidc-provider-trust-relationship`: the trust
 * policy loses every statement for an OIDC provider and gets one for EKS Pod Identity, then the annotation goes, then the
 * association is made (eksctl, pkg/actions/podidentityassociation/migrator.go and tasks.go, release 0.231).
 */
import { makeAssociation } from '../cloud/eks/associations.ts';
import { updateTrustPolicy } from '../cloud/iam/roles.ts';
import { isObject, parseJson } from '../cloud/values.ts';
import { ROLE_ANNOTATION, roleAnnotation } from '../cluster/admission.ts';
import { find, keyOf, objectsOf, put } from '../cluster/store.ts';
import type { Account, ClusterRecord, RoleRecord, World } from '../model.ts';
import { podsStatement } from '../worlds/trust.ts';

export type Migrant = { readonly namespace: string; readonly name: string; readonly role: RoleRecord };

/** A service account that stops eksctl before its first write, and by what. */
export type Stumble = { readonly subject: string; readonly why: string };

export type Candidates = { readonly migrants: readonly Migrant[]; readonly stumbles: readonly Stumble[] };

/** Every annotated service account, in the order of eksctl's list (namespace, then name). */
export function candidatesOf(account: Account, cluster: ClusterRecord): Candidates {
  const migrants: Migrant[] = [];
  const stumbles: Stumble[] = [];
  const addonRoles = new Set([...cluster.addons.values()].map(addon => addon.serviceAccountRoleArn));
  const accounts = [...objectsOf(cluster.kube, 'serviceaccounts')].map(({ metadata }) => metadata);
  for (const { namespace = 'default', name } of accounts.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
    const arn = roleAnnotation(cluster, namespace, name);
    if (arn === undefined || addonRoles.has(arn)) continue;
    const role = account.roles.get(arn.slice(arn.lastIndexOf('/') + 1).toLowerCase());
    const why = obstacle(arn, role);
    if (why === undefined && role !== undefined) migrants.push({ namespace, name, role });
    else stumbles.push({ subject: `${namespace}/${name}`, why: why ?? 'its role is gone' });
  }
  return { migrants, stumbles };
}

function obstacle(arn: string, role: RoleRecord | undefined): string | undefined {
  if (!/:role\/[^/]+$/u.test(arn)) return 'a role with a path';
  if (role === undefined || role.arn !== arn) return 'a role that is not in this account';
  return statementsOf(role) === undefined ? 'a trust policy that it cannot parse' : undefined;
}

/** Undefined where eksctl's parser gives up: no JSON, or one statement that is not in a list. */
function statementsOf(role: RoleRecord): readonly Record<string, unknown>[] | undefined {
  const document = parseJson(role.trustPolicy);
  const list = isObject(document) ? document.Statement : undefined;
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
}

const federated = (statement: Record<string, unknown>): string | undefined => {
  const principal = isObject(statement.Principal) ? statement.Principal.Federated : undefined;
  const value = Array.isArray(principal) && principal.length === 1 ? principal[0] : principal;
  return typeof value === 'string' && value.includes('oidc-provider') ? value : undefined;
};

/** Step 1. Returns the providers other than the cluster's own that lose the role with it. */
export function rewriteTrust(world: World, cluster: ClusterRecord, { role }: Migrant, now: number): readonly string[] {
  const statements = statementsOf(role) ?? [];
  const kept = statements.filter(statement => federated(statement) === undefined);
  const others = statements
    .map(federated)
    .filter(provider => provider !== undefined && !provider.endsWith(`oidc-provider/${cluster.issuer ?? ''}`));
  updateTrustPolicy(world, role, JSON.stringify({ Version: '2012-10-17', Statement: [...kept, podsStatement] }), now);
  return others.filter(provider => provider !== undefined);
}

/** Step 2: the account is put back with nothing but its metadata, less the annotation. */
export function removeAnnotation(cluster: ClusterRecord, migrant: Migrant): void {
  const account = find(cluster.kube, 'serviceaccounts', migrant);
  if (account === undefined) return;
  const { [ROLE_ANNOTATION]: _gone, ...annotations } = account.metadata.annotations ?? {};
  put(cluster.kube, 'serviceaccounts', { ...account, metadata: { ...account.metadata, annotations } });
}

/** Step 3. One that is there already counts as done, whatever its role. */
export function associate(world: World, cluster: ClusterRecord, { namespace, name, role }: Migrant, now: number): void {
  const there = [...cluster.associations.values()].some(
    each => !each.deleted && each.namespace === namespace && each.serviceAccount === name,
  );
  if (!there) makeAssociation(world, cluster, { namespace, serviceAccount: name, roleArn: role.arn }, now);
}
