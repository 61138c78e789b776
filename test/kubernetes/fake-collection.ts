import type { FailureKind } from '../../source/identity/reading.ts';
import { type KubernetesCollection, type KubernetesPage, PortError, type WatchEvent } from '../../source/run/ports.ts';

export type Thing = { readonly name: string; readonly value: number };

type Change = { readonly version: number; readonly type: 'put' | 'delete'; readonly object: Thing };

/** One thing that happens at the server. */
export type Step =
  | { readonly do: 'put'; readonly name: string; readonly value: number }
  | { readonly do: 'delete'; readonly name: string }
  /** Forgets history: watches and pages from before get 410. */
  | { readonly do: 'compact' }
  | { readonly do: 'bookmark' }
  /** Cuts open watches. */
  | { readonly do: 'cut' }
  /** Ends open watches politely. */
  | { readonly do: 'end' }
  /** Fails the next `times` calls. */
  | { readonly do: 'fail'; readonly times: number; readonly kind: FailureKind };

const failure = (kind: FailureKind, code?: string) =>
  new PortError({ kind, message: `${kind} on purpose`, ...(code === undefined ? {} : { code }) });

/** An API server's collection as a model: versions, history with a horizon, pages of two, open watches. */
export class FakeCollection implements KubernetesCollection<Thing> {
  readonly things = new Map<string, number>();
  #version = 1;
  #horizon = 0;
  #history: Change[] = [];
  #failures: FailureKind[] = [];
  #watches = new Set<{ queue: (WatchEvent<Thing> | 'end' | PortError)[]; wake: () => void }>();
  /** Runs between two pages: changes while a list is being read. */
  betweenPages: () => void = () => undefined;
  lists = 0;

  get watches(): number {
    return this.#watches.size;
  }

  apply(step: Step): void {
    switch (step.do) {
      case 'put':
        this.#change('put', { name: step.name, value: step.value });
        return;
      case 'delete': {
        const value = this.things.get(step.name);
        if (value !== undefined) this.#change('delete', { name: step.name, value });
        return;
      }
      case 'compact':
        this.#history = [];
        this.#horizon = this.#version;
        return;
      case 'bookmark':
        this.#send({ type: 'bookmark', resourceVersion: String(this.#version) });
        return;
      case 'cut':
        this.#send(failure('unreachable'));
        return;
      case 'end':
        this.#send('end');
        return;
      case 'fail':
        for (let time = 0; time < step.times; time += 1) this.#failures.push(step.kind);
    }
  }

  async *list(): AsyncGenerator<KubernetesPage<Thing>> {
    this.lists += 1;
    this.#failIfTold();
    const version = this.#version;
    const snapshot = [...this.things]
      .map(([name, value]) => ({ name, value }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (let start = 0; start === 0 || start < snapshot.length; start += 2) {
      if (start > 0) {
        this.betweenPages();
        this.#failIfTold();
        if (version < this.#horizon) throw failure('conflict', 'Expired');
      }
      await Promise.resolve();
      yield { items: snapshot.slice(start, start + 2), resourceVersion: String(version) };
    }
  }

  async *watch(resourceVersion: string, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<WatchEvent<Thing>> {
    this.#failIfTold();
    const from = Number(resourceVersion);
    if (from < this.#horizon) throw failure('conflict', 'Expired');
    const watch = { queue: this.#history.filter(each => each.version > from).map(eventOf), wake: () => undefined } as {
      queue: (WatchEvent<Thing> | 'end' | PortError)[];
      wake: () => void;
    };
    this.#watches.add(watch);
    const stop = () => watch.wake();
    signal?.addEventListener('abort', stop);
    try {
      yield { type: 'bookmark', resourceVersion };
      for (;;) {
        if (signal?.aborted) throw failure('aborted');
        const next = watch.queue.shift();
        if (next === 'end') return;
        if (next instanceof PortError) throw next;
        if (next) yield next;
        else
          await new Promise<void>(resolve => {
            watch.wake = resolve;
          });
      }
    } finally {
      this.#watches.delete(watch);
      signal?.removeEventListener('abort', stop);
    }
  }

  #change(type: Change['type'], object: Thing): void {
    this.#version += 1;
    if (type === 'put') this.things.set(object.name, object.value);
    else this.things.delete(object.name);
    const change = { version: this.#version, type, object };
    this.#history.push(change);
    this.#send(eventOf(change));
  }

  #send(what: WatchEvent<Thing> | 'end' | PortError): void {
    for (const watch of this.#watches) {
      watch.queue.push(what);
      watch.wake();
    }
  }

  #failIfTold(): void {
    const kind = this.#failures.shift();
    if (kind) throw failure(kind);
  }
}

const eventOf = ({ type, object, version }: Change): WatchEvent<Thing> => ({
  type,
  object,
  resourceVersion: String(version),
});
