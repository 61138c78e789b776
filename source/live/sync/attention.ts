import type { Focus } from '../model.ts';
import { splitRowId } from '../store/keys.ts';

const nothing: readonly string[] = [];

/** Where the user looks, as the loops ask for it. */
export class Attention {
  #cluster: string | undefined;
  /** What is on screen inside each cluster, in the order of the screen. */
  #inside = new Map<string, string[]>();
  readonly #listeners = new Set<() => void>();

  /** The cluster that is open. */
  get cluster(): string | undefined {
    return this.#cluster;
  }

  set(focus: Focus): void {
    this.#cluster = focus.cluster;
    this.#inside = new Map();
    for (const id of focus.rows ?? []) {
      const { cluster, inside } = splitRowId(id);
      const rows = this.#inside.get(cluster) ?? [];
      if (inside !== undefined) rows.push(inside);
      this.#inside.set(cluster, rows);
    }
    for (const listener of this.#listeners) listener();
  }

  /** Answers how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Whether the cluster is open, or a row of it is on screen. */
  sees(cluster: string): boolean {
    return cluster === this.#cluster || this.#inside.has(cluster);
  }

  /** Whether something within the cluster is looked at, not only its own row. */
  opens(cluster: string): boolean {
    return cluster === this.#cluster || this.rows(cluster).length > 0;
  }

  /** Clusters in view: the open one first, then those with rows on screen. */
  clusters(): Iterable<string> {
    return new Set(this.#cluster === undefined ? this.#inside.keys() : [this.#cluster, ...this.#inside.keys()]);
  }

  /** What is on screen within the cluster: association ids, `namespace/name` keys, role ARNs, names of namespaces. */
  rows(cluster: string): readonly string[] {
    return this.#inside.get(cluster) ?? nothing;
  }
}
