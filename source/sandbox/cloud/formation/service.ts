/** CloudFormation's operations (CloudFormation API reference, version 2010-05-15). */
import type { StackRecord } from '../../model.ts';
import type { QueryContext, QueryOperation } from '../context.ts';
import { AwsFault, validationError } from '../fault.ts';
import { type Page, pageOf } from '../pages.ts';
import type { XmlValue } from '../xml.ts';
import { CHANGE_SET_OPERATIONS } from './change-sets.ts';
import { describeEvent, describeResource, describeStack, summarizeStack } from './describe.ts';
import { readInput, readToken } from './input.ts';
import { beginCreate, beginDelete, beginUpdate, type FailureOption } from './machine.ts';
import { neededCapability } from './plan.ts';
import { alreadyAccepted, beginOperation, checkUpdatable, findStack, newStackRecord, stackNamed } from './records.ts';
import { readTemplate } from './template.ts';

const PAGE = 100;

export const FORMATION_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  ...CHANGE_SET_OPERATIONS,
  CreateStack: createStack,
  UpdateStack: updateStack,
  DeleteStack: deleteStack,
  DescribeStacks: describeStacks,
  DescribeStackEvents: context => {
    const stack = stackNamed(context.account, context.region, context.form.required('StackName'));
    const events = stack.events.map((event, index) => ({ event, key: String(9e9 - index) }));
    const page = pageThrough(context, events, each => each.key, `events ${stack.id}`);
    return { StackEvents: page.items.map(each => describeEvent(stack, each.event)), NextToken: page.next };
  },
  DescribeStackResources: context => {
    const stack = stackOfResource(context);
    const logicalId = context.form.text('LogicalResourceId');
    const wanted = [...stack.resources.keys()].filter(each => logicalId === undefined || each === logicalId);
    return { StackResources: wanted.map(each => describeResource(stack, each, true)) };
  },
  ListStackResources: context => {
    const stack = stackNamed(context.account, context.region, context.form.required('StackName'));
    const page = pageThrough(context, stack.resources.keys(), each => each, `resources ${stack.id}`);
    return {
      StackResourceSummaries: page.items.map(each => describeResource(stack, each, false)),
      NextToken: page.next,
    };
  },
  ListStacks: context => {
    const wanted = new Set(context.form.strings('StackStatusFilter'));
    const stacks = stacksHere(context).filter(each => wanted.size === 0 || wanted.has(each.status));
    const page = pageThrough(context, stacks, orderKey, `stacks ${[...wanted].sort().join()}`);
    return { StackSummaries: page.items.map(summarizeStack), NextToken: page.next };
  },
  GetTemplate: ({ account, region, form }) => {
    const changeSet = form.text('ChangeSetName');
    const stack = stackNamed(account, region, form.required('StackName'));
    const template = changeSet === undefined ? stack.template : stack.changeSets.get(changeSet)?.input.template;
    if (template === undefined) {
      throw new AwsFault(404, 'ChangeSetNotFound', `ChangeSet [${changeSet}] does not exist`);
    }
    return { TemplateBody: template, StagesAvailable: ['Original', 'Processed'] };
  },
  GetTemplateSummary: getTemplateSummary,
  UpdateTerminationProtection: ({ account, region, form }) => {
    const stack = stackNamed(account, region, form.required('StackName'));
    form.required('EnableTerminationProtection');
    stack.terminationProtection = form.flag('EnableTerminationProtection') ?? false;
    return { StackId: stack.id };
  },
};

function createStack({ world, account, region, form, now }: QueryContext): { StackId: string } {
  const name = form.required('StackName');
  const token = readToken(form);
  const found = findStack(account, region, name);
  if (found !== undefined) {
    if (token !== undefined && found.requestTokens.has(`CreateStack:${token}`)) {
      return { StackId: found.id };
    }
    throw new AwsFault(400, 'AlreadyExistsException', `Stack [${name}] already exists`);
  }
  const input = readInput(form, undefined);
  const onFailure = failureOption(form.text('OnFailure'), form.flag('DisableRollback'));
  const stack = newStackRecord(world, account, region, name, {
    status: 'CREATE_IN_PROGRESS',
    now,
    terminationProtection: form.flag('EnableTerminationProtection') ?? false,
  });
  beginOperation(stack, token);
  try {
    beginCreate(world, account, stack, input, onFailure, now);
  } catch (error) {
    account.stacks.delete(stack.id);
    throw error;
  }
  alreadyAccepted(stack, 'CreateStack', token);
  return { StackId: stack.id };
}

