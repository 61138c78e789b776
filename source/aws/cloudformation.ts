import { randomUUID } from 'node:crypto';
import {
  type Capability,
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { RoleStack } from '../identity/facts.ts';
import { type CloudFormationPort, PortError, type StackEvent } from '../run/ports.ts';
import { abortable, type Caller } from './call.ts';
import { pages } from './pages.ts';
import { milliseconds, present, tagRecord } from './present.ts';

/** Events come newest first; what a stack of years did long ago is of no use to whoever watches an update. */
const enoughEvents = 300;

/** CloudFormation as a port. */
export function makeCloudFormation(client: () => CloudFormationClient, caller: Caller): CloudFormationPort {
  return {
    ...stacks(client, caller),
    ...resources(client, caller),
    ...changes(client, caller),
    ...lives(client, caller),
  };
}

const stacks = (
  client: () => CloudFormationClient,
  caller: Caller,
): Pick<CloudFormationPort, 'listStacks' | 'describeStack'> => ({
  // DescribeStacks without a name gives tags and outputs of all stacks that still exist, in the requests that
  // ListStacks would need for their names alone.
  listStacks: options =>
    pages(async NextToken => {
      const answer = await caller.call(
        { operation: 'DescribeStacks', repeatable: true },
        ({ signal }) => client().send(new DescribeStacksCommand({ NextToken }), abortable(signal)),
        options,
      );
      const there = (answer.Stacks ?? []).filter(stack => stack.StackStatus !== 'DELETE_COMPLETE');
      return { items: there.map(stackFact), next: answer.NextToken };
    }),

  async describeStack(StackName, options) {
    const answer = await caller.call(
      { operation: 'DescribeStacks', subject: StackName, repeatable: true },
      ({ signal }) => client().send(new DescribeStacksCommand({ StackName }), abortable(signal)),
      options,
    );
    const stack = answer.Stacks?.[0];
    if (!stack) throw noStack(StackName);
    return stackFact(stack);
  },
});

const resources = (
  client: () => CloudFormationClient,
  caller: Caller,
): Pick<CloudFormationPort, 'stackOfResource' | 'stackResources'> => ({
  async stackOfResource(PhysicalResourceId, options) {
    try {
      const answer = await caller.call(
        { operation: 'DescribeStackResources', subject: PhysicalResourceId, repeatable: true },
        ({ signal }) => client().send(new DescribeStackResourcesCommand({ PhysicalResourceId }), abortable(signal)),
        options,
      );
      const found = answer.StackResources?.find(resource => resource.PhysicalResourceId === PhysicalResourceId);
      if (!found?.StackName || !found.LogicalResourceId) return undefined;
      return { stackName: found.StackName, logicalId: found.LogicalResourceId };
    } catch (error) {
      // `Stack for NAME does not exist`: no stack made it, which is the answer.
      if (error instanceof PortError && error.failure.kind === 'not-found') return undefined;
      throw error;
    }
  },

  async stackResources(StackName, options) {
    const answer = await caller.call(
      { operation: 'DescribeStackResources', subject: StackName, repeatable: true },
      ({ signal }) => client().send(new DescribeStackResourcesCommand({ StackName }), abortable(signal)),
      options,
    );
    return (answer.StackResources ?? []).flatMap(resource =>
      resource.LogicalResourceId === undefined
        ? []
        : {
            logicalId: resource.LogicalResourceId,
            physicalId: resource.PhysicalResourceId ?? '',
            type: resource.ResourceType ?? '',
          },
    );
  },
});

const changes = (
  client: () => CloudFormationClient,
  caller: Caller,
): Pick<CloudFormationPort, 'getTemplate' | 'updateStack' | 'stackEvents'> => ({
  async getTemplate(StackName, options) {
    const answer = await caller.call(
      { operation: 'GetTemplate', subject: StackName, repeatable: true },
      ({ signal }) =>
        client().send(new GetTemplateCommand({ StackName, TemplateStage: 'Original' }), abortable(signal)),
      options,
    );
    if (answer.TemplateBody === undefined) throw noStack(StackName);
    return answer.TemplateBody;
  },

  async updateStack(input, options) {
    const request = {
      StackName: input.stackName,
      TemplateBody: input.templateBody,
      ...capabilitiesAndTags(input),
      Parameters: input.keepParameters.map(ParameterKey => ({ ParameterKey, UsePreviousValue: true })),
      ClientRequestToken: input.clientRequestToken ?? `podid-${randomUUID()}`,
    };
    // The token lets CloudFormation take a second request for the first one (API reference, UpdateStack).
    await caller.call(
      { operation: 'UpdateStack', subject: input.stackName, write: true, repeatable: true },
      ({ signal }) => client().send(new UpdateStackCommand(request), abortable(signal)),
      options,
    );
  },

  async stackEvents(StackName, options) {
    const events: StackEvent[] = [];
    const all = pages(async NextToken => {
      const answer = await caller.call(
        { operation: 'DescribeStackEvents', subject: StackName, repeatable: true },
        ({ signal }) => client().send(new DescribeStackEventsCommand({ StackName, NextToken }), abortable(signal)),
        options,
      );
      return { items: answer.StackEvents ?? [], next: answer.NextToken };
    });
    for await (const page of all) {
      if (events.length >= enoughEvents) break;
      for (const event of page) {
        events.push({
          id: event.EventId ?? '',
          at: milliseconds(event.Timestamp) ?? 0,
          logicalId: event.LogicalResourceId ?? '',
          resourceType: event.ResourceType ?? '',
          status: event.ResourceStatus ?? '',
          ...present({ reason: event.ResourceStatusReason, clientRequestToken: event.ClientRequestToken }),
        });
      }
    }
    return events;
  },
});

/** How a stack begins and ends. */
const lives = (
  client: () => CloudFormationClient,
  caller: Caller,
): Pick<CloudFormationPort, 'createStack' | 'setTerminationProtection' | 'deleteStack'> => ({
  async createStack(input, options) {
    const request = {
      StackName: input.stackName,
      TemplateBody: input.templateBody,
      ...capabilitiesAndTags(input),
      EnableTerminationProtection: input.enableTerminationProtection,
      ClientRequestToken: input.clientRequestToken ?? `podid-${randomUUID()}`,
    };
    // The token lets CloudFormation take a second request for the first one (API reference, CreateStack).
    const answer = await caller.call(
      { operation: 'CreateStack', subject: input.stackName, write: true, repeatable: true },
      ({ signal }) => client().send(new CreateStackCommand(request), abortable(signal)),
      options,
    );
    return { stackId: answer.StackId ?? '' };
  },

  async setTerminationProtection(StackName, enabled, options) {
    const input = { StackName, EnableTerminationProtection: enabled };
    await caller.call(
      { operation: 'UpdateTerminationProtection', subject: StackName, write: true, repeatable: true },
      ({ signal }) => client().send(new UpdateTerminationProtectionCommand(input), abortable(signal)),
      options,
    );
  },

  // Deleting what is gone or being deleted already is no error (API reference, DeleteStack).
  async deleteStack(StackName, token, options) {
    const input = { StackName, ClientRequestToken: token ?? `podid-${randomUUID()}` };
    await caller.call(
      { operation: 'DeleteStack', subject: StackName, write: true, repeatable: true },
      ({ signal }) => client().send(new DeleteStackCommand(input), abortable(signal)),
      options,
    );
  },
});

type Submission = {
  readonly capabilities: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
};

const capabilitiesAndTags = ({ capabilities, tags }: Submission) => ({
  Capabilities: capabilities.map(capability => capability as Capability),
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

function stackFact(stack: Stack): RoleStack {
  return {
    stackName: stack.StackName ?? '',
    stackId: stack.StackId ?? '',
    status: stack.StackStatus ?? 'UNKNOWN',
    tags: tagRecord(stack.Tags),
    capabilities: stack.Capabilities ?? [],
    parameters: record(stack.Parameters ?? [], each => [each.ParameterKey, each.ParameterValue]),
    outputs: record(stack.Outputs ?? [], each => [each.OutputKey, each.OutputValue]),
    terminationProtection: stack.EnableTerminationProtection === true,
  };
}

function record<T>(
  items: readonly T[],
  entry: (item: T) => readonly [string | undefined, string | undefined],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    items.flatMap(item => {
      const [key, value] = entry(item);
      return key === undefined ? [] : [[key, value ?? '']];
    }),
  );
}

const noStack = (name: string): PortError =>
  new PortError({
    kind: 'not-found',
    message: `There is no stack ${name}.`,
    operation: 'cloudformation:DescribeStacks',
  });
