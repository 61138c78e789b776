import type { Role } from '../../identity/facts.ts';
import type { CallOptions } from './call.ts';

/** A permission policy of a role. */
export type RolePolicy = {
  readonly name: string;
  /** Of a managed policy; absent: it is the role's own. */
  readonly arn?: string;
  /** JSON, in its default version. */
  readonly document: string;
};

export interface IamPort {
  /** Throws `not-found` for NoSuchEntity. */
  getRole(roleName: string, options?: CallOptions): Promise<Role>;
  /** Every role of the account with its trust policy (tags and last use are not in the list). */
  listRoles(options?: CallOptions): AsyncIterable<readonly Role[]>;
  updateAssumeRolePolicy(roleName: string, document: string, options?: CallOptions): Promise<void>;
  /**
   * Whether any permission policy of the role (inline, managed; its boundary is not weighed) allows sts:AssumeRole on
   * anything. Throws when a policy cannot be read.
   */
  mayChain(roleName: string, options?: CallOptions): Promise<boolean>;
  /** The permission policies of a role, inline ones first, each with its document as text. */
  rolePolicies(roleName: string, options?: CallOptions): AsyncIterable<RolePolicy>;
  /** Managed policies that can be attached, a page at a time: the account's own first, then those of AWS. */
  listManagedPolicies(options?: CallOptions): AsyncIterable<readonly { readonly arn: string; readonly name: string }[]>;
  /** ARNs of the account's OIDC providers. */
  listOidcProviders(options?: CallOptions): Promise<readonly string[]>;
  /** The account's name, which it chose itself; undefined when it has none. An account has one at the most. */
  accountAlias(options?: CallOptions): Promise<string | undefined>;
}
