import type { Failure } from '../../identity/reading.ts';
import type { ClusterRef } from '../../identity/scope.ts';
import type { RolePolicy, Workbench } from '../../read/workbench.ts';
import { asFailure } from '../state/plan-session.ts';
import { Store } from '../state/store.ts';
import { arnName } from '../text/arn.ts';

export type RolePolicyList = {
  readonly phase: 'unread' | 'reading' | 'read' | 'failed';
  readonly items: readonly RolePolicy[];
  readonly failure?: Failure;
};

const nothing: RolePolicyList = { phase: 'unread', items: [] };

/** What roles may do, by their ARN: read when somebody looks, and again when that is asked for. */
export class RolePolicyWatch {
  readonly #store = new Store<ReadonlyMap<string, RolePolicyList>>(new Map());
  readonly #workbench: Workbench;
  readonly #ended: AbortSignal;

  constructor(workbench: Workbench, ended: AbortSignal) {
    this.#workbench = workbench;
    this.#ended = ended;
  }

  readonly get = (): ReadonlyMap<string, RolePolicyList> => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  of(arn: string): RolePolicyList {
    return this.get().get(arn) ?? nothing;
  }

  /** Reads those of a role that a cluster uses, once; `again` also where they are there. Never rejects. */
  async read(cluster: ClusterRef, arn: string, again = false): Promise<void> {
    const { phase } = this.of(arn);
    if (phase === 'reading' || (phase !== 'unread' && !again)) return;
    const set = (list: RolePolicyList) => this.#store.update(lists => new Map(lists).set(arn, list));
    set({ phase: 'reading', items: [] });
    try {
      if (!this.#workbench.rolePolicies) throw new Error('policies cannot be read here');
      if (arn.split(':')[4] !== cluster.account) throw new Error("the role is in another account than the cluster's");
      for await (const policy of this.#workbench.rolePolicies(cluster, arnName(arn), { signal: this.#ended }))
        set({ phase: 'reading', items: [...this.of(arn).items, policy] });
      set({ phase: 'read', items: this.of(arn).items });
    } catch (error) {
      set({ phase: 'failed', items: this.of(arn).items, failure: asFailure(error) });
    }
  }
}
