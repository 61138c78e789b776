import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { PortError } from './ports.ts';

/** Who holds a lock. A process is told from a later one of the same number by when it started. */
export type Holder = {
  readonly pid: number;
  readonly host: string;
  /** Ticks since boot, as /proc tells them; absent where there is no /proc. */
  readonly started?: string;
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
};

export type Lock = { release(): Promise<void> };

/**
 * Takes a lock: a file that names its holder, put in place whole or not at all (link(2)). One whose holder is dead, on
 * this very host, is taken over; one of another host cannot be judged and stands. Throws `PortError` (`conflict`) that
 * names the holder.
 *
 * @param what is locked, for the sentence, e.g. `cluster prod`
 */
export async function takeLock(file: string, what: string, run: string): Promise<Lock> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const started = await startOf(process.pid);
  const mine: Holder = { pid: process.pid, host: hostname(), run, since: Date.now(), ...(started ? { started } : {}) };
  const own = `${file}.${randomBytes(8).toString('hex')}`;
  await writeFile(own, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  try {
    await place(own, file, what);
  } finally {
    await unlink(own).catch(() => {});
  }
  return { release: () => unlink(file).catch(() => {}) };
}

/** Who holds a lock now: a process that lives, or one of another host, of which nobody here can tell. */
export async function holderOf(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : holderIn(text);
  return holder && !(await isDead(holder)) ? holder : undefined;
}

/** Enough for another process to end its taking over meanwhile. */
const attempts = 200;

async function place(own: string, file: string, what: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    if (await linked(own, file)) return;
    const text = await readFile(file, 'utf8').catch(() => undefined);
    const holder = text === undefined ? undefined : holderIn(text);
    const held = text !== undefined && (holder === undefined || !(await isDead(holder)));
    if (held || attempt >= attempts) throw heldBy(holder, what, file);
    if (text !== undefined) await removeStale(own, file, text, what);
  }
}

async function linked(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead holder's lock. Only who holds the claim on that very text may: otherwise one that has read the dead
 * holder's lock a moment ago could remove the lock of whoever has taken it over since. A claim is a lock like any other, so
 * one whose holder died is taken over the same way. While another process holds it there is nothing to do here.
 */
async function removeStale(own: string, file: string, text: string, what: string): Promise<void> {
  const claim = `${file}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  try {
    await place(own, claim, what);
  } catch (error) {
    if (error instanceof PortError) return;
    throw error;
  }
  try {
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present === text) await unlink(file);
  } finally {
    await unlink(claim);
  }
}

function holderIn(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? holder : undefined;
  } catch {
    return undefined;
  }
}

async function isDead({ pid, host, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = await startOf(pid);
  return started !== undefined && now !== undefined && started !== now;
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)); the name before it may hold spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function heldBy(holder: Holder | undefined, what: string, file: string): PortError {
  if (!holder)
    return new PortError({ kind: 'conflict', message: `${what} is locked by ${file}, which cannot be read` });
  const { run, pid, host, since } = holder;
  const who = `run ${run} (process ${pid} on ${host}, since ${new Date(since).toISOString()})`;
  const elsewhere = host === hostname() ? '' : `; if that host is gone, delete ${file}`;
  return new PortError({ kind: 'conflict', message: `${what} is being changed by ${who}${elsewhere}` });
}
