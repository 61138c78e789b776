/** IAM's operations (IAM API reference, version 2010-05-08). Reads show what has become visible. */
import type { Account, RoleRecord } from '../../model.ts';
import type { QueryContext, QueryOperation } from '../context.ts';
import { AwsFault, validationError } from '../fault.ts';
import { pageOf } from '../pages.ts';
import { type XmlValue, xmlTime } from '../xml.ts';
import { giveAlias, takeAlias } from './account-alias.ts';
import { type ManagedPolicy, managedPolicies, managedPolicy } from './managed-policies.ts';
import {
  attachPolicy,
  createRole,
  deleteInlinePolicy,
  deleteRole,
  detachPolicy,
  inlinePolicy,
  noSuchRole,
  putInlinePolicy,
  roleToChange,
  tagRole,
  untagRole,
  updateTrustPolicy,
  visibleTrust,
} from './roles.ts';

export const IAM_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  GetRole: context => {
    const { role, trust } = visibleRole(context);
    return { Role: describeRole(role, trust, true) };
  },
  ListRoles: context => listRoles(context),
  CreateRole: context => {
    const { form, world, account, now } = context;
    const role = createRole(
      world,
      account,
      {
        name: form.required('RoleName'),
        trustPolicy: form.required('AssumeRolePolicyDocument'),
        tags: form.tags(),
        ...optional('path', form.text('Path')),
        ...optional('description', form.text('Description')),
        ...optional('permissionsBoundary', form.text('PermissionsBoundary')),
        ...optional('maxSessionSeconds', form.number('MaxSessionDuration', 3600, 43_200)),
      },
      now,
    );
    return { Role: describeRole(role, role.trustPolicy, true) };
  },
  UpdateAssumeRolePolicy: ({ world, account, form, now }) => {
    const role = roleToChange(account, form.required('RoleName'));
    updateTrustPolicy(world, role, form.required('PolicyDocument'), now);
    return {};
  },
  DeleteRole: ({ world, account, form }) => {
    deleteRole(world, account, roleToChange(account, form.required('RoleName')));
    return {};
  },
  AttachRolePolicy: ({ account, form }) => {
    attachPolicy(account, roleToChange(account, form.required('RoleName')), form.required('PolicyArn'));
    return {};
  },
  DetachRolePolicy: ({ account, form }) => {
    detachPolicy(roleToChange(account, form.required('RoleName')), form.required('PolicyArn'));
    return {};
  },
  PutRolePolicy: ({ account, form }) => {
    const role = roleToChange(account, form.required('RoleName'));
    putInlinePolicy(role, form.required('PolicyName'), form.required('PolicyDocument'));
    return {};
  },
  DeleteRolePolicy: ({ account, form }) => {
    deleteInlinePolicy(roleToChange(account, form.required('RoleName')), form.required('PolicyName'));
    return {};
  },
  GetRolePolicy: context => {
    const { role } = visibleRole(context);
    const name = context.form.required('PolicyName');
    return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(inlinePolicy(role, name)) };
  },
  ListRolePolicies: context => {
    const { role } = visibleRole(context);
    return paged(
      context,
      'PolicyNames',
      role.inlinePolicies.keys(),
      each => each,
      `policies of ${role.id}`,
      each => each,
    );
  },
  ListAttachedRolePolicies: context => {
    const { role } = visibleRole(context);
    const arns = role.attachedPolicies;
    return paged(
      context,
      'AttachedPolicies',
      arns,
      each => each,
      `attached to ${role.id}`,
      arn => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      }),
    );
  },
  GetPolicy: ({ account, form, world }) => ({
    Policy: describePolicy(account, managedPolicy(account, form.required('PolicyArn')), world.now),
  }),
  ListPolicies: context => {
    const { account, form, world } = context;
    const scope = form.text('Scope') ?? 'All';
    if (scope !== 'All' && scope !== 'AWS' && scope !== 'Local') {
      throw validationError(
        `1 validation error detected: Value '${scope}' at 'scope' failed to satisfy constraint: Member must satisfy enum value set: [AWS, Local, All]`,
      );
    }
    const prefix = form.text('PathPrefix') ?? '/';
    const onlyAttached = form.flag('OnlyAttached') === true;
    const policies = managedPolicies(account, scope).filter(
      each => each.path.startsWith(prefix) && (!onlyAttached || attachments(account, each.arn) > 0),
    );
    return paged(
      context,
      'Policies',
      policies,
      each => each.arn,
      `policies ${scope} ${prefix} ${onlyAttached}`,
      each => describePolicy(account, each, world.now),
    );
  },
  GetPolicyVersion: ({ account, form, world }) => {
    const policy = managedPolicy(account, form.required('PolicyArn'));
    const version = form.required('VersionId');
    if (version !== policy.versionId) {
      throw new AwsFault(
        404,
        'NoSuchEntity',
        `Policy ${policy.arn} version ${version} does not exist or is not attachable.`,
      );
    }
    return {
      PolicyVersion: {
        Document: encodeDocument(policy.document),
        VersionId: version,
        IsDefaultVersion: true,
        CreateDate: xmlTime(world.now),
      },
    };
  },
  TagRole: ({ account, form }) => {
    tagRole(roleToChange(account, form.required('RoleName')), form.tags());
    return {};
  },
  UntagRole: ({ account, form }) => {
    untagRole(roleToChange(account, form.required('RoleName')), form.strings('TagKeys'));
    return {};
  },
  ListRoleTags: context => {
    const { role } = visibleRole(context);
    const tags = role.tags;
    return paged(
      context,
      'Tags',
      tags,
      ([key]) => key,
      `tags of ${role.id}`,
      ([Key, Value]) => ({ Key, Value }),
    );
  },
  ListAccountAliases: ({ account }) => ({
    AccountAliases: account.alias === undefined ? [] : [account.alias],
    IsTruncated: false,
  }),
  CreateAccountAlias: ({ world, account, form }) => {
    giveAlias(world, account, form.required('AccountAlias'));
    return {};
  },
  DeleteAccountAlias: ({ account, form }) => {
    takeAlias(account, form.required('AccountAlias'));
    return {};
  },
  ListOpenIDConnectProviders: ({ account }) => ({
    OpenIDConnectProviderList: [...account.oidcProviders.keys()].map(Arn => ({ Arn })),
  }),
  GetOpenIDConnectProvider: ({ account, form }) => {
    const arn = form.required('OpenIDConnectProviderArn');
    const provider = account.oidcProviders.get(arn);
    if (provider === undefined) {
      throw new AwsFault(404, 'NoSuchEntity', `OpenIDConnect Provider not found for arn ${arn}`);
    }
    return { Url: provider.url, ClientIDList: provider.clientIds, ThumbprintList: [] };
  },
};

