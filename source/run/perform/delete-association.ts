import type { Association } from '../../identity/facts.ts';
import type { DeleteAssociation } from '../../plan/action.ts';
import { changedSince, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, toDo } from './converge.ts';

/** Deletes the association and waits until EKS does not show it any more; one that is gone already is fine. */
export async function deleteAssociation(action: DeleteAssociation, context: PerformContext): Promise<Outputs> {
  const { clusterName, associationId: id } = action.request;
  const { eks } = context.ports;
  let found: Association | undefined;
  await converge(context, {
    look: async () => {
      found = await orAbsent(eks.describeAssociation(clusterName, id, context.call));
      if (!found) return asWanted(id);
      if (found.roleArn !== action.expects.roleArn) throw changedSince(`the role of association ${id}`);
      return toDo;
    },
    prior: () => ({ kind: 'association', described: found ?? null }),
    write: async () => {
      await orAbsent(eks.deleteAssociation(clusterName, id, context.call));
    },
    settling: `EKS still shows association ${id}`,
    every: 1_000,
    atMost: 60_000,
  });
  return { associationId: id };
}
