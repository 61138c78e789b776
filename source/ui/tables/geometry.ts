import { cutMiddle, pad } from '../text/pad.ts';
import { type CellContext, type Column, healthWidth } from './table.ts';

/** A column with the cells it got. */
export type PlacedColumn<Row> = { readonly column: Column<Row>; readonly width: number };

/** Cells left of the first column: the cursor, the mark. */
export const gutterWidth = 3;
const gap = 1;

/**
 * Which columns are shown and how wide, for `width` cells inside the pane. Widths depend on the pane alone, never on
 * the rows, so that nothing moves when rows come or go.
 */
export function placeColumns<Row>(
  columns: readonly Column<Row>[],
  width: number,
  options: { readonly wide: boolean; readonly acrossClusters: boolean; readonly hidden?: readonly string[] },
): readonly PlacedColumn<Row>[] {
  const room = width - gutterWidth - healthWidth - 2;
  let shown = columns.filter(
    column =>
      (!column.wide || options.wide) &&
      (!column.acrossClusters || options.acrossClusters) &&
      (!column.withinCluster || !options.acrossClusters) &&
      (column.named === true || !options.hidden?.includes(column.title)),
  );
  const need = () => shown.reduce((sum, column) => sum + column.width + gap, 0);
  while (need() > room && shown.length > 1) {
    const last = shown.reduce((worst, column) => (column.priority >= worst.priority ? column : worst));
    if (last.priority === 1) break;
    shown = shown.filter(column => column !== last);
  }
  return grow(shown, room);
}

/** Shares what is left among columns that can grow, up to their most. */
function grow<Row>(columns: readonly Column<Row>[], room: number): readonly PlacedColumn<Row>[] {
  const placed = columns.map(column => ({ column, width: column.width }));
  let spare = room - placed.reduce((sum, item) => sum + item.width + gap, 0);
  if (spare < 0) {
    // Narrower than every column needs: the first ones keep their cells, what follows is cut.
    let left = room;
    return placed.map(item => {
      const width = Math.max(0, Math.min(item.width, left - gap));
      left -= width + gap;
      return { ...item, width };
    });
  }
  for (;;) {
    const open = placed.filter(item => item.width < (item.column.max ?? item.column.width));
    if (spare <= 0 || open.length === 0) return placed;
    for (const item of open) {
      if (spare <= 0) break;
      item.width += 1;
      spare -= 1;
    }
  }
}

const join = (parts: readonly string[]): string => parts.map(part => part + ' '.repeat(gap)).join('');

/** What a column says of a row, in exactly the cells it got. */
export const inCells = <Row>({ align, alike }: Column<Row>, text: string, width: number): string =>
  pad(alike ? cutMiddle(text, width, '~') : text, width, align);

/** The padded text of a row, health apart: pure ASCII unless a value is not. */
export const rowText = <Row>(columns: readonly PlacedColumn<Row>[], row: Row, context: CellContext): string =>
  join(columns.map(({ column, width }) => inCells(column, column.text(row, context), width)));

/** The cell each column begins in, from 0. */
export function columnStarts<Row>(columns: readonly PlacedColumn<Row>[]): readonly number[] {
  let start = 0;
  return columns.map(({ width }) => {
    const here = start;
    start += width + gap;
    return here;
  });
}

/**
 * The header, with an arrow on the sorted column and brackets around the one that is picked. Both are ASCII, since the
 * header is drawn with every frame.
 */
export const headerText = <Row>(
  columns: readonly PlacedColumn<Row>[],
  sorted: { readonly by: string; readonly arrow: string },
  picked?: string,
): string =>
  join(
    columns.map(({ column, width }) => {
      const arrow = sorted.by === column.title || (sorted.by === 'name' && column.named) ? sorted.arrow : '';
      const title =
        column.title === picked ? `[${column.title.slice(0, Math.max(1, width - 2 - arrow.length))}]` : column.title;
      return pad(title.slice(0, Math.max(0, width - arrow.length)) + arrow, width, column.align);
    }),
  );
