/**
 * What can be done to associations, with EKS's rules; the EKS API's own operations and the add-ons' both act through
 * here (EKS user guide, "Learn how EKS Pod Identity grants Pods access to AWS services" and "Assign an IAM role to a
 * Kubernetes service account"; API reference, CreatePodIdentityAssociation and UpdatePodIdentityAssociation).
 */
import type { AssociationContent, AssociationRecord, ClusterRecord, World } from '../../model.ts';
import { schedule } from '../../time.ts';
import { accountOf, associationArn, externalIdOf } from '../arns.ts';
import type { CallContext } from '../context.ts';
import { AwsFault } from '../fault.ts';
import { visibleTrust } from '../iam/roles.ts';
import { newAssociationId } from '../ids.ts';
import { podIdentityAllowed } from '../trust.ts';
import { isObject, parseJson } from '../values.ts';
import { associationExists, crossAccountRole, invalidParameter } from './faults.ts';
import { checkPassRole } from './shared.ts';

const ASSOCIATIONS_PER_CLUSTER = 5000;
const POLICY_CHARACTERS = 2048;

/** An association as reads show it now; undefined: they do not show it. */
export function visibleContent(association: AssociationRecord, now: number): AssociationContent | undefined {
  if (now < association.visibleAt) {
    return association.previous;
  }
  return association.deleted ? undefined : contentOf(association);
}

/** Undefined when it was deleted, whatever reads still show. */
export function liveAssociation(cluster: ClusterRecord, id: string): AssociationRecord | undefined {
  const association = cluster.associations.get(id);
  return association?.deleted === false ? association : undefined;
}

/** The association that keeps others from being made for the service account: also a deleted one for a while. */
export function occupant(
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
  now: number,
): AssociationRecord | undefined {
  for (const each of cluster.associations.values()) {
    const busy = !each.deleted || now < each.visibleAt;
    if (busy && each.serviceAccount === serviceAccount && each.namespace === namespace) {
      return each;
    }
  }
  return undefined;
}

/** EKS checks the role before anything else: it is there, it is the cluster's account's, it trusts EKS for these pods. */
export function checkRole(
  context: CallContext,
  cluster: ClusterRecord,
  roleArn: string,
  namespace: string,
  serviceAccount: string,
): void {
  const { account, now } = context;
  if (accountOf(roleArn) !== account.id) {
    throw crossAccountRole();
  }
  checkPassRole(context, roleArn);
  const role = account.roles.get(roleArn.slice(roleArn.lastIndexOf('/') + 1).toLowerCase());
  if (role === undefined || role.arn !== roleArn || visibleTrust(role, now) === undefined) {
    throw invalidParameter('Role provided in the request does not exist.');
  }
  if (!podIdentityAllowed(role, cluster, namespace, serviceAccount, { now })) {
    throw invalidParameter('Trust policy of the role provided is invalid.');
  }
}

/** Throws unless a session policy is one, and is used with session tags off. */
export function checkPolicy(policy: string | undefined, disableSessionTags: boolean): void {
  if (policy === undefined || policy === '') {
    return;
  }
  if (!disableSessionTags) {
    throw invalidParameter('A session policy can only be used when disableSessionTags is true.');
  }
  if (policy.length > POLICY_CHARACTERS) {
    throw invalidParameter(`The policy must have at most ${POLICY_CHARACTERS} characters.`);
  }
  const document = parseJson(policy);
  if (!isObject(document)) {
    throw invalidParameter('The policy is not valid JSON.');
  }
  if (document.Statement === undefined) {
    throw invalidParameter('The policy is not a valid IAM policy: Missing required field Statement.');
  }
}

export function checkTargetRole(targetRoleArn: string | undefined): void {
  if (
    targetRoleArn !== undefined &&
    targetRoleArn !== '' &&
    !/^arn:[\w-]+:iam::\d{12}:role\/.+$/u.test(targetRoleArn)
  ) {
    throw invalidParameter('targetRoleArn is not the ARN of an IAM role.');
  }
}

