import { actions, type Evidence, type GroupNode, type Plan, type PlanNode, type Stage } from '../../plan/plan.ts';

const stages: readonly Stage[] = ['agent', 'trust', 'associate', 'restart', 'retire'];

const titles: Readonly<Record<Stage, string>> = {
  agent: 'agent and platform',
  trust: 'trust policies',
  associate: 'associations',
  restart: 'restart and verify',
  retire: 'retire IRSA',
};

const stageOfGate: Readonly<Record<Evidence['gate'], Stage>> = {
  agent: 'agent',
  platform: 'agent',
  sdk: 'agent',
  trust: 'trust',
  owner: 'trust',
  'session-tags': 'associate',
  retire: 'retire',
};

/** A stage of a migration as the screen shows it: what was checked for it, and what it does. */
export type StagePart = {
  readonly stage: Stage;
  /** Its id is no id of the plan's. */
  readonly group: GroupNode;
  readonly evidence: readonly Evidence[];
};

const stageOf = (node: PlanNode): Stage | undefined => actions(node)[0]?.stage;

/** A group that is all there is of a stage says nothing of its own: its members stand in its place. */
function members(nodes: readonly PlanNode[]): readonly PlanNode[] {
  const [only, ...more] = nodes;
  return only && only.kind !== 'action' && more.length === 0 ? only.children : nodes;
}

/**
 * The stages of a plan that has any, in order; and whatever has no stage, which is all there is of other plans.
 * Only the grouping is the screen's: the actions are the plan's own.
 */
export function stageParts(plan: Plan): {
  readonly parts: readonly StagePart[];
  readonly rest: readonly PlanNode[];
} {
  const parts = stages.flatMap((stage): readonly StagePart[] => {
    const nodes = plan.root.children.filter(node => stageOf(node) === stage);
    const evidence = (plan.evidence ?? []).filter(item => stageOfGate[item.gate] === stage);
    if (nodes.length + evidence.length === 0) return [];
    const group: GroupNode = {
      id: `#stage:${stage}`,
      title: titles[stage],
      kind: 'sequence',
      children: members(nodes),
    };
    return [{ stage, group, evidence }];
  });
  return { parts, rest: plan.root.children.filter(node => stageOf(node) === undefined) };
}

/** Of several verdicts the one that a reader should see: what holds back before what is not known. */
export function worst(evidence: readonly Evidence[]): Evidence['verdict'] {
  const order: readonly Evidence['verdict'][] = ['held', 'unknown', 'warning', 'ok'];
  return order.find(verdict => evidence.some(item => item.verdict === verdict)) ?? 'ok';
}
