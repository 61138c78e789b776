/**
 * Ink's drawing of a frame for the bundle, with the rows kept that stay as they were. Ink splits every text of the
 * screen into its characters for each frame, which is most of what a key press costs; a step of the cursor changes two
 * rows of thirty. A row depends on nothing but what is written over it, so one that is written by the same texts in
 * the same way as in the frame before is the same row. All others are drawn by Ink's own class.
 */
import InkOutput from '../node_modules/ink/build/output.js';

type Size = ConstructorParameters<typeof InkOutput>[0];
type Clip = Parameters<InstanceType<typeof InkOutput>['clip']>[0];
type Transformers = Parameters<InstanceType<typeof InkOutput>['write']>[3]['transformers'];

type Write = {
  readonly x: number;
  readonly y: number;
  /** Its first line is in row `y`. */
  readonly lines: readonly string[];
  readonly transformers: Transformers;
  readonly clips: readonly Clip[];
};

type Row = { readonly writes: readonly Write[]; readonly line: string };

/** The rows of the frame before, whoever drew it: rows of another width are other rows. */
let before: { readonly width: number; readonly rows: readonly Row[] } = { width: 0, rows: [] };

/** Stands in for Ink's class of that name: as `ink/build/output.js`. */
export default class Output {
  readonly width: number;
  readonly height: number;
  readonly #writes: Write[] = [];
  #clips: readonly Clip[] = [];

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
  }

  write(x: number, y: number, text: string, { transformers }: { readonly transformers: Transformers }): void {
    if (text === '') return;
    this.#writes.push({ x, y, lines: text.split('\n'), transformers, clips: this.#clips });
  }

  clip(clip: Clip): void {
    this.#clips = [...this.#clips, clip];
  }

  unclip(): void {
    this.#clips = this.#clips.slice(0, -1);
  }

  get(): { output: string; height: number } {
    const kept = before.width === this.width ? before.rows : [];
    const writes = this.#writesOfRows();
    const lines = writes.map((row, y) => {
      const old = kept[y];
      return old && sameWrites(old.writes, row) ? old.line : undefined;
    });
    for (let from = lines.indexOf(undefined); from >= 0; from = lines.indexOf(undefined, from)) {
      let to = from + 1;
      while (to < lines.length && lines[to] === undefined) to += 1;
      lines.splice(from, to - from, ...this.#draw(from, to));
    }
    before = { width: this.width, rows: writes.map((row, y) => ({ writes: row, line: lines[y] ?? '' })) };
    return { output: lines.join('\n'), height: lines.length };
  }

  #writesOfRows(): Write[][] {
    const rows = Array.from({ length: Math.max(0, Math.ceil(this.height)) }, (): Write[] => []);
    for (const write of this.#writes) {
      for (let y = Math.max(0, write.y); y < write.y + write.lines.length; y += 1) rows[y]?.push(write);
    }
    return rows;
  }

  /** Rows `from` to before `to`, by Ink. */
  #draw(from: number, to: number): string[] {
    const ink = new InkOutput({ width: this.width, height: to - from });
    for (const write of this.#writes) {
      if (write.y + write.lines.length <= from || write.y >= to) continue;
      const { x, y, lines, transformers, clips } = within(write, from, to);
      for (const clip of clips) ink.clip(moved(clip, from));
      ink.write(x, y - from, lines.join('\n'), { transformers });
      for (const _ of clips) ink.unclip();
    }
    return ink.get().output.split('\n');
  }
}

/** What of a write concerns rows `from` to before `to`: of a border these rows only, as far as its lines stand alone. */
function within(write: Write, from: number, to: number): Write {
  const { y, lines, transformers } = write;
  if ((y >= from && y + lines.length <= to) || transformers.length > 0 || !lines.every(standsAlone)) return write;
  const first = Math.max(0, from - y);
  return { ...write, y: y + first, lines: lines.slice(first, to - y) };
}

/** Whether a line leaves no style behind for the next one. Asked of Ink once for each line: those of a border are alike. */
function standsAlone(line: string): boolean {
  if (!line.includes('\u001b')) return true;
  let alone = alones.get(line);
  if (alone === undefined) {
    const ink = new InkOutput({ width: 1, height: 2 });
    ink.write(0, 0, `${line}\nx`, { transformers: [] });
    alone = ink.get().output.endsWith('\nx');
    if (alones.size > 500) alones.clear();
    alones.set(line, alone);
  }
  return alone;
}
const alones = new Map<string, boolean>();

const moved = ({ x1, x2, y1, y2 }: Clip, rows: number): Clip => ({
  x1,
  x2,
  y1: y1 === undefined ? undefined : y1 - rows,
  y2: y2 === undefined ? undefined : y2 - rows,
});

const sameItems = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a.length === b.length && a.every((item, index) => same(item, b[index] as T));

const sameWrites = (a: readonly Write[], b: readonly Write[]): boolean => sameItems(a, b, sameWrite);

const sameWrite = (a: Write, b: Write): boolean =>
  a.x === b.x &&
  a.y === b.y &&
  sameItems(a.lines, b.lines, Object.is) &&
  sameItems(a.transformers, b.transformers, Object.is) &&
  sameItems(a.clips, b.clips, sameClip);

const sameClip = (a: Clip, b: Clip): boolean => a.x1 === b.x1 && a.x2 === b.x2 && a.y1 === b.y1 && a.y2 === b.y2;
