import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../command.ts';

export type ExportFile = { readonly path: string; readonly text: string };

/**
 * Writes files and the folders they are in; with `force` over what is there.
 *
 * @throws UsageError when any is there already: then none is written
 */
export async function writeFiles(files: readonly ExportFile[], force: boolean): Promise<void> {
  if (!force) {
    const there = (await Promise.all(files.map(async file => ((await exists(file.path)) ? [file.path] : [])))).flat();
    const [first, ...more] = there.map(file => `${file} is there already: choose another --out, or --force`);
    if (first !== undefined) throw new UsageError(first, ...more);
  }
  for (const file of files) {
    try {
      await mkdir(path.dirname(file.path), { recursive: true });
      // Between the look and here somebody may have made it.
      await writeFile(file.path, file.text, { flag: force ? 'w' : 'wx' });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new Error(`${file.path} cannot be written: ${code}`, { cause: error });
    }
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
