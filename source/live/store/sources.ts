import type { Failure } from '../../identity/reading.ts';
import type { SourceState } from '../model.ts';

export type SourceName = Pick<SourceState, 'id' | 'source' | 'covers'>;

type Part = { loading: boolean; at?: number; failure?: Failure; retryAt?: number };

/** One kind of call to a source, e.g. the list of associations: it reports, the source's state is made of its parts. */
export interface SourcePart {
  loading(): void;
  live(at: number): void;
  failed(failure: Failure, retryAt?: number): void;
  /** This kind of call is no longer made. */
  drop(): void;
}

/** Hears of a change; `turned` is set when the source went from working to failing or back. */
export type SourceListener = (state: SourceState, turned: 'failed' | 'recovered' | undefined, ageOnly: boolean) => void;

/** The state of every source, made of what each kind of call to it last said. */
export class Sources {
  readonly #names = new Map<string, SourceName>();
  readonly #parts = new Map<string, Map<string, Part>>();
  readonly #states = new Map<string, SourceState>();
  readonly #listener: SourceListener;
  #shown: readonly SourceState[] | undefined;

  constructor(listener: SourceListener) {
    this.#listener = listener;
  }

  /** Makes the source known (as `waiting`) and answers where a kind of call to it reports. */
  part(name: SourceName, call: string): SourcePart {
    const parts = this.#parts.get(name.id) ?? new Map<string, Part>();
    this.#names.set(name.id, name);
    this.#parts.set(name.id, parts);
    const part: Part = parts.get(call) ?? { loading: false };
    parts.set(call, part);
    this.#settle(name.id);
    const change = (edit: () => void) => {
      if (parts.get(call) !== part) return;
      edit();
      this.#settle(name.id);
    };
    return {
      loading: () =>
        change(() => {
          part.loading = true;
        }),
      live: at =>
        change(() => {
          part.loading = false;
          part.at = at;
          delete part.failure;
          delete part.retryAt;
        }),
      failed: (failure, retryAt) =>
        change(() => {
          part.loading = false;
          part.failure = failure;
          if (retryAt === undefined) delete part.retryAt;
          else part.retryAt = retryAt;
        }),
      drop: () =>
        change(() => {
          parts.delete(call);
        }),
    };
  }

  /** What it covered is gone: it is shown no more, and what still reports is not heard. */
  forget(id: string): void {
    this.#parts.get(id)?.clear();
    this.#parts.delete(id);
    this.#names.delete(id);
    this.#settle(id);
  }

  /** In the order in which they became known; the same array until something changes. */
  states(): readonly SourceState[] {
    this.#shown ??= [...this.#states.values()];
    return this.#shown;
  }

  #settle(id: string): void {
    const name = this.#names.get(id);
    const before = this.#states.get(id);
    if (!name) {
      this.#states.delete(id);
      this.#shown = undefined;
      if (before) this.#listener(before, undefined, false);
      return;
    }
    const after = stateOf(name, [...(this.#parts.get(id)?.values() ?? [])]);
    if (before && sameState(before, after)) return;
    this.#states.set(id, after);
    this.#shown = undefined;
    this.#listener(after, turn(before, after), before !== undefined && before.state === after.state);
  }
}

const isFailing = (state: SourceState | undefined): boolean => state?.state === 'failed' || state?.state === 'stale';

function turn(before: SourceState | undefined, after: SourceState): 'failed' | 'recovered' | undefined {
  const sameReason = before?.failure?.kind === after.failure?.kind && before?.failure?.code === after.failure?.code;
  if (isFailing(after)) return isFailing(before) && sameReason ? undefined : 'failed';
  return isFailing(before) && after.state === 'live' ? 'recovered' : undefined;
}

const sameState = (a: SourceState, b: SourceState): boolean =>
  a.state === b.state && a.at === b.at && a.failure === b.failure && a.retryAt === b.retryAt;

function stateOf(name: SourceName, parts: readonly Part[]): SourceState {
  const failing = parts.filter(part => part.failure !== undefined);
  const at = latest(parts);
  const retryAt = earliestRetry(failing);
  const failure = failing[0]?.failure;
  return {
    ...name,
    state: summary(parts, failing),
    ...(at === undefined ? {} : { at }),
    ...(failure === undefined ? {} : { failure }),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

/** Re-reading what is there already does not count as loading: the screen shows what it has. */
function summary(parts: readonly Part[], failing: readonly Part[]): SourceState['state'] {
  if (failing.length > 0) return failing.every(part => part.at !== undefined) ? 'stale' : 'failed';
  if (parts.some(part => part.loading && part.at === undefined)) return 'loading';
  return parts.some(part => part.at !== undefined) ? 'live' : 'waiting';
}

function latest(parts: readonly Part[]): number | undefined {
  let newest: number | undefined;
  for (const { at } of parts) if (at !== undefined && (newest === undefined || at > newest)) newest = at;
  return newest;
}

function earliestRetry(parts: readonly Part[]): number | undefined {
  let first: number | undefined;
  for (const { retryAt } of parts)
    if (retryAt !== undefined && (first === undefined || retryAt < first)) first = retryAt;
  return first;
}
