/**
 * The empty frame, written with plain escape codes before anything heavy is loaded: a user sees the app at once and
 * Ink repaints over it. Kept to what every terminal knows.
 */
export function firstPaint(
  out: { columns?: number; rows?: number; write(text: string): unknown },
  status: string,
): void {
  const columns = out.columns ?? 80;
  const rows = out.rows ?? 24;
  if (columns < 60 || rows < 15) return;
  const header = rows >= 30 && columns >= 100 ? 4 : 1;
  const inner = columns - 2;
  const title = `─ clusters ${'─'.repeat(Math.max(0, inner - 11))}`;
  const lines = [` podid-tui   ${status}`, ...Array(header - 1).fill('')];
  lines.push(`╭${title}╮`);
  for (let row = header + 2; row < rows - 2; row++) lines.push(`│${' '.repeat(inner)}│`);
  lines.push(`╰${'─'.repeat(inner)}╯`);
  // Alternate screen, cursor hidden, home: what Ink does first, done earlier.
  out.write(`\u001B[?1049h\u001B[?25l\u001B[H${lines.join('\r\n')}`);
}

/** Gives the terminal back when the app could not be loaded after the first paint. */
export const undoFirstPaint = (out: { write(text: string): unknown }): unknown => out.write('\u001B[?25h\u001B[?1049l');
