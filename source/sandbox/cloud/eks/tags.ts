/** Tags of clusters, add-ons and associations, by ARN (EKS API reference, TagResource). */
import type { RestContext, RestOperation } from '../context.ts';
import { invalidParameter, notFound } from './faults.ts';
import { clusterNamed, tagsAsked } from './shared.ts';

export const TAG_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  TagResource: context => {
    const tags = tagsOf(context);
    const asked = tagsAsked(context.body, tags);
    if (asked.size === 0) {
      throw invalidParameter('tags must not be empty.');
    }
    for (const [key, value] of asked) {
      tags.set(key, value);
    }
    return {};
  },
  UntagResource: context => {
    const tags = tagsOf(context);
    const keys = context.query.getAll('tagKeys');
    if (keys.length === 0) {
      throw invalidParameter('tagKeys must not be empty.');
    }
    for (const key of keys) {
      tags.delete(key);
    }
    return {};
  },
  ListTagsForResource: context => ({ tags: Object.fromEntries(tagsOf(context)) }),
};

function tagsOf(context: RestContext): Map<string, string> {
  const arn = context.labels.resourceArn ?? '';
  const [kind, cluster = '', name = ''] = (arn.split(':').slice(5).join(':') || '').split('/');
  if (!arn.startsWith(`arn:${context.account.partition}:eks:${context.region}:${context.account.id}:`)) {
    throw notFound(`Resource not found: ${arn}`);
  }
  const record = clusterNamed(context, cluster);
  const found =
    kind === 'cluster'
      ? record
      : kind === 'podidentityassociation'
        ? record.associations.get(name)
        : kind === 'addon'
          ? record.addons.get(name)
          : undefined;
  if (found === undefined || found.arn !== arn || ('deleted' in found && found.deleted)) {
    throw notFound(`Resource not found: ${arn}`);
  }
  return found.tags;
}
