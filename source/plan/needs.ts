/**
 * What a planner of a request looks at besides the cluster's own lists, so that a reader knows what to read for it. Pure:
 * from the request and the cluster's name alone.
 */
import { known } from '../identity/reading.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { actions, type Plan } from './plan.ts';
import type { PlanRequest } from './request.ts';
import { addonRoleStack, irsaRoleStack, roleStack } from './role-stack/names.ts';
import { stackRole } from './role-stack/stacks.ts';
import type { RoleSource } from './wanted.ts';

/**
 * Names of the stacks that the plan might make, change or delete: they go into `Snapshot.stacks`, those that exist also
 * into `Snapshot.templates`. Besides these, the template of every eksctl stack that owns a role of a changed or deleted
 * association (`Snapshot.roleStacks`) is wanted, and for `prune` the stacks of every association of the cluster, under
 * the names that `ownStacks` gives.
 */
export function stacksWanted(request: PlanRequest, clusterName: string): readonly string[] {
  switch (request.command) {
    case 'create':
      return unique(
        request.associations.flatMap(wanted => (wanted.role.kind === 'made' ? [roleStack(clusterName, wanted)] : [])),
      );
    case 'update':
      return unique(request.changes.flatMap(change => ownStacks(clusterName, change)));
    case 'delete':
      return unique(request.subjects.flatMap(subject => ownStacks(clusterName, subject)));
    case 'apply':
      return unique([
        ...request.associations.flatMap(wanted => ownStacks(clusterName, wanted)),
        ...request.addons.flatMap(({ name, associations = [] }) =>
          associations.map(({ serviceAccount }) => addonRoleStack(clusterName, name, serviceAccount)),
        ),
      ]);
    case 'migrate':
      return [];
  }
}

/** The stacks that may hold the role of one service account: of its association, and of its IRSA before it moved. */
export const ownStacks = (
  clusterName: string,
  subject: { readonly namespace: string; readonly serviceAccount: string },
): readonly string[] => [roleStack(clusterName, subject), irsaRoleStack(clusterName, subject)];

/**
 * Stacks of the roles that EKS recommends for an add-on's service accounts: known once the offer was read, so a reader
 * asks for these after it, for add-ons with `useDefaults` or `autoApply`.
 */
export const defaultAddonStacks = (
  clusterName: string,
  addonName: string,
  serviceAccounts: readonly string[],
): readonly string[] => serviceAccounts.map(serviceAccount => addonRoleStack(clusterName, addonName, serviceAccount));

/** Add-ons whose offer for this cluster's version is wanted in `Snapshot.addonOffers`; `version` as the request has it. */
export function addonsWanted(request: PlanRequest): readonly { readonly name: string; readonly version?: string }[] {
  if (request.command !== 'apply') return [];
  return request.addons.map(({ name, version }) => ({ name, ...(version !== undefined && { version }) }));
}

/**
 * Roles that the request names, besides those that annotations, associations and add-ons name: for `Snapshot.roles`,
 * `roleStacks` and the trust checks.
 */
export function rolesWanted(request: PlanRequest): readonly string[] {
  switch (request.command) {
    case 'create':
      return unique(request.associations.flatMap(existingRole));
    case 'update':
      return unique(request.changes.flatMap(({ roleArn }) => roleArn ?? []));
    case 'apply':
      return unique([
        ...request.associations.flatMap(existingRole),
        ...request.addons.flatMap(({ associations = [] }) => associations.flatMap(existingRole)),
      ]);
    case 'delete':
    case 'migrate':
      return [];
  }
}

/** Names that the request gives to roles that are made: whether they are taken is looked at before anything is made. */
export function roleNamesWanted(request: PlanRequest): readonly string[] {
  const nameOf = ({ role }: { readonly role: RoleSource }) => (role.kind === 'made' && role.recipe.roleName) || [];
  switch (request.command) {
    case 'create':
      return unique(request.associations.flatMap(nameOf));
    case 'update':
      return unique(request.changes.flatMap(({ role }) => role?.roleName || []));
    case 'apply':
      return unique([
        ...request.associations.flatMap(nameOf),
        ...request.addons.flatMap(({ associations = [] }) => associations.flatMap(nameOf)),
      ]);
    case 'delete':
    case 'migrate':
      return [];
  }
}

const existingRole = ({ role }: { readonly role: RoleSource }): readonly string[] =>
  role.kind === 'existing' ? [role.roleArn] : [];

/**
 * Whether the planner must see every association and service account of the cluster. `delete` takes a role's stack away
 * only when nobody else uses the role, `prune` takes what is not named, and an add-on cannot have a service account that
 * has an association of its own. Pods are wanted of the subjects concerned.
 */
export const wholeClusterWanted = (request: PlanRequest): boolean =>
  request.command === 'delete' ||
  request.command === 'migrate' ||
  (request.command === 'apply' && (request.prune || request.addons.length > 0));

/**
 * Roles that the plan would delete with their stacks, or change: who else has them decides about it, so a reader looks
 * further for these and plans again.
 */
export function rolesAtStake(plan: Plan, { roleStacks, stacks }: Snapshot): ReadonlySet<string> {
  const names = new Set(
    actions(plan.root).flatMap(({ action: { type, request } }) =>
      (type === 'delete-role-stack' || type === 'update-role-stack') && 'StackId' in request ? [request.StackName] : [],
    ),
  );
  const readings = names.size === 0 ? [] : [...roleStacks.values(), ...(stacks?.values() ?? [])];
  return new Set(
    readings.flatMap(reading => {
      const stack = known(reading);
      return (stack && names.has(stack.stackName) && stackRole(stack)) || [];
    }),
  );
}

const unique = (names: readonly string[]): readonly string[] => [...new Set(names)];
