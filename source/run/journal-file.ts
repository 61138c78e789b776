import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { OutlineKeeper } from './glance.ts';
import type {
  JournalContent,
  JournalRecord,
  JournalStore,
  JournalWriter,
  RunGlance,
  RunPlace,
  UnreadableRun,
} from './journal.ts';
import { glanceAt } from './journal-glance.ts';
import { contentOf, decodeLines, encodeLine, firstSum } from './journal-lines.ts';
import { holderOf, type Lock, takeLock } from './lock-file.ts';
import { PortError } from './ports.ts';
import { beginOf } from './resume.ts';

/** Where runs are kept: `$XDG_STATE_HOME/podid-tui/runs`, else below `~/.local/state` (XDG Base Directory). */
export function journalRoot(environment: Readonly<Record<string, string | undefined>>): string {
  const state = environment.XDG_STATE_HOME;
  const base = state && path.isAbsolute(state) ? state : path.join(homedirOf(environment), '.local', 'state');
  return path.join(base, 'podid-tui', 'runs');
}

const homedirOf = ({ HOME }: Readonly<Record<string, string | undefined>>): string => HOME || homedir();

/**
 * The journals under a root folder, one file a run, in a folder for each account and endpoint. Only runs of the given
 * endpoint are seen: a sandbox has nothing to do with the account of the same number.
 *
 * @param endpoint the custom endpoint of EKS; undefined: AWS's own
 */
export function makeJournalStore(root: string, endpoint: string | undefined): JournalStore {
  return new FileStore(root, endpoint);
}

class FileStore implements JournalStore {
  readonly #root: string;
  readonly #endpoint: string | undefined;

  constructor(root: string, endpoint: string | undefined) {
    this.#root = root;
    this.#endpoint = endpoint;
  }

