import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Failure } from '../../identity/reading.ts';
import type { Clock } from '../../run/clock.ts';
import type { Store } from '../store/store.ts';
import { type ClusterPicture, clusterPicture, type Index, type RolesPicture } from './contents.ts';
import type { PictureFiles } from './file.ts';
import { restoreCluster, restoreRoles } from './restore.ts';

/** Milliseconds until the first saving, for short sittings, and between two. */
const FIRST = 5_000;
const EVERY = 60_000;
/** What has not changed is written again after this, for its age, milliseconds. */
const RENEWED = 1_800_000;
/** A sitting that ends does not wait longer for its picture than this, milliseconds; what is missing is a minute old. */
const AT_THE_END = 50;
/** Clusters that are shown before anything is drawn: more than a screen has rows. */
const SCREENFUL = 50;

const ROLES = 'roles.json';

const fileOf = (arn: string): string => `cluster-${createHash('sha256').update(arn).digest('hex').slice(0, 16)}.json`;

/** Whether it lists clusters as this program does; whole is not yet of this version. */
const isIndex = (value: unknown): value is Index =>
  Array.isArray((value as Index | undefined)?.clusters) &&
  (value as Index).clusters.every(entry => typeof entry?.file === 'string' && typeof entry.arn === 'string');

export type KeeperOptions = {
  readonly store: Store;
  readonly files: PictureFiles;
  readonly clock: Clock;
  /** What the next sitting's first paint shows. */
  readonly frame: () => string;
};

/**
 * Keeps the picture of what was seen: shows the last one at the start, and writes what changed every minute and at the
 * end, a cluster at a time, so that no key waits for it.
 */
export class PictureKeeper {
  readonly #options: KeeperOptions;
  /** By ARN of the cluster, and for the roles. */
  readonly #written = new Map<string, { readonly content: number; readonly at: number }>();
  #shown: Index | undefined;
  #why: Failure | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Shows the last picture; `why` says in each fact that it was not read. A file that is not to be used is logged. */
  async show(why: Failure, signal: AbortSignal, screenful: () => void = () => {}): Promise<void> {
    const { store } = this.#options;
    const index = await this.#read('index.json');
    if (!isIndex(index)) return;
    this.#shown = index;
    this.#why = why;
    for (const [number, { file, arn }] of index.clusters.entries()) {
      if (number === SCREENFUL) screenful();
      const picture = (await this.#read(file)) as ClusterPicture | undefined;
      if (signal.aborted || this.#isAnothers()) return;
      if (picture && picture.ref?.arn === arn) this.#take(file, () => restoreCluster(store, picture, why));
      await nextTurn();
    }
    screenful();
    const roles = (await this.#read(ROLES)) as RolesPicture | undefined;
    if (roles && !signal.aborted && !this.#isAnothers()) this.#take(ROLES, () => restoreRoles(store, roles, why));
  }

  /** When the picture that is shown was taken. */
  get takenAt(): number | undefined {
    return this.#shown?.at;
  }

  /** STS told who calls: a picture of another account is taken away. */
  identified(): void {
    if (!this.#isAnothers()) return;
    const { store } = this.#options;
    for (const facts of [...store.clusters()])
      if (facts.cluster.state === 'failed' && facts.cluster.failure === this.#why) store.removeCluster(facts.ref.arn);
    this.#shown = undefined;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let pause = FIRST; ; pause = EVERY) {
      await this.#options.clock.sleep(pause, signal);
      await this.#save(Number.POSITIVE_INFINITY, signal);
    }
  }

  /** The last saving of a sitting. */
  async end(): Promise<void> {
    await this.#save(this.#options.clock.now() + AT_THE_END);
  }

  async #save(until: number, signal?: AbortSignal): Promise<void> {
    const { store, files, clock, frame } = this.#options;
    const { caller } = store;
    // Whose it is must be known; what nobody could read is no picture.
    if (caller.state !== 'read') return;
    try {
      for (const facts of [...store.clusters()]) {
        if (clock.now() > until || signal?.aborted) break;
        const { ref, content } = facts;
        if (facts.associationsRead.state !== 'read' || !this.#isDue(ref.arn, content)) continue;
        await files.write(fileOf(ref.arn), clusterPicture(facts));
        this.#wrote(ref.arn, content);
        if (until === Number.POSITIVE_INFINITY) await nextTurn();
      }
      const clusters = [...store.clusters()].map(({ ref: { arn } }) => ({ arn, file: fileOf(arn) }));
      for (const arn of [...this.#written.keys()])
        if (arn !== ROLES && !store.cluster(arn)) {
          this.#written.delete(arn);
          await files.remove(fileOf(arn));
        }
      if (until === Number.POSITIVE_INFINITY && this.#isDue(ROLES, store.roles.content)) {
        const { content } = store.roles;
        await files.writeList(ROLES, store.roles.known());
        this.#wrote(ROLES, content);
      }
      const { account, arn } = caller.value;
      await files.write('index.json', { account, caller: arn, at: clock.now(), clusters } satisfies Index);
      await files.writeText('frame.txt', frame());
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      store.say('warning', 'podid-tui', `the picture for the next start cannot be written: ${reason}`);
    }
  }

  /** A whole file can still hold what this version would not write. */
  #take(name: string, restore: () => void): void {
    try {
      restore();
    } catch {
      this.#ignore(name);
    }
  }

  #ignore(name: string): void {
    this.#options.store.say('warning', 'podid-tui', `the last picture is ignored: ${name} is not whole, or not ours`);
  }

  #isDue(what: string, content: number): boolean {
    const before = this.#written.get(what);
    return !before || before.content !== content || before.at + RENEWED <= this.#options.clock.now();
  }

  #wrote(what: string, content: number): void {
    this.#written.set(what, { content, at: this.#options.clock.now() });
  }

  #isAnothers(): boolean {
    const { caller } = this.#options.store;
    return this.#shown !== undefined && caller.state === 'read' && caller.value.account !== this.#shown.account;
  }

  async #read(name: string): Promise<unknown> {
    const found = await this.#options.files.read(name);
    if (found === 'unreadable') this.#ignore(name);
    return typeof found === 'object' ? found.value : undefined;
  }
}
