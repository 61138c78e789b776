/** What a terminal showed over time, as one animated SVG: each row is drawn once for as long as it stays the same. */
import { framedSvg, rowSvg } from './picture.ts';
import type { Terminal } from './terminal.ts';

/** Seconds that nothing may happen for in the recording, however long it took. */
const longestPause = 1.6;
/** Seconds that the last screen stands before it begins anew. */
const lastStands = 4;
/** Frames closer together than this are one: what stood for less, nobody reads. */
const shortest = 0.08;

type Frame = { readonly at: number; readonly rows: readonly string[] };

export class Recording {
  readonly #frames: Frame[] = [];
  #size = { cols: 100, rows: 30 };

  /** Takes every frame of a terminal from now on; several terminals one after another make one recording. */
  follow(terminal: Terminal): void {
    this.#size = { cols: terminal.screen.cols, rows: terminal.screen.rows };
    const take = () => {
      const rows = Array.from({ length: terminal.screen.rows }, (_, row) => rowSvg(terminal.screen, row));
      const before = this.#frames.at(-1);
      if (before?.rows.every((row, index) => row === rows[index])) return;
      this.#frames.push({ at: performance.now() / 1_000, rows });
    };
    terminal.onFrame = take;
    take();
  }

  /** The recording, with its pauses cut short. */
  svg(): string {
    const frames = this.#played();
    const total = (frames.at(-1)?.at ?? 0) + lastStands;
    const rows = Array.from({ length: this.#size.rows }, (_, row) => stretches(frames, row, total));
    const shown = rows
      .flat()
      .map(
        ({ svg, from, to }) =>
          `<g visibility="hidden">${svg}<set attributeName="visibility" to="visible" begin="loop.begin+${seconds(from)}" dur="${seconds(to - from)}"/></g>`,
      );
    const loop = `<rect width="0" height="0"><animate id="loop" attributeName="x" from="0" to="0" begin="0s;loop.end" dur="${seconds(total)}"/></rect>`;
    return framedSvg(this.#size, [loop, ...shown]);
  }

  /** Frames at the time at which the recording shows them, in seconds from its start. */
  #played(): readonly Frame[] {
    let at = 0;
    let before: number | undefined;
    const played: Frame[] = [];
    for (const frame of this.#frames) {
      at += before === undefined ? 0 : Math.min(longestPause, frame.at - before);
      before = frame.at;
      const last = played.at(-1);
      if (last && at - last.at < shortest) played[played.length - 1] = { at: last.at, rows: frame.rows };
      else played.push({ at, rows: frame.rows });
    }
    return played;
  }
}

type Stretch = { readonly svg: string; readonly from: number; readonly to: number };

/** How long a row showed what. */
function stretches(frames: readonly Frame[], row: number, end: number): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const [index, frame] of frames.entries()) {
    const svg = frame.rows[row] ?? '';
    const to = frames[index + 1]?.at ?? end;
    const last = found.at(-1);
    if (last && last.svg === svg && last.to === frame.at) found[found.length - 1] = { ...last, to };
    else if (svg !== '') found.push({ svg, from: frame.at, to });
  }
  return found;
}

const seconds = (value: number): string => `${value.toFixed(2)}s`;
