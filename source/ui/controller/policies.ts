import type { ClusterRef } from '../../identity/scope.ts';
import type { Workbench } from '../../read/workbench.ts';
import { asFailure } from '../state/plan-session.ts';
import { noPolicies, type PolicyList } from '../state/policy-list.ts';
import { Store } from '../state/store.ts';

/** The managed policies of each account, read once when somebody is about to choose from them. */
export class Policies {
  readonly #store = new Store<ReadonlyMap<string, PolicyList>>(new Map());
  readonly #workbench: Workbench;
  readonly #ended: AbortSignal;

  constructor(workbench: Workbench, ended: AbortSignal) {
    this.#workbench = workbench;
    this.#ended = ended;
  }

  readonly get = (): ReadonlyMap<string, PolicyList> => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  of(account: string | undefined): PolicyList {
    return (account === undefined ? undefined : this.get().get(account)) ?? noPolicies;
  }

  /** Starts reading those of the cluster's account, unless they are there; again, where it failed. Never rejects. */
  async want(cluster: ClusterRef): Promise<void> {
    const { phase } = this.of(cluster.account);
    if (phase === 'reading' || phase === 'read') return;
    const set = (list: PolicyList) => this.#store.update(lists => new Map(lists).set(cluster.account, list));
    set({ phase: 'reading', items: [] });
    try {
      if (!this.#workbench.managedPolicies) throw new Error('policies cannot be listed here');
      for await (const page of this.#workbench.managedPolicies(cluster, { signal: this.#ended }))
        set({ phase: 'reading', items: [...this.of(cluster.account).items, ...page] });
      set({ phase: 'read', items: this.of(cluster.account).items });
    } catch (error) {
      set({ phase: 'failed', items: this.of(cluster.account).items, failure: asFailure(error) });
    }
  }
}
