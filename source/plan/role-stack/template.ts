import type { RoleRecipe, WellKnownPolicy } from '../wanted.ts';
import { managedPolicyArn, type Statement, wellKnown } from './well-known.ts';

/** Logical id of the role, and name of the output that holds its ARN (eksctl, pkg/cfn/builder). */
export const roleId = 'Role1';

/** Logical id of the inline policy without a name of its own. */
const defaultPolicyId = 'Policy1';

/** eksctl's own words, by which people know its stacks in the console. */
const description = 'IAM role for pod identity association [created and managed by eksctl]';

const version = '2012-10-17';

/**
 * Lets Pod Identity use the role, as eksctl writes it: both actions, without conditions (EKS User Guide, "Create IAM role
 * with trust policy required by EKS Pod Identity").
 */
const podIdentityTrust = {
  Version: version,
  Statement: [
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Principal: { Service: 'pods.eks.amazonaws.com' },
    },
  ],
};

/** The template of a role's stack, JSON text, in the shape that eksctl gives it. The recipe has been checked. */
export function roleTemplate(recipe: RoleRecipe): string {
  const { roleName, permissionsBoundaryArn } = recipe;
  const managed = managedPolicies(recipe);
  const properties = {
    AssumeRolePolicyDocument: podIdentityTrust,
    ...(managed.length > 0 && { ManagedPolicyArns: managed }),
    ...(permissionsBoundaryArn && { PermissionsBoundary: permissionsBoundaryArn }),
    ...(roleName && { RoleName: roleName }),
  };
  return JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    Resources: { ...policyResources(recipe), [roleId]: { Type: 'AWS::IAM::Role', Properties: properties } },
    Outputs: { [roleId]: { Value: { 'Fn::GetAtt': `${roleId}.Arn` } } },
  });
}

/** What was given first, then what a well-known name stands for. */
export function managedPolicies(recipe: Pick<RoleRecipe, 'permissionPolicyArns' | 'wellKnownPolicies'>) {
  return [
    ...new Set(recipe.permissionPolicyArns),
    ...recipe.wellKnownPolicies.flatMap(name => {
      const realised = wellKnown[name];
      return realised.kind === 'managed' ? [managedPolicyArn(realised.name)] : [];
    }),
  ];
}

export type PolicyResource = {
  readonly Type: 'AWS::IAM::Policy';
  readonly Properties: {
    readonly PolicyDocument: unknown;
    readonly PolicyName: { readonly 'Fn::Sub': string };
    readonly Roles: readonly { readonly Ref: string }[];
  };
};

/** Policies of the role's own, by logical id. */
export function policyResources(
  recipe: Partial<RoleRecipe>,
  role: string = roleId,
): Readonly<Record<string, PolicyResource>> {
  const custom = (recipe.wellKnownPolicies ?? []).flatMap(customPolicies);
  const { permissionPolicy, permissionPolicyName } = recipe;
  return Object.fromEntries([
    ...custom.map(([id, Statement]) => [id, policyResource(id, role, { Version: version, Statement })]),
    ...(!permissionPolicy
      ? []
      : [inlinePolicyId(permissionPolicyName)].map(id => [id, policyResource(id, role, JSON.parse(permissionPolicy))])),
  ]);
}

export function customPolicies(name: WellKnownPolicy): readonly (readonly [string, readonly Statement[]])[] {
  const realised = wellKnown[name];
  return realised.kind === 'custom' ? Object.entries(realised.policies) : [];
}

/** Letters and digits of the name: a logical id has no others (CloudFormation User Guide, "Resources"). */
export const inlinePolicyId = (name: string | undefined): string =>
  name === undefined ? defaultPolicyId : name.replaceAll(/[^A-Za-z0-9]/g, '');

/** The name begins with the stack's, so that policies of different stacks can be told apart in a role. */
const policyResource = (id: string, role: string, document: unknown): PolicyResource => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyDocument: document,
    PolicyName: { 'Fn::Sub': `\${AWS::StackName}-${id}` },
    Roles: [{ Ref: role }],
  },
});

/** A role with a name of its own needs the wider consent (CloudFormation API reference, CreateStack, `Capabilities`). */
export const capabilitiesOf = ({ roleName }: Pick<RoleRecipe, 'roleName'>): readonly string[] => [
  roleName === undefined ? 'CAPABILITY_IAM' : 'CAPABILITY_NAMED_IAM',
];
