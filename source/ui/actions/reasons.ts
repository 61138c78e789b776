import type { ActionContext, ActionSpec, Need, PlanPhase } from './action.ts';

const reasons: Readonly<Record<Need, (context: ActionContext) => string | undefined>> = {
  row: ({ row }) => {
    if (!row) return 'there is no row';
    if (!row.ghost) return undefined;
    return row.elsewhere ? 'that row is not in this table' : 'that row is gone';
  },
  association: context => {
    const reason = reasons.row(context);
    if (reason !== undefined) return reason;
    if (context.row?.association === 'unread') return 'its association has not been read yet';
    return context.row?.association === 'one' ? undefined : 'it has no association';
  },
  'own-association': context =>
    reasons.association(context) ?? (context.row?.owner ? `the add-on ${context.row.owner} owns it` : undefined),
  write: ({ readOnly }) => readOnly,
  'own-plan': ({ resumed }) => (resumed ? 'a run that is taken up again stays as it was approved' : undefined),
};

/** Why a need is not met; undefined: it is. */
export const reasonOf = (need: Need, context: ActionContext): string | undefined => reasons[need](context);

const phaseText: Readonly<Record<PlanPhase, string>> = {
  planning: 'it is being planned',
  unplanned: 'there is no plan',
  ready: 'nothing of the plan has been done yet',
  empty: 'there is nothing to do',
  running: 'the plan is running',
  finished: 'the run has ended; <p> plans again',
};

/** Why an action cannot be used now; undefined: it can. */
export function reasonAgainst(action: ActionSpec, context: ActionContext): string | undefined {
  for (const need of action.needs ?? []) {
    const reason = reasonOf(need, context);
    if (reason !== undefined) return reason;
  }
  const { plan } = context;
  const outside = plan !== undefined && action.phases !== undefined && !action.phases.includes(plan);
  return action.disabledReason?.(context) ?? (outside ? phaseText[plan] : undefined);
}
