import { parseRoleArn } from '../identity/arn.ts';
import type { RoleStack } from '../identity/facts.ts';
import type { CallOptions, CloudFormationPort } from '../run/ports.ts';
import { isNotFound, orUndefined } from './attempt.ts';

/** Tags by which eksctl marks the stacks that it makes for roles (eksctl, pkg/apis: constants of v1alpha5). */
const roleTags = [
  'alpha.eksctl.io/iamserviceaccount-name',
  'alpha.eksctl.io/podidentityassociation-name',
  'alpha.eksctl.io/addon-podidentityassociation-name',
  'alpha.eksctl.io/addon-name',
] as const;

export const isRoleStack = (stack: RoleStack): boolean => roleTags.some(tag => stack.tags[tag] !== undefined);

/** Which stack owns a role, by role ARN and, for stacks without outputs, by role name; and every stack there is. */
export type StackIndex = {
  readonly byName: ReadonlyMap<string, RoleStack>;
  readonly byArn: ReadonlyMap<string, RoleStack>;
  readonly byRoleName: ReadonlyMap<string, RoleStack>;
};

/**
 * One sweep over the stacks of an account and region for those that eksctl made for roles. Their outputs hold the
 * roles' ARNs; a stack without such an output (rolled back, or failed) is asked for its resources, and one that is gone
 * meanwhile is passed over: neither ends the sweep. Throws `PortError` when the stacks cannot be listed completely.
 */
export async function readStackIndex(
  cloudformation: CloudFormationPort,
  options: CallOptions = {},
): Promise<StackIndex> {
  const byName = new Map<string, RoleStack>();
  const byArn = new Map<string, RoleStack>();
  const byRoleName = new Map<string, RoleStack>();
  const silent: RoleStack[] = [];
  for await (const page of cloudformation.listStacks(options)) {
    for (const stack of page) byName.set(stack.stackName, stack);
    for (const stack of page.filter(isRoleStack)) {
      const arns = Object.values(stack.outputs).filter(value => parseRoleArn(value).ok);
      for (const arn of arns) byArn.set(arn, stack);
      if (arns.length === 0) silent.push(stack);
    }
  }
  await Promise.all(
    silent.map(async stack => {
      const resources = (await orUndefined(cloudformation.stackResources(stack.stackName, options))) ?? [];
      for (const { type, physicalId } of resources) {
        if (type === 'AWS::IAM::Role' && physicalId) byRoleName.set(physicalId, stack);
      }
    }),
  );
  return { byName, byArn, byRoleName };
}

/**
 * The stack of a name, whoever made it: from the sweep where there was one, else asked for. `undefined`: the name is free.
 */
export async function readStackNamed(
  cloudformation: CloudFormationPort,
  index: StackIndex | undefined,
  name: string,
  options: CallOptions = {},
): Promise<RoleStack | undefined> {
  return index ? index.byName.get(name) : orUndefined(cloudformation.describeStack(name, options));
}

/**
 * The stack that owns a role: eksctl's from the index, else whichever stack CloudFormation says made a resource of that
 * name; a direct edit of such a role would be undone by its stack. `undefined`: no stack of this account and region.
 */
export async function readRoleStack(
  cloudformation: CloudFormationPort,
  index: StackIndex,
  roleArn: string,
  options: CallOptions = {},
): Promise<RoleStack | undefined> {
  const role = parseRoleArn(roleArn);
  if (!role.ok) return undefined;
  const indexed = index.byArn.get(roleArn) ?? index.byRoleName.get(role.value.name);
  if (indexed) return indexed;
  const owner = await cloudformation.stackOfResource(role.value.name, options);
  if (!owner) return undefined;
  try {
    return await cloudformation.describeStack(owner.stackName, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
