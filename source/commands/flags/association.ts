import type { Subject } from '../../identity/scope.ts';
import {
  type AssociationChange,
  type RoleRecipe,
  type WantedAssociation,
  wellKnownPolicies,
} from '../../plan/wanted.ts';
import { type Flags, given, list, on, text, type Values } from '../command.ts';
import * as checks from './checks.ts';
import type { PolicyTexts } from './policy-texts.ts';

/** What flags say, or everything that is wrong with them. */
export type Said<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

const said = <T>(value: T, problems: readonly string[]): Said<T> =>
  problems.length === 0 ? { ok: true, value } : { ok: false, problems };

/** Flags that name one service account. */
export const subjectFlags = {
  namespace: { type: 'string' },
  'service-account-name': { type: 'string' },
} as const satisfies Flags;

/** Flags that `create` and `update` have in common; eksctl's names, and our own where it has none. */
export const settingFlags = {
  'role-arn': { type: 'string' },
  'role-name': { type: 'string' },
  'permission-policy-arns': { type: 'string', multiple: true },
  'well-known-policies': { type: 'string', multiple: true },
  'permission-policy': { type: 'string' },
  'permission-policy-name': { type: 'string' },
  // eksctl's flag has the one spelling, its documentation the other.
  'permission-boundary-arn': { type: 'string' },
  'permissions-boundary-arn': { type: 'string' },
  'target-role-arn': { type: 'string' },
  'disable-session-tags': { type: 'boolean' },
  policy: { type: 'string' },
  tags: { type: 'string', multiple: true },
} as const satisfies Flags;

/** The service account that the flags name. */
export function subjectOf(values: Values): Said<Subject> {
  const [namespace, serviceAccount] = [text(values, 'namespace'), text(values, 'service-account-name')];
  const problems = [
    namespace === undefined ? '--namespace is required' : checks.namespace('--namespace', namespace),
    serviceAccount === undefined
      ? '--service-account-name is required'
      : checks.serviceAccount('--service-account-name', serviceAccount),
  ];
  return said({ namespace: namespace ?? '', serviceAccount: serviceAccount ?? '' }, known(problems));
}

/** Without the checks that found nothing, or were not made because there was nothing to look at. */
const known = (problems: readonly (string | undefined)[]): readonly string[] =>
  problems.flatMap(problem => (problem ? [problem] : []));

/** Flags that say what a role is that is made. */
const recipeFlags = [
  'permission-policy-arns',
  'well-known-policies',
  'permission-policy',
  'permission-policy-name',
  'role-name',
  'permission-boundary-arn',
  'permissions-boundary-arn',
] as const;

const sources = ['permission-policy-arns', 'well-known-policies', 'permission-policy'] as const;

const isGiven = (values: Values, name: string): boolean => values[name] !== undefined;

/** What `create` is asked for. */
export function wantedOf(values: Values, policies: PolicyTexts): Said<WantedAssociation> {
  const subject = subjectOf(values);
  const recipe = recipeOf(values, policies);
  const tags = checks.tagsOf('--tags', list(values, 'tags'));
  const roleArn = text(values, 'role-arn');
  const policy = policies.policy || undefined;
  const who = subject.ok ? subject.value : { namespace: '', serviceAccount: '' };
  const onStack = roleArn === undefined ? checks.stackTagProblem('--tags', who, tags.tags) : undefined;
  const problems = [
    ...(subject.ok ? [] : subject.problems),
    ...(roleArn === undefined && !sources.some(name => list(values, name).length > 0)
      ? [
          'at least one of the following flags must be specified: --role-arn, --permission-policy-arns, --well-known-policies, --permission-policy',
        ]
      : []),
    ...settingProblems(values, policies),
    ...recipe.problems,
    ...tags.problems,
    ...(onStack === undefined ? [] : [onStack]),
    ...(policy !== undefined && values['disable-session-tags'] !== true ? [needsSessionTagsOff] : []),
  ];
  const targetRoleArn = text(values, 'target-role-arn');
  const disableSessionTags = booleanOf(values, 'disable-session-tags');
  const value: WantedAssociation = {
    ...who,
    role:
      roleArn === undefined
        ? { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: [], ...recipe.value } }
        : { kind: 'existing', roleArn },
    tags: tags.tags,
    ...(targetRoleArn !== undefined && { targetRoleArn }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy }),
    ...(on(values, 'create-service-account') && { createServiceAccount: true }),
  };
  return said(value, problems);
}

