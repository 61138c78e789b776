import type { AssociationRow, ClusterRow } from '../model.ts';
import type { Store } from '../store/store.ts';
import { ClusterView } from './cluster-view.ts';
import { byText } from './row-table.ts';

/** The rows of all clusters. Arrays stay the same until something in them changes. */
export class Views {
  readonly #store: Store;
  readonly #views = new Map<string, ClusterView>();
  #clusters: readonly ClusterRow[] = [];
  #clustersAt = -1;
  readonly #fleet = new Map<string, readonly AssociationRow[]>();
  readonly #fleetAt = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  of(cluster: string): ClusterView | undefined {
    const facts = this.#store.cluster(cluster);
    if (!facts) {
      this.#views.delete(cluster);
      return undefined;
    }
    const view = this.#views.get(cluster) ?? new ClusterView(this.#store, facts);
    this.#views.set(cluster, view);
    return view;
  }

  clusters(): readonly ClusterRow[] {
    if (this.#clustersAt === this.#store.revision) return this.#clusters;
    this.#clustersAt = this.#store.revision;
    const rows = this.#all().map(view => view.row());
    rows.sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id));
    this.#clusters = kept(this.#clusters, rows);
    return this.#clusters;
  }

  /** Of the whole fleet, cluster after cluster in the order of `clusters()`. */
  associations(namespace: string | undefined): readonly AssociationRow[] {
    const key = namespace ?? '';
    const before = this.#fleet.get(key) ?? [];
    if (this.#fleetAt.get(key) === this.#store.revision) return before;
    this.#fleetAt.set(key, this.#store.revision);
    const rows = kept(
      before,
      this.clusters().flatMap(({ id }) => this.of(id)?.associations(namespace) ?? []),
    );
    this.#fleet.set(key, rows);
    return rows;
  }

  #all(): ClusterView[] {
    for (const arn of this.#views.keys()) if (!this.#store.cluster(arn)) this.#views.delete(arn);
    return [...this.#store.clusters()].flatMap(({ ref }) => this.of(ref.arn) ?? []);
  }
}

/** The array that was there, if it holds the same rows. */
function kept<Row>(before: readonly Row[], after: readonly Row[]): readonly Row[] {
  const same = before.length === after.length && after.every((row, index) => row === before[index]);
  return same ? before : after;
}
