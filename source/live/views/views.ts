import type { AssociationRow, ClusterRow, ServiceAccountRow } from '../model.ts';
import type { Store } from '../store/store.ts';
import { ClusterView } from './cluster-view.ts';
import { FleetRows, sameItems } from './fleet.ts';
import { byText } from './row-table.ts';

/** The rows of all clusters. Arrays stay the same until something in them changes. */
export class Views {
  readonly #store: Store;
  readonly #views = new Map<string, ClusterView>();
  #clusters: readonly ClusterRow[] = [];
  #clustersAt = -1;
  readonly #associations = new FleetRows<AssociationRow>();
  readonly #serviceAccounts = new FleetRows<ServiceAccountRow>();

  constructor(store: Store) {
    this.#store = store;
  }

  of(cluster: string): ClusterView | undefined {
    const facts = this.#store.cluster(cluster);
    if (!facts) {
      this.#views.delete(cluster);
      return undefined;
    }
    const known = this.#views.get(cluster);
    // A cluster that was forgotten and found again has other facts.
    if (known?.facts === facts) return known;
    const view = new ClusterView(this.#store, facts);
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
  associations(namespace: string | undefined): readonly AssociationRow[] {
    return this.#associations.of(
      namespace,
      this.#each(view => view.associations(namespace)),
    );
  }

  /** As `associations`. */
  serviceAccounts(namespace: string | undefined): readonly ServiceAccountRow[] {
    return this.#serviceAccounts.of(
      namespace,
      this.#each(view => view.serviceAccounts(namespace)),
    );
  }

  #each<T>(rows: (view: ClusterView) => T): T[] {
    return this.clusters().flatMap(({ id }) => {
      const view = this.of(id);
      return view ? [rows(view)] : [];
    });
  }

  #all(): ClusterView[] {
    for (const arn of this.#views.keys()) if (!this.#store.cluster(arn)) this.#views.delete(arn);
    return [...this.#store.clusters()].flatMap(({ ref }) => this.of(ref.arn) ?? []);
  }
}
