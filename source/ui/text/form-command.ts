import type { ClusterRef } from '../../identity/scope.ts';
import { quote } from '../../plan/command-text.ts';
import type { CreateRequest, UpdateRequest } from '../../plan/request.ts';
import type { RoleRecipe } from '../../plan/wanted.ts';

type Words = readonly string[];

/** The command of this program that asks for the same as a form; its flags are those of eksctl. */
export function formCommand({ name, region }: ClusterRef, request: CreateRequest | UpdateRequest): string {
  const words = request.command === 'create' ? createWords(request) : updateWords(request);
  return ['podid-tui', request.command, ...flag('cluster', name), ...flag('region', region), ...words].join(' ');
}

const flag = (name: string, value: string | undefined): Words =>
  value === undefined ? [] : [`--${name}`, quote(value)];

const list = (name: string, values: readonly string[] | undefined): Words =>
  values === undefined ? [] : flag(name, values.join(','));

const on = (name: string, value: boolean | undefined): Words =>
  value === undefined ? [] : [value ? `--${name}` : `--${name}=false`];

function createWords({ associations: [wanted] }: CreateRequest): Words {
  if (!wanted) return [];
  const { namespace, serviceAccount, role, targetRoleArn, disableSessionTags, policy, tags } = wanted;
  const { roleArn, recipe } = { roleArn: undefined, recipe: undefined, ...role };
  return [
    ...flag('namespace', namespace),
    ...flag('service-account-name', serviceAccount),
    ...flag('role-arn', roleArn),
    ...(recipe ? recipeWords(withoutEmpty(recipe)) : []),
    ...settingWords({
      targetRoleArn,
      disableSessionTags,
      policy,
      tags: Object.keys(tags).length > 0 ? tags : undefined,
    }),
    ...(wanted.createServiceAccount ? ['--create-service-account'] : []),
  ];
}

function updateWords({ changes: [change] }: UpdateRequest): Words {
  if (!change) return [];
  const { namespace, serviceAccount, roleArn, role, targetRoleArn, disableSessionTags, policy, tags } = change;
  return [
    ...flag('namespace', namespace),
    ...flag('service-account-name', serviceAccount),
    ...flag('role-arn', roleArn),
    ...(role ? recipeWords(role) : []),
    ...settingWords({ targetRoleArn, disableSessionTags, policy, tags }),
    ...(change.recreate ? ['--recreate'] : []),
  ];
}

const withoutEmpty = ({ permissionPolicyArns, wellKnownPolicies, ...recipe }: RoleRecipe): Partial<RoleRecipe> => ({
  ...recipe,
  ...(permissionPolicyArns.length > 0 ? { permissionPolicyArns } : {}),
  ...(wellKnownPolicies.length > 0 ? { wellKnownPolicies } : {}),
});

const recipeWords = (recipe: Partial<RoleRecipe>): Words => [
  ...flag('role-name', recipe.roleName),
  ...list('permission-policy-arns', recipe.permissionPolicyArns),
  ...list('well-known-policies', recipe.wellKnownPolicies),
  ...flag('permission-policy', recipe.permissionPolicy),
  ...flag('permission-policy-name', recipe.permissionPolicyName),
  ...flag('permissions-boundary-arn', recipe.permissionsBoundaryArn),
];

type Settings = {
  readonly targetRoleArn: string | null | undefined;
  readonly disableSessionTags: boolean | undefined;
  readonly policy: string | null | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
};

/** An empty text clears. */
const settingWords = ({ targetRoleArn, disableSessionTags, policy, tags }: Settings): Words => [
  ...flag('target-role-arn', targetRoleArn === null ? '' : targetRoleArn),
  ...on('disable-session-tags', disableSessionTags),
  ...flag('policy', policy === null ? '' : policy),
  ...list('tags', tags && Object.entries(tags).map(([key, value]) => `${key}=${value}`)),
];
