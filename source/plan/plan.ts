import type { ClusterRef } from '../identity/scope.ts';
import type { Action } from './action.ts';

export type ActionNode = {
  readonly id: string;
  /** One line that says what happens, in the documentation's words where it has any. */
  readonly title: string;
  readonly kind: 'action';
  /** Ids of the actions that must be done first. The tree is for reading; this is what orders a run. */
  readonly needs: readonly string[];
  readonly action: Action;
  readonly stage?: Stage;
  /** A clean-up: runs only if that action fails, or is out of reach because something that it needs has failed. */
  readonly onlyIfFails?: string;
};

/** The stages of a migration; each starts when what it needs of the one before is done. */
export type Stage = 'agent' | 'trust' | 'associate' | 'restart' | 'retire';

export type GroupNode = {
  readonly id: string;
  readonly title: string;
  readonly kind: 'sequence' | 'parallel';
  readonly children: readonly PlanNode[];
};

export type PlanNode = ActionNode | GroupNode;

/** Something the plan will not do now, with the reason and, where there is one, the command that would free it. */
export type Remark = {
  readonly subject: string;
  readonly reason: string;
  readonly command?: string;
  /** Left out because the user said so: no shortfall, and nothing to report as one. */
  readonly chosen?: true;
};

/** One check of a gate, with what it found. `unknown` never passes for `ok`. */
export type Evidence = {
  readonly gate: 'agent' | 'platform' | 'trust' | 'session-tags' | 'owner' | 'sdk' | 'retire';
  readonly subject: string;
  readonly verdict: 'ok' | 'held' | 'warning' | 'unknown';
  readonly detail: string;
};

/**
 * What a command would do, complete: the tree that is shown is the tree that runs. JSON-serialisable.
 */
export type Plan = {
  readonly version: 1;
  readonly command: 'create' | 'update' | 'delete' | 'apply' | 'migrate' | 'undo';
  readonly cluster: ClusterRef;
  /** Milliseconds since the epoch of the snapshot it was made from. */
  readonly readAt: number;
  readonly root: GroupNode;
  /** Odd things: reported, never an abort (design promise 5). */
  readonly skipped: readonly Remark[];
  /** Wanted, but a gate is not passed. */
  readonly held: readonly Remark[];
  /** What was checked before anything was planned, and what could not be: rows for the reader. */
  readonly evidence?: readonly Evidence[];
  /** Already as wanted. */
  readonly same: readonly Remark[];
  /**
   * What the plan deletes or cuts off that was not named by whoever asked for it, each with what it is: commands that act at
   * once print such a plan instead, until it is approved.
   */
  readonly beyond?: readonly Remark[];
  /** What a reader should know before approving: shared roles, what is not checked. */
  readonly notes: readonly string[];
};

/** Every action of the plan in reading order. */
export function actions(node: PlanNode): readonly ActionNode[] {
  return node.kind === 'action' ? [node] : node.children.flatMap(actions);
}
