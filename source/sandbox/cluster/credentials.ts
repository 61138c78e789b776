/** Whether a pod can fetch AWS credentials, how, and for which role: the credential services' side of the story. */
import { accountOf } from '../cloud/arns.ts';
import { podIdentityAllowed, targetRoleAllowed, webIdentityAllowed } from '../cloud/trust.ts';
import type { ClusterRecord, KubeObject, RoleRecord, World } from '../model.ts';
import { agentServes } from './agent.ts';
import { type EffectiveAssociation, effectiveAssociations } from './associations.ts';
import { type Container, fieldsOf, itemsOf, type PodSpec, podSpecOf, serviceAccountOf } from './shapes.ts';
import { find, keyOf } from './store.ts';

export type Mechanism = 'pod-identity' | 'irsa' | 'none';

export type CredentialResult =
  | { readonly ok: true; readonly mechanism: 'pod-identity' | 'irsa'; readonly roleArn: string }
  | { readonly ok: false; readonly mechanism: Mechanism; readonly roleArn?: string; readonly why: string };

/**
 * What the SDK in the pod will use. Where one container has both kinds of variables, web identity comes first (AWS
 * SDKs and Tools Reference Guide, "Credential provider chain"). The first container that has any speaks for the pod.
 */
export function podMechanism(pod: KubeObject): Mechanism {
  for (const container of podSpecOf(pod).containers) {
    if (usesWebIdentity(container)) {
      return 'irsa';
    }
    if (envValue(container, 'AWS_CONTAINER_CREDENTIALS_FULL_URI')) {
      return 'pod-identity';
    }
  }
  return 'none';
}

/** The credential services of one cluster at one instant; made once for a look at many pods. */
export type Services = {
  readonly world: World;
  readonly cluster: ClusterRecord;
  readonly now: number;
  /** By `namespace/name` of the service account. */
  readonly associations: ReadonlyMap<string, EffectiveAssociation>;
  /** By what an answer depends on: pods of one service account get the same one. */
  readonly answered: Map<string, CredentialResult>;
};

export function servicesAt(world: World, cluster: ClusterRecord, now: number): Services {
  return { world, cluster, now, associations: effectiveAssociations(cluster, now), answered: new Map() };
}

/**
 * What would happen if the pod asked now, whatever credentials it holds. `agent` tells whether an agent serves its
 * node; left out, the node that the pod is on is looked at.
 */
export function obtainCredentials(services: Services, pod: KubeObject, agent?: boolean): CredentialResult {
  switch (podMechanism(pod)) {
    case 'pod-identity':
      return throughAgent(services, pod, agent ?? agentServesPod(services.cluster, pod));
    case 'irsa':
      return throughWebIdentity(services, pod);
    case 'none':
      return { ok: false, mechanism: 'none', why: 'the pod has no credential variables' };
  }
}

function throughAgent(services: Services, pod: KubeObject, agent: boolean): CredentialResult {
  if (!agent) {
    return refused('pod-identity', `no Pod Identity agent serves node ${podSpecOf(pod).nodeName ?? '(none)'}`);
  }
  const account = keyOf({ namespace: pod.metadata.namespace ?? 'default', name: serviceAccountOf(podSpecOf(pod)) });
  return remembered(services, `pod-identity ${account}`, () => {
    const association = services.associations.get(account);
    return association === undefined
      ? refused('pod-identity', 'there is no association')
      : assumeForPod(services, association);
  });
}

function agentServesPod(cluster: ClusterRecord, pod: KubeObject): boolean {
  const { nodeName } = podSpecOf(pod);
  const node = nodeName === undefined ? undefined : find(cluster.kube, 'nodes', { name: nodeName });
  return node !== undefined && agentServes(cluster, node);
}

function remembered(services: Services, key: string, answer: () => CredentialResult): CredentialResult {
  const known = services.answered.get(key) ?? answer();
  services.answered.set(key, known);
  return known;
}

