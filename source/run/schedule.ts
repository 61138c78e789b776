import type { ActionNode } from '../plan/plan.ts';
import { makerOf } from './clean-up.ts';

/**
 * An action that will not run, and why; `held`: because it waits behind a gate that is not passed; `unneeded`: a clean-up
 * for a failure that did not come.
 */
export type Skip = { readonly node: ActionNode; readonly reason: string; readonly as: 'skipped' | 'held' | 'unneeded' };

/** `unknown`: stopped in flight. */
export type Settled = 'done' | 'failed' | 'skipped' | 'held' | 'unknown';

type Entry = {
  readonly node: ActionNode;
  /** Ids that have to settle before it can start. */
  readonly open: Set<string>;
  state: 'waiting' | 'ready' | 'running' | Settled;
};

/**
 * Which action may start when. What an action needs must be done first; a clean-up waits for its action to fail. Pure
 * bookkeeping: no clock, no promises.
 */
export class Schedule {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #dependents = new Map<string, Entry[]>();
  readonly #ready: Entry[] = [];

  /**
   * Throws when two actions have the same id: such a plan means nothing.
   *
   * @param done ids that an earlier sitting has done: they do not run again; `settle` them to open the way for others
   */
  constructor(nodes: readonly ActionNode[], done: ReadonlySet<string> = new Set()) {
    const entries = new Map<string, Entry>();
    for (const node of nodes) {
      if (entries.has(node.id)) throw new Error(`the plan has two actions with the id "${node.id}"`);
      const open = new Set([...node.needs, ...waitsFor(node, nodes)]);
      entries.set(node.id, { node, open, state: 'waiting' });
    }
    this.#entries = entries;
    for (const entry of entries.values()) {
      if (done.has(entry.node.id)) {
        entry.state = 'done';
        continue;
      }
      for (const id of entry.open) this.#dependents.set(id, [...(this.#dependents.get(id) ?? []), entry]);
      if (entry.open.size === 0) this.#makeReady(entry);
    }
  }

  /** The next action that may start, in plan order; it counts as running from here on. */
  next(): ActionNode | undefined {
    const entry = this.#ready.shift();
    if (!entry) return undefined;
    entry.state = 'running';
    return entry.node;
  }

  /** Takes note of how a running action ended; gives those that cannot run any more. */
  settle(id: string, outcome: Settled): readonly Skip[] {
    const entry = this.#entries.get(id);
    if (entry) entry.state = outcome;
    const skips: Skip[] = [];
    const news: (readonly [string, Settled])[] = [[id, outcome]];
    for (const [settled, how] of news) {
      for (const dependent of this.#dependents.get(settled) ?? []) {
        if (dependent.state !== 'waiting') continue;
        const reason = obstacle(dependent.node, this.#entries.get(settled)?.node, settled, how);
        if (reason === undefined) {
          dependent.open.delete(settled);
          if (dependent.open.size === 0) this.#makeReady(dependent);
        } else {
          const as = dependent.node.onlyIfFails === settled ? 'unneeded' : how === 'held' ? 'held' : 'skipped';
          dependent.state = as === 'held' ? 'held' : 'skipped';
          skips.push({ node: dependent.node, reason, as });
          news.push([dependent.node.id, dependent.state]);
        }
      }
    }
    return skips;
  }

  /** Gives up everything that has not started. */
  stop(reason: string): readonly Skip[] {
    this.#ready.length = 0;
    const rest = [...this.#entries.values()].filter(({ state }) => state === 'waiting' || state === 'ready');
    for (const entry of rest) entry.state = 'skipped';
    return rest.map(({ node }) => ({ node, reason, as: this.#isDue(node) ? 'skipped' : 'unneeded' }));
  }

  /** Whether there would be something to do: for a clean-up, only once its action has failed. */
  #isDue({ onlyIfFails }: ActionNode): boolean {
    return onlyIfFails === undefined || this.#entries.get(onlyIfFails)?.state === 'failed';
  }

  #makeReady(entry: Entry): void {
    entry.state = 'ready';
    this.#ready.push(entry);
  }
}

/** Of a clean-up: the action that has to fail, and the one that makes what it would take away. */
function waitsFor(node: ActionNode, nodes: readonly ActionNode[]): readonly string[] {
  if (node.onlyIfFails === undefined) return [];
  const maker = makerOf(node, nodes);
  return [node.onlyIfFails, ...(maker ? [maker.id] : [])];
}

/** Why an action cannot run after one that it waits for has ended this way; undefined when it still can. */
function obstacle(node: ActionNode, other: ActionNode | undefined, id: string, how: Settled): string | undefined {
  const title = other?.title ?? id;
  if (node.onlyIfFails === id) return how === 'failed' ? undefined : `not needed: "${title}" did not fail`;
  // What a clean-up takes away may have ended in any way, so long as it has ended.
  if (how === 'done' || !node.needs.includes(id)) return undefined;
  return how === 'held' ? `it waits for "${title}", which is held` : `it needs "${title}", which ${fate[how]}`;
}

const fate = { failed: 'failed', skipped: 'was skipped', unknown: 'was stopped in flight' } as const;
