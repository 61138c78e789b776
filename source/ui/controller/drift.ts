import type { LiveModel } from '../../live/model.ts';
import { acrossClusters, type Comparison, compareSubject, FleetDrift, subjectKey } from '../../live/views/compare.ts';
import type { AnyRow } from '../tables/table.ts';

/** The service account that a row of the fleet is about, and the id under which a comparison knows it. */
export function subjectOfRow(row: AnyRow): { readonly namespace: string; readonly name: string; readonly id: string } {
  const namespace = 'namespace' in row && typeof row.namespace === 'string' ? row.namespace : '';
  const name = 'serviceAccount' in row && typeof row.serviceAccount === 'string' ? row.serviceAccount : nameOf(row);
  const cluster = 'cluster' in row && typeof row.cluster === 'string' ? row.cluster : '';
  return { namespace, name, id: `${cluster}|${subjectKey(namespace, name)}` };
}

const nameOf = (row: AnyRow): string => ('name' in row ? row.name : '');

/** Most comparisons that are kept: a screen of rows, many times over. */
const most = 2000;

/** Compares service accounts across clusters, each once for a revision of the model. */
export class DriftWatch {
  readonly #model: LiveModel;
  readonly #fleet = new FleetDrift();
  readonly #known = new Map<string, Comparison>();
  #revision = -1;

  constructor(model: LiveModel) {
    this.#model = model;
  }

  /** One service account in all clusters that have it. */
  of(namespace: string, name: string): Comparison {
    if (this.#revision !== this.#model.revision || this.#known.size > most) {
      this.#known.clear();
      this.#revision = this.#model.revision;
    }
    const key = subjectKey(namespace, name);
    let found = this.#known.get(key);
    if (!found) {
      found = compareSubject(acrossClusters(this.#model, namespace, name));
      this.#known.set(key, found);
    }
    return found;
  }

  /** Every service account that differs somewhere: a pass over the whole fleet. */
  all(): ReadonlyMap<string, Comparison> {
    return this.#fleet.of(this.#model.serviceAccounts());
  }
}