  async create(begin: Extract<JournalRecord, { type: 'begin' }>): Promise<JournalWriter> {
    const folder = path.join(this.#root, folderOf(begin.place));
    await kept(() => mkdir(folder, { recursive: true, mode: 0o700 }));
    const locks = await this.#lock(begin);
    try {
      const file = path.join(folder, fileOf(begin.run));
      const handle = await kept(() => open(file, 'ax', 0o600));
      const writer = new FileWriter(handle, locks, firstSum, new OutlineKeeper(begin.run));
      await kept(() => writer.append(begin));
      await syncFolder(folder);
      return writer;
    } catch (error) {
      await releaseAll(locks);
      throw error;
    }
  }

  async reopen(run: string): Promise<{ readonly content: JournalContent; readonly writer: JournalWriter }> {
    const file = await this.#find(run);
    const locks = await this.#lock(beginOf(contentOf(run, await readFile(file))));
    try {
      // Read again: only now does nobody else write to it.
      const bytes = await readFile(file);
      const content = contentOf(run, bytes);
      const { length, sum, torn } = decodeLines(bytes);
      const handle = await kept(() => open(file, 'a', 0o600));
      if (torn) {
        await handle.truncate(length);
        await handle.sync();
      }
      return { content, writer: new FileWriter(handle, locks, sum, new OutlineKeeper(run, content.records)) };
    } catch (error) {
      await releaseAll(locks);
      throw error;
    }
  }

  async read(run: string): Promise<JournalContent> {
    return contentOf(run, await readFile(await this.#find(run)));
  }

  async list(): ReturnType<JournalStore['list']> {
    const files = (await this.#files()).toSorted((one, other) => (one.run < other.run ? 1 : -1));
    const found: (RunGlance | UnreadableRun)[] = [];
    // A user may have hundreds: not all of them are opened at once.
    for (let index = 0; index < files.length; index += filesAtOnce)
      found.push(...(await Promise.all(files.slice(index, index + filesAtOnce).map(glanceOrReason))));
    return found;
  }

  /** The cluster's lock, so that no other run changes it meanwhile, and the run's, so that it is taken up once. */
  async #lock({ run, place }: Extract<JournalRecord, { type: 'begin' }>): Promise<readonly Lock[]> {
    const folder = path.join(this.#root, folderOf(place), 'locks');
    const cluster = createHash('sha256').update(place.cluster.arn).digest('hex').slice(0, 16);
    const wanted = [
      { file: runLock(run), what: `run ${run}` },
      { file: `cluster-${cluster}.lock`, what: `cluster ${place.cluster.name}` },
    ];
    const locks: Lock[] = [];
    try {
      for (const { file, what } of wanted) locks.push(await kept(() => takeLock(path.join(folder, file), what, run)));
    } catch (error) {
      await releaseAll(locks);
      throw error;
    }
    return locks;
  }

  /** Throws `PortError` when there is none. */
  async #find(run: string): Promise<string> {
    const files = await this.#files();
    const found = files.find(each => each.run === run);
    if (found) return found.file;
    throw new PortError({ kind: 'not-found', message: `there is no run ${run} here (looked in ${this.#root})` });
  }

  async #files(): Promise<readonly { readonly run: string; readonly file: string }[]> {
    const suffix = `-${endpointKey(this.#endpoint)}`;
    const folders = (await namesIn(this.#root)).filter(name => name.endsWith(suffix));
    const files = folders.map(async folder => {
      const names = await namesIn(path.join(this.#root, folder));
      return names
        .filter(name => name.endsWith(extension))
        .map(name => ({ run: name.slice(0, -extension.length), file: path.join(this.#root, folder, name) }));
    });
    return (await Promise.all(files)).flat();
  }
}

const extension = '.jsonl';

function fileNameOf(run: string): string {
  if (/^[\w-]{1,100}$/.test(run)) return run;
  throw new PortError({ kind: 'invalid', message: `"${run}" is no id of a run` });
}

const fileOf = (run: string): string => `${fileNameOf(run)}${extension}`;

const endpointKey = (endpoint: string | undefined): string =>
  endpoint === undefined ? 'aws' : createHash('sha256').update(endpoint).digest('hex').slice(0, 12);

const folderOf = ({ account, endpoint }: RunPlace): string => `${fileNameOf(account)}-${endpointKey(endpoint)}`;

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw notKept(error);
  }
}

const filesAtOnce = 32;

const runLock = (run: string): string => `run-${fileNameOf(run)}.lock`;

async function glanceOrReason({ run, file }: { run: string; file: string }): Promise<RunGlance | UnreadableRun> {
  try {
    return await withHolder(await glanceAt(run, file), file);
  } catch (error) {
    return { run, unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** A run that has come to no end is being carried out while somebody holds its lock. */
async function withHolder(glance: RunGlance, file: string): Promise<RunGlance> {
  if (glance.state !== 'interrupted') return glance;
  const holder = await holderOf(path.join(path.dirname(file), 'locks', runLock(glance.run)));
  if (!holder) return glance;
  const { pid, host, since } = holder;
  return { ...glance, state: 'running', holder: { pid, host, since } };
}

/** Appends lines; records that come while one is being flushed go out together, under one flush. */
class FileWriter implements JournalWriter {
  readonly #handle: FileHandle;
  readonly #locks: readonly Lock[];
  readonly #outline: OutlineKeeper;
  #sum: string;
  #pending = '';
  #flushing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closed = false;

  constructor(handle: FileHandle, locks: readonly Lock[], sum: string, outline: OutlineKeeper) {
    this.#handle = handle;
    this.#locks = locks;
    this.#outline = outline;
    this.#sum = sum;
  }

  append(record: JournalRecord): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the journal is closed'));
    const { line, sum } = encodeLine(this.#outline.add(record), this.#sum);
    this.#sum = sum;
    this.#pending += line;
    this.#next ??= this.#flushing.then(() => this.#flush());
    return this.#next;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#next?.catch(() => {});
    await this.#flushing.catch(() => {});
    await this.#handle.close();
    await releaseAll(this.#locks);
  }

  /** After a failure nothing is appended any more: a line in the middle that is cut short would spoil what follows. */
  #flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    this.#next = undefined;
    this.#flushing = (async () => {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
    })();
    return this.#flushing;
  }
}

const releaseAll = async (locks: readonly Lock[]): Promise<void> => {
  for (const lock of locks.toReversed()) await lock.release();
};

/** A new file is there after a crash only when its folder was flushed, too (fsync(2)). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await kept(() => open(folder, 'r'));
  await handle.sync().catch(() => {});
  await handle.close();
}

async function kept<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PortError ? error : notKept(error);
  }
}

function notKept(error: unknown): PortError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new PortError({ kind: 'unknown', message: `the journal cannot be kept: ${code} at ${pathIn(error)}` });
}

const pathIn = (error: unknown): string => (error as NodeJS.ErrnoException).path ?? 'its folder';
