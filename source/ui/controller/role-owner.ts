import type { Association } from '../../identity/facts.ts';
import { recipeOf } from '../../plan/role-stack/recipe.ts';
import { stackOfRole } from '../../plan/role-stack/stacks.ts';
import { takesUpdates } from '../../plan/trust-write.ts';
import type { Workbench } from '../../read/workbench.ts';
import type { RoleOwner } from '../state/form.ts';
import { asFailure } from '../state/plan-session.ts';
import { type App, clusterRef } from './app.ts';

/**
 * Who made the role of an association, and what it is made of, read afresh as for a change of it. Never rejects: what
 * could not be read is an answer, too.
 */
export async function readRoleOwner(app: App, cluster: string, association: Association): Promise<RoleOwner> {
  const { namespace, serviceAccount } = association;
  const request = { command: 'update', changes: [{ namespace, serviceAccount }] } as const;
  try {
    const { snapshot } = await app.workbench.plan(clusterRef(cluster), request, { signal: app.ended.signal });
    return ownerIn(snapshot, association);
  } catch (error) {
    return { kind: 'unknown', reason: asFailure(error).message };
  }
}

type Snapshot = Awaited<ReturnType<Workbench['plan']>>['snapshot'];

function ownerIn(snapshot: Snapshot, association: Association): RoleOwner {
  const reading = stackOfRole(snapshot, association.roleArn, association);
  if (reading.state !== 'read')
    return { kind: 'unknown', reason: reading.state === 'failed' ? reading.failure.message : 'it was not read' };
  const stack = reading.value;
  if (!stack) return { kind: 'nobody' };
  const owner = { kind: 'stack', stack: stack.stackName } as const;
  if (!takesUpdates(stack.status)) return { ...owner, reason: `it takes no change while it is ${stack.status}` };
  const template = snapshot.templates?.get(stack.stackName);
  if (template?.state !== 'read') return { ...owner, reason: 'its template could not be read' };
  const recipe = recipeOf(template.value, snapshot.cluster.partition);
  return recipe.ok ? { ...owner, recipe: recipe.value } : { ...owner, reason: recipe.reason };
}
