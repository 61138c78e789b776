import type { AssociationRow, ClusterRow } from '../model.ts';
import type { Store } from '../store/store.ts';
import { ClusterView } from './cluster-view.ts';
import { byText } from './row-table.ts';

type Rows = readonly AssociationRow[];

/** The rows of all clusters. Arrays stay the same until something in them changes. */
export class Views {
  readonly #store: Store;
  readonly #views = new Map<string, ClusterView>();
  #clusters: readonly ClusterRow[] = [];
  #clustersAt = -1;
  /** By namespace: what the fleet's list was made of, and the list. */
  readonly #fleet = new Map<string | undefined, { readonly parts: readonly Rows[]; readonly rows: Rows }>();

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
    if (!sameItems(this.#clusters, rows)) this.#clusters = rows;
    return this.#clusters;
  }

  /** Of the whole fleet, cluster after cluster in the order of `clusters()`. */
  associations(namespace: string | undefined): Rows {
    const before = this.#fleet.get(namespace);
    const parts = this.clusters().flatMap(({ id }) => {
      const rows = this.of(id)?.associations(namespace);
      return rows ? [rows] : [];
    });
    if (before && sameItems(before.parts, parts)) return before.rows;
    const rows = parts.flat();
    this.#fleet.set(namespace, { parts, rows });
    return rows;
  }

  #all(): ClusterView[] {
    for (const arn of this.#views.keys()) if (!this.#store.cluster(arn)) this.#views.delete(arn);
    return [...this.#store.clusters()].flatMap(({ ref }) => this.of(ref.arn) ?? []);
  }
}

const sameItems = <T>(before: readonly T[], after: readonly T[]): boolean =>
  before.length === after.length && after.every((item, index) => item === before[index]);
