import type * as Eks from '@aws-sdk/client-eks';
import { parseClusterArn } from '../identity/arn.ts';
import type { Addon, Association, AssociationSummary, Cluster } from '../identity/facts.ts';
import { plainText } from '../identity/plain-text.ts';
import { PortError } from '../run/ports.ts';
import { milliseconds, present } from './present.ts';

/**
 * Throws `PortError` (`server`) when the answer has no cluster ARN: nothing can be keyed without it. All other fields
 * may be missing, as they are for a cluster that is being created.
 */
export function clusterFact(cluster: Eks.Cluster | undefined): Cluster {
  const ref = parseClusterArn(cluster?.arn ?? '');
  if (!cluster || !ref.ok) throw answerWithout('eks:DescribeCluster', 'a cluster ARN');
  return {
    ...ref.value,
    status: cluster.status ?? 'UNKNOWN',
    version: cluster.version ?? '',
    autoMode: cluster.computeConfig?.enabled === true,
    ...(cluster.kubernetesNetworkConfig?.ipFamily && { ipFamily: cluster.kubernetesNetworkConfig.ipFamily }),
    tags: cluster.tags ?? {},
    ...present({
      platformVersion: cluster.platformVersion,
      endpoint: cluster.endpoint,
      certificateAuthority: cluster.certificateAuthority?.data,
      oidcIssuer: cluster.identity?.oidc?.issuer,
      authenticationMode: cluster.accessConfig?.authenticationMode,
      createdAt: milliseconds(cluster.createdAt),
    }),
  };
}

/** Undefined for an entry without an id: it could not be asked about or told apart. */
export function summaryFact(summary: Eks.PodIdentityAssociationSummary): AssociationSummary | undefined {
  const { associationId, associationArn, namespace, serviceAccount, ownerArn } = summary;
  if (!associationId || !namespace || !serviceAccount) return undefined;
  return { id: associationId, arn: associationArn ?? '', namespace, serviceAccount, ...present({ ownerArn }) };
}

export function associationFact(association: Eks.PodIdentityAssociation | undefined, operation: string): Association {
  const summary = association && summaryFact(association);
  if (!summary) throw answerWithout(operation, 'an association id');
  return {
    ...summary,
    roleArn: association.roleArn ?? '',
    disableSessionTags: association.disableSessionTags === true,
    tags: association.tags ?? {},
    ...present({
      // What was cleared in place can come back as empty text.
      targetRoleArn: association.targetRoleArn || undefined,
      externalId: association.externalId || undefined,
      policy: association.policy || undefined,
      createdAt: milliseconds(association.createdAt),
      modifiedAt: milliseconds(association.modifiedAt),
    }),
  };
}

export function addonFact(addon: Eks.Addon | undefined, operation: string): Addon {
  if (!addon?.addonName) throw answerWithout(operation, 'an add-on');
  return {
    name: addon.addonName,
    version: addon.addonVersion ?? '',
    status: addon.status ?? 'UNKNOWN',
    associationArns: addon.podIdentityAssociations ?? [],
    issues: (addon.health?.issues ?? []).map(issueText),
    ...present({
      arn: addon.addonArn,
      serviceAccountRoleArn: addon.serviceAccountRoleArn || undefined,
      configurationValues: addon.configurationValues,
    }),
  };
}

const issueText = (issue: Eks.AddonIssue): string =>
  plainText([issue.code, issue.message].filter(Boolean).join(': ') || 'an issue without a text');

function answerWithout(operation: string, what: string): PortError {
  const message = `AWS answered ${operation} without ${what}; check the endpoint and any proxy before it.`;
  return new PortError({ kind: 'server', message, operation });
}
