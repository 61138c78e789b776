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
  /** Skipped because something that it needs has failed. */
  broken?: true;
};

/**
 * Which action may start when. What an action needs must be done first; a clean-up waits for its action to fail, or to be
 * out of reach because something that it needs has failed. Pure bookkeeping: no clock, no promises.
 */
export class Schedule {
  readonly #nodes: readonly ActionNode[];
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
    this.#nodes = nodes;
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
        const skip = this.#obstacle(dependent, settled, how);
        if (skip) {
          dependent.state = skip.as === 'held' ? 'held' : 'skipped';
          if (skip.as === 'skipped' && outcome === 'failed') dependent.broken = true;
          skips.push(skip);
          news.push([dependent.node.id, dependent.state]);
        } else if (dependent.open.size === 0) this.#makeReady(dependent);
      }
    }
    return skips;
  }

  /** Takes a settled action off what the dependent waits for; or why it cannot run any more. */
  #obstacle({ node, open }: Entry, settled: string, how: Settled): Skip | undefined {
    const other = this.#entries.get(settled);
    const title = other?.node.title ?? settled;
    if (node.onlyIfFails === settled && how !== 'failed' && !other?.broken)
      return { node, reason: `not needed: "${title}" did not fail`, as: 'unneeded' };
    // What a clean-up takes away may have ended in any way, so long as it has ended.
    if (how !== 'done' && node.needs.includes(settled)) return { node, ...lacking(title, how) };
    open.delete(settled);
    if (open.size > 0 || this.#isDue(node)) return undefined;
    return { node, reason: 'not needed: there is nothing to clean up', as: 'unneeded' };
  }

  /** Gives up everything that has not started. */
  stop(reason: string): readonly Skip[] {
    this.#ready.length = 0;
    const rest = [...this.#entries.values()].filter(({ state }) => state === 'waiting' || state === 'ready');
    const skips = rest.map(({ node }): Skip => ({ node, reason, as: this.#isDue(node) ? 'skipped' : 'unneeded' }));
    for (const entry of rest) entry.state = 'skipped';
    return skips;
  }

  /**
   * Whether there is something to do: for a clean-up, once its action has failed; where that was never begun, once what is
   * to be taken away is there (a maker that fails has a clean-up of its own).
   */
  #isDue(node: ActionNode): boolean {
    if (node.onlyIfFails === undefined) return true;
    const failing = this.#entries.get(node.onlyIfFails);
    if (failing?.state === 'failed') return true;
    const maker = makerOf(node, this.#nodes);
    return failing?.broken === true && maker !== undefined && this.#entries.get(maker.id)?.state === 'done';
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

/** What becomes of an action that lacks what it needs. */
function lacking(title: string, how: Exclude<Settled, 'done'>): Pick<Skip, 'reason' | 'as'> {
  if (how === 'held') return { reason: `it waits for "${title}", which is held`, as: 'held' };
  return { reason: `it needs "${title}", which ${fate[how]}`, as: 'skipped' };
}

const fate = { failed: 'failed', skipped: 'was skipped', unknown: 'was stopped in flight' } as const;
