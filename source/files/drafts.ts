import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withoutSecrets } from './crash-report.ts';

/** A form that was begun and not sent. */
export type KeptDraft<Content> = {
  /** What it is a draft of. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  readonly content: Content;
};

export type KeptDrafts<Content> = {
  /** Oldest first. */
  readonly drafts: readonly KeptDraft<Content>[];
  /** A sentence for each file that was put aside. */
  readonly aside: readonly string[];
};

export type DraftFiles = {
  /** All that can be read; what cannot is put aside under a name that nothing reads. `accept`: undefined is foreign. */
  read<Content>(accept: (content: unknown) => Content | undefined, now: number): Promise<KeptDrafts<Content>>;
  /** Whole or not at all, over what was kept of the same key. Rejects with a sentence that says why not. */
  keep(draft: KeptDraft<unknown>): Promise<void>;
  /** What is not there is dropped already. */
  drop(key: string): Promise<void>;
};

const version = 1;

/** A draft that nobody came back to. Milliseconds. */
const longest = 30 * 24 * 60 * 60 * 1000;
const mostDrafts = 50;
/** Bytes: several policies at their quota with white space, and far from anything that a form could hold by itself. */
const largest = 256 * 1024;
/** A write takes far less; what is older was left by a process that died in the middle. Milliseconds. */
const writing = 60 * 60 * 1000;

/**
 * Drafts below `drafts` of a directory, for their owner alone; one file each, so that two processes never write over each
 * other's, and the last one to write a draft wins.
 *
 * @param world what tells one world from another: the same ARN may name something else there. A function is asked when
 *   it is needed, and may reject as whatever needs it then does
 */
export function draftFiles(directory: string, world: string | (() => Promise<string>)): DraftFiles {
  const folder = async () => path.join(directory, 'drafts', nameOf(typeof world === 'string' ? world : await world()));
  const fileOf = async (key: string) => path.join(await folder(), `${nameOf(key)}.json`);
  return {
    read: async (accept, now) => readAll(await folder(), accept, now),
    keep: async draft => {
      const text = `${JSON.stringify({ podidTuiDraft: version, ...draft })}\n`;
      if (Buffer.byteLength(text) > largest) throw new Error(`it is larger than ${largest / 1024} kB`);
      const words = textsOf(draft.content).join('\n');
      if (withoutSecrets(words) !== words) throw new Error('something in it looks like a key, a token or a password');
      const file = await fileOf(draft.key);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const half = `${file}.${process.pid}.tmp`;
      await writeFile(half, text, { mode: 0o600 });
      await rename(half, file);
      await dropOldest(path.dirname(file));
    },
    drop: async key => rm(await fileOf(key), { force: true }),
  };
}

const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Every text in a value, however deep. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...textsOf(item)])
    : [];
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readAll<Content>(
  folder: string,
  accept: (content: unknown) => Content | undefined,
  now: number,
): Promise<KeptDrafts<Content>> {
  const drafts: KeptDraft<Content>[] = [];
  const aside: string[] = [];
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith('.json')) {
      await dropLeftOver(file, now);
      continue;
    }
    const found = await readOne(file, accept);
    if (found === undefined) continue;
    if ('problem' in found) aside.push(await putAside(file, found.problem));
    else if (now - found.savedAt > longest) await rm(file, { force: true });
    else drafts.push(found);
  }
  return { drafts: drafts.sort((a, b) => a.savedAt - b.savedAt), aside };
}

/** Halves of writes that never ended, and what was put aside long ago. */
async function dropLeftOver(file: string, now: number): Promise<void> {
  const age = await stat(file).then(
    ({ mtimeMs }) => now - mtimeMs,
    () => 0,
  );
  if (age > (file.endsWith('.tmp') ? writing : longest)) await rm(file, { force: true }).catch(() => {});
}

/** @returns undefined when it went away meanwhile */
async function readOne<Content>(
  file: string,
  accept: (content: unknown) => Content | undefined,
): Promise<KeptDraft<Content> | { readonly problem: string } | undefined> {
  try {
    const about = await stat(file);
    if (!about.isFile()) return { problem: 'it is no file' };
    if (about.size > largest) return { problem: `it is larger than ${largest / 1024} kB` };
    return draftOf(await readFile(file, 'utf8'), path.basename(file, '.json'), accept);
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function draftOf<Content>(
  text: string,
  name: string,
  accept: (content: unknown) => Content | undefined,
): KeptDraft<Content> | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const foreign = { problem: 'it is no draft of this program' };
  if (typeof value !== 'object' || value === null || !('podidTuiDraft' in value)) return foreign;
  if (typeof value.podidTuiDraft !== 'number') return foreign;
  if (value.podidTuiDraft > version) return { problem: 'a newer podid-tui wrote it' };
  const { key, savedAt, content: held } = value as { key?: unknown; savedAt?: unknown; content?: unknown };
  if (typeof key !== 'string' || nameOf(key) !== name || typeof savedAt !== 'number') return foreign;
  const content = accept(held);
  return content === undefined ? foreign : { key, savedAt, content };
}

async function putAside(file: string, problem: string): Promise<string> {
  const where = `${file}.aside`;
  try {
    await rename(file, where);
    return `a draft was put aside as ${where}: ${problem}`;
  } catch {
    return `a draft cannot be read and was left where it is, ${file}: ${problem}`;
  }
}

/** Whatever is over the most that are kept goes, the longest untouched first. */
async function dropOldest(folder: string): Promise<void> {
  const names = (await namesIn(folder)).filter(name => name.endsWith('.json'));
  if (names.length <= mostDrafts) return;
  const dated = await Promise.all(
    names.map(async name => {
      const file = path.join(folder, name);
      const at = await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { file, at };
    }),
  );
  dated.sort((a, b) => a.at - b.at);
  await Promise.all(dated.slice(0, dated.length - mostDrafts).map(({ file }) => rm(file, { force: true })));
}
