import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `$XDG_STATE_HOME/podid-tui`, else below `~/.local/state` (XDG Base Directory Specification: only absolute paths count). */
export function stateDirectory(environment: Environment = process.env, home: string = homedir()): string {
  const base = environment.XDG_STATE_HOME;
  const root = base && path.isAbsolute(base) ? base : path.join(environment.HOME || home, '.local', 'state');
  return path.join(root, 'podid-tui');
}

/** Lines of the prompt that are kept. */
const mostLines = 500;

export type HistoryFile = {
  /** What was typed, oldest first; nothing where there is none yet. */
  read(): Promise<readonly string[]>;
  /** Adds a line as the newest; the same line typed before goes. Other sittings may have added theirs meanwhile. */
  add(line: string): Promise<readonly string[]>;
};

/** What was typed into the prompt, one line each, in `history` of a directory, for its owner alone. */
export function historyFile(directory: string): HistoryFile {
  const file = path.join(directory, 'history');
  const read = async (): Promise<readonly string[]> => {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text
      .split('\n')
      .filter(line => line !== '')
      .slice(-mostLines);
  };
  return {
    read,
    add: async line => {
      const lines = [...(await read()).filter(each => each !== line), line].slice(-mostLines);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // Whole or not at all: two sittings may write at once, and a process may end at any time.
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, `${lines.join('\n')}\n`, { mode: 0o600 });
      await rename(draft, file);
      return lines;
    },
  };
}

/** A name for a file out of anything. */
const fileName = (text: string): string => text.replaceAll(/[^\w.@-]+/g, '-').replace(/^[.-]+/, '') || 'export';

/**
 * Writes an export below `exports` of a directory, for its owner alone; never over another file.
 *
 * @returns its path
 */
export async function saveExport(directory: string, name: string, text: string): Promise<string> {
  const folder = path.join(directory, 'exports');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { name: base, ext } = path.parse(fileName(name));
  for (let copy = 1; ; copy += 1) {
    const file = path.join(folder, copy === 1 ? `${base}${ext}` : `${base}-${copy}${ext}`);
    try {
      await writeFile(file, text, { mode: 0o600, flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Writes a report of a crash. At once, since the process is about to end.
 *
 * @returns its path; undefined when it could not be written
 */
export function writeCrashReport(directory: string, at: number, text: string): string | undefined {
  const file = path.join(directory, 'crashes', `${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}.txt`);
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  } catch {
    return undefined;
  }
}
