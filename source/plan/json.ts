import type { Action } from './action.ts';
import {
  type ActionNode,
  actions,
  type Evidence,
  type GroupNode,
  type Plan,
  type PlanNode,
  type Remark,
  type Stage,
} from './plan.ts';

/** The machine-readable answer of a command that writes; its schema is docs/plan.schema.json. */
export type ResultJson = {
  readonly plan: NodeJson;
  /** Null when nothing was carried out. */
  readonly run: string | null;
  readonly writes: number;
  readonly done: number;
  readonly failed: readonly RemarkJson[];
  readonly skipped: readonly RemarkJson[];
  readonly held: readonly RemarkJson[];
  readonly same: readonly RemarkJson[];
  /** Deleted or cut off though it was not named: needs approval. */
  readonly beyond: readonly RemarkJson[];
  readonly notes: readonly string[];
  readonly evidence: readonly Evidence[];
};

export type RemarkJson = Remark & { readonly id?: string };

export type NodeStatus =
  | 'waiting'
  | 'running'
  | 'done'
  | 'already'
  | 'failed'
  | 'skipped'
  | 'stopped'
  /** A gate is not passed: nothing was tried, nothing is wrong. */
  | 'held'
  /** In flight when the run was stopped at once: resume asks the world. */
  | 'unknown';

export type ActionJson = Pick<
  Action,
  'account' | 'region' | 'cluster' | 'service' | 'operation' | 'request' | 'command'
>;

export type NodeJson =
  | {
      readonly id: string;
      readonly title: string;
      readonly kind: 'sequence' | 'parallel';
      readonly children: readonly NodeJson[];
      readonly status: NodeStatus;
    }
  | {
      readonly id: string;
      readonly title: string;
      readonly kind: 'action';
      readonly needs: readonly string[];
      readonly onlyIfFails?: string;
      readonly stage?: Stage;
      readonly action: ActionJson;
      readonly status: NodeStatus;
    };

/** By action id; an action that is not listed is `waiting`. */
export type Statuses = ReadonlyMap<string, NodeStatus>;

/** The tree of a plan, with how far each action has come. */
export const planJson = (plan: Plan, statuses: Statuses = new Map()): NodeJson => nodeJson(plan.root, statuses);

/** What came of a run, as far as it goes into the answer. */
export type Outcome = {
  readonly run: string;
  readonly writes: number;
  readonly done: number;
  readonly failed: readonly RemarkJson[];
  readonly skipped: readonly RemarkJson[];
  readonly held?: readonly RemarkJson[];
};

/** The whole answer: of a plan alone, or of a plan and its run. */
export function resultJson(plan: Plan, outcome?: Outcome, statuses?: Statuses): ResultJson {
  return {
    plan: planJson(plan, statuses),
    run: outcome?.run ?? null,
    writes: outcome?.writes ?? 0,
    done: outcome?.done ?? 0,
    failed: outcome?.failed ?? [],
    skipped: [...plan.skipped, ...(outcome?.skipped ?? [])],
    held: [...plan.held, ...(outcome?.held ?? [])],
    same: plan.same,
    beyond: plan.beyond ?? [],
    notes: plan.notes,
    evidence: plan.evidence ?? [],
  };
}

function nodeJson(node: PlanNode, statuses: Statuses): NodeJson {
  return node.kind === 'action' ? actionJson(node, statuses) : groupJson(node, statuses);
}

function actionJson({ id, title, kind, needs, onlyIfFails, stage, action }: ActionNode, statuses: Statuses): NodeJson {
  const { account, region, cluster, service, operation, request, command } = action;
  return {
    id,
    title,
    kind,
    needs,
    ...(onlyIfFails !== undefined && { onlyIfFails }),
    ...(stage !== undefined && { stage }),
    action: { account, region, cluster, service, operation, request, command },
    status: statuses.get(id) ?? 'waiting',
  };
}

function groupJson(node: GroupNode, statuses: Statuses): NodeJson {
  const { id, title, kind, children } = node;
  const status = groupStatus(
    actions(node)
      .map(action => [action, statuses.get(action.id) ?? 'waiting'] as const)
      .filter(([action, own]) => isWanted(action, own))
      .map(([, own]) => own),
  );
  return { id, title, kind, children: children.map(child => nodeJson(child, statuses)), status };
}

/** A clean-up that is not needed says nothing of how far its group has come. */
export const isWanted = ({ onlyIfFails }: ActionNode, status: NodeStatus): boolean =>
  onlyIfFails === undefined || (status !== 'skipped' && status !== 'waiting');

/** A group has failed if anything in it has; it is done when all of it is. */
function groupStatus(children: readonly NodeStatus[]): NodeStatus {
  const has = (status: NodeStatus) => children.includes(status);
  for (const status of ['running', 'failed', 'unknown', 'stopped', 'skipped', 'held'] as const)
    if (has(status)) return status;
  if (has('waiting')) return children.every(status => status === 'waiting') ? 'waiting' : 'running';
  return has('done') || children.length === 0 ? 'done' : 'already';
}
