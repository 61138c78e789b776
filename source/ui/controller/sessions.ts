import type { PlanSession } from '../state/plan-session.ts';
import { Store } from '../state/store.ts';

type Held = {
  readonly review?: PlanSession;
  readonly deletion?: PlanSession;
  /** By migration key: `{cluster ARN}` or `{cluster ARN}|{namespace}` or `{cluster ARN}|{namespace}/{service account}`. */
  readonly migrations: ReadonlyMap<string, PlanSession>;
  /** Grows with every change inside a session too. */
  readonly version: number;
};

export type SessionSlot = 'review' | 'deletion';

/** Plans and runs that are under way, whatever screen is shown. */
export class Sessions {
  readonly #store = new Store<Held>({ migrations: new Map(), version: 0 });

  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);
  readonly get = (): Held => this.#store.get();

  hold(slot: SessionSlot, session: PlanSession): void {
    this.get()[slot]?.close();
    this.#store.update(held => ({ ...held, [slot]: session, version: held.version + 1 }));
    session.subscribe(() => this.#touch());
  }

  drop(slot: SessionSlot): void {
    this.get()[slot]?.close();
    this.#store.update(held => {
      const { [slot]: _, ...rest } = held;
      return { ...rest, version: held.version + 1 };
    });
  }

  migration(key: string): PlanSession | undefined {
    return this.get().migrations.get(key);
  }

  holdMigration(key: string, session: PlanSession): void {
    this.migration(key)?.close();
    this.#store.update(held => ({
      ...held,
      migrations: new Map(held.migrations).set(key, session),
      version: held.version + 1,
    }));
    session.subscribe(() => this.#touch());
  }

  #touch(): void {
    this.#store.update(held => ({ ...held, version: held.version + 1 }));
  }

  all(): readonly PlanSession[] {
    const { review, deletion, migrations } = this.get();
    return [review, deletion, ...migrations.values()].filter(session => session !== undefined);
  }

  /** Sessions that are writing now. */
  running(): readonly PlanSession[] {
    return this.all().filter(session => session.get().phase === 'running');
  }
}
