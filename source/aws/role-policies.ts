import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { type CallOptions, PortError, type RolePolicy } from '../run/ports.ts';
import { abortable, type Caller } from './call.ts';
import { decodeDocument } from './document.ts';
import { pages } from './pages.ts';
import { policyAllows } from './policy-allows.ts';

/** `arn:aws:iam::aws:policy/service-role/Name`: paths are no part of the name. */
const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The permission policies of roles, inline and managed, read one after another until a question is answered. */
export class RolePolicies {
  readonly #client: () => IAMClient;
  readonly #caller: Caller;
  readonly #options: CallOptions | undefined;

  constructor(client: () => IAMClient, caller: Caller, options: CallOptions | undefined) {
    this.#client = client;
    this.#caller = caller;
    this.#options = options;
  }

  /** Whether any policy has a statement that allows `action` on anything. Throws when one that counts cannot be read. */
  async allow(action: string, roleName: string): Promise<boolean> {
    for await (const { name, arn, document } of this.all(roleName)) {
      const allows = policyAllows(document, action);
      if (allows.ok && allows.value) return true;
      if (allows.ok) continue;
      const message = `Policy ${arn ?? name} of role ${roleName} cannot be understood: ${allows.reason}.`;
      throw new PortError({ kind: 'invalid', message, operation: 'iam:GetRolePolicy' });
    }
    return false;
  }

  /** Each with its document; inline ones first. */
  async *all(roleName: string): AsyncGenerator<RolePolicy> {
    for await (const names of this.#inline(roleName))
      for (const name of names) yield { name, document: await this.#inlineDocument(roleName, name) };
    for await (const arns of this.#attached(roleName))
      for (const arn of arns) yield { name: nameOf(arn), arn, document: await this.#managedDocument(arn) };
  }

  #inline(RoleName: string) {
    return pages(async Marker => {
      const answer = await this.#call('ListRolePolicies', RoleName, signal =>
        this.#client().send(new ListRolePoliciesCommand({ RoleName, Marker }), signal),
      );
      return { items: answer.PolicyNames ?? [], next: answer.IsTruncated ? answer.Marker : undefined };
    });
  }

  #attached(RoleName: string) {
    return pages(async Marker => {
      const answer = await this.#call('ListAttachedRolePolicies', RoleName, signal =>
        this.#client().send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }), signal),
      );
      const items = (answer.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []);
      return { items, next: answer.IsTruncated ? answer.Marker : undefined };
    });
  }

  async #inlineDocument(RoleName: string, PolicyName: string): Promise<string> {
    const { PolicyDocument } = await this.#call('GetRolePolicy', RoleName, signal =>
      this.#client().send(new GetRolePolicyCommand({ RoleName, PolicyName }), signal),
    );
    return decodeDocument(PolicyDocument ?? '');
  }

  async #managedDocument(PolicyArn: string): Promise<string> {
    const { Policy } = await this.#call('GetPolicy', PolicyArn, signal =>
      this.#client().send(new GetPolicyCommand({ PolicyArn }), signal),
    );
    const VersionId = Policy?.DefaultVersionId;
    const { PolicyVersion } = await this.#call('GetPolicyVersion', PolicyArn, signal =>
      this.#client().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }), signal),
    );
    return decodeDocument(PolicyVersion?.Document ?? '');
  }

  #call<T>(operation: string, subject: string, send: (signal: ReturnType<typeof abortable>) => Promise<T>): Promise<T> {
    return this.#caller.call(
      { operation, subject, repeatable: true },
      ({ signal }) => send(abortable(signal)),
      this.#options,
    );
  }
}
