/**
 * What would only fail once CloudFormation makes a role: names of stacks and policies, their lengths and collisions,
 * quotas, numbers of tags.
 */
import { policySize } from '../../identity/trust-policy/size.ts';
import { addonRoleStack, roleStack } from '../../plan/role-stack/names.ts';
import { addonStackTags, stackTags } from '../../plan/role-stack/tags.ts';
import { customPolicies, inlinePolicyId, roleId } from '../../plan/role-stack/template.ts';
import type { RoleRecipe, WantedAssociation } from '../../plan/wanted.ts';
import type { ReadAddon } from './addon.ts';
import { mostTags } from './checks.ts';
import { reportRepeats } from './collisions.ts';
import type { Entry } from './entry.ts';
import { inlineQuota } from './policy-document.ts';
import type { ConfigReader } from './reader.ts';

/** A role that a stack would make. */
export type MadeRole = {
  readonly entry: Entry;
  readonly recipe: RoleRecipe;
  readonly stack: string;
  /** How many tags the stack would carry. */
  readonly tags: number;
};

type Read = { readonly entry: Entry; readonly value: WantedAssociation };

/** The roles that a file wants made; an association's stack carries its tags and the metadata's. */
export function madeRoles(
  cluster: string,
  metadataTags: Readonly<Record<string, string>>,
  associations: readonly Read[],
  addons: readonly ReadAddon[],
): readonly MadeRole[] {
  const own = associations.flatMap(({ entry, value }) =>
    value.role.kind === 'made'
      ? [
          {
            entry,
            recipe: value.role.recipe,
            stack: roleStack(cluster, value),
            tags: Object.keys(stackTags(cluster, value, metadataTags, value.tags)).length,
          },
        ]
      : [],
  );
  const ofAddons = addons.flatMap(({ addon, entries }) =>
    entries.flatMap((entry, index) => {
      const wanted = addon.associations?.[index];
      if (wanted?.role.kind !== 'made') return [];
      const tags = addonStackTags(cluster, addon.name, wanted.serviceAccount, metadataTags, addon.tags);
      return [
        {
          entry,
          recipe: wanted.role.recipe,
          stack: addonRoleStack(cluster, addon.name, wanted.serviceAccount),
          tags: Object.keys(tags).length,
        },
      ];
    }),
  );
  return [...own, ...ofAddons];
}

export function reportMadeRoles(reader: ConfigReader, roles: readonly MadeRole[]): void {
  for (const role of roles) {
    reportStackName(role);
    reportPolicies(role);
    if (role.tags > mostTags)
      role.entry.error(
        'tags',
        `would give the role's stack ${role.tags} tags, with those of metadata.tags and eksctl's own; it takes ${mostTags}`,
      );
  }
  // Who is there twice has been told already.
  const accounts = new Map(roles.toReversed().map(role => [accountOf(role), role]));
  reportRepeats(
    reader,
    roles.filter(role => accounts.get(accountOf(role)) === role),
    ({ stack }) => stack,
    ({ entry }) => entry.field,
    ({ stack }) => `would have the stack ${stack} for its role, which is also the stack of`,
  );
  reportRepeats(
    reader,
    roles,
    ({ recipe }) => recipe.roleName?.toLowerCase(),
    ({ entry }) => entry.get('roleName') ?? entry.field,
    () => 'is the same as',
  );
}

const accountOf = ({ stack, entry }: MadeRole): string => `${stack} ${entry.namespace} ${entry.serviceAccount}`;

/** CloudFormation API reference, CreateStack, `StackName`. */
function reportStackName({ entry, stack }: MadeRole): void {
  if (stack.length > 128)
    entry.error(
      'serviceAccountName',
      `would give the role's stack a name of ${stack.length} characters; CloudFormation takes 128: make the role elsewhere and name it by roleARN`,
    );
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(stack))
    entry.error(
      'serviceAccountName',
      `would give the role's stack the name ${stack}; CloudFormation takes letters, digits and dashes only: make the role elsewhere and name it by roleARN`,
    );
}

/** IAM API reference, PutRolePolicy, `PolicyName`: at most 128 characters; eksctl begins it with the stack's name. */
const longestPolicyName = 128;

function reportPolicies({ entry, recipe, stack }: MadeRole): void {
  const known = recipe.wellKnownPolicies.flatMap(customPolicies);
  const own = recipe.permissionPolicy === undefined ? undefined : inlinePolicyId(recipe.permissionPolicyName);
  if (own !== undefined && [roleId, ...known.map(([id]) => id)].includes(own))
    entry.error(
      'permissionPolicyName',
      `must not come down to ${own}, the name of another resource of the role's stack`,
    );
  const room = longestPolicyName - stack.length - 1;
  if (room < 0) return;
  const long = known.find(([id]) => id.length > room)?.[0];
  if (long) entry.error('wellKnownPolicies', tooLong(`${stack}-${long}`));
  if (own !== undefined && own.length > room)
    entry.error(
      recipe.permissionPolicyName === undefined ? 'permissionPolicy' : 'permissionPolicyName',
      tooLong(`${stack}-${own}`),
    );
  const documents: readonly unknown[] = [
    ...known.map(([, Statement]) => ({ Version: '2012-10-17', Statement })),
    ...ownDocument(recipe),
  ];
  const size = documents.reduce<number>((sum, document) => sum + policySize(JSON.stringify(document, substituted)), 0);
  if (known.length > 0 && own !== undefined && size > inlineQuota)
    entry.error(
      'permissionPolicy',
      `is too long beside the well-known policies: IAM takes ${inlineQuota} characters for all inline policies of a role, they have ${size}`,
    );
}

const tooLong = (name: string): string =>
  `would be a policy of the name ${name}, of ${name.length} characters; IAM takes ${longestPolicyName}: give its ARN in permissionPolicyARNs instead`;

const ownDocument = ({ permissionPolicy }: RoleRecipe): readonly unknown[] =>
  permissionPolicy === undefined ? [] : [JSON.parse(permissionPolicy)];

/** As CloudFormation will write what the template leaves to it. */
const substituted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'Fn::Sub' in value
    ? String(value['Fn::Sub']).replace(/\$\{AWS::Partition\}/, 'aws')
    : value;
