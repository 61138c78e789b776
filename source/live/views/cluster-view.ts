import type { Pod } from '../../identity/facts.ts';
import type { Reading } from '../../identity/reading.ts';
import type { AssociationRow, ClusterRow, NamespaceRow, RoleRow, ServiceAccountRow } from '../model.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import type { Store } from '../store/store.ts';
import { clusterRow } from './cluster-row.ts';
import { HealthTable } from './health-table.ts';
import { namespaceRows } from './namespace-rows.ts';
import { mapped } from './readings.ts';
import { ByNamespace, Remembered } from './remembered.ts';
import { roleRows } from './role-rows.ts';
import { byText, RowTable } from './row-table.ts';
import { associationRow, healthOf, type Surroundings, serviceAccountRow, surroundingsOf } from './subject-rows.ts';

/** The rows of one cluster. Built when asked for, and then only those whose facts changed since they were last. */
export class ClusterView {
  readonly facts: ClusterFacts;
  readonly #store: Store;
  readonly #health: HealthTable;
  readonly #serviceAccounts: RowTable<ServiceAccountRow>;
  readonly #associations: RowTable<AssociationRow>;
  readonly #serviceAccountsIn = new ByNamespace<ServiceAccountRow>();
  readonly #associationsIn = new ByNamespace<AssociationRow>();
  readonly #namespaces = new Remembered<readonly NamespaceRow[]>();
  readonly #roles = new Remembered<readonly RoleRow[]>();
  readonly #pods = new Remembered<Reading<readonly Pod[]>>();
  readonly #row = new Remembered<ClusterRow>();
  #around: Surroundings;
  #settled = -1;

  constructor(store: Store, facts: ClusterFacts) {
    this.#store = store;
    this.facts = facts;
    this.#around = surroundingsOf(store, facts);
    this.#health = new HealthTable(key => healthOf(store, facts, this.#around, key));
    this.#serviceAccounts = new RowTable(
      key => serviceAccountRow(facts, key, this.#health.get(key)),
      (a, b) => byText(a.name, b.name) || byText(a.namespace, b.namespace),
    );
    this.#associations = new RowTable(
      id => associationRow(facts, id, key => this.#health.get(key)),
      (a, b) => byText(a.serviceAccount, b.serviceAccount) || byText(a.namespace, b.namespace) || byText(a.id, b.id),
    );
  }

  serviceAccounts(namespace?: string): readonly ServiceAccountRow[] {
    this.#settle();
    this.#serviceAccounts.want(() => this.facts.subjects());
    return this.#serviceAccountsIn.of(this.#serviceAccounts.rows(), namespace);
  }

  associations(namespace?: string): readonly AssociationRow[] {
    this.#settle();
    this.#associations.want(() => this.facts.associations.ids());
    return this.#associationsIn.of(this.#associations.rows(), namespace);
  }

  namespaces(): readonly NamespaceRow[] {
    this.#settle();
    return this.#namespaces.get(this.facts.revision, () => namespaceRows(this.facts, this.#health));
  }

  roles(): readonly RoleRow[] {
    this.#settle();
    return this.#roles.get(this.facts.revision, () => roleRows(this.#store, this.facts, this.#around));
  }

  pods(): Reading<readonly Pod[]> {
    const { pods, podsRead, revision } = this.facts;
    return this.#pods.get(revision, () => mapped(podsRead, () => [...pods.all()]));
  }

  row(): ClusterRow {
    this.#settle();
    return this.#row.get(this.facts.revision, () => clusterRow(this.facts, this.#around, this.#health));
  }

  /** Health first: the rows show it. */
  #settle(): void {
    if (this.#settled === this.facts.revision) return;
    this.#settled = this.facts.revision;
    const { everything, subjects, associations } = this.facts.stale.take();
    if (!everything) {
      this.#health.renew(subjects);
      this.#serviceAccounts.rebuild(subjects);
      this.#associations.rebuild(associations);
      return;
    }
    this.#around = surroundingsOf(this.#store, this.facts);
    this.#health.renewAll(this.facts.subjects());
    this.#serviceAccounts.rebuildAll(this.facts.subjects());
    this.#associations.rebuildAll(this.facts.associations.ids());
  }
}
