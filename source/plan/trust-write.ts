import type { RoleStack } from '../identity/facts.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { orphanedPrincipals, policySize, trustPolicyCeiling, trustPolicyQuota } from '../identity/trust-policy.ts';
import type { TrustIntent } from './action.ts';
import { actionNode, place } from './nodes.ts';
import type { ActionNode, Stage } from './plan.ts';
import { roleOwner } from './role-owner.ts';
import type { UsableRole } from './role-trust.ts';
import { templateChange } from './stack-template.ts';

/** One change of a role's trust policy, as documents. */
export type TrustChange = {
  readonly id: string;
  readonly intent: TrustIntent;
  /** What the role has when the change's turn comes. */
  readonly expects: string;
  readonly document: string;
  /** Of the stack that owns the role: its template when the role had that document, to be put back as it was written. */
  readonly template?: string;
  readonly needs?: readonly string[];
  readonly stage?: Stage;
};

const titles: Readonly<Record<TrustIntent, (role: string) => string>> = {
  admit: role => `update trust policy for ${role}`,
  retire: role => `remove the OIDC provider's trust from ${role}`,
  restore: role => `restore the trust policy of ${role}`,
};

/**
 * The action that gives a role a trust policy: directly, or through the eksctl stack that owns it. Refused, with what to
 * do, when IAM or CloudFormation would refuse it or when nobody can tell who owns the role.
 */
export function trustWrite(snapshot: Snapshot, usable: UsableRole, change: TrustChange): Result<ActionNode> {
  const { arn, role, policy } = usable;
  if (arn.path.startsWith('/aws-service-role/'))
    return refused(`role ${arn.name} is linked to a service, and IAM does not let anybody change its trust policy`);
  const orphans = orphanedPrincipals(policy);
  if (orphans.length > 0)
    return refused(
      `the trust policy of role ${arn.name} names deleted principals (${orphans.join(', ')}) and IAM takes no edit of ` +
        `it until they are removed`,
    );
  // What is restored was there before, whatever the account's quota is.
  const tooLong = change.intent === 'restore' ? undefined : overQuota(change.expects, change.document);
  if (tooLong) return refused(`the trust policy of role ${arn.name} ${tooLong}`);
  const owner = roleOwner(snapshot, role.arn);
  if (owner.kind === 'unknown')
    return refused(
      `whether a CloudFormation stack owns role ${arn.name} is not known${owner.reason}: a direct edit could be undone ` +
        `by its stack`,
    );
  if (owner.kind === 'eksctl') return stackEdit(snapshot, usable, change, owner.stack);
  return ok(directEdit(snapshot, usable, change));
}

/** Accounts can have the quota raised; a document that is past the default already shows that this one has. */
export function overQuota(before: string, after: string): string | undefined {
  const quota = policySize(before) > trustPolicyQuota ? trustPolicyCeiling : trustPolicyQuota;
  const size = policySize(after);
  if (size <= quota || size <= policySize(before)) return undefined;
  return `would have ${size} characters, and IAM's quota is ${quota}`;
}

function directEdit({ cluster }: Snapshot, { arn, role }: UsableRole, change: TrustChange): ActionNode {
  const { id, intent, needs = [], stage } = change;
  const title = titles[intent](`unowned role "${arn.name}"`);
  return actionNode(
    { id, title, needs, ...(stage && { stage }) },
    {
      ...place(cluster, `role ${arn.name}`),
      type: 'edit-trust',
      service: 'iam',
      operation: 'UpdateAssumeRolePolicy',
      roleArn: role.arn,
      intent,
      expects: change.expects,
      request: { RoleName: arn.name, PolicyDocument: change.document },
      undo: 'put the previous trust policy back',
    },
  );
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
  snapshot: Snapshot,
  usable: UsableRole,
  { id, intent, expects, document, template: before, needs = [], stage }: TrustChange,
  stack: RoleStack,
): Result<ActionNode> {
  const { arn, role } = usable;
  if (!takesUpdates(stack.status))
    return refused(
      `role ${arn.name} belongs to stack ${stack.stackName}, which takes no update while it is ${stack.status}`,
    );
  const template = templateChange(snapshot, usable, stack, {
    document,
    ...(before !== undefined && { template: before }),
  });
  if (!template.ok) return template;
  const { body, differs } = template.value;
  // eksctl gives the output that holds a role's ARN the logical id of the role.
  const logicalId =
    template.value.logicalId ?? Object.entries(stack.outputs).find(([, value]) => value === role.arn)?.[0];
  const title = titles[intent](`owned role "${arn.name}"`);
  return ok(
    actionNode(
      { id, title, needs, ...(stage && { stage }) },
      {
        ...place(snapshot.cluster, `role ${arn.name}`),
        type: 'edit-stack-trust',
        service: 'cloudformation',
        operation: 'UpdateStack',
        roleArn: role.arn,
        intent,
        expects,
        trustPolicy: document,
        ...(differs !== undefined && { templateTrust: differs }),
        request: {
          StackName: stack.stackName,
          StackId: stack.stackId,
          ...(logicalId && { LogicalResourceId: logicalId }),
          ...(body !== undefined && { TemplateBody: body }),
          Tags: ownTags(stack.tags),
          Capabilities: stack.capabilities,
          KeepParameters: Object.keys(stack.parameters),
        },
        undo: 'update the stack with its previous template',
      },
    ),
  );
}

/** Tags that begin with `aws:` are CloudFormation's own; it refuses to be given them. */
export const ownTags = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')));