function listRoles(context: QueryContext): { [name: string]: XmlValue } {
  const prefix = context.form.text('PathPrefix') ?? '/';
  const roles = visibleRoles(context.account, context.now, prefix);
  return paged(
    context,
    'Roles',
    roles,
    each => each.role.name,
    `roles under ${prefix}`,
    // Tags, boundary and last use are left out of lists (IAM API reference, ListRoles).
    ({ role, trust }) => describeRole(role, trust, false),
  );
}

function visibleRoles(account: Account, now: number, prefix: string): { role: RoleRecord; trust: string }[] {
  return [...account.roles.values()]
    .filter(role => role.path.startsWith(prefix))
    .map(role => ({ role, trust: visibleTrust(role, now) }))
    .filter((each): each is { role: RoleRecord; trust: string } => each.trust !== undefined);
}

function visibleRole({ account, form, now }: QueryContext): { role: RoleRecord; trust: string } {
  const name = form.required('RoleName');
  const role = account.roles.get(name.toLowerCase());
  const trust = role === undefined ? undefined : visibleTrust(role, now);
  if (role === undefined || trust === undefined) {
    throw noSuchRole(name);
  }
  return { role, trust };
}

function describeRole(role: RoleRecord, trust: string, whole: boolean): XmlValue {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: xmlTime(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(whole
      ? {
          PermissionsBoundary:
            role.permissionsBoundary === undefined
              ? undefined
              : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.permissionsBoundary },
          Tags: role.tags.size === 0 ? undefined : [...role.tags].map(([Key, Value]) => ({ Key, Value })),
          RoleLastUsed:
            role.lastUsedAt === undefined ? {} : { LastUsedDate: xmlTime(role.lastUsedAt), Region: 'us-east-1' },
        }
      : {}),
  };
}

function describePolicy(account: Account, { arn, name, path, versionId }: ManagedPolicy, now: number): XmlValue {
  return {
    PolicyName: name,
    Arn: arn,
    Path: path,
    DefaultVersionId: versionId,
    AttachmentCount: attachments(account, arn),
    IsAttachable: true,
    CreateDate: xmlTime(now),
  };
}

function attachments(account: Account, arn: string): number {
  return [...account.roles.values()].filter(role => role.attachedPolicies.has(arn)).length;
}

/** Policy documents come back percent-encoded after RFC 3986. */
function encodeDocument(document: string): string {
  return encodeURIComponent(document).replaceAll(
    /[!'()*]/gu,
    each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function paged<T>(
  { form }: QueryContext,
  name: string,
  items: Iterable<T>,
  keyOf: (item: T) => string,
  question: string,
  describe: (item: T) => XmlValue,
): { [name: string]: XmlValue } {
  const size = form.number('MaxItems', 1, 1000) ?? 100;
  const page = pageOf(items, keyOf, { size, token: form.text('Marker'), question });
  if (page === undefined) {
    throw validationError(`Invalid Marker.`);
  }
  return { [name]: page.items.map(describe), IsTruncated: page.next !== undefined, Marker: page.next };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [k in K]?: V });
}
