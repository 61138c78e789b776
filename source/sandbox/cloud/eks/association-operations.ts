/** The five operations on associations (EKS API reference). */
import type { AssociationContent, AssociationRecord, ClusterRecord } from '../../model.ts';
import type { RestContext, RestOperation } from '../context.ts';
import type { JsonObject } from '../values.ts';
import {
  type AssociationChange,
  changeAssociation,
  checkPolicy,
  checkRole,
  checkTargetRole,
  deleteAssociation,
  liveAssociation,
  makeAssociation,
  visibleContent,
} from './associations.ts';
import { crossAccountRole, invalidParameter, notFound } from './faults.ts';
import {
  checkActive,
  clusterOf,
  madeBefore,
  pageAsked,
  rememberMade,
  requiredText,
  tagsAsked,
  textAsked,
  wireTime,
} from './shared.ts';

export const ASSOCIATION_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  CreatePodIdentityAssociation: create,
  DescribePodIdentityAssociation: context => {
    const cluster = clusterOf(context);
    const association = cluster.associations.get(context.labels.associationId ?? '');
    const content = association === undefined ? undefined : visibleContent(association, context.now);
    if (association === undefined || content === undefined) {
      throw associationNotFound(context, cluster);
    }
    return { association: describe(cluster, association, content) };
  },
  UpdatePodIdentityAssociation: update,
  DeletePodIdentityAssociation: context => {
    const cluster = clusterOf(context);
    const association = associationToChange(context, cluster);
    const last = describe(cluster, association, association);
    deleteAssociation(context.world, cluster, association, context.now);
    return { association: last };
  },
  ListPodIdentityAssociations: list,
};

function create(context: RestContext): object {
  const { world, body, now } = context;
  const cluster = clusterOf(context);
  checkActive(cluster);
  const namespace = requiredText(body, 'namespace');
  const serviceAccount = requiredText(body, 'serviceAccount');
  const roleArn = requiredText(body, 'roleArn');
  const targetRoleArn = textAsked(body, 'targetRoleArn');
  const policy = textAsked(body, 'policy');
  const disableSessionTags = flagAsked(body) ?? false;
  const tags = tagsAsked(body);
  checkTargetRole(targetRoleArn);
  checkPolicy(policy, disableSessionTags);
  const before = madeBefore(context, 'CreatePodIdentityAssociation');
  const made = before === undefined ? undefined : liveAssociation(cluster, before);
  if (made !== undefined) {
    return { association: describe(cluster, made, made) };
  }
  checkRole(context, cluster, roleArn, namespace, serviceAccount);
  const input = { namespace, serviceAccount, roleArn, targetRoleArn, policy, disableSessionTags, tags };
  const association = makeAssociation(world, cluster, input, now);
  rememberMade(context, 'CreatePodIdentityAssociation', association.id);
  return { association: describe(cluster, association, association) };
}

function update(context: RestContext): object {
  const { world, body, now } = context;
  const cluster = clusterOf(context);
  checkActive(cluster);
  const association = associationToChange(context, cluster);
  if (madeBefore(context, 'UpdatePodIdentityAssociation') !== undefined) {
    return { association: describe(cluster, association, association) };
  }
  const change = readChange(body);
  if (change.roleArn === '') {
    throw crossAccountRole();
  }
  checkTargetRole(change.targetRoleArn);
  const disableSessionTags = change.disableSessionTags ?? association.disableSessionTags;
  checkPolicy(change.policy ?? association.policy, disableSessionTags);
  if (!changesAnything(association, change)) {
    throw invalidParameter('At least one field of the association must be changed.');
  }
  if (change.roleArn !== undefined) {
    checkRole(context, cluster, change.roleArn, association.namespace, association.serviceAccount);
  }
  changeAssociation(world, cluster, association, change, now);
  rememberMade(context, 'UpdatePodIdentityAssociation', association.id);
  return { association: describe(cluster, association, association) };
}

function readChange(body: JsonObject): AssociationChange {
  const roleArn = textAsked(body, 'roleArn');
  const targetRoleArn = textAsked(body, 'targetRoleArn');
  const policy = textAsked(body, 'policy');
  const disableSessionTags = flagAsked(body);
  return {
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    ...(policy === undefined ? {} : { policy }),
    ...(disableSessionTags === undefined ? {} : { disableSessionTags }),
  };
}

function changesAnything(association: AssociationRecord, change: AssociationChange): boolean {
  const differs = (asked: string | undefined, present: string | undefined): boolean =>
    asked !== undefined && asked !== (present ?? '');
  return (
    differs(change.roleArn, association.roleArn) ||
    differs(change.targetRoleArn, association.targetRoleArn) ||
    differs(change.policy, association.policy) ||
    (change.disableSessionTags ?? association.disableSessionTags) !== association.disableSessionTags
  );
}

function list(context: RestContext): object {
  const { query, now } = context;
  const cluster = clusterOf(context);
  const namespace = query.get('namespace');
  const serviceAccount = query.get('serviceAccount');
  const wanted = [...cluster.associations.values()].filter(
    each =>
      (namespace === null || each.namespace === namespace) &&
      (serviceAccount === null || each.serviceAccount === serviceAccount) &&
      visibleContent(each, now) !== undefined,
  );
  const question = JSON.stringify(['associations', cluster.arn, namespace, serviceAccount]);
  const page = pageAsked(context, wanted, each => each.id, question);
  return { associations: page.items.map(each => summarize(cluster, each)), nextToken: page.next ?? null };
}

function associationToChange(context: RestContext, cluster: ClusterRecord): AssociationRecord {
  const association = liveAssociation(cluster, context.labels.associationId ?? '');
  if (association === undefined) {
    throw associationNotFound(context, cluster);
  }
  return association;
}

function associationNotFound({ labels }: RestContext, cluster: ClusterRecord): Error {
  return notFound(`Association not found: ${labels.associationId ?? ''}`, { clusterName: cluster.name });
}

function flagAsked(body: JsonObject): boolean | undefined {
  const value = body.disableSessionTags;
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'boolean') {
    throw invalidParameter('disableSessionTags must be true or false.');
  }
  return value;
}

function summarize(cluster: ClusterRecord, association: AssociationRecord): object {
  return {
    clusterName: cluster.name,
    namespace: association.namespace,
    serviceAccount: association.serviceAccount,
    associationArn: association.arn,
    associationId: association.id,
    ownerArn: association.ownerArn,
  };
}

function describe(cluster: ClusterRecord, association: AssociationRecord, content: AssociationContent): object {
  return {
    ...summarize(cluster, association),
    roleArn: content.roleArn,
    tags: Object.fromEntries(association.tags),
    createdAt: wireTime(association.createdAt),
    modifiedAt: wireTime(content.modifiedAt),
    disableSessionTags: content.disableSessionTags,
    targetRoleArn: content.targetRoleArn,
    externalId: content.externalId,
    policy: content.policy,
  };
}
