import { associationIdOf } from '../../identity/arn.ts';
import type { Association } from '../../identity/facts.ts';
import type { TagAssociation } from '../../plan/action.ts';
import { failure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, toDo } from './converge.ts';

/** Sets and removes tags; tags that the plan does not name are left alone. */
export async function tagAssociation(action: TagAssociation, context: PerformContext): Promise<Outputs> {
  const { resourceArn, tags, untag } = action.request;
  const { eks } = context.ports;
  const id = associationIdOf(resourceArn);
  const isTagged = (has: Association['tags']) =>
    Object.entries(tags).every(([key, value]) => has[key] === value) && untag.every(key => has[key] === undefined);
  let found: Association | undefined;
  await converge(context, {
    look: async () => {
      found = await orAbsent(eks.describeAssociation(context.cluster.name, id, context.call));
      if (!found) throw failure('not-found', `association ${id} of ${action.subject} is gone: plan again`);
      return isTagged(found.tags) ? asWanted(found) : toDo;
    },
    prior: () => ({ kind: 'association', described: found ?? null }),
    write: async () => {
      if (Object.keys(tags).length > 0) await eks.tagResource(resourceArn, tags, context.call);
      if (untag.length > 0) await eks.untagResource(resourceArn, untag, context.call);
    },
    settling: `EKS does not show the tags of association ${id} yet`,
    every: 1_000,
    atMost: 60_000,
  });
  return { associationId: id };
}
