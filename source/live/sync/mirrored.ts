import type { Namespace, Pod, ServiceAccount } from '../../identity/facts.ts';
import type { Failure } from '../../identity/reading.ts';
import type { Change } from '../store/change.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import { keyOf } from '../store/keys.ts';
import type { Store } from '../store/store.ts';

/** Where the objects of one kind go. */
export type Sink<T> = {
  /** These are all there are. */
  readonly replace: (items: readonly T[]) => void;
  readonly put: (item: T) => void;
  readonly remove: (item: T) => void;
  /** What was given is what the server has, at this time. */
  readonly covered: (at: number) => void;
  readonly failed: (failure: Failure, at: number) => void;
};

/**
 * Takes what a cluster's API server tells into its facts, and logs what changed. What the first list holds is not new.
 */
export class Mirrored {
  readonly #store: Store;
  readonly #facts: ClusterFacts;

  constructor(store: Store, facts: ClusterFacts) {
    this.#store = store;
    this.#facts = facts;
  }

  namespaces(): Sink<Namespace> {
    const facts = this.#facts;
    const put = (namespace: Namespace) => {
      const change = facts.putNamespace(namespace);
      if (change === 'new') this.#say(facts.namespacesRead.state, `namespace ${namespace.name} is new`);
    };
    const remove = (name: string) => {
      if (facts.deleteNamespace(name)) this.#say('read', `namespace ${name} is gone`);
    };
    return {
      replace: items => {
        const kept = new Set(items.map(item => item.name));
        items.forEach(put);
        for (const name of [...facts.namespaces.keys()]) if (!kept.has(name)) remove(name);
      },
      put,
      remove: namespace => remove(namespace.name),
      covered: at => facts.namespacesListed(at),
      failed: (failure, at) => facts.failNamespaces(failure, at),
    };
  }

  serviceAccounts(): Sink<ServiceAccount> {
    const facts = this.#facts;
    const put = (account: ServiceAccount) => {
      const key = keyOf(account);
      const before = facts.serviceAccounts.get(key)?.roleArn;
      this.#sayAccount(key, facts.putServiceAccount(account), before, account.roleArn);
    };
    const remove = (key: string) => {
      if (facts.deleteServiceAccount(key)) this.#say('read', `service account ${key} is gone`);
    };
    return {
      replace: items => {
        const kept = new Set(items.map(keyOf));
        items.forEach(put);
        for (const key of [...facts.serviceAccounts.keys()]) if (!kept.has(key)) remove(key);
      },
      put,
      remove: account => remove(keyOf(account)),
      covered: at => facts.serviceAccountsListed(at),
      failed: (failure, at) => facts.failServiceAccounts(failure, at),
    };
  }

  /** Pods come and go all the time: they are not logged. */
  pods(): Sink<Pod> {
    const facts = this.#facts;
    return {
      replace: items => {
        const kept = new Set(items.map(pod => pod.uid));
        for (const pod of items) facts.putPod(pod);
        for (const { uid } of [...facts.pods.all()]) if (!kept.has(uid)) facts.deletePod(uid);
      },
      put: pod => facts.putPod(pod),
      remove: pod => facts.deletePod(pod.uid),
      covered: at => facts.podsListed(at),
      failed: (failure, at) => facts.failPods(failure, at),
    };
  }

  #sayAccount(key: string, change: Change, before: string | undefined, after: string | undefined): void {
    const { state } = this.#facts.serviceAccountsRead;
    if (change === 'new') this.#say(state, `service account ${key} is new`);
    if (change !== 'changed' || before === after) return;
    const now = after === undefined ? 'has no role annotation any more' : `is annotated with ${after}`;
    this.#say(state, `service account ${key} ${now}`);
  }

  #say(covered: 'unread' | 'read' | 'failed', text: string): void {
    if (covered !== 'unread') this.#store.say('info', this.#facts.ref.name, text);
  }
}
