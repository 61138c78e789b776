import { Box } from 'ink';
import type { Line } from '../state/lines.ts';
import { SpanLine } from './spans.tsx';

/** A window of lines, one `Text` a line. */
export function Page({
  lines,
  scroll,
  height,
}: {
  readonly lines: readonly Line[];
  readonly scroll: number;
  readonly height: number;
}) {
  const top = Math.max(0, Math.min(scroll, lines.length - height));
  return (
    <Box flexDirection="column" paddingLeft={1} height={height} overflow="hidden">
      {lines.slice(top, top + height).map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <SpanLine key={index} line={item} />
      ))}
    </Box>
  );
}

/** `12-33/58  ▾ 25 more`: which lines are shown. */
export function pagePosition(count: number, scroll: number, height: number): string {
  const top = Math.max(0, Math.min(scroll, count - height));
  const last = Math.min(count, top + height);
  const below = count - last;
  return `${count === 0 ? 0 : top + 1}-${last}/${count}${below > 0 ? `  ▾ ${below} more` : ''}`;
}
