import type { Association, AssociationSummary } from '../../identity/facts.ts';
import { lastKnown, type Reading, unread } from '../../identity/reading.ts';
import { keyOf } from './keys.ts';

export type AssociationEntry = {
  readonly summary: AssociationSummary;
  readonly described: Reading<Association>;
};

/**
 * The associations of one cluster by id, found by service account. EKS keeps one association per service account; while
 * a deleted one and its successor are both listed, the one with the lower id stands for the pair, whatever came first.
 */
export class Associations {
  readonly #byId = new Map<string, AssociationEntry>();
  readonly #bySubject = new Map<string, string>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): AssociationEntry | undefined {
    return this.#byId.get(id);
  }

  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  /** Keys of the service accounts that have one. */
  subjects(): Iterable<string> {
    return this.#bySubject.keys();
  }

  idOf(key: string): string | undefined {
    return this.#bySubject.get(key);
  }

  of(key: string): AssociationEntry | undefined {
    const id = this.#bySubject.get(key);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Keeps the description that is there; a summary that is part of it is not kept twice. `key`: its service account's. */
  putSummary(summary: AssociationSummary, key: string): void {
    const described = this.#byId.get(summary.id)?.described ?? unread;
    this.#byId.set(summary.id, { summary: lastKnown(described)?.value ?? summary, described });
    const other = this.#bySubject.get(key);
    if (other === undefined || summary.id < other) this.#bySubject.set(key, summary.id);
  }

  /** Does nothing for an id that was not listed, or is gone. */
  putDescribed(id: string, described: Reading<Association>): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.set(id, { summary: lastKnown(described)?.value ?? entry.summary, described });
  }

  delete(id: string): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    const key = keyOf(entry.summary);
    if (this.#bySubject.get(key) !== id) return;
    this.#bySubject.delete(key);
    for (const [other, { summary }] of this.#byId) {
      if (keyOf(summary) !== key) continue;
      const chosen = this.#bySubject.get(key);
      if (chosen === undefined || other < chosen) this.#bySubject.set(key, other);
    }
  }
}
