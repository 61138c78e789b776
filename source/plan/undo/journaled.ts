import type { Association, RoleStack, ServiceAccount } from '../../identity/facts.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import { type Action, isRef, type Value } from '../action.ts';
import { type ActionNode, actions, type Plan } from '../plan.ts';

/** What undo needs of a run's journal; `JournalContent` of source/run/journal.ts is one. */
export type Journaled = { readonly records: readonly JournaledRecord[] };

export type JournaledRecord =
  | { readonly type: 'begin'; readonly plan: Plan }
  | { readonly type: 'before'; readonly id: string; readonly prior: Prior }
  | {
      readonly type: 'after';
      readonly id: string;
      readonly outputs?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'resume' }
  | { readonly type: 'end' };

/** The state before a write, as far as undo uses it. */
export type Prior =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'trust'; readonly document: string }
  | { readonly kind: 'stack'; readonly document: string; readonly template: string }
  | { readonly kind: 'role-stack'; readonly stack: RoleStack; readonly template: string }
  | { readonly kind: 'service-account'; readonly found: ServiceAccount | null }
  | { readonly kind: 'association'; readonly described: Association | null }
  | { readonly kind: 'annotations'; readonly annotations: Readonly<Record<string, string | null>> }
  | { readonly kind: 'workload' };

/**
 * An action that the run has written, or may have written: its prior state was put down, which is done right before a
 * write. The world decides whether it took effect.
 */
export type Written = {
  readonly node: ActionNode;
  /** Before the run's first write: a later sitting writes down what the earlier one has left. */
  readonly prior: Prior;
  readonly outputs: Readonly<Record<string, string>>;
};

/** The plan of a run and what it has written, in the order of the plan. */
export function writtenBy({
  records,
}: Journaled): Result<{ readonly plan: Plan; readonly written: readonly Written[] }> {
  const priors = new Map<string, Prior>();
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  let plan: Plan | undefined;
  for (const record of records) {
    if (record.type === 'begin') plan ??= record.plan;
    if (record.type === 'before' && !priors.has(record.id)) priors.set(record.id, record.prior);
    if (record.type === 'after' && record.outputs) outputs.set(record.id, record.outputs);
  }
  if (!plan) return refused('the journal does not say what was approved: its first record is missing');
  const written = actions(plan.root).flatMap(node => {
    const prior = priors.get(node.id);
    if (!prior) return [];
    return [{ node: { ...node, action: resolved(node.action, outputs) }, prior, outputs: outputs.get(node.id) ?? {} }];
  });
  return ok({ plan, written });
}

type AllOutputs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** With the roles that earlier actions of the run have made in place of what stood for them. */
function resolved(action: Action, outputs: AllOutputs): Action {
  const known = (value: Value<string>): Value<string> =>
    isRef(value) ? (outputs.get(value.$from)?.[value.output] ?? value) : value;
  switch (action.type) {
    case 'create-association':
      return { ...action, request: { ...action.request, roleArn: known(action.request.roleArn) } };
    case 'update-association': {
      const { roleArn } = action.request;
      return roleArn === undefined ? action : { ...action, request: { ...action.request, roleArn: known(roleArn) } };
    }
    case 'update-addon': {
      const podIdentityAssociations = action.request.podIdentityAssociations.map(each => ({
        ...each,
        roleArn: known(each.roleArn),
      }));
      return { ...action, request: { ...action.request, podIdentityAssociations } };
    }
    default:
      return action;
  }
}
