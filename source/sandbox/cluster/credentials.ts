/** Whether a pod can fetch AWS credentials, how, and for which role: the credential services' side of the story. */
import type { ClusterRecord, KubeObject, RoleRecord, World } from '../model.ts';
import { agentServes } from './agent.ts';
import { associationOf } from './associations.ts';
import { type Container, podSpecOf, serviceAccountOf } from './shapes.ts';
import { find } from './store.ts';

export type CredentialResult =
  | { readonly ok: true; readonly mechanism: 'pod-identity' | 'irsa'; readonly roleArn: string }
  | { readonly ok: false; readonly mechanism: 'pod-identity' | 'irsa' | 'none'; readonly why: string };

/** What the SDK in the pod will use: with both kinds of variables in one container, web identity comes first. */
export function podMechanism(pod: KubeObject): 'pod-identity' | 'irsa' | 'none' {
  for (const container of podSpecOf(pod).containers) {
    if (envValue(container, 'AWS_WEB_IDENTITY_TOKEN_FILE') && envValue(container, 'AWS_ROLE_ARN')) {
      return 'irsa';
    }
    if (envValue(container, 'AWS_CONTAINER_CREDENTIALS_FULL_URI')) {
      return 'pod-identity';
    }
  }
  return 'none';
}

export function obtainCredentials(
  world: World,
  cluster: ClusterRecord,
  pod: KubeObject,
  now: number,
): CredentialResult {
  switch (podMechanism(pod)) {
    case 'pod-identity':
      return throughAgent(world, cluster, pod, now);
    case 'irsa':
      return throughWebIdentity(world, cluster, pod, now);
    case 'none':
      return { ok: false, mechanism: 'none', why: 'the pod has no credential variables' };
  }
}

function throughAgent(world: World, cluster: ClusterRecord, pod: KubeObject, now: number): CredentialResult {
  const no = (why: string): CredentialResult => ({ ok: false, mechanism: 'pod-identity', why });
  const spec = podSpecOf(pod);
  const node = spec.nodeName === undefined ? undefined : find(cluster.kube, 'nodes', { name: spec.nodeName });
  if (node === undefined || !agentServes(cluster, node)) {
    return no(`no Pod Identity agent on node ${spec.nodeName ?? '(none)'}`);
  }
  const association = associationOf(cluster, pod.metadata.namespace ?? 'default', serviceAccountOf(spec), now);
  if (association === undefined) {
    return no('no association');
  }
  const role = roleByArn(world, association.roleArn, now);
  if (role === undefined) {
    return no(`role ${association.roleArn} does not exist`);
  }
  return { ok: true, mechanism: 'pod-identity', roleArn: association.targetRoleArn ?? association.roleArn };
}

function throughWebIdentity(world: World, _cluster: ClusterRecord, pod: KubeObject, now: number): CredentialResult {
  const container = podSpecOf(pod).containers.find(each => envValue(each, 'AWS_ROLE_ARN'));
  const roleArn = container === undefined ? undefined : envValue(container, 'AWS_ROLE_ARN');
  if (roleArn === undefined || roleByArn(world, roleArn, now) === undefined) {
    return { ok: false, mechanism: 'irsa', why: `role ${roleArn} does not exist` };
  }
  return { ok: true, mechanism: 'irsa', roleArn };
}

function roleByArn(world: World, arn: string, _now: number): RoleRecord | undefined {
  const role = world.accounts
    .get(arn.split(':')[4] ?? '')
    ?.roles.get(arn.slice(arn.lastIndexOf('/') + 1).toLowerCase());
  return role?.arn === arn ? role : undefined;
}

function envValue(container: Container, name: string): string | undefined {
  return container.env?.find(each => each.name === name)?.value || undefined;
}
