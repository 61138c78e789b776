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
  return { mode, columns, rows, headerRows, width: Math.max(1, columns - 2), body, strip: mode === 'full' ? 3 : 0 };
}

/** Rows of a table that are shown at once: the header line and the strip take theirs, a notice above takes `taken`. */
export const tableHeight = (layout: Layout, taken = 0): number => Math.max(1, layout.body - 1 - layout.strip - taken);
