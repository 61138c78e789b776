import type { Subject } from '../identity/scope.ts';
import { addonsWanted, roleNamesWanted, rolesWanted, stacksWanted, wholeClusterWanted } from '../plan/needs.ts';
import type { PlanRequest } from '../plan/request.ts';
import type { WantedOffer } from './addon-offers.ts';

/** Which parts of a snapshot are read; what is not wanted stays `unread`. */
export type Want = {
  /** Associations, service accounts, pods and roles of these alone; absent: of the whole cluster. */
  readonly subjects?: readonly Subject[];
  /** Associations and service accounts of the whole cluster all the same. */
  readonly whole: boolean;
  readonly serviceAccounts: boolean;
  readonly pods: boolean;
  readonly addons: boolean;
  readonly oidcProvider: boolean;
  /** Roles that annotations, associations and add-ons name. */
  readonly namedRoles: boolean;
  /** Roles besides. */
  readonly roles: readonly string[];
  /** Names that roles are to have, so that those that are taken are seen. */
  readonly roleNames: readonly string[];
  /** Who owns the roles. */
  readonly roleStacks: boolean;
  /** What a migration's gates look at: nodes, and who besides pods uses web identity. */
  readonly gates: boolean;
  /** Whether the roles' policies allow assuming other roles: several requests a role. */
  readonly chaining: boolean;
  /** Names of stacks besides those that own the roles; with their templates. */
  readonly stacks: readonly string[];
  /** The stacks that the roles of these would have: of each association of the cluster. */
  readonly allStacks: boolean;
  readonly addonOffers: readonly WantedOffer[];
  /** Add-ons whose recommended roles' stacks are wanted. */
  readonly defaultStacks: readonly string[];
  /** The templates of the eksctl stacks that own the roles. */
  readonly roleTemplates: boolean;
  /** Roles that nothing names but that trust the cluster's issuer: pages of ListRoles. */
  readonly trustSweep: boolean;
};

export const everything: Want = {
  whole: true,
  serviceAccounts: true,
  pods: true,
  addons: true,
  oidcProvider: true,
  namedRoles: true,
  roles: [],
  roleNames: [],
  roleStacks: true,
  stacks: [],
  allStacks: false,
  addonOffers: [],
  defaultStacks: [],
  gates: true,
  chaining: true,
  roleTemplates: true,
  trustSweep: true,
};

/** What the planner of a request looks at: a single association needs no list of all pods of the cluster. */
export function wantFor(request: PlanRequest, clusterName: string): Want {
  if (request.command === 'migrate') return { ...everything, chaining: (request.sessionTags ?? 'auto') === 'auto' };
  const subjects = subjectsOf(request);
  const roles = rolesWanted(request);
  return {
    ...everything,
    ...(subjects ? { subjects } : {}),
    whole: wholeClusterWanted(request),
    oidcProvider: false,
    gates: false,
    chaining: false,
    trustSweep: false,
    roles,
    roleNames: roleNamesWanted(request),
    // Where all roles are still to be made, nobody owns one.
    roleStacks: request.command !== 'create' || roles.length > 0,
    stacks: stacksWanted(request, clusterName),
    allStacks: subjects === undefined,
    addonOffers: addonsWanted(request),
    defaultStacks:
      request.command === 'apply'
        ? request.addons.flatMap(({ name, useDefaults, autoApply }) => (useDefaults || autoApply ? name : []))
        : [],
  };
}

/** Whom the request is about; undefined: the whole cluster. */
function subjectsOf(request: Exclude<PlanRequest, { command: 'migrate' }>): readonly Subject[] | undefined {
  switch (request.command) {
    case 'create':
      return request.associations;
    case 'update':
      return request.changes;
    case 'delete':
      return request.subjects;
    case 'apply':
      return request.prune ? undefined : request.associations;
  }
}
