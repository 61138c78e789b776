export type DiffLine = { readonly sign: ' ' | '+' | '-'; readonly text: string };

/** A comma that only says that more follows is no difference. */
const same = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a.replace(/,$/, '') === b.replace(/,$/, '');

/**
 * Lines of two JSON documents set against each other: longest common subsequence, deletions before insertions. Lines
 * that differ in a trailing comma only count as equal, so that an added statement shows as that statement.
 */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = same(before[i], after[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const fresh = after[j];
    if (fresh !== undefined && same(old, fresh)) {
      lines.push({ sign: ' ', text: fresh });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ sign: '-', text: old });
      i += 1;
    } else if (fresh !== undefined) {
      lines.push({ sign: '+', text: fresh });
      j += 1;
    }
  }
  return lines;
}

/** Only what changed, with `context` unchanged lines around it; gaps are shown as one line `...`. */
export function condense(lines: readonly DiffLine[], context = 2): readonly DiffLine[] {
  const keep = lines.map((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(line => line.sign !== ' '),
  );
  const shown: DiffLine[] = [];
  lines.forEach((line, index) => {
    if (keep[index]) shown.push(line);
    else if (keep[index - 1] || index === 0) shown.push({ sign: ' ', text: '...' });
  });
  return shown.some(line => line.sign !== ' ') ? shown : [];
}

/** A JSON document as lines, indented; text that is not JSON comes back as its own lines. */
export function jsonLines(text: string): readonly string[] {
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n');
  } catch {
    return text.split(/\r?\n/);
  }
}
