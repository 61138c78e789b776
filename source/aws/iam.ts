import {
  GetRoleCommand,
  type IAMClient,
  type Role as IamRole,
  ListAccountAliasesCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Role } from '../identity/facts.ts';
import { type CallOptions, type IamPort, PortError } from '../run/ports.ts';
import { abortable, type Caller } from './call.ts';
import { decodeDocument } from './document.ts';
import { pages } from './pages.ts';
import { milliseconds, present, tagRecord } from './present.ts';
import { RolePolicies } from './role-policies.ts';

/** A page of 1,000 roles, which IAM allows, is megabytes of XML that would hold up the screen while it is parsed. */
const rolesPerPage = 200;

/** Their documents are not in the list, so a page of policies is small. */
const policiesPerPage = 500;

/** IAM as a port: one endpoint for the whole partition. */
export function makeIam(client: () => IAMClient, caller: Caller): IamPort {
  return {
    async getRole(roleName, options) {
      const answer = await caller.call(
        { operation: 'GetRole', subject: roleName, repeatable: true },
        ({ signal }) => client().send(new GetRoleCommand({ RoleName: roleName }), abortable(signal)),
        options,
      );
      const role = answer.Role && roleFact(answer.Role);
      if (!role) throw withoutRole();
      return role;
    },

    listRoles: options =>
      pages(async Marker => {
        const answer = await caller.call(
          { operation: 'ListRoles', repeatable: true },
          ({ signal }) => client().send(new ListRolesCommand({ Marker, MaxItems: rolesPerPage }), abortable(signal)),
          options,
        );
        const items = (answer.Roles ?? []).map(roleFact).filter(role => role !== undefined);
        return { items, next: answer.IsTruncated ? answer.Marker : undefined };
      }),

    async updateAssumeRolePolicy(roleName, document, options) {
      // Replaces the whole document and has neither a lock nor a token: a second request could undo somebody's edit
      // made in between, so an answer that was lost is reported, and whoever asked reads the role again.
      await caller.call(
        { operation: 'UpdateAssumeRolePolicy', subject: roleName, write: true, repeatable: false },
        ({ signal }) =>
          client().send(
            new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument: document }),
            abortable(signal),
          ),
        options,
      );
    },

    mayChain: (roleName, options) => new RolePolicies(client, caller, options).allow('sts:AssumeRole', roleName),

    rolePolicies: (roleName, options) => new RolePolicies(client, caller, options).all(roleName),

    async *listManagedPolicies(options) {
      for (const scope of ['Local', 'AWS'] as const) yield* managedPolicies(client, caller, scope, options);
    },

    async listOidcProviders(options) {
      const answer = await caller.call(
        { operation: 'ListOpenIDConnectProviders', repeatable: true },
        ({ signal }) => client().send(new ListOpenIDConnectProvidersCommand({}), abortable(signal)),
        options,
      );
      return (answer.OpenIDConnectProviderList ?? []).flatMap(provider => provider.Arn ?? []);
    },

    async accountAlias(options) {
      const answer = await caller.call(
        { operation: 'ListAccountAliases', repeatable: true },
        ({ signal }) => client().send(new ListAccountAliasesCommand({}), abortable(signal)),
        options,
      );
      // A list with one entry at the most: "you can have only one alias per account" (IAM API reference, ListAccountAliases).
      return answer.AccountAliases?.[0];
    },
  };
}

const managedPolicies = (
  client: () => IAMClient,
  caller: Caller,
  Scope: 'Local' | 'AWS',
  options: CallOptions | undefined,
) =>
  pages(async Marker => {
    const input = { Scope, Marker, MaxItems: policiesPerPage };
    const answer = await caller.call(
      { operation: 'ListPolicies', repeatable: true },
      ({ signal }) => client().send(new ListPoliciesCommand(input), abortable(signal)),
      options,
    );
    const items = (answer.Policies ?? []).flatMap(({ Arn, PolicyName, IsAttachable }) =>
      Arn && PolicyName && IsAttachable !== false ? [{ arn: Arn, name: PolicyName }] : [],
    );
    return { items, next: answer.IsTruncated ? answer.Marker : undefined };
  });

function roleFact(role: IamRole): Role | undefined {
  if (!role.Arn || !role.RoleName) return undefined;
  return {
    arn: role.Arn,
    name: role.RoleName,
    trustPolicy: decodeDocument(role.AssumeRolePolicyDocument ?? ''),
    tags: tagRecord(role.Tags),
    ...present({
      id: role.RoleId,
      permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
      createdAt: milliseconds(role.CreateDate),
      lastUsedAt: milliseconds(role.RoleLastUsed?.LastUsedDate),
      maxSessionSeconds: role.MaxSessionDuration,
    }),
  };
}

const withoutRole = (): PortError =>
  new PortError({
    kind: 'server',
    message: 'IAM answered without a role; check the endpoint and any proxy before it.',
    operation: 'iam:GetRole',
  });
