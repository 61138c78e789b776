/** Stacks as the CloudFormation API tells of them. */
import type { ChangeSetRecord, StackRecord } from '../../model.ts';
import { type XmlValue, xmlTime } from '../xml.ts';

export function describeStack(stack: StackRecord): XmlValue {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.description,
    Parameters: describeParameters(stack.parameters),
    CreationTime: xmlTime(stack.createdAt),
    LastUpdatedTime: optionalTime(stack.updatedAt),
    DeletionTime: optionalTime(stack.deletedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    Outputs: [...stack.outputs].map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    Tags: describeTags(stack.tags),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function summarizeStack(stack: StackRecord): XmlValue {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.description,
    CreationTime: xmlTime(stack.createdAt),
    LastUpdatedTime: optionalTime(stack.updatedAt),
    DeletionTime: optionalTime(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function describeEvent(stack: StackRecord, event: StackRecord['events'][number]): XmlValue {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: xmlTime(event.at),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ClientRequestToken: event.token,
  };
}

/** `whole`: as DescribeStackResources tells it, else as ListStackResources. */
export function describeResource(stack: StackRecord, logicalId: string, whole: boolean): XmlValue {
  const record = stack.resources.get(logicalId);
  const last = stack.events.findLast(each => each.logicalId === logicalId);
  const at = xmlTime(last?.at ?? stack.createdAt);
  return {
    ...(whole ? { StackName: stack.name, StackId: stack.id, Timestamp: at } : { LastUpdatedTimestamp: at }),
    LogicalResourceId: logicalId,
    PhysicalResourceId: record?.physicalId === '' ? undefined : record?.physicalId,
    ResourceType: record?.type,
    ResourceStatus: record?.status,
    ResourceStatusReason: last?.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

export function summarizeChangeSet(
  stack: StackRecord,
  changeSet: ChangeSetRecord,
): { readonly [name: string]: XmlValue } {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: xmlTime(changeSet.createdAt),
    Description: changeSet.description,
  };
}

export function describeChangeSet(
  stack: StackRecord,
  changeSet: ChangeSetRecord,
): { readonly [name: string]: XmlValue } {
  return {
    ...summarizeChangeSet(stack, changeSet),
    Parameters: describeParameters(changeSet.input.parameters),
    Capabilities: changeSet.input.capabilities,
    Tags: describeTags(changeSet.input.tags),
    Changes: changeSet.changes.map(each => ({
      Type: 'Resource',
      ResourceChange: {
        Action: each.action,
        LogicalResourceId: each.logicalId,
        PhysicalResourceId: each.physicalId,
        ResourceType: each.type,
        Replacement: each.action === 'Modify' ? 'False' : undefined,
        Scope: [],
        Details: [],
      },
    })),
  };
}

function describeParameters(parameters: ReadonlyMap<string, string>): XmlValue {
  return [...parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

function describeTags(tags: ReadonlyMap<string, string>): XmlValue {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

function optionalTime(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : xmlTime(milliseconds);
}
