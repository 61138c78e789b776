import type { Failure } from '../../identity/reading.ts';
import { actions, type Plan, type PlanNode } from '../../plan/plan.ts';
import type { ActionStatus, RunEvent, RunResult } from '../../run/event.ts';
import type { RequestNote } from '../../run/ports.ts';

export type NodeProgress = {
  readonly status: ActionStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly attempt?: number;
  /** Why it waits, failed or was skipped. */
  readonly reason?: string;
  readonly failure?: Failure;
  /** Waits for credentials that ran out. */
  readonly paused?: true;
};

/** A run as far as its events told. */
export type RunProgress = {
  readonly nodes: ReadonlyMap<string, NodeProgress>;
  readonly total: number;
  /** Actions that will not change any more. */
  readonly ended: number;
  readonly failed: number;
  readonly held: number;
  readonly unknown: number;
  readonly running: number;
  /** Of those that run: they wait for credentials. */
  readonly paused: number;
  /** Tries beyond the first that requests took: throttling, and what else went away by itself. */
  readonly retries: number;
  readonly startedAt: number;
  /** Newest last, capped. */
  readonly stream: readonly RequestNote[];
  readonly result?: RunResult;
};

const streamLength = 200;

export const newProgress = (plan: Plan, startedAt: number): RunProgress => ({
  nodes: new Map(),
  // Clean-ups run only when something fails, so they are not part of what there is to do.
  total: actions(plan.root).filter(node => node.onlyIfFails === undefined).length,
  ended: 0,
  failed: 0,
  held: 0,
  unknown: 0,
  running: 0,
  paused: 0,
  retries: 0,
  startedAt,
  stream: [],
});

/** A run as it is when it is taken up again: what is done stays, everything else waits once more. */
export function afterResume(before: RunProgress, plan: Plan, startedAt: number): RunProgress {
  const fresh = newProgress(plan, startedAt);
  const done = [...before.nodes].filter(([, { status }]) => status === 'done' || status === 'already');
  return { ...fresh, nodes: new Map(done), ended: done.length };
}

function change(progress: RunProgress, id: string, node: NodeProgress): RunProgress {
  const before = progress.nodes.get(id);
  const ended = (status: ActionStatus | undefined) =>
    status !== undefined && status !== 'waiting' && status !== 'running';
  const delta = (is: (status: ActionStatus | undefined) => boolean) =>
    Number(is(node.status)) - Number(is(before?.status));
  return {
    ...progress,
    nodes: new Map(progress.nodes).set(id, node),
    ended: progress.ended + delta(ended),
    failed: progress.failed + delta(status => status === 'failed'),
    held: progress.held + delta(status => status === 'held'),
    unknown: progress.unknown + delta(status => status === 'unknown'),
    running: progress.running + delta(status => status === 'running'),
    paused: progress.paused + Number(node.paused === true) - Number(before?.paused === true),
  };
}

/** Pure: one event later. */
export function advance(progress: RunProgress, event: RunEvent): RunProgress {
  switch (event.type) {
    case 'started':
      return change(progress, event.id, { status: 'running', startedAt: event.at });
    case 'waiting': {
      const before = progress.nodes.get(event.id);
      return change(progress, event.id, {
        status: 'running',
        startedAt: before?.startedAt ?? event.at,
        attempt: event.attempt,
        reason: event.reason,
      });
    }
    case 'done':
      // A run that is taken up again tells first what earlier sittings have done: that it did it stays told.
      if (event.outcome === 'already' && progress.nodes.get(event.id)?.status === 'done') return progress;
      return change(progress, event.id, { ...started(progress, event.id), status: event.outcome, endedAt: event.at });
    case 'failed':
      return change(progress, event.id, {
        ...started(progress, event.id),
        status: 'failed',
        endedAt: event.at,
        reason: event.failure.message,
        failure: event.failure,
      });
    case 'skipped':
      return change(progress, event.id, { status: 'skipped', endedAt: event.at, reason: event.reason });
    case 'held':
      return change(progress, event.id, { status: 'held', endedAt: event.at, reason: event.reason });
    case 'unknown':
      return change(progress, event.id, {
        ...started(progress, event.id),
        status: 'unknown',
        endedAt: event.at,
        reason: 'in flight when the run was stopped: whether it took effect is not known',
      });
    case 'paused':
      return change(progress, event.id, {
        ...started(progress, event.id),
        status: 'running',
        paused: true,
        reason: event.reason,
      });
    case 'request':
      return {
        ...progress,
        retries: progress.retries + Math.max(0, event.note.attempts - 1),
        stream: [...progress.stream.slice(1 - streamLength), event.note],
      };
    case 'finished':
      return { ...progress, running: 0, paused: 0, result: event.result };
  }
}

const started = (progress: RunProgress, id: string): { readonly startedAt?: number } => {
  const at = progress.nodes.get(id)?.startedAt;
  return at === undefined ? {} : { startedAt: at };
};

export type GroupProgress = {
  readonly status: ActionStatus;
  /** As planned, by this run or before it. */
  readonly done: number;
  readonly ended: number;
  readonly total: number;
  readonly running: number;
};

/** What a node of the tree amounts to: an action's own status, or what its children add up to. */
export function nodeProgress(node: PlanNode, progress: RunProgress | undefined): GroupProgress {
  if (node.kind === 'action') {
    const status = progress?.nodes.get(node.id)?.status ?? 'waiting';
    const ended = status !== 'waiting' && status !== 'running' ? 1 : 0;
    const done = status === 'done' || status === 'already' ? 1 : 0;
    return { status, done, ended, total: 1, running: status === 'running' ? 1 : 0 };
  }
  const parts = node.children.map(child => nodeProgress(child, progress));
  const sum = (pick: (part: GroupProgress) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const has = (status: ActionStatus) => parts.some(part => part.status === status);
  const all = {
    done: sum(part => part.done),
    ended: sum(part => part.ended),
    total: sum(part => part.total),
    running: sum(part => part.running),
  };
  if (has('failed')) return { ...all, status: 'failed' };
  if (has('unknown')) return { ...all, status: 'unknown' };
  if (all.running > 0 || (all.ended > 0 && all.ended < all.total)) return { ...all, status: 'running' };
  if (all.total > 0 && all.ended === all.total) {
    const status = has('held') ? 'held' : has('done') ? 'done' : has('already') ? 'already' : 'skipped';
    return { ...all, status };
  }
  return { ...all, status: parts.length === 0 ? 'already' : 'waiting' };
}
