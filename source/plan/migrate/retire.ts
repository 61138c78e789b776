import { issuerPath } from '../../identity/arn.ts';
import { known } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { type TrustPolicy, trustedIssuers } from '../../identity/trust-policy.ts';
import { compare } from '../nodes.ts';
import type { Remark } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import { usableRole } from '../role-trust.ts';
import { subjectList } from '../subjects.ts';
import { inScope } from './scope.ts';

/**
 * What `--remove-oidc-provider-trust-relationship` asks for, as held: trust and annotations go only when it has been
 * verified that nobody lives by them any more, and running pods do until they are re-created.
 */
export function retirements(snapshot: Snapshot, request: MigrateRequest): readonly Remark[] {
  if (!request.removeOidcProviderTrust) return [];
  const users = (known(snapshot.serviceAccounts) ?? []).filter(account => account.roleArn && inScope(request, account));
  const byRole = [...Map.groupBy(users, ({ roleArn }) => roleArn ?? '')].toSorted(([a], [b]) => compare(a, b));
  return [
    ...byRole.flatMap(([roleArn, accounts]) => trustRemark(snapshot, roleArn, accounts)),
    ...users.map(account => ({
      subject: subjectText(account),
      reason: 'the role annotation stays until its pods are verified to use Pod Identity',
    })),
  ];
}

function trustRemark(snapshot: Snapshot, roleArn: string, users: readonly Subject[]): readonly Remark[] {
  const role = usableRole(snapshot, roleArn);
  if (!role.ok || !trustsCluster(snapshot, role.value.policy)) return [];
  const reason =
    `its trust in the cluster's OIDC provider stays until the pods of ${subjectList(users)} are verified to use Pod ` +
    `Identity: running pods need it until they are re-created`;
  return [{ subject: `role ${role.value.arn.name}`, reason }];
}

const trustsCluster = ({ cluster }: Snapshot, policy: TrustPolicy): boolean =>
  cluster.oidcIssuer !== undefined &&
  trustedIssuers(policy).some(({ issuer }) => issuer === issuerPath(cluster.oidcIssuer ?? ''));
