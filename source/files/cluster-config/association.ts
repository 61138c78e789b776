import type { Subject } from '../../identity/scope.ts';
import type { AssociationChange, RoleRecipe, RoleSource, WantedAssociation } from '../../plan/wanted.ts';
import type { Entry, EntryField } from './entry.ts';

/** Where a role can come from, in eksctl's order. */
const sources = ['roleARN', 'permissionPolicy', 'permissionPolicyARNs', 'wellKnownPolicies'] as const;

const policyNeeds = 'requires disableSessionTags: true: EKS takes a session policy only without session tags';

/** The service account that an entry is about; both names are required whatever the file is read for. */
export function readSubject(entry: Entry): Subject | undefined {
  const { namespace, serviceAccount } = entry;
  for (const name of ['namespace', 'serviceAccountName'] as const)
    if (entry.lacks(name)) entry.error(name, 'must be set');
  return namespace !== undefined && serviceAccount !== undefined ? { namespace, serviceAccount } : undefined;
}

/** An entry as `create` and `apply` read it. Undefined only when something of it was reported. */
export function readAssociation(
  entry: Entry,
  metadataTags: Readonly<Record<string, string>>,
): WantedAssociation | undefined {
  const subject = readSubject(entry);
  const role = readRole(entry);
  const settings = readSettings(entry);
  const tags = entry.tags() ?? {};
  const createServiceAccount = entry.flag('createServiceAccount');
  if (entry.has('policy') && (settings.disableSessionTags === false || entry.lacks('disableSessionTags')))
    entry.error('policy', policyNeeds);
  if (!subject || !role) return undefined;
  return {
    ...subject,
    role,
    ...settings,
    tags,
    ...(createServiceAccount !== undefined && { createServiceAccount }),
    ...(role.kind === 'made' && Object.keys(metadataTags).length > 0 && { stackTags: metadataTags }),
  };
}

/** An existing role, or what a role shall be that is made. */
export function readRole(entry: Entry): RoleSource | undefined {
  const roleArn = entry.roleArn();
  const recipe = entry.recipe();
  if (sources.every(name => entry.lacks(name)) && !entry.get('permissionPolicy')) {
    entry.error('roleARN', `must be set, or one of ${sources.slice(1).join(', ')}: an association needs a role`);
    return undefined;
  }
  if (!entry.has('roleARN')) return { kind: 'made', recipe: wholeRecipe(recipe) };
  reportBeside(entry);
  return roleArn === undefined ? undefined : { kind: 'existing', roleArn };
}

/** eksctl refuses policies beside an existing role, and ignores the rest of what a role can be made with. */
function reportBeside(entry: Entry): void {
  for (const name of ['roleName', 'permissionsBoundaryARN', 'permissionPolicyName'] as const)
    if (entry.has(name)) entry.warn(name, 'has no effect: with roleARN no role is made');
  for (const name of sources.slice(1))
    if (entry.has(name))
      entry.error(name, 'cannot be specified when roleARN is set: a role that is there keeps its policies');
}

const wholeRecipe = (recipe: Partial<RoleRecipe>): RoleRecipe => ({
  ...recipe,
  permissionPolicyArns: recipe.permissionPolicyArns ?? [],
  wellKnownPolicies: recipe.wellKnownPolicies ?? [],
});

function readSettings(entry: Entry): Pick<WantedAssociation, 'targetRoleArn' | 'disableSessionTags' | 'policy'> {
  const targetRoleArn = entry.targetRoleArn();
  const disableSessionTags = entry.flag('disableSessionTags');
  const policy = entry.policy();
  return {
    ...(targetRoleArn !== undefined && { targetRoleArn }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(policy !== undefined && { policy }),
  };
}

/** What cannot be taken away by an empty text: to say nothing of it is how to keep it. */
const neverEmpty: readonly EntryField[] = ['roleARN', 'roleName', 'permissionsBoundaryARN', 'permissionPolicyName'];

/**
 * An entry as `update` reads it: what it mentions. Empty text clears the target role and the policy, as for eksctl; a
 * null mentions nothing. `createServiceAccount` is for creation, and read past.
 */
export function readChange(entry: Entry): AssociationChange | undefined {
  const subject = readSubject(entry);
  for (const name of neverEmpty)
    if (entry.get(name) && !entry.has(name)) entry.error(name, 'must not be empty: leave it out to keep what is there');
  const roleArn = entry.roleArn();
  const recipe = entry.recipe();
  if (entry.has('roleARN')) reportBeside(entry);
  entry.flag('createServiceAccount');
  const { targetRoleArn, disableSessionTags, policy } = readSettings(entry);
  const tags = entry.tags();
  if (entry.has('policy') && disableSessionTags === false) entry.error('policy', policyNeeds);
  if (!subject) return undefined;
  const target = targetRoleArn ?? (cleared(entry, 'targetRoleARN') ? null : undefined);
  const session = policy ?? (cleared(entry, 'policy') ? null : undefined);
  return {
    ...subject,
    ...(roleArn !== undefined && { roleArn }),
    ...(roleArn === undefined && Object.keys(recipe).length > 0 && { role: recipe }),
    ...(target !== undefined && { targetRoleArn: target }),
    ...(disableSessionTags !== undefined && { disableSessionTags }),
    ...(session !== undefined && { policy: session }),
    ...(tags && { tags }),
  };
}

const cleared = (entry: Entry, name: 'targetRoleARN' | 'policy'): boolean =>
  entry.get(name) !== undefined && !entry.has(name);