function failureOption(onFailure: string | undefined, disableRollback: boolean | undefined): FailureOption {
  if (onFailure !== undefined && disableRollback !== undefined) {
    throw validationError('You can specify only one of OnFailure and DisableRollback.');
  }
  if (onFailure === 'DELETE' || onFailure === 'DO_NOTHING') {
    return onFailure;
  }
  return disableRollback === true ? 'DO_NOTHING' : 'ROLLBACK';
}

function updateStack({ world, account, region, form, now }: QueryContext): { StackId: string } {
  const stack = stackNamed(account, region, form.required('StackName'));
  const token = readToken(form);
  if (token !== undefined && stack.requestTokens.has(`UpdateStack:${token}`)) {
    return { StackId: stack.id };
  }
  checkUpdatable(stack);
  const input = readInput(form, stack);
  beginOperation(stack, token);
  beginUpdate(world, account, stack, input, now);
  alreadyAccepted(stack, 'UpdateStack', token);
  return { StackId: stack.id };
}

/** Deleting what is not there, or is being deleted, is no error. */
function deleteStack({ world, account, region, form, now }: QueryContext): Record<string, never> {
  const stack = findStack(account, region, form.required('StackName'));
  const token = readToken(form);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') {
    return {};
  }
  if (stack.terminationProtection) {
    throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
  }
  const retain = form.strings('RetainResources');
  if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
    throw validationError('Resources can only be retained when the stack is in the DELETE_FAILED state.');
  }
  alreadyAccepted(stack, 'DeleteStack', token);
  beginOperation(stack, token);
  beginDelete(world, account, stack, now, { retain: new Set(retain) });
  return {};
}

function describeStacks(context: QueryContext): { [name: string]: XmlValue } {
  const name = context.form.text('StackName');
  if (name !== undefined && name !== '') {
    return { Stacks: [describeStack(stackNamed(context.account, context.region, name))] };
  }
  const stacks = stacksHere(context).filter(each => each.status !== 'DELETE_COMPLETE');
  const page = pageThrough(context, stacks, orderKey, 'all stacks');
  return { Stacks: page.items.map(describeStack), NextToken: page.next };
}

function getTemplateSummary({ account, region, form }: QueryContext): { [name: string]: XmlValue } {
  const name = form.text('StackName');
  const text = name === undefined ? form.required('TemplateBody') : stackNamed(account, region, name).template;
  const template = readTemplate(text);
  const needed = neededCapability(template);
  return {
    Description: template.description,
    Parameters: [...template.parameters].map(([ParameterKey, each]) => ({
      ParameterKey,
      ParameterType: each.type,
      DefaultValue: each.default,
      NoEcho: false,
    })),
    Capabilities: needed === undefined ? [] : [needed],
    ResourceTypes: [...new Set([...template.resources.values()].map(each => each.type))],
  };
}

/** By stack, or by the physical id of one of its resources. */
function stackOfResource({ account, region, form }: QueryContext): StackRecord {
  const name = form.text('StackName');
  const physicalId = form.text('PhysicalResourceId');
  if ((name === undefined) === (physicalId === undefined)) {
    throw validationError('Only one of StackName or PhysicalResourceId must be specified.');
  }
  if (name !== undefined) {
    return stackNamed(account, region, name);
  }
  for (const stack of account.stacks.values()) {
    const owns = [...stack.resources.values()].some(
      each => each.physicalId === physicalId && each.status !== 'DELETE_COMPLETE',
    );
    if (stack.region === region && stack.status !== 'DELETE_COMPLETE' && owns) {
      return stack;
    }
  }
  throw validationError(`Stack for ${physicalId} does not exist`);
}

function stacksHere({ account, region }: QueryContext): StackRecord[] {
  return [...account.stacks.values()].filter(each => each.region === region);
}

/** Later stacks sort first. */
function orderKey(stack: StackRecord): string {
  return `${String(1e15 - stack.createdAt).padStart(16, '0')} ${stack.id}`;
}

function pageThrough<T>(
  { form }: QueryContext,
  items: Iterable<T>,
  keyOf: (item: T) => string,
  question: string,
): Page<T> {
  const page = pageOf(items, keyOf, { size: PAGE, token: form.text('NextToken'), question });
  if (page === undefined) {
    throw validationError('Invalid NextToken.');
  }
  return page;
}
