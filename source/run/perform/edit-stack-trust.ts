import type { RoleStack } from '../../identity/facts.ts';
import { parseTemplate, sameButTrust, setTemplateTrust } from '../../identity/template.ts';
import { canonical } from '../../identity/trust-policy.ts';
import type { EditStackTrust } from '../../plan/action.ts';
import { ownTags, takesUpdates } from '../../plan/trust-edit.ts';
import type { PriorState } from '../journal.ts';
import { PortError } from '../ports.ts';
import { changedSince, failure, type Outputs, type PerformContext } from './context.ts';
import { busy, converge, type Look } from './converge.ts';
import { firstCauses } from './stack-events.ts';
import { lookAtTrust, roleNameOf } from './trust-look.ts';

/**
 * Changes a role through the stack that owns it, so that the stack does not take the change back later: the template as
 * it is now, with the live trust policy and the edit in place of the role's own; tags, capabilities and parameters stay.
 */
export async function editStackTrust(action: EditStackTrust, context: PerformContext): Promise<Outputs> {
  const { StackName: name } = action.request;
  const watch = new StackWatch(action, context);
  const roleArn = await converge(context, {
    look: wrote => watch.look(wrote),
    prior: () => watch.prior(),
    write: () => watch.update(),
    settling: `stack ${name} has not brought the new trust policy yet`,
    every: 2_000,
    atMost: 30 * 60_000,
  });
  return { roleArn };
}

/** Looks at which an unchanged status after our update is taken for its result rather than for a stale answer. */
const patience = 3;

class StackWatch {
  readonly #action: EditStackTrust;
  readonly #context: PerformContext;
  #stack: RoleStack | undefined;
  /** What the update sends, made from the template that was read for it. */
  #body = '';
  #document = '';
  /** Status before our update. */
  #before = '';
  #looks = 0;
  #moved = false;

  constructor(action: EditStackTrust, context: PerformContext) {
    this.#action = action;
    this.#context = context;
  }

  async look(wrote: boolean): Promise<Look<string>> {
    const { StackName: name, StackId: id } = this.#action.request;
    const { cloudformation } = this.#context.ports;
    const stack = await cloudformation.describeStack(id, this.#context.call);
    const { status } = stack;
    this.#moved ||= wrote && status !== this.#before;
    if (status.endsWith('_IN_PROGRESS')) return busy(`stack ${name} is ${status}`);
    if (!wrote) this.#before = status;
    else this.#looks += 1;
    if (wrote && this.#isOurs(status))
      throw failure('invalid', `${outcomeText(name, status)}${await firstCauses(id, 'UPDATE', this.#context)}`);
    if (!takesUpdates(status)) throw failure('invalid', `stack ${name} is ${status} and takes no update`);
    this.#stack = stack;
    const { roleArn, intent, expects, trustPolicy: wants } = this.#action;
    return lookAtTrust(this.#context, { roleArn, intent, expects, wants }, document => {
      this.#document = document;
    });
  }

  /** All that an update could change, read right before it. Throws when it is not what the plan was made from. */
  async prior(): Promise<PriorState> {
    const stack = this.#readStack();
    this.#refuseOther(stack);
    const template = await this.#context.ports.cloudformation.getTemplate(stack.stackId, this.#context.call);
    this.#body = await this.#edited(template);
    return {
      kind: 'stack',
      stackName: stack.stackName,
      roleArn: this.#action.roleArn,
      document: this.#document,
      template,
      parameters: stack.parameters,
      capabilities: stack.capabilities,
      tags: stack.tags,
    };
  }

  #readStack(): RoleStack {
    if (this.#stack) return this.#stack;
    throw failure('unknown', `stack ${this.#action.request.StackName} was not read`);
  }

  /** Whether a status of failure is the outcome of our update rather than what was there before it. */
  #isOurs(status: string): boolean {
    return /ROLLBACK|FAILED/.test(status) && (this.#moved || this.#looks >= patience);
  }

  async update(): Promise<void> {
    const { StackName: name, StackId: id } = this.#action.request;
    const { cloudformation } = this.#context.ports;
    const stack = this.#readStack();
    try {
      await cloudformation.updateStack(
        {
          stackName: id,
          templateBody: this.#body,
          capabilities: stack.capabilities,
          tags: ownTags(stack.tags),
          keepParameters: Object.keys(stack.parameters),
          clientRequestToken: this.#context.token,
        },
        this.#context.call,
      );
    } catch (error) {
      if (error instanceof PortError && /no updates are to be performed/i.test(error.failure.message))
        throw failure('invalid', `${drifted(name)}: change the role back or update the stack by hand`);
      throw error;
    }
  }

  /** Tags, capabilities and parameters are sent along as they are, so they have to be what the plan shows. */
  #refuseOther({ tags, capabilities, parameters }: RoleStack): void {
    const { StackName: name, Tags, Capabilities, KeepParameters } = this.#action.request;
    const same = (one: readonly string[], other: readonly string[]) =>
      canonical(one.toSorted()) === canonical(other.toSorted());
    if (canonical(ownTags(tags)) !== canonical(Tags)) throw changedSince(`the tags of stack ${name}`);
    if (!same(capabilities, Capabilities)) throw changedSince(`the capabilities of stack ${name}`);
    if (KeepParameters && !same(Object.keys(parameters), KeepParameters))
      throw changedSince(`the parameters of stack ${name}`);
  }

  /** What the plan shows, as long as nothing else of the template has changed; else what it comes to now. */
  async #edited(text: string): Promise<string> {
    const { StackName: name, TemplateBody: planned } = this.#action.request;
    const refuse = (reason: string) => failure('invalid', `stack ${name} cannot be changed: ${reason}`);
    const template = parseTemplate(text);
    if (!template.ok) throw refuse(template.reason);
    const logicalId = await this.#logicalId();
    const edited = setTemplateTrust(template.value, logicalId, this.#action.trustPolicy);
    if (!edited.ok) throw refuse(edited.reason);
    if (planned === undefined) return edited.value;
    const shown = parseTemplate(planned);
    if (!shown.ok || !sameButTrust(shown.value, template.value, logicalId))
      throw changedSince(`the template of stack ${name}`);
    return planned;
  }

  async #logicalId(): Promise<string> {
    const { StackName: name, StackId: id } = this.#action.request;
    const role = roleNameOf(this.#action.roleArn);
    const resources = await this.#context.ports.cloudformation.stackResources(id, this.#context.call);
    const owned = resources.find(({ type, physicalId }) => type === 'AWS::IAM::Role' && physicalId === role);
    if (!owned) throw failure('invalid', `stack ${name} does not own role ${role} any more: plan again`);
    return owned.logicalId;
  }
}

const outcomeText = (stack: string, status: string): string =>
  status === 'UPDATE_ROLLBACK_COMPLETE' ? `stack ${stack} rolled the update back` : `stack ${stack} is ${status}`;

const drifted = (stack: string): string =>
  `the template of stack ${stack} has this trust policy already, but the role does not`;
