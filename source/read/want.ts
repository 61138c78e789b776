import type { Subject } from '../identity/scope.ts';
import type { PlanRequest } from '../plan/request.ts';

/** Which parts of a snapshot are read; what is not wanted stays `unread`. */
export type Want = {
  /** Associations, service accounts and pods of these alone; absent: of the whole cluster. */
  readonly subjects?: readonly Subject[];
  readonly serviceAccounts: boolean;
  readonly pods: boolean;
  readonly addons: boolean;
  readonly oidcProvider: boolean;
  /** Roles that annotations, associations and add-ons name. */
  readonly namedRoles: boolean;
  /** Roles besides. */
  readonly roles: readonly string[];
  /** Who owns the roles. */
  readonly roleStacks: boolean;
  /** What a migration's gates look at: nodes, and who besides pods uses web identity. */
  readonly gates: boolean;
  /** Whether the roles' policies allow assuming other roles: several requests a role. */
  readonly chaining: boolean;
};

export const everything: Want = {
  serviceAccounts: true,
  pods: true,
  addons: true,
  oidcProvider: true,
  namedRoles: true,
  roles: [],
  roleStacks: true,
  gates: true,
  chaining: true,
};

/** What the planner of a request looks at: a single association needs no list of all pods of the cluster. */
export function wantFor(request: PlanRequest): Want {
  switch (request.command) {
    case 'migrate':
      return { ...everything, chaining: (request.sessionTags ?? 'auto') === 'auto' };
    case 'create':
    case 'update': {
      const { namespace, serviceAccount, roleArn } = request;
      return {
        ...everything,
        subjects: [{ namespace, serviceAccount }],
        oidcProvider: false,
        gates: false,
        chaining: false,
        roles: roleArn === undefined ? [] : [roleArn],
      };
    }
    case 'delete':
      return {
        ...everything,
        subjects: request.subjects,
        oidcProvider: false,
        namedRoles: false,
        roleStacks: false,
        gates: false,
        chaining: false,
      };
  }
}
