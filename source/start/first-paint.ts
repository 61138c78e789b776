/** The size of the screen that is drawn. */
export type Screen = { readonly columns: number; readonly rows: number };

/**
 * The frame, written with plain escape codes before anything heavy is loaded: a user sees the app at once and Ink
 * repaints over it. Kept to what every terminal knows. `content`: rows of printable ASCII to show in it, dimmed,
 * because they are of the last time.
 *
 * @returns the screen that stands there now, for whoever draws next; nothing where there is no room
 */
export function firstPaint(
  out: { columns?: number; rows?: number; write(text: string): unknown },
  status: string,
  content: readonly string[] = [],
  { ascii = false }: { readonly ascii?: boolean } = {},
): Screen | undefined {
  const columns = out.columns ?? 80;
  const rows = out.rows ?? 24;
  if (columns < 60 || rows < 15) return undefined;
  const header = rows >= 30 && columns >= 100 ? 4 : 1;
  const inner = columns - 2;
  const title = `─ clusters ${'─'.repeat(Math.max(0, inner - 11))}`;
  const lines = [` podid-tui   ${status}`, ...Array(header - 1).fill('')];
  lines.push(`╭${title}╮`);
  for (let row = header + 2, index = 0; row < rows - 2; row++, index++) {
    const text = (content[index] ?? '').slice(0, inner - 2).padEnd(inner - 2);
    lines.push(`│ \u001B[2m${text}\u001B[22m │`);
  }
  lines.push(`╰${'─'.repeat(inner)}╯`);
  // Alternate screen, cursor hidden, home: what Ink does first, done earlier.
  const drawn = lines.join('\r\n');
  out.write(`\u001B[?1049h\u001B[?25l\u001B[H${ascii ? inAscii(drawn) : drawn}`);
  return { columns, rows };
}

const corners = /[╭╮╰╯]/g;
const inAscii = (text: string): string => text.replace(corners, '+').replaceAll('─', '-').replaceAll('│', '|');

/**
 * Gives the terminal back when a signal comes before Ink is there to do it, and lets the signal end the process.
 *
 * @returns what ends the watch
 */
export function guardFirstPaint(out: { write(text: string): unknown }): () => void {
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
  const release = () => {
    for (const signal of signals) process.off(signal, end);
  };
  function end(signal: NodeJS.Signals): void {
    release();
    undoFirstPaint(out);
    process.kill(process.pid, signal);
  }
  for (const signal of signals) process.on(signal, end);
  return release;
}

/** Gives the terminal back when the app could not be loaded after the first paint. */
export const undoFirstPaint = (out: { write(text: string): unknown }): unknown => out.write('\u001B[?25h\u001B[?1049l');
