/**
 * What a migration changes in a world, without ids and times: two worlds with the same text are at the same point.
 * Session tags are left out: they are off where nobody could read whether a role chains, and that may be at any time.
 */
import { ROLE_ANNOTATION } from '../../source/sandbox/cluster/admission.ts';
import { objectsOf } from '../../source/sandbox/cluster/store.ts';
import type { World } from '../../source/sandbox/model.ts';

/** One line for each thing, sorted. `agent: false` leaves the agent out, which undo never takes away. */
export function stateOf(world: World, { agent = true } = {}): readonly string[] {
  const lines: string[] = [];
  for (const cluster of world.clusters.values()) {
    const at = cluster.name;
    for (const each of cluster.associations.values()) {
      if (each.deleted) continue;
      const { namespace, serviceAccount, roleArn, targetRoleArn, policy, ownerArn } = each;
      const rest = [roleArn, targetRoleArn ?? '', policy ?? ''];
      lines.push(`${at} association ${namespace}/${serviceAccount} ${rest.join(' ')} ${ownerArn ? 'of add-on' : ''}`);
    }
    for (const addon of cluster.addons.values()) {
      if (!agent && addon.name === 'eks-pod-identity-agent') continue;
      const { name, version, status, serviceAccountRoleArn = '', configurationValues = '' } = addon;
      lines.push(`${at} addon ${name} ${version} ${status} ${serviceAccountRoleArn} ${configurationValues}`);
    }
    for (const { metadata } of objectsOf(cluster.kube, 'namespaces')) lines.push(`${at} namespace ${metadata.name}`);
    for (const { metadata } of objectsOf(cluster.kube, 'serviceaccounts')) {
      const maker = metadata.labels?.[MANAGED_BY];
      if (maker) lines.push(`${at} account ${metadata.namespace}/${metadata.name} of ${maker}`);
      const value = metadata.annotations?.[ROLE_ANNOTATION];
      if (value) lines.push(`${at} annotation ${metadata.namespace}/${metadata.name} ${value}`);
    }
  }
  for (const { id, roles, stacks } of world.accounts.values()) {
    for (const role of roles.values()) lines.push(`${id} role ${role.name} ${canonical(role.trustPolicy)}`);
    for (const stack of stacks.values()) {
      const { name, template, tags, parameters, capabilities, status } = stack;
      if (status === 'DELETE_COMPLETE') continue;
      const rest = JSON.stringify([[...tags], [...parameters], [...capabilities].sort()]);
      lines.push(`${id} stack ${name} ${canonical(template)} ${rest}`);
    }
  }
  return lines.map(withoutSuffixes).sort();
}

const MANAGED_BY = 'app.kubernetes.io/managed-by';

/** CloudFormation makes up the end of a name that a template does not give. */
const withoutSuffixes = (line: string): string => line.replaceAll(/(-Role1-)[A-Z0-9]{12}\b/g, '$1*');

/** What one has and the other has not. */
export function difference(found: readonly string[], wanted: readonly string[]): readonly string[] {
  return [
    ...found.filter(line => !wanted.includes(line)).map(line => `+ ${line}`),
    ...wanted.filter(line => !found.includes(line)).map(line => `- ${line}`),
  ];
}

function canonical(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document));
  } catch {
    return document;
  }
}
