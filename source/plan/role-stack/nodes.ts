import type { RoleStack } from '../../identity/facts.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { Ref } from '../action.ts';
import { actionNode, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { ownTags } from '../trust-write.ts';
import type { RoleRecipe } from '../wanted.ts';
import { capabilitiesOf, roleTemplate } from './template.ts';

/** Whom a role is for, as ids and titles have it: `namespace/name`, or an add-on with one of its service accounts. */
export type RoleUser = { readonly id: string; readonly subject: string; readonly purpose: string };

export const subjectUser = (subject: string): RoleUser => ({
  id: subject,
  subject,
  purpose: `pod identity association for service account "${subject}"`,
});

export const addonUser = (addon: string, serviceAccount: string): RoleUser => ({
  id: `${addon}:${serviceAccount}`,
  subject: `addon ${addon}`,
  purpose: `service account "${serviceAccount}" of addon ${addon}`,
});

/** The ARN of the role that an action makes or keeps. */
export const roleOf = (node: ActionNode): Ref => ({ $from: node.id, output: 'roleArn' });

/** A stack that makes a role, and what takes it away again if it fails itself. */
export function createStack(
  { cluster }: Snapshot,
  user: RoleUser,
  stack: { readonly name: string; readonly recipe: RoleRecipe; readonly tags: Readonly<Record<string, string>> },
): readonly [ActionNode, ActionNode] {
  const made = actionNode(
    { id: `role:${user.id}`, title: `create IAM role for ${user.purpose}` },
    {
      ...place(cluster, user.subject),
      type: 'create-role-stack',
      service: 'cloudformation',
      operation: 'CreateStack',
      request: {
        StackName: stack.name,
        TemplateBody: roleTemplate(stack.recipe),
        Tags: stack.tags,
        Capabilities: capabilitiesOf(stack.recipe),
        EnableTerminationProtection: true,
      },
      undo: 'delete the stack',
    },
  );
  return [made, cleanUp(cluster, user, stack.name, made.id)];
}

/** Takes the stack that this run has made away, if `failing` fails. */
export const cleanUp = (cluster: Snapshot['cluster'], user: RoleUser, stackName: string, failing: string): ActionNode =>
  actionNode(
    { id: `clean-up:${failing}:${user.id}`, title: `delete IAM resources stack "${stackName}"`, onlyIfFails: failing },
    {
      ...place(cluster, user.subject),
      type: 'delete-role-stack',
      service: 'cloudformation',
      operation: 'DeleteStack',
      request: { StackName: stackName },
    },
  );

/** A change of a stack's template; what is not the template's stays: tags, capabilities, parameters. */
export function updateStack(
  { cluster }: Snapshot,
  user: RoleUser,
  stack: RoleStack,
  template: { readonly before: string; readonly after: string; readonly capabilities?: readonly string[] },
): ActionNode {
  const parameters = Object.keys(stack.parameters);
  return actionNode(
    { id: `role:${user.id}`, title: `update IAM resources stack "${stack.stackName}" for ${user.purpose}` },
    {
      ...place(cluster, user.subject),
      type: 'update-role-stack',
      service: 'cloudformation',
      operation: 'UpdateStack',
      expects: { TemplateBody: template.before },
      request: {
        StackName: stack.stackName,
        StackId: stack.stackId,
        TemplateBody: template.after,
        Tags: ownTags(stack.tags),
        Capabilities: template.capabilities ?? stack.capabilities,
        ...(parameters.length > 0 && { KeepParameters: parameters }),
      },
      undo: 'update the stack with its previous template',
    },
  );
}

/** A stack that goes, with its role. */
export const deleteStack = (
  { cluster }: Snapshot,
  subject: string,
  { stackName, stackId }: Pick<RoleStack, 'stackName' | 'stackId'>,
  needs: readonly string[],
): ActionNode =>
  actionNode(
    { id: `stack:${stackName}`, title: `delete IAM resources stack "${stackName}"`, needs },
    {
      ...place(cluster, subject),
      type: 'delete-role-stack',
      service: 'cloudformation',
      operation: 'DeleteStack',
      request: { StackName: stackName, StackId: stackId },
    },
  );