export type NewAssociation = {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string | undefined;
  readonly disableSessionTags?: boolean;
  readonly policy?: string | undefined;
  readonly tags?: ReadonlyMap<string, string>;
  readonly ownerArn?: string;
};

/** Makes it after all checks of the role were passed. Throws when the service account has one, or the cluster is full. */
export function makeAssociation(
  world: World,
  cluster: ClusterRecord,
  input: NewAssociation,
  now: number,
): AssociationRecord {
  const { namespace, serviceAccount, targetRoleArn, policy, ownerArn } = input;
  const other = occupant(cluster, namespace, serviceAccount, now);
  if (other !== undefined) {
    throw associationExists(cluster, other.id);
  }
  if (cluster.associations.size >= ASSOCIATIONS_PER_CLUSTER) {
    throw new AwsFault(
      400,
      'ResourceLimitExceededException',
      `You have reached the limit of ${ASSOCIATIONS_PER_CLUSTER} pod identity associations per cluster.`,
      { clusterName: cluster.name },
    );
  }
  const id = newAssociationId(world);
  const association: AssociationRecord = {
    id,
    arn: associationArn(cluster, id),
    namespace,
    serviceAccount,
    roleArn: input.roleArn,
    ...(targetRoleArn ? { targetRoleArn, externalId: externalIdOf(cluster, namespace, serviceAccount) } : {}),
    disableSessionTags: input.disableSessionTags ?? false,
    ...(policy ? { policy } : {}),
    tags: new Map(input.tags),
    ...(ownerArn === undefined ? {} : { ownerArn }),
    createdAt: now,
    modifiedAt: now,
    visibleAt: now + world.faults.consistency,
    deleted: false,
  };
  cluster.associations.set(id, association);
  return association;
}

export type AssociationChange = {
  readonly roleArn?: string;
  /** Empty: none any more. */
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  /** Empty: none any more. */
  readonly policy?: string;
};

/** Changes it in place; the externalId comes and goes with the target role. */
export function changeAssociation(
  world: World,
  cluster: ClusterRecord,
  association: AssociationRecord,
  change: AssociationChange,
  now: number,
): void {
  hidePresent(association, now);
  association.roleArn = change.roleArn ?? association.roleArn;
  association.disableSessionTags = change.disableSessionTags ?? association.disableSessionTags;
  if (change.targetRoleArn === '') {
    delete association.targetRoleArn;
    delete association.externalId;
  } else if (change.targetRoleArn !== undefined) {
    association.targetRoleArn = change.targetRoleArn;
    association.externalId = externalIdOf(cluster, association.namespace, association.serviceAccount);
  }
  if (change.policy === '') {
    delete association.policy;
  } else if (change.policy !== undefined) {
    association.policy = change.policy;
  }
  association.modifiedAt = now;
  association.visibleAt = now + world.faults.consistency;
}

/** Gone at once, or after the world's consistency delay; until then reads show it and its service account is busy. */
export function deleteAssociation(
  world: World,
  cluster: ClusterRecord,
  association: AssociationRecord,
  now: number,
): void {
  hidePresent(association, now);
  association.deleted = true;
  association.visibleAt = now + world.faults.consistency;
  for (const addon of cluster.addons.values()) {
    addon.associationIds = addon.associationIds.filter(id => id !== association.id);
  }
  if (world.faults.consistency > 0) {
    schedule(world, association.visibleAt, () => cluster.associations.delete(association.id));
  } else {
    cluster.associations.delete(association.id);
  }
}

/** What reads show from now until the change becomes visible. */
function hidePresent(association: AssociationRecord, now: number): void {
  const seen = visibleContent(association, now);
  if (seen === undefined) {
    delete association.previous;
  } else {
    association.previous = seen;
  }
}

function contentOf(association: AssociationRecord): AssociationContent {
  const { roleArn, targetRoleArn, externalId, disableSessionTags, policy, modifiedAt } = association;
  return {
    roleArn,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    ...(externalId === undefined ? {} : { externalId }),
    disableSessionTags,
    ...(policy === undefined ? {} : { policy }),
    modifiedAt,
  };
}
