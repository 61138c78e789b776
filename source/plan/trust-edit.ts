import type { RoleStack } from '../identity/facts.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import {
  addPodIdentityStatement,
  orphanedPrincipals,
  policySize,
  trustPolicyCeiling,
  trustPolicyQuota,
} from '../identity/trust-policy.ts';
import { actionNode, place } from './nodes.ts';
import type { ActionNode } from './plan.ts';
import type { UsableRole } from './role-trust.ts';

/** Role names are unique in an account, so the name makes a readable and stable id. */
export const trustId = (roleName: string): string => `trust:${roleName}`;

/**
 * The one edit that lets Pod Identity use the role: directly, or through the stack that owns it. Refused, with what to
 * do, when IAM or CloudFormation would refuse it or when nobody can tell who owns the role.
 */
export function trustEdit(snapshot: Snapshot, usable: UsableRole, actions: readonly string[]): Result<ActionNode> {
  const { arn, role, policy } = usable;
  if (arn.path.startsWith('/aws-service-role/'))
    return refused(`role ${arn.name} is linked to a service, and IAM does not let anybody change its trust policy`);
  const orphans = orphanedPrincipals(policy);
  if (orphans.length > 0)
    return refused(
      `the trust policy of role ${arn.name} names deleted principals (${orphans.join(', ')}) and IAM takes no edit of ` +
        `it until they are removed`,
    );
  const edit = addPodIdentityStatement(role.trustPolicy, actions);
  if (!edit.ok) return refused(`the trust policy of role ${arn.name} cannot be edited: ${edit.reason}`);
  const tooLong = overQuota(role.trustPolicy, edit.value.text);
  if (tooLong) return refused(`the trust policy of role ${arn.name} ${tooLong}`);
  const owner = snapshot.roleStacks.get(role.arn);
  if (owner?.state !== 'read')
    return refused(
      `whether a CloudFormation stack owns role ${arn.name} is not known` +
        `${owner?.state === 'failed' ? ` (${owner.failure.message})` : ''}: a direct edit could be undone by its stack`,
    );
  if (owner.value) return stackEdit(snapshot, usable, edit.value.text, owner.value);
  return ok(directEdit(snapshot, usable, edit.value.text));
}

/** Accounts can have the quota raised; a document that is past the default already shows that this one has. */
function overQuota(before: string, after: string): string | undefined {
  const quota = policySize(before) > trustPolicyQuota ? trustPolicyCeiling : trustPolicyQuota;
  const size = policySize(after);
  if (size <= quota) return undefined;
  return (
    `would have ${size} characters, and IAM's quota is ${quota}: remove statements that are no longer needed, or have ` +
    `the quota raised and add the statement by hand`
  );
}

function directEdit({ cluster }: Snapshot, { arn, role }: UsableRole, document: string): ActionNode {
  const seed = { id: trustId(arn.name), title: `update trust policy for unowned role "${arn.name}"` };
  return actionNode(seed, {
    ...place(cluster, `role ${arn.name}`),
    type: 'edit-trust',
    service: 'iam',
    operation: 'UpdateAssumeRolePolicy',
    roleArn: role.arn,
    expects: role.trustPolicy,
    request: { RoleName: arn.name, PolicyDocument: document },
    undo: 'put the previous trust policy back',
  });
}

/** States in which CloudFormation takes an update (CloudFormation User Guide, "Stack status codes"). */
const updatable = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
]);

export const takesUpdates = (status: string): boolean => updatable.has(status);

function stackEdit(
  { cluster }: Snapshot,
  { arn, role }: UsableRole,
  document: string,
  stack: RoleStack,
): Result<ActionNode> {
  if (!takesUpdates(stack.status))
    return refused(
      `role ${arn.name} belongs to stack ${stack.stackName}, which takes no update while it is ${stack.status}`,
    );
  const logicalId = Object.entries(stack.outputs).find(([, value]) => value === role.arn)?.[0];
  const seed = { id: trustId(arn.name), title: `update trust policy for owned role "${arn.name}"` };
  return ok(
    actionNode(seed, {
      ...place(cluster, `role ${arn.name}`),
      type: 'edit-stack-trust',
      service: 'cloudformation',
      operation: 'UpdateStack',
      roleArn: role.arn,
      expects: role.trustPolicy,
      trustPolicy: document,
      request: {
        StackName: stack.stackName,
        StackId: stack.stackId,
        // eksctl gives the output that holds a role's ARN the logical id of the role.
        ...(logicalId && stack.stackName.startsWith('eksctl-') && { LogicalResourceId: logicalId }),
        Tags: ownTags(stack.tags),
        Capabilities: stack.capabilities,
        KeepParameters: Object.keys(stack.parameters),
      },
      undo: 'update the stack with its previous template',
    }),
  );
}

/** Tags that begin with `aws:` are CloudFormation's own; it refuses to be given them. */
export const ownTags = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')));
