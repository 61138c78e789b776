import { parseRoleArn } from '../../identity/arn.ts';
import { isJsonObject } from '../json-object.ts';
import type { RoleRecipe } from '../wanted.ts';
import { jsonValue, policyDocument, templateRole } from './recipe.ts';
import { inlinePolicyId, policyResources } from './template.ts';

/** CloudFormation API reference, CreateStack, `StackName`. */
const stackNamePattern = /^[A-Za-z][-A-Za-z0-9]*$/;
const longestStackName = 128;
/** IAM API reference, PutRolePolicy, `PolicyName`, and CreateRole, `RoleName`. */
const longestPolicyName = 128;
const longestRoleName = 64;
const roleNamePattern = /^[\w+=,.@-]+$/;
/** IAM User Guide, "IAM and AWS STS quotas": all inline policies of a role together, white space not counted. */
const inlineQuota = 10_240;
/** IAM User Guide, "IAM and AWS STS quotas": managed policies of a role, unless raised, and as far as it can be raised. */
const managedQuota = { usual: 10, most: 25 } as const;
/** CloudFormation API reference, CreateStack, `TemplateBody`, in bytes, and `Tags`. */
const largestTemplate = 51_200;
const mostTags = 50;
/** IAM API reference, AttachRolePolicy, `PolicyArn`. */
const policyArnPattern = /^arn:aws(-[a-z]+)*:iam::(aws|\d{12}):policy\/[!-~]+$/;

/**
 * Why a role's stack could not be made whatever the account looks like, with what to do; undefined: it could. The names
 * of eksctl's stacks are long, and grow with the cluster's, the namespace's and the service account's.
 */
export function recipeProblem(recipe: Partial<RoleRecipe>, stackName: string): string | undefined {
  return (
    nameProblem(stackName) ??
    policyNameProblem(recipe, stackName) ??
    roleNameProblem(recipe.roleName) ??
    arnProblem(recipe) ??
    documentProblem(recipe)
  );
}

/** Whether anything gives the role a permission. */
export const permitsNothing = ({
  permissionPolicyArns = [],
  wellKnownPolicies = [],
  permissionPolicy,
}: Partial<RoleRecipe>): boolean => permissionPolicyArns.length + wellKnownPolicies.length === 0 && !permissionPolicy;

function nameProblem(stackName: string): string | undefined {
  if (stackName.length > longestStackName)
    return (
      `its role's stack would be named ${stackName}, which has ${stackName.length} characters, and CloudFormation takes ` +
      `${longestStackName}: make the role yourself and name it with --role-arn`
    );
  if (stackNamePattern.test(stackName)) return undefined;
  return (
    `its role's stack would be named ${stackName}, and CloudFormation takes letters, digits and dashes only: make the ` +
    'role yourself and name it with --role-arn'
  );
}

function policyNameProblem(recipe: Partial<RoleRecipe>, stackName: string): string | undefined {
  const { permissionPolicy, permissionPolicyName } = recipe;
  if (permissionPolicyName !== undefined) {
    if (!permissionPolicy) return 'permissionPolicyName requires permissionPolicy to be set';
    if (inlinePolicyId(permissionPolicyName) === '')
      return `permissionPolicyName "${permissionPolicyName}" must contain at least one alphanumeric character`;
  }
  if (permissionPolicy && !isJsonObject(permissionPolicy)) return 'the permission policy is not a JSON object';
  const [longest] = Object.keys(policyResources(recipe)).toSorted((a, b) => b.length - a.length);
  const name = longest === undefined ? '' : `${stackName}-${longest}`;
  if (name.length <= longestPolicyName) return undefined;
  return `its policy would be named ${name}, which has ${name.length} characters, and IAM takes ${longestPolicyName}`;
}

function roleNameProblem(roleName: string | undefined): string | undefined {
  if (roleName === undefined) return undefined;
  if (roleName.length > longestRoleName)
    return `the role name ${roleName} has ${roleName.length} characters, and IAM takes ${longestRoleName}`;
  return roleNamePattern.test(roleName) ? undefined : `"${roleName}" is not a role name`;
}

function arnProblem({ permissionPolicyArns = [], permissionsBoundaryArn }: Partial<RoleRecipe>): string | undefined {
  const arns = [...permissionPolicyArns, ...(permissionsBoundaryArn ? [permissionsBoundaryArn] : [])];
  const odd = arns.find(arn => !policyArnPattern.test(arn));
  if (odd === undefined) return undefined;
  return parseRoleArn(odd).ok ? `${odd} names a role, not a policy` : `"${odd}" is not the ARN of a policy`;
}

function documentProblem(recipe: Partial<RoleRecipe>): string | undefined {
  return overInlineQuota(Object.values(policyResources(recipe)).map(({ Properties }) => Properties.PolicyDocument));
}

/** The same for a whole template: what is kept counts with what is changed. */
export function inlineProblem(template: string): string | undefined {
  const role = templateRole(template);
  if (!role.ok) return undefined;
  const ids = [...role.value.wellKnownIds, ...role.value.otherIds];
  return overInlineQuota(
    ids.flatMap(id => {
      const document = policyDocument(role.value, id);
      return document ? [jsonValue(template, document)] : [];
    }),
  );
}

function overInlineQuota(documents: readonly unknown[]): string | undefined {
  const size = documents.reduce<number>((sum, each) => sum + JSON.stringify(each).replaceAll(/\s/g, '').length, 0);
  if (size <= inlineQuota) return undefined;
  return `the role's own policies would have ${size} characters, and IAM takes ${inlineQuota} a role: attach managed policies`;
}

/** What a reader should know of the managed policies that a template attaches; the account's own quota is not read. */
export function managedNote(template: string): string | undefined {
  const count = managedCount(template);
  if (count <= managedQuota.usual) return undefined;
  return `Not checked: the role gets ${count} managed policies, and IAM takes ${managedQuota.usual} a role unless the account's quota was raised.`;
}

function managedCount(template: string): number {
  const role = templateRole(template);
  return role.ok ? (role.value.managed?.length ?? 0) : 0;
}

/** What only shows once the stack is written out. */
export function stackProblem(template: string, tags: Readonly<Record<string, string>>): string | undefined {
  const managed = managedCount(template);
  if (managed > managedQuota.most)
    return `its role would have ${managed} managed policies, and IAM takes ${managedQuota.most} at the most: put several into one`;
  const size = new TextEncoder().encode(template).length;
  if (size > largestTemplate)
    return `the template of its role's stack would have ${size} bytes, and CloudFormation takes ${largestTemplate}`;
  const count = Object.keys(tags).length;
  if (count > mostTags) return `its role's stack would have ${count} tags, and CloudFormation takes ${mostTags}`;
  const reserved = Object.keys(tags).find(key => key.toLowerCase().startsWith('aws:'));
  return reserved === undefined ? undefined : `the tag ${reserved} is AWS's own and cannot be set`;
}
