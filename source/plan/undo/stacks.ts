import type { RoleStack } from '../../identity/facts.ts';
import { known, unread } from '../../identity/reading.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { sameDocument } from '../../identity/trust-policy.ts';
import type { CreateRoleStack, DeleteRoleStack, UpdateRoleStack, Value } from '../action.ts';
import { type Leaving, usersOfRole } from '../delete/role-users.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { deleteStack, roleOf, updateStack } from '../role-stack/nodes.ts';
import { stackRole } from '../role-stack/stacks.ts';
import { gapText } from '../subjects.ts';
import { ownTags } from '../trust-write.ts';
import type { Prior, Written } from './journaled.ts';

type Skip = (list: 'skipped' | 'held' | 'same', reason: string) => undefined;

const skipFor =
  (subject: string, findings: Findings): Skip =>
  (list, reason) => {
    findings[list].push({ subject, reason });
    return undefined;
  };

/** The stack of a name as it is now; `unknown` where nobody could look. */
function stackNow({ stacks }: Snapshot, name: string): RoleStack | 'none' | 'unknown' {
  const reading = stacks?.get(name) ?? unread;
  if (reading.state !== 'read') return 'unknown';
  return reading.value ?? 'none';
}

const unknownText = (name: string): string => `stack ${name} could not be looked at, so it stays as it is`;

/** The stack that the run has made goes, unless something else has its role by now. */
export function takeStackAway(
  snapshot: Snapshot,
  { request, subject }: CreateRoleStack,
  { outputs }: Written,
  before: readonly ActionNode[],
  findings: Findings,
): ActionNode | undefined {
  const skip = skipFor(subject, findings);
  const { StackName: name } = request;
  const stack = stackNow(snapshot, name);
  if (stack === 'unknown') return skip('skipped', unknownText(name));
  if (stack === 'none') return skip('same', `stack ${name} is gone`);
  if (outputs.stackId === undefined)
    return skip('skipped', `whether stack ${name} is this run's is not known: resume the run, then undo it`);
  if (outputs.stackId !== stack.stackId) return skip('skipped', `stack ${name} was made since by others, so it stays`);
  const roleArn = stackRole(stack);
  if (roleArn === undefined) return deleteStack(snapshot, subject, stack, []);
  const use = usersOfRole(snapshot, roleArn, leavingBy(snapshot, before, roleArn));
  if ('gap' in use) return skip('held', `stack ${name} stays: whether others use its role is not known: ${use.gap}`);
  if (use.users.length > 0) return skip('held', `stack ${name} stays: ${use.users.join(', ')} has its role`);
  return deleteStack(
    snapshot,
    subject,
    stack,
    before.filter(node => takes(node, roleArn)).map(({ id }) => id),
  );
}

/** Whether an action takes the role from something. */
function takes({ action }: ActionNode, roleArn: string): boolean {
  switch (action.type) {
    case 'delete-association':
      return action.expects.roleArn === roleArn;
    case 'update-association':
      return action.expects.roleArn === roleArn && action.request.roleArn !== undefined;
    case 'update-addon':
      return (action.expects ?? []).some(gone => gone.roleArn === roleArn);
    default:
      return false;
  }
}

function leavingBy({ associations }: Snapshot, before: readonly ActionNode[], roleArn: string): Leaving {
  const subjects = before
    .filter(node => takes(node, roleArn))
    .flatMap(({ action }) => {
      if (action.type !== 'update-addon') return [action.subject];
      const gone = new Set((action.expects ?? []).map(({ serviceAccount }) => serviceAccount));
      return (known(associations) ?? [])
        .filter(each => each.ownerArn && gone.has(each.serviceAccount))
        .map(subjectText);
    });
  return { associations: new Set(subjects), accounts: new Set(), named: new Set() };
}

/** What makes a stack again, and the role that whoever had its old one gets. */
export type StackAgain = { readonly node?: ActionNode; readonly roleArn?: Value<string> };

/**
 * The stack that the run has deleted is made again as it was; its role has another ARN, unless the template names it. One
 * that was made again already serves as well.
 */
export function makeStackAgain(
  snapshot: Snapshot,
  { request, subject }: DeleteRoleStack,
  { stack: before, template }: Extract<Prior, { kind: 'role-stack' }>,
  findings: Findings,
): StackAgain {
  const tell = (list: 'skipped' | 'same', reason: string) => findings[list].push({ subject, reason });
  const { StackName: name } = request;
  const now = stackNow(snapshot, name);
  if (now === 'unknown') {
    tell('skipped', unknownText(name));
    return {};
  }
  if (now !== 'none') {
    const live = known(snapshot.templates?.get(name) ?? unread);
    const same = now.stackId === before.stackId || (live !== undefined && sameDocument(live, template));
    const roleArn = same ? stackRole(now) : undefined;
    if (roleArn === undefined) tell('skipped', `stack ${name} was made since by others, so it stays`);
    else tell('same', `stack ${name} is there`);
    return roleArn === undefined ? {} : { roleArn };
  }
  // Without them nobody knows who is to have its role.
  const gap = gapText(snapshot.associations);
  const obstacle = gap
    ? `the associations ${gap}`
    : Object.keys(before.parameters).length > 0
      ? 'it has parameters: make it again by hand, its template is in the journal'
      : undefined;
  if (obstacle) {
    tell('skipped', `stack ${name} is not made again: ${obstacle}`);
    return {};
  }
  const node = actionNode(
    { id: `stack:${name}`, title: `create IAM resources stack "${name}" again` },
    {
      ...place(snapshot.cluster, subject),
      type: 'create-role-stack',
      service: 'cloudformation',
      operation: 'CreateStack',
      request: {
        StackName: name,
        TemplateBody: template,
        Tags: ownTags(before.tags),
        Capabilities: before.capabilities,
        EnableTerminationProtection: before.terminationProtection,
      },
      undo: 'delete the stack',
    },
  );
  return { node, roleArn: roleOf(node) };
}

/** A template that the run has changed comes back, where it is as the run has left it. */
export function restoreStack(
  snapshot: Snapshot,
  { request, subject }: UpdateRoleStack,
  { prior }: Written,
  findings: Findings,
): ActionNode | undefined {
  if (prior.kind !== 'role-stack') return undefined;
  const skip = skipFor(subject, findings);
  const { StackName: name } = request;
  const now = stackNow(snapshot, name);
  const template = known(snapshot.templates?.get(name) ?? unread);
  if (now === 'unknown' || (now !== 'none' && template === undefined)) return skip('skipped', unknownText(name));
  if (now === 'none' || now.stackId !== prior.stack.stackId || template === undefined)
    return skip('skipped', `stack ${name} is gone or another one`);
  const tagsBack = sameTags(now.tags, prior.stack.tags);
  if (sameDocument(template, prior.template) && tagsBack) return skip('same', `stack ${name} is as it was`);
  if (!sameDocument(template, request.TemplateBody) && !sameDocument(template, prior.template))
    return skip('skipped', `the template of stack ${name} was changed since by others, so it is not overwritten`);
  const user = { id: name, subject, purpose: `"${subject}", as it was` };
  const { capabilities, tags, parameters } = prior.stack;
  return updateStack(
    snapshot,
    user,
    { ...now, tags, parameters },
    { before: template, after: prior.template, capabilities },
  );
}

function sameTags(one: RoleStack['tags'], other: RoleStack['tags']): boolean {
  const [a, b] = [Object.entries(ownTags(one)), ownTags(other)];
  return a.length === Object.keys(b).length && a.every(([key, value]) => b[key] === value);
}
