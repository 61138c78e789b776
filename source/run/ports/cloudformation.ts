import type { RoleStack } from '../../identity/facts.ts';
import type { CallOptions } from './call.ts';

export type StackEvent = {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly resourceType: string;
  readonly status: string;
  readonly reason?: string;
  /** Of the request that the event comes from. */
  readonly clientRequestToken?: string;
};

export interface CloudFormationPort {
  /** All stacks of the account and region that still exist, a page at a time. */
  listStacks(options?: CallOptions): AsyncIterable<readonly RoleStack[]>;
  /** By name or id; throws `not-found` when there is none. */
  describeStack(nameOrId: string, options?: CallOptions): Promise<RoleStack>;
  /** The stack that made this physical resource; undefined when none did. */
  stackOfResource(
    physicalId: string,
    options?: CallOptions,
  ): Promise<{ stackName: string; logicalId: string } | undefined>;
  /** Logical id by physical id of a stack's resources. */
  stackResources(
    stackName: string,
    options?: CallOptions,
  ): Promise<readonly { readonly logicalId: string; readonly physicalId: string; readonly type: string }[]>;
  /** Template as submitted (TemplateStage Original). */
  getTemplate(stackName: string, options?: CallOptions): Promise<string>;
  /** Throws `invalid` with "No updates are to be performed." when nothing would change. */
  updateStack(
    input: {
      readonly stackName: string;
      readonly templateBody: string;
      readonly capabilities: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      /** Names of parameters whose previous value is used. */
      readonly keepParameters: readonly string[];
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<void>;
  /** Returns the new stack's id at once. Throws `exists` when there is a stack of that name. */
  createStack(
    input: {
      readonly stackName: string;
      readonly templateBody: string;
      readonly capabilities: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
      readonly enableTerminationProtection: boolean;
      readonly clientRequestToken?: string;
    },
    options?: CallOptions,
  ): Promise<{ readonly stackId: string }>;
  setTerminationProtection(stackName: string, enabled: boolean, options?: CallOptions): Promise<void>;
  /** Returns at once; what becomes of it is seen by describeStack with the stack's id. */
  deleteStack(stackNameOrId: string, clientRequestToken: string | undefined, options?: CallOptions): Promise<void>;
  stackEvents(stackName: string, options?: CallOptions): Promise<readonly StackEvent[]>;
}
