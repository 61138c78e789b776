import type { ChangeMark } from '../model.ts';

/** So long is a change shown, milliseconds. */
const SHOWN = 10_000;

/** What changed lately in a cluster, by association id and by service account key. */
export class Marks {
  readonly #marks = new Map<string, ChangeMark>();

  get(key: string): ChangeMark | undefined {
    return this.#marks.get(key);
  }

  /** What is new stays so, even if it changes again at once. */
  put(key: string, kind: ChangeMark['kind'], at: number): void {
    const before = this.#marks.get(key);
    this.#marks.delete(key);
    this.#marks.set(key, { kind: before?.kind === 'new' ? 'new' : kind, at });
  }

  /** Takes away those that were shown long enough, and answers their keys. */
  expire(now: number): readonly string[] {
    const gone: string[] = [];
    for (const [key, { at }] of this.#marks) {
      if (at + SHOWN > now) break;
      gone.push(key);
    }
    for (const key of gone) this.#marks.delete(key);
    return gone;
  }

  /** When the next one has been shown long enough; Infinity: there is none. */
  get nextAt(): number {
    for (const { at } of this.#marks.values()) return at + SHOWN;
    return Number.POSITIVE_INFINITY;
  }
}
