import type { Comparison, Drift } from '../../live/views/compare.ts';
import type { App } from '../controller/app.ts';
import { subjectOfRow } from '../controller/drift.ts';
import type { CurrentTable } from '../controller/table.ts';
import { driftText } from '../screens/table/compare-lines.ts';
import type { Gone } from '../state/gone.ts';
import { pointedAt } from '../state/looked.ts';
import { lookOf } from '../state/looks.ts';
import type { UiState } from '../state/state.ts';
import { isFleet } from '../state/view.ts';
import type { Geometry, ShownColumn } from '../tables/engine.ts';
import { type AnyRow, healthWidth, rowRole } from '../tables/table.ts';
import { levelRole } from '../text/health.ts';
import { thousands } from '../text/numbers.ts';
import { cells, cut, take } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import type { Role } from '../theme/theme.ts';
import type { ChangeMarks } from './change-marks.ts';

/** One line of a table, ready to draw: plain values, so that an unchanged line is not drawn again. */
export type TableLine = {
  readonly id: string;
  readonly text: string;
  /** Stretches of `text` that the filter found, as `start-end`, joined by commas. */
  readonly found: string;
  readonly role: Role;
  readonly health: string;
  readonly healthRole: Role;
  readonly selected: boolean;
  /** Chosen for the next action, or gone. */
  readonly mark: ' ' | '*' | '-';
};

/** The room that the columns of a table share. */
export const geometryOf = (state: UiState, table: CurrentTable): Geometry => {
  const { wide, hidden } = lookOf(state.looks, table.view);
  return { width: table.width, wide, hidden, acrossClusters: isFleet(table.view) };
};

/** What differs between clusters, for a row of all of them; found by comparing the one service account. */
export function driftOf(
  app: App,
  table: CurrentTable,
  row: AnyRow,
): { drift: Drift; comparison: Comparison } | undefined {
  if (!isFleet(table.view)) return undefined;
  const { namespace, name, id } = subjectOfRow(row);
  const comparison = app.drift.of(namespace, name);
  const drift = comparison.drift.get(id);
  return drift && { drift, comparison };
}

/** What the HEALTH column says: a difference between clusters where nothing worse is found, or all that is looked for. */
export function healthOf(app: App, table: CurrentTable, row: AnyRow): Pick<TableLine, 'health' | 'healthRole'> {
  const { engine, frame } = table;
  const { level } = engine.health(row);
  if (engine.stale(row)) return { health: 'stale', healthRole: 'dim' };
  const minor = level === 'ok' || level === 'info';
  const found = minor || frame.drift ? driftOf(app, table, row) : undefined;
  if (found) return { health: driftText(found.drift), healthRole: 'warning' };
  return { health: engine.healthText(row), healthRole: levelRole[level] };
}

/** Puts a sign of one cell behind what a column says: beside it where there is room, else into the gap behind the column. */
function withSign(text: string, { start, width }: ShownColumn, sign: string): string {
  const left = take(text, start);
  const cell = take(text.slice(left.length), width).trimEnd();
  const before = take(text, start + Math.min(width, cells(cell) + 1));
  return text.charAt(before.length) === ' ' ? before + sign + text.slice(before.length + 1) : text;
}

/**
 * What the model saw change in a row while it was looked for; that a row fills in as it is read is no change. Who has
 * had the cursor on it for a while has seen it.
 */
export function changesOf(app: App, state: UiState, { engine, frame }: CurrentTable, marks: ChangeMarks, row: AnyRow) {
  const now = app.clock.now();
  const all = marks.of(row, engine, { now: state.now }, now);
  const mark = 'mark' in row && row.mark && now - row.mark.at < pointedAt ? row.mark : undefined;
  const looked = frame.looked.get(row.id) ?? Number.NEGATIVE_INFINITY;
  const kind = mark && mark.at >= looked ? mark.kind : undefined;
  return { kind, changes: kind === 'changed' ? all.filter(({ at }) => at >= looked) : [], all: mark ? all : [] };
}

/** The line of a row: its cells, what of them changed lately, and how healthy it is. */
export function lineOf(
  app: App,
  state: UiState,
  table: CurrentTable,
  geometry: Geometry,
  marks: ChangeMarks,
  row: AnyRow,
) {
  const { engine, frame } = table;
  const context = { now: state.now };
  const plain = engine.text(row, geometry, context);
  const health = healthOf(app, table, row);
  const { kind, changes } = changesOf(app, state, table, marks, row);
  let text = plain;
  const placed = new Set<string>();
  for (const column of changes.length === 0 ? [] : engine.columns(geometry)) {
    if (!changes.some(({ title }) => title === column.title)) continue;
    text = withSign(text, column, 'Δ');
    placed.add(column.title);
  }
  const filter = engine.filter();
  const found = filter.ok && !filter.empty ? engine.found(row, geometry, context) : [];
  // What changed where it is not shown is told at the end of the row.
  const elsewhere = changes.some(({ title }) => !placed.has(title)) || (kind === 'changed' && changes.length === 0);
  const sign = kind === 'new' ? ' +' : elsewhere ? ' Δ' : '';
  return {
    id: row.id,
    text,
    found: found.map(([from, to]) => `${from}-${to}`).join(),
    role: rowRole(engine.stale(row), engine.health(row).level),
    ...health,
    health: sign === '' ? health.health : cut(health.health, healthWidth - cells(sign)) + sign,
    selected: row.id === frame.cursor.id,
    mark: frame.marks.has(row.id) ? '*' : ' ',
  } satisfies TableLine;
}

/** What became of a row that has a line and is none of the rows. */
export const notThere: Readonly<Record<Gone<AnyRow>['why'], string>> = {
  gone: 'is gone',
  hidden: 'is not among these',
  absent: 'is not in this table',
};

/** The line where a row was; under the cursor it says what became of it. */
export const lineOfGone = (state: UiState, table: CurrentTable, geometry: Geometry, gone: Gone<AnyRow>): TableLine => {
  const selected = table.frame.cursor.ghost && gone.id === table.frame.cursor.id;
  const { row, label } = gone;
  const own = `${clean(label)} ${notThere[gone.why]}; nothing here acts on it`;
  return {
    id: `gone ${gone.id}`,
    text: selected || !row ? own : table.engine.text(row, geometry, { now: state.now }).trimEnd(),
    found: '',
    role: selected ? 'dim' : 'gone',
    health: gone.why,
    healthRole: selected ? 'warning' : 'dim',
    selected,
    mark: '-',
  };
};

/** The one line of many rows that are gone. */
export const foldedLine = (count: number): TableLine => ({
  id: 'folded',
  text: count === 1 ? '1 row that was here is gone' : `${thousands(count)} rows that were here are gone`,
  found: '',
  role: 'dim',
  health: 'gone',
  healthRole: 'dim',
  selected: false,
  mark: '-',
});