function assumeForPod({ world, cluster, now }: Services, association: EffectiveAssociation): CredentialResult {
  const { namespace, serviceAccount, roleArn, targetRoleArn, externalId = '', sessionTags } = association;
  const role = findRole(world, roleArn);
  if (role === undefined) {
    return refused('pod-identity', `role ${roleArn} does not exist`, roleArn);
  }
  if (!podIdentityAllowed(role, cluster, namespace, serviceAccount, { now, sessionTags })) {
    return refused('pod-identity', `the trust policy of ${roleArn} does not let EKS Pod Identity in`, roleArn);
  }
  if (targetRoleArn === undefined) {
    return { ok: true, mechanism: 'pod-identity', roleArn };
  }
  const target = findRole(world, targetRoleArn);
  if (target === undefined) {
    return refused('pod-identity', `target role ${targetRoleArn} does not exist`, targetRoleArn);
  }
  return targetRoleAllowed(target, role, externalId, { now, sessionTags })
    ? { ok: true, mechanism: 'pod-identity', roleArn: targetRoleArn }
    : refused('pod-identity', `the trust policy of ${targetRoleArn} does not let ${roleArn} in`, targetRoleArn);
}

function throughWebIdentity(services: Services, pod: KubeObject): CredentialResult {
  const spec = podSpecOf(pod);
  const container = spec.containers.find(usesWebIdentity);
  const roleArn = container === undefined ? '' : (envValue(container, 'AWS_ROLE_ARN') ?? '');
  const audience = container === undefined ? undefined : tokenAudience(spec, container);
  if (audience === undefined) {
    return refused('irsa', 'the token file is not mounted', roleArn);
  }
  const subject = { namespace: pod.metadata.namespace ?? 'default', name: serviceAccountOf(spec) };
  return remembered(services, `irsa ${keyOf(subject)} ${roleArn} ${audience}`, () =>
    assumeWithToken(services, subject, roleArn, audience),
  );
}

function assumeWithToken(
  { world, cluster, now }: Services,
  subject: { readonly namespace: string; readonly name: string },
  roleArn: string,
  audience: string,
): CredentialResult {
  const role = findRole(world, roleArn);
  const account = world.accounts.get(accountOf(roleArn));
  if (role === undefined || account === undefined) {
    return refused('irsa', `role ${roleArn} does not exist`, roleArn);
  }
  if (cluster.issuer === undefined) {
    return refused('irsa', 'the cluster has no OIDC issuer', roleArn);
  }
  return webIdentityAllowed(role, account, cluster.issuer, subject.namespace, subject.name, audience, { now })
    ? { ok: true, mechanism: 'irsa', roleArn }
    : refused('irsa', `${roleArn} does not trust this service account of this cluster's OIDC provider`, roleArn);
}

function refused(mechanism: Mechanism, why: string, roleArn?: string): CredentialResult {
  return { ok: false, mechanism, why, ...(roleArn === undefined ? {} : { roleArn }) };
}

/** By its exact ARN: a wrong path or a wrong case is another role. */
function findRole(world: World, arn: string): RoleRecord | undefined {
  const name = arn.slice(arn.lastIndexOf('/') + 1).toLowerCase();
  const role = world.accounts.get(accountOf(arn))?.roles.get(name);
  return role?.arn === arn ? role : undefined;
}

function usesWebIdentity(container: Container): boolean {
  return Boolean(envValue(container, 'AWS_ROLE_ARN') && envValue(container, 'AWS_WEB_IDENTITY_TOKEN_FILE'));
}

/** Of the projected token that is mounted where the container looks for it. */
function tokenAudience(spec: PodSpec, container: Container): string | undefined {
  const file = envValue(container, 'AWS_WEB_IDENTITY_TOKEN_FILE') ?? '';
  const mount = container.volumeMounts?.find(each => file.startsWith(`${each.mountPath}/`));
  const volume = spec.volumes?.find(each => each.name === mount?.name);
  for (const source of itemsOf(fieldsOf(volume?.projected).sources)) {
    const token = fieldsOf(source.serviceAccountToken);
    if (mount !== undefined && file === `${mount.mountPath}/${String(token.path)}`) {
      return typeof token.audience === 'string' ? token.audience : '';
    }
  }
  return undefined;
}

function envValue(container: Container, name: string): string | undefined {
  return container.env?.find(each => each.name === name)?.value || undefined;
}
