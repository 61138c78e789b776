import type { Association, AssociationSummary } from '../../identity/facts.ts';
import { lastKnown, type Reading, unread } from '../../identity/reading.ts';
import { keyOf } from './keys.ts';

export type AssociationEntry = {
  readonly summary: AssociationSummary;
  readonly described: Reading<Association>;
};

/** As kept: where the description says what the list does, the reading alone stands for the pair. */
type Kept = AssociationEntry | Reading<Association>;

function spelledOut(kept: Kept): AssociationEntry {
  if ('summary' in kept) return kept;
  const known = lastKnown(kept);
  if (!known) throw new Error('Only a reading that tells something is kept alone.');
  return { summary: known.value, described: kept };
}

/**
 * The associations of one cluster by id, found by service account. EKS keeps one association per service account; while
 * a deleted one and its successor are both listed, the one with the lower id stands for the pair, whatever came first.
 */
export class Associations {
  readonly #byId = new Map<string, Kept>();
  readonly #bySubject = new Map<string, string>();

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): AssociationEntry | undefined {
    const kept = this.#byId.get(id);
    return kept && spelledOut(kept);
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
    return id === undefined ? undefined : this.get(id);
  }

  /** Keeps the description that is there. `key`: its service account's. */
  putSummary(summary: AssociationSummary, key: string): void {
    const described = this.get(summary.id)?.described ?? unread;
    this.#keep(summary, described);
    const other = this.#bySubject.get(key);
    if (other === undefined || summary.id < other) this.#bySubject.set(key, summary.id);
  }

  /** Does nothing for an id that was not listed, or is gone. */
  putDescribed(id: string, described: Reading<Association>): void {
    const entry = this.get(id);
    if (entry) this.#keep(entry.summary, described);
  }

  #keep(summary: AssociationSummary, described: Reading<Association>): void {
    const known = lastKnown(described)?.value;
    // The owner can change: a list that tells of it first must not find the old one again each time.
    this.#byId.set(summary.id, known && known.ownerArn === summary.ownerArn ? described : { summary, described });
  }

  delete(id: string): void {
    const entry = this.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    const key = keyOf(entry.summary);
    if (this.#bySubject.get(key) !== id) return;
    this.#bySubject.delete(key);
    for (const [other, kept] of this.#byId) {
      if (keyOf(spelledOut(kept).summary) !== key) continue;
      const chosen = this.#bySubject.get(key);
      if (chosen === undefined || other < chosen) this.#bySubject.set(key, other);
    }
  }
}
