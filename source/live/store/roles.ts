import { isDeepStrictEqual } from 'node:util';
import type { RoleFact } from '../../identity/facts.ts';
import { type Failure, failed, lastKnown, type Reading, read, unread } from '../../identity/reading.ts';

export type RoleWatcher = {
  /** A cluster names the role, and none did before. */
  readonly wanted: (arn: string) => void;
  /** No cluster names it any more. */
  readonly unwanted: (arn: string) => void;
  /** `users`: the clusters whose rows show it. */
  readonly changed: (arn: string, users: Iterable<string>, what: RoleChange) => void;
};

/**
 * `fact`: what is known of the role. `users`: how many clusters name it, which only the role's own row tells. `age`: it was
 * read again and says the same.
 */
export type RoleChange = 'fact' | 'users' | 'age';

/** The roles that clusters in scope name, by ARN as written, with who names them. A role nobody names is forgotten. */
export class Roles {
  readonly #readings = new Map<string, Reading<RoleFact>>();
  /** Cluster ARNs by role ARN. */
  readonly #users = new Map<string, Set<string>>();
  readonly #watcher: RoleWatcher;
  #content = 0;

  constructor(watcher: RoleWatcher) {
    this.#watcher = watcher;
  }

  get size(): number {
    return this.#users.size;
  }

  /** Grows with every change of what is known, not with ages. */
  get content(): number {
    return this.#content;
  }

  get(arn: string): Reading<RoleFact> {
    return this.#readings.get(arn) ?? unread;
  }

  /** What is known, with when it was read. */
  known(): readonly (readonly [arn: string, fact: RoleFact, at: number])[] {
    return [...this.#readings].flatMap(([arn, reading]) => {
      const last = lastKnown(reading);
      return last ? [[arn, last.value, last.at] as const] : [];
    });
  }

  /** ARNs of the roles that clusters name. */
  named(): Iterable<string> {
    return this.#users.keys();
  }

  /** How many clusters name the role. */
  users(arn: string): number {
    return this.#users.get(arn)?.size ?? 0;
  }

  use(arn: string, cluster: string): void {
    const users = this.#users.get(arn) ?? new Set<string>();
    const first = users.size === 0;
    users.add(cluster);
    this.#users.set(arn, users);
    if (first) this.#watcher.wanted(arn);
    else this.#watcher.changed(arn, users, 'users');
  }

  release(arn: string, cluster: string): void {
    const users = this.#users.get(arn);
    if (!users?.delete(cluster)) return;
    if (users.size > 0) {
      this.#watcher.changed(arn, users, 'users');
      return;
    }
    this.#users.delete(arn);
    if (this.#readings.delete(arn)) this.#content += 1;
    this.#watcher.unwanted(arn);
  }

  /** Ignored for a role that nobody names any more. */
  put(arn: string, fact: RoleFact, at: number): void {
    const users = this.#users.get(arn);
    if (!users) return;
    const before = this.get(arn);
    const last = lastKnown(before);
    const same = last !== undefined && isDeepStrictEqual(last.value, fact);
    this.#readings.set(arn, read(same ? last.value : fact, at));
    if (!same) this.#content += 1;
    this.#watcher.changed(arn, users, same && before.state === 'read' ? 'age' : 'fact');
  }

  fail(arn: string, failure: Failure, at: number): void {
    const users = this.#users.get(arn);
    if (!users) return;
    this.#readings.set(arn, failed(failure, at, this.get(arn)));
    this.#watcher.changed(arn, users, 'fact');
  }
}
