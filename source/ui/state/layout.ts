/** How the screen is divided, from its size alone. Cells and rows. */
export type Layout = {
  readonly mode: 'full' | 'compact' | 'list' | 'small';
  readonly columns: number;
  readonly rows: number;
  readonly headerRows: number;
  /** Cells between the borders. */
  readonly width: number;
  /** Rows between the borders. */
  readonly body: number;
  /** Rows under a table that explain the row under the cursor. */
  readonly strip: number;
};

export const smallest = { columns: 60, rows: 15 } as const;

export function layoutOf(columns: number, rows: number): Layout {
  const mode =
    columns < smallest.columns || rows < smallest.rows
      ? 'small'
      : columns >= 100 && rows >= 30
        ? 'full'
        : columns >= 80 && rows >= 24
          ? 'compact'
          : 'list';
  const headerRows = mode === 'full' ? 4 : 1;
  // Two borders, the crumbs and the bottom line.
  const body = Math.max(1, rows - headerRows - 4);
  return { mode, columns, rows, headerRows, width: Math.max(1, columns - 2), body, strip: stripRows[mode] };
}

const stripRows: Readonly<Record<Layout['mode'], number>> = { full: 3, compact: 1, list: 0, small: 0 };

/** Room that a preview takes: rows under the rows of the table, or cells to the right of them. */
export type PreviewArea =
  | { readonly place: 'below'; readonly rows: number }
  | { readonly place: 'right'; readonly cells: number };

/** Least cells that a table keeps beside a preview. */
const tableCells = 80;

/** Where a preview has room; to the right only when the table keeps enough; undefined: nowhere. */
export function previewArea(layout: Layout, place: 'below' | 'right'): PreviewArea | undefined {
  if (layout.mode === 'list' || layout.mode === 'small') return undefined;
  const cells = Math.min(70, layout.width - tableCells);
  if (place === 'right' && cells >= 40) return { place, cells };
  return { place: 'below', rows: Math.max(7, Math.floor(layout.body * 0.45)) };
}

/**
 * Rows of a table that are shown at once: the header line takes one, `taken` is what stands under the rows, the strip or
 * a preview among it.
 */
export const tableHeight = (layout: Layout, taken: number): number => Math.max(1, layout.body - 1 - taken);
