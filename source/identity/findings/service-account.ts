import { parseRoleArn } from '../arn.ts';
import type { IdentityInput } from '../effective-identity.ts';
import type { Association, Namespace, Pod, ServiceAccount } from '../facts.ts';
import type { Finding, Health } from '../health.ts';
import { lastKnown, type Reading, read } from '../reading.ts';
import { associationFindings } from './association.ts';
import { finding, gap, present, rollUp } from './roll-up.ts';
import { lookUp, webTrustFindings } from './trust.ts';

export type ServiceAccountInput = IdentityInput & {
  /** `undefined` value: the cluster has no such namespace; absent: taken to be there if the account is. */
  readonly namespace?: Reading<Namespace | undefined>;
  /** Pods of this service account only. Absent: pods are not asked for, and nothing is said of them. */
  readonly pods?: Reading<readonly Pod[]>;
};

export const serviceAccountHealth = (input: ServiceAccountInput): Health => rollUp(serviceAccountFindings(input));

/** What is wrong with the identity of one service account, by whichever mechanism it has one. */
export function serviceAccountFindings(input: ServiceAccountInput): readonly Finding[] {
  const association = lastKnown(input.association);
  const account = lastKnown(input.serviceAccount)?.value;
  if (association?.value) return associatedFindings(input, association.value, account);
  const findings = present(
    gap('the association', input.association),
    gap('the service account', input.serviceAccount),
    ...(account?.roleArn ? annotatedFindings(input, account, account.roleArn) : []),
  );
  if (findings.length > 0) return findings;
  return [finding('ok', 'NONE', 'no identity is asked for: neither an annotation nor an association')];
}

/**
 * BOTH: an annotation too, naming the same role; new pods get Pod Identity only. DIFFER: it names another role, so the
 * role changes when a pod is re-created.
 */
function associatedFindings(
  input: ServiceAccountInput,
  association: Association,
  account: ServiceAccount | undefined,
): readonly Finding[] {
  const annotated = account?.roleArn;
  const own = associationFindings({
    cluster: input.cluster,
    association: stale(input.association, association),
    serviceAccount: input.serviceAccount,
    namespace: input.namespace ?? impliedNamespace(input, account),
    role: input.role,
    agent: input.agent,
  });
  const extra = [...present(annotated ? doubled(annotated, association) : undefined), ...podFindings(input.pods)];
  return extra.length > 0 ? [...extra, ...own.filter(({ level }) => level !== 'ok')] : own;
}

function doubled(annotated: string, association: Association): Finding {
  if (annotated === association.roleArn)
    return finding(
      'warning',
      'BOTH',
      'annotation and association name the same role: new pods use the association only',
    );
  const detail = `the annotation names ${annotated}, the association ${association.roleArn}: new pods get the latter`;
  return finding('error', 'DIFFER', detail);
}

/** The reading of the association, now that its value is known to be there; what it says of its age is kept. */
function stale(reading: Reading<Association | undefined>, association: Association): Reading<Association> {
  if (reading.state !== 'failed') return read(association, reading.state === 'read' ? reading.at : 0);
  const last = { value: association, at: reading.last?.at ?? reading.at };
  return { state: 'failed', failure: reading.failure, at: reading.at, last };
}

/** A service account that exists has a namespace; of one that does not exist the namespace is not known. */
function impliedNamespace(
  { subject, serviceAccount }: ServiceAccountInput,
  account: ServiceAccount | undefined,
): Reading<Namespace | undefined> {
  const at = lastKnown(serviceAccount)?.at ?? 0;
  return read({ name: (account ?? subject).namespace, phase: 'Active', labels: {} }, at);
}

/**
 * RESTART: running pods that were born without Pod Identity keep what they have until they are re-created. PLATFORM:
 * pods where Pod Identity is not offered (EKS User Guide, "EKS Pod Identity restrictions").
 */
function podFindings(pods: Reading<readonly Pod[]> | undefined): readonly Finding[] {
  if (!pods) return [];
  const running = (lastKnown(pods)?.value ?? []).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  const elsewhere = running.filter(({ platform }) => platform !== 'linux');
  const old = running.filter(({ platform, mechanism }) => platform === 'linux' && mechanism !== 'pod-identity');
  return present(
    gap('its pods', pods),
    elsewhere.length > 0
      ? finding(
          'warning',
          'PLATFORM',
          `${podCount(elsewhere)} on Fargate or Windows, where Pod Identity is not offered`,
        )
      : undefined,
    old.length > 0
      ? finding('warning', 'RESTART', `${podCount(old)} from before the association, not using it until re-created`)
      : undefined,
  );
}

const podCount = (pods: readonly Pod[]): string => (pods.length === 1 ? '1 pod is' : `${pods.length} pods are`);

/** IRSA: a candidate to migrate. ACCOUNT: not by a plain move, its role is in another account. OIDC: it is broken. */
function annotatedFindings(input: ServiceAccountInput, account: ServiceAccount, roleArn: string): readonly Finding[] {
  const arn = parseRoleArn(roleArn);
  if (arn.ok && arn.value.account !== input.cluster.account) {
    const detail = `uses IRSA with a role of account ${arn.value.account}, which is not checked from here`;
    return [finding('info', 'ACCOUNT', detail)];
  }
  const { role, findings } = lookUp(roleArn, input.role);
  const provider = lastKnown(input.oidcProvider)?.value;
  return present(
    ...findings,
    gap('the OIDC provider', input.oidcProvider),
    provider === false
      ? finding('error', 'OIDC', 'IAM has no OIDC provider for the cluster: IRSA cannot work')
      : undefined,
    ...(role
      ? webTrustFindings(role, input.cluster, input.subject, account.annotations['eks.amazonaws.com/audience'])
      : []),
    arn.ok ? finding('info', 'IRSA', `uses IRSA with role ${arn.value.name}: it can be migrated`) : undefined,
  );
}