/** What `update` is asked for: what no flag mentions stays as it is, and an empty text clears. */
export function changeOf(values: Values, policies: PolicyTexts): Said<AssociationChange> {
  const subject = subjectOf(values);
  const recipe = recipeOf(values, policies);
  const tags = checks.tagsOf('--tags', list(values, 'tags'));
  const [roleArn, targetRoleArn] = [text(values, 'role-arn'), given(values, 'target-role-arn')];
  const disableSessionTags = booleanOf(values, 'disable-session-tags');
  const { policy } = policies;
  const problems = [
    ...(subject.ok ? [] : subject.problems),
    ...(Object.keys(settingFlags).some(name => isGiven(values, name))
      ? []
      : [`nothing is to be changed: say what, e.g. --role-arn, --target-role-arn, --policy or --tags`]),
    ...settingProblems(values, policies),
    ...recipe.problems,
    ...tags.problems,
    ...(policy && disableSessionTags === false ? [needsSessionTagsOff] : []),
  ];
  const value: AssociationChange = {
    ...(subject.ok ? subject.value : { namespace: '', serviceAccount: '' }),
    ...(roleArn !== undefined && { roleArn }),
    ...(Object.keys(recipe.value).length > 0 && { role: recipe.value }),
    ...(targetRoleArn !== undefined && { targetRoleArn: targetRoleArn || null }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy: policy || null }),
    ...(isGiven(values, 'tags') && { tags: tags.tags }),
    ...(on(values, 'recreate') && { recreate: true }),
  };
  return said(value, problems);
}

/** EKS API reference, CreatePodIdentityAssociation, `policy`; in eksctl's words. */
const needsSessionTagsOff = '--disable-session-tags must be set to true when using --policy';

const booleanOf = (values: Values, name: string): boolean | undefined => {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
};

/** Flags whose empty text means something: nothing, or none of them. */
const mayBeEmpty = ['target-role-arn', 'policy', 'tags', 'permission-policy-arns', 'well-known-policies'];

function settingProblems(values: Values, policies: PolicyTexts): readonly string[] {
  const [roleArn, targetRoleArn] = [text(values, 'role-arn'), text(values, 'target-role-arn')];
  return known([
    ...policies.problems,
    ...Object.keys(settingFlags)
      .filter(name => given(values, name) === '' && !mayBeEmpty.includes(name))
      .map(name => `--${name} must not be empty`),
    ...(roleArn === undefined
      ? []
      : recipeFlags
          .filter(name => isGiven(values, name))
          .map(name => `--${name} cannot be specified when --role-arn is set`)),
    roleArn && checks.roleArn('--role-arn', roleArn),
    targetRoleArn && checks.roleArn('--target-role-arn', targetRoleArn),
    policies.policy && checks.sessionPolicy('--policy', policies.policy),
  ]);
}

/** The parts of a role that flags mention. */
function recipeOf(
  values: Values,
  { permissionPolicy }: PolicyTexts,
): { readonly value: Partial<RoleRecipe>; readonly problems: readonly string[] } {
  const [roleName, permissionPolicyName] = [text(values, 'role-name'), text(values, 'permission-policy-name')];
  const boundaries = [text(values, 'permission-boundary-arn'), text(values, 'permissions-boundary-arn')] as const;
  const boundary = boundaries[0] ?? boundaries[1];
  const arns = list(values, 'permission-policy-arns');
  const names = list(values, 'well-known-policies');
  const policies = names.map(checks.wellKnownPolicy);
  const problems = known([
    ...arns.map(arn => checks.policyArn('--permission-policy-arns', arn)),
    ...names.filter((_, index) => policies[index] === undefined).map(unknownPolicy),
    permissionPolicy && checks.permissionPolicy('--permission-policy', permissionPolicy),
    ...nameProblems(permissionPolicyName, isGiven(values, 'permission-policy')),
    roleName && checks.roleName('--role-name', roleName),
    boundary && checks.policyArn('--permissions-boundary-arn', boundary),
    boundaries[0] !== undefined && boundaries[1] !== undefined && boundaries[0] !== boundaries[1]
      ? '--permission-boundary-arn and --permissions-boundary-arn are one flag, and say different things'
      : undefined,
  ]);
  const value: Partial<RoleRecipe> = {
    ...(isGiven(values, 'permission-policy-arns') && { permissionPolicyArns: arns }),
    ...(isGiven(values, 'well-known-policies') && { wellKnownPolicies: policies.filter(each => each !== undefined) }),
    ...(permissionPolicy !== undefined && { permissionPolicy }),
    ...(permissionPolicyName !== undefined && { permissionPolicyName }),
    ...(roleName !== undefined && { roleName }),
    ...(boundary !== undefined && { permissionsBoundaryArn: boundary }),
  };
  return { value, problems };
}

const unknownPolicy = (name: string): string =>
  `invalid wellKnownPolicy: ${name}; there are ${wellKnownPolicies.join(', ')}`;

function nameProblems(name: string | undefined, policy: boolean): readonly string[] {
  if (name === undefined) return [];
  return [
    ...(policy ? [] : ['--permission-policy-name requires --permission-policy to be set']),
    ...(/[A-Za-z0-9]/.test(name)
      ? []
      : [`--permission-policy-name "${name}" must contain at least one alphanumeric character`]),
  ];
}
