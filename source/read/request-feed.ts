import type { RequestListener } from '../run/ports.ts';

/** Hands every finished request to whoever listens at the moment: the stream of a run, a log. */
export class RequestFeed {
  readonly #listeners = new Set<RequestListener>();

  /** What a world is opened with (`onRequest`). */
  readonly note: RequestListener = note => {
    for (const listener of this.#listeners) listener(note);
  };

  /** @returns what ends the listening */
  listen(listener: RequestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
