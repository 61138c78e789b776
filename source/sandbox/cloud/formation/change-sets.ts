/** Change sets (CloudFormation API reference; user guide, "Update stacks using change sets"). */
import type { ChangeSetRecord, StackRecord } from '../../model.ts';
import { schedule } from '../../time.ts';
import type { QueryContext, QueryOperation } from '../context.ts';
import { AwsFault, validationError } from '../fault.ts';
import { newUuid } from '../ids.ts';
import { compare } from './compare.ts';
import { describeChangeSet, summarizeChangeSet } from './describe.ts';
import { changeSetMissing, readInput, readToken } from './input.ts';
import { beginCreate, beginUpdate } from './machine.ts';
import {
  alreadyAccepted,
  beginOperation,
  checkUpdatable,
  findStack,
  newStackRecord,
  setStatus,
  stackNamed,
} from './records.ts';

/** Milliseconds until a change set is worked out. */
const WORKED_OUT = 400;

const NO_CHANGE =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export const CHANGE_SET_OPERATIONS: Readonly<Record<string, QueryOperation>> = {
  CreateChangeSet: createChangeSet,
  DescribeChangeSet: context => {
    const { stack, changeSet } = changeSetOf(context);
    return describeChangeSet(stack, changeSet);
  },
  ExecuteChangeSet: executeChangeSet,
  DeleteChangeSet: context => {
    const { stack, changeSet } = changeSetOf(context);
    if (changeSet.executionStatus === 'EXECUTE_IN_PROGRESS') {
      throw invalidStatus(changeSet);
    }
    stack.changeSets.delete(changeSet.name);
    return {};
  },
  ListChangeSets: ({ account, region, form }) => {
    const stack = stackNamed(account, region, form.required('StackName'));
    return { Summaries: [...stack.changeSets.values()].map(each => summarizeChangeSet(stack, each)) };
  },
};

function createChangeSet({ world, account, region, form, now }: QueryContext): { Id: string; StackId: string } {
  const name = form.required('ChangeSetName');
  const stackName = form.required('StackName');
  const type = form.text('ChangeSetType') ?? 'UPDATE';
  if (type !== 'UPDATE' && type !== 'CREATE') {
    throw validationError(`ChangeSetType ${type} is not supported by this sandbox.`);
  }
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/u.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const found = findStack(account, region, stackName);
  if (type === 'CREATE' && found !== undefined && found.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  if (type === 'UPDATE') {
    checkUpdatable(stackNamed(account, region, stackName));
  }
  if (found?.changeSets.has(name)) {
    throw new AwsFault(400, 'AlreadyExistsException', `ChangeSet ${name} cannot be created as it already exists`);
  }
  const input = readInput(form, type === 'UPDATE' ? found : undefined);
  const stack = found ?? newStackRecord(world, account, region, stackName, { status: 'REVIEW_IN_PROGRESS', now });
  if (found === undefined) {
    setStatus(world, stack, 'REVIEW_IN_PROGRESS', now, 'User Initiated');
  }
  const change = compare(account, stack, input);
  const description = form.text('Description');
  const changeSet: ChangeSetRecord = {
    name,
    id: `${stack.id.slice(0, stack.id.indexOf(':stack/'))}:changeSet/${name}/${newUuid(world)}`,
    type,
    status: 'CREATE_IN_PROGRESS',
    executionStatus: 'UNAVAILABLE',
    input,
    changes: change.resources,
    ...(description === undefined ? {} : { description }),
    createdAt: now,
  };
  stack.changeSets.set(name, changeSet);
  schedule(world, now + WORKED_OUT, () => {
    if (change.changed) {
      changeSet.status = 'CREATE_COMPLETE';
      changeSet.executionStatus = 'AVAILABLE';
    } else {
      changeSet.status = 'FAILED';
      changeSet.statusReason = NO_CHANGE;
    }
  });
  return { Id: changeSet.id, StackId: stack.id };
}

function executeChangeSet(context: QueryContext): Record<string, never> {
  const { world, account, form, now } = context;
  const { stack, changeSet } = changeSetOf(context);
  if (alreadyAccepted(stack, 'ExecuteChangeSet', readToken(form))) {
    return {};
  }
  if (changeSet.executionStatus !== 'AVAILABLE') {
    throw invalidStatus(changeSet);
  }
  beginOperation(stack, readToken(form));
  if (changeSet.type === 'CREATE') {
    beginCreate(world, account, stack, changeSet.input, 'ROLLBACK', now);
  } else {
    checkUpdatable(stack);
    beginUpdate(world, account, stack, changeSet.input, now);
  }
  changeSet.executionStatus = 'EXECUTE_COMPLETE';
  // The others were worked out against a stack that is no more.
  for (const other of stack.changeSets.values()) {
    if (other !== changeSet) {
      stack.changeSets.delete(other.name);
    }
  }
  return {};
}

function changeSetOf({ account, region, form }: QueryContext): { stack: StackRecord; changeSet: ChangeSetRecord } {
  const name = form.required('ChangeSetName');
  const stackName = form.text('StackName');
  const stacks =
    stackName === undefined
      ? [...account.stacks.values()].filter(each => each.region === region)
      : [stackNamed(account, region, stackName)];
  for (const stack of stacks) {
    for (const changeSet of stack.changeSets.values()) {
      if (changeSet.id === name || (stackName !== undefined && changeSet.name === name)) {
        return { stack, changeSet };
      }
    }
  }
  throw changeSetMissing(name);
}

function invalidStatus(changeSet: ChangeSetRecord): AwsFault {
  return new AwsFault(
    400,
    'InvalidChangeSetStatus',
    `ChangeSet [${changeSet.id}] cannot be executed in its current execution status of [${changeSet.executionStatus}]`,
  );
}
