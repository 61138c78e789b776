import stringWidth from 'string-width';

const ascii = /^[\x20-\x7e]*$/;

/** Terminal cells that a text takes. ASCII, which most rows are, is counted without segmenting. */
export const cells = (text: string): number => (ascii.test(text) ? text.length : stringWidth(text));

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** User-perceived characters, for moving and deleting in text fields and for splitting bursts of keys. */
export const graphemes = (text: string): readonly string[] =>
  ascii.test(text) ? [...text] : Array.from(segmenter.segment(text), part => part.segment);

/** The longest beginning of `text` that takes at most `width` cells. */
export function take(text: string, width: number): string {
  if (width <= 0) return '';
  if (ascii.test(text)) return text.slice(0, width);
  let taken = '';
  let used = 0;
  for (const part of graphemes(text)) {
    const size = stringWidth(part);
    if (used + size > width) break;
    taken += part;
    used += size;
  }
  return taken;
}

/**
 * Exactly `width` cells: padded, or cut with a sign at the end. The sign is `~` in tables because rows of pure ASCII
 * are several times cheaper for Ink to measure and draw.
 */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left', sign = '~'): string {
  if (width <= 0) return '';
  const size = cells(text);
  if (size > width) {
    const cut = take(text, width - 1) + sign;
    return cut + ' '.repeat(width - cells(cut));
  }
  const space = ' '.repeat(width - size);
  return align === 'left' ? text + space : space + text;
}

/** Cut to `width` cells with an ellipsis, without padding. */
export const cut = (text: string, width: number): string =>
  cells(text) <= width ? text : width <= 0 ? '' : `${take(text, width - 1)}…`;

/** Cut in the middle, for ids and ARNs, whose ends tell them apart. */
export function cutMiddle(text: string, width: number, sign = '…'): string {
  if (cells(text) <= width || width < 5) return cut(text, width);
  const head = Math.ceil((width - 1) / 2);
  const tail = width - 1 - head;
  const parts = graphemes(text);
  return `${take(text, head)}${sign}${parts.slice(parts.length - tail).join('')}`;
}

/** Lines of at most `width` cells, broken at spaces where there are any. */
export function wrap(text: string, width: number): readonly string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const candidate = line === '' ? word : `${line} ${word}`;
    if (cells(candidate) <= width) {
      line = candidate;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (cells(line) > width) {
      const head = take(line, width) || line.slice(0, 1);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}
