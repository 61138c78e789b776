import type { RoleStack } from '../../identity/facts.ts';
import { sameDocument } from '../../identity/trust-policy.ts';
import type { UpdateRoleStack } from '../../plan/action.ts';
import { ownTags, takesUpdates } from '../../plan/trust-edit.ts';
import type { PortError } from '../ports.ts';
import { changedSince, failure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';
import { isMoving, outputsOf, priorOf, stackRhythm } from './role-stack.ts';
import { firstCauses, lastWasBegunBy } from './stack-events.ts';

/** Gives a stack that makes a role another template and other tags, and waits until it is through. */
export async function updateRoleStack(action: UpdateRoleStack, context: PerformContext): Promise<Outputs> {
  const { StackName: name, StackId: id, ...request } = action.request;
  const { cloudformation } = context.ports;
  let seen: RoleStack | undefined;
  // CloudFormation itself says that the stack is as asked: tags and templates can differ in ways that mean nothing.
  let noChange = false;
  const stack = await converge(context, {
    look: async () => {
      seen = await orAbsent(cloudformation.describeStack(id, context.call));
      if (!seen || seen.status === 'DELETE_COMPLETE') throw failure('not-found', `stack ${name} is gone: plan again`);
      if (noChange && !isMoving(seen)) return asWanted(seen);
      return stateOf(seen, action, context);
    },
    prior: () => (seen ? priorOf(seen, context) : { kind: 'nothing' }),
    write: async () => {
      const input = {
        stackName: id,
        templateBody: request.TemplateBody,
        tags: request.Tags,
        capabilities: request.Capabilities,
        keepParameters: request.KeepParameters ?? [],
        clientRequestToken: context.token,
      };
      try {
        await cloudformation.updateStack(input, context.call);
      } catch (error) {
        noChange = isNoChange(error as PortError);
        throw error;
      }
    },
    settling: `stack ${name} does not show its update yet`,
    ...stackRhythm,
    retry: () => (noChange ? 0 : undefined),
  });
  return outputsOf(stack);
}

/** Everything that is wrong is a ValidationError, told apart by its text (observed). */
const isNoChange = ({ failure: { message } }: PortError): boolean => /no updates are to be performed/i.test(message);

async function stateOf(stack: RoleStack, action: UpdateRoleStack, context: PerformContext): Promise<Look<RoleStack>> {
  const { stackName: name, stackId: id, status } = stack;
  if (isMoving(stack)) return busy(`stack ${name} is ${status}`);
  const template = await context.ports.cloudformation.getTemplate(id, context.call);
  const { TemplateBody: wanted, Tags: tags } = action.request;
  if (sameDocument(template, wanted) && sameTags(stack, tags)) return asWanted(stack);
  if (/ROLLBACK|FAILED/.test(status) && (await lastWasBegunBy(context.token, id, context)))
    throw failure('invalid', `stack ${name} rolled the update back${await firstCauses(id, 'UPDATE', context)}`);
  if (!takesUpdates(status)) throw failure('invalid', `stack ${name} is ${status} and takes no update`);
  if (sameDocument(template, action.expects.TemplateBody) || sameDocument(template, wanted)) return toDo;
  throw changedSince(`the template of stack ${name}`);
}

function sameTags(stack: RoleStack, wanted: Readonly<Record<string, string>>): boolean {
  const has = ownTags(stack.tags);
  const keys = Object.keys(wanted);
  return keys.length === Object.keys(has).length && keys.every(key => has[key] === wanted[key]);
}
