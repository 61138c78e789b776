import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** What a file of another format is not read by: it is written anew. */
const format = 1;

const headWith = (checksum: string): string => `podid-tui picture ${format} ${checksum}`;

const headOf = (body: string): string => headWith(createHash('sha256').update(body).digest('hex'));

/** So many items of a list are written at a time. */
const itemsAtOnce = 500;

/** The text of a file that holds `value`: a line that proves the rest whole, and the rest. */
export function encode(value: unknown): string {
  const body = JSON.stringify(value);
  return `${headOf(body)}\n${body}\n`;
}

/**
 * What `encode` wrote. Undefined for anything else, whatever it is: cut short, spoiled, written by a newer or another
 * program.
 */
export function decode(text: string): unknown {
  const end = text.indexOf('\n');
  if (end < 0 || !text.endsWith('\n')) return undefined;
  const body = text.slice(end + 1, -1);
  if (text.slice(0, end) !== headOf(body)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The files of one picture, in a directory that is the user's alone. */
export class PictureFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** `missing`: there is no such file; `unreadable`: there is one that is not to be used. */
  async read(name: string): Promise<{ readonly value: unknown } | 'missing' | 'unreadable'> {
    try {
      const value = decode(await readFile(path.join(this.#directory, name), 'utf8'));
      return value === undefined ? 'unreadable' : { value };
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable';
    }
  }

  async write(name: string, value: unknown): Promise<void> {
    await this.writeText(name, encode(value));
  }

  /**
   * The same file that `write` makes of a list, a part at a time: a list of many thousands would be a text of many megabytes,
   * twice, and no key would be heard while it is made.
   */
  async writeList(name: string, items: readonly unknown[]): Promise<void> {
    await this.#replace(name, async file => {
      const checksum = createHash('sha256');
      const put = async (text: string) => {
        checksum.update(text);
        await file.appendFile(text);
      };
      // What it is to be is as long, and known at the end.
      await file.appendFile(`${headWith('0'.repeat(64))}\n`);
      await put('[');
      for (let from = 0; from < items.length; from += itemsAtOnce) {
        const part = JSON.stringify(items.slice(from, from + itemsAtOnce)).slice(1, -1);
        await put(from === 0 ? part : `,${part}`);
      }
      await put(']');
      await file.appendFile('\n');
      await file.write(headWith(checksum.digest('hex')), 0);
    });
  }

  async writeText(name: string, text: string): Promise<void> {
    await this.#replace(name, file => file.writeFile(text));
  }

  /** The old file is there until the new one is whole. */
  async #replace(name: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = path.join(this.#directory, name);
    const next = `${file}.${process.pid}`;
    const handle = await open(next, 'w', 0o600);
    try {
      await fill(handle).finally(() => handle.close());
      await rename(next, file);
    } catch (error) {
      // On a full disk half a picture is the last thing to keep.
      await rm(next, { force: true });
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.#directory, name), { force: true });
  }
}
