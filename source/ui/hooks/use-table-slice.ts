import { useRef, useSyncExternalStore } from 'react';
import type { Comparison, Drift } from '../../live/views/compare.ts';
import type { App } from '../controller/app.ts';
import { subjectOfRow } from '../controller/drift.ts';
import { followLine } from '../controller/follow.ts';
import { rowsInWindow } from '../controller/settler.ts';
import { type CurrentTable, currentTable, cursorRow } from '../controller/table.ts';
import { driftDetail, driftText } from '../screens/table/compare-lines.ts';
import { previewOf } from '../screens/table/preview.ts';
import type { Strip } from '../screens/table/strip.ts';
import type { Gone } from '../state/gone.ts';
import type { PreviewArea } from '../state/layout.ts';
import { type Line, sameLine } from '../state/lines.ts';
import { pointedAt } from '../state/looked.ts';
import { lookOf } from '../state/looks.ts';
import type { PaneState } from '../state/pane.ts';
import { isFrozen, topFrame, type UiState } from '../state/state.ts';
import { isFleet } from '../state/view.ts';
import type { Geometry, ShownColumn } from '../tables/engine.ts';
import { type AnyRow, healthWidth, rowRole } from '../tables/table.ts';
import { shortRoles } from '../text/arn.ts';
import { levelRole } from '../text/health.ts';
import { clockTime, thousands } from '../text/numbers.ts';
import { cells, cut, take } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import type { Role } from '../theme/theme.ts';
import { ChangeMarks } from './change-marks.ts';
import { useApp } from './use-app.ts';

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

/** More about the row under the cursor, beside the rows or under them. */
export type PreviewPane = {
  readonly area: PreviewArea;
  readonly title: string;
  readonly lines: readonly Line[];
};

export type TableSlice = {
  readonly header: string;
  readonly lines: readonly TableLine[];
  readonly pane: PaneState;
  readonly position: string;
  readonly shown: number;
  readonly total: number;
  readonly marks: number;
  /** Cells of a row. */
  readonly width: number;
  /** About the row under the cursor. */
  readonly strip: Strip | undefined;
  readonly preview: PreviewPane | undefined;
  /** What failed, under the rows. */
  readonly incomplete: readonly Line[];
  /** What is followed, and how that stands. */
  readonly follow: Line;
};

const geometryOf = (state: UiState, table: CurrentTable): Geometry => {
  const { wide, hidden } = lookOf(state.looks, table.view);
  return { width: table.width, wide, hidden, acrossClusters: isFleet(table.view) };
};

/** What differs between clusters, for a row of all of them; found by comparing the one service account. */
function driftOf(app: App, table: CurrentTable, row: AnyRow): { drift: Drift; comparison: Comparison } | undefined {
  if (!isFleet(table.view)) return undefined;
  const { namespace, name, id } = subjectOfRow(row);
  const comparison = app.drift.of(namespace, name);
  const drift = comparison.drift.get(id);
  return drift && { drift, comparison };
}

/** What the HEALTH column says: a difference between clusters where nothing worse is found, or all that is looked for. */
function healthOf(app: App, table: CurrentTable, row: AnyRow): Pick<TableLine, 'health' | 'healthRole'> {
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
function changesOf(app: App, state: UiState, { engine, frame }: CurrentTable, marks: ChangeMarks, row: AnyRow) {
  const now = app.clock.now();
  const all = marks.of(row, engine, { now: state.now }, now);
  const mark = 'mark' in row && row.mark && now - row.mark.at < pointedAt ? row.mark : undefined;
  const looked = frame.looked.get(row.id) ?? Number.NEGATIVE_INFINITY;
  const kind = mark && mark.at >= looked ? mark.kind : undefined;
  return { kind, changes: kind === 'changed' ? all.filter(({ at }) => at >= looked) : [], all: mark ? all : [] };
}

function lineOf(app: App, state: UiState, table: CurrentTable, geometry: Geometry, marks: ChangeMarks, row: AnyRow) {
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

const notThere: Readonly<Record<Gone<AnyRow>['why'], string>> = {
  gone: 'is gone',
  hidden: 'is not among these',
  absent: 'is not in this table',
};

const lineOfGone = (state: UiState, table: CurrentTable, geometry: Geometry, gone: Gone<AnyRow>): TableLine => {
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

const foldedLine = (count: number): TableLine => ({
  id: 'folded',
  text: count === 1 ? '1 row that was here is gone' : `${thousands(count)} rows that were here are gone`,
  found: '',
  role: 'dim',
  health: 'gone',
  healthRole: 'dim',
  selected: false,
  mark: '-',
});

function stripOf(app: App, state: UiState, table: CurrentTable, marks: ChangeMarks): Strip | undefined {
  const row = cursorRow(table);
  const { now } = state;
  if (!row) return stripOfGone(table, now);
  const { engine } = table;
  const health = engine.health(row);
  const drift = driftOf(app, table, row);
  const detail = health.level === 'ok' && !health.detail ? 'nothing found' : clean(shortRoles(health.detail));
  const more = engine.explain(row, { now })[0] ?? '';
  return {
    subject: table.frame.cursor.label,
    ...healthOf(app, table, row),
    detail:
      drift && healthOf(app, table, row).healthRole === 'warning' ? driftDetail(drift.drift, drift.comparison) : detail,
    was: changesOf(app, state, table, marks, row)
      .all.map(({ title, was }) => `${title} was ${clean(was)}`)
      .join(', '),
    more,
  };
}

/** What was known last of the row that was under the cursor. */
function stripOfGone({ frame, engine }: CurrentTable, now: number): Strip | undefined {
  const line = frame.cursor.ghost ? frame.gone.find(({ id }) => id === frame.cursor.id) : undefined;
  if (!line) return undefined;
  const { at, row, label, why } = line;
  return {
    subject: label,
    health: why,
    healthRole: 'warning',
    detail: why === 'gone' ? `not there since ${clockTime(at)}` : notThere[why],
    was: '',
    more: row ? `last seen: ${engine.explain(row, { now })[0] ?? ''}` : '',
  };
}

export function buildSlice(
  app: App,
  state: UiState,
  marks: ChangeMarks = new ChangeMarks(),
  before?: TableSlice,
): TableSlice | undefined {
  const table = currentTable(app, state);
  if (!table) return undefined;
  const { frame, set, engine, height, incomplete } = table;
  const { top } = frame.cursor;
  const geometry = geometryOf(state, table);
  marks.begin(frame.id);
  const lines: TableLine[] = [];
  for (let at = top; at < top + height; at += 1) {
    const item = table.lines.lineAt(at);
    if (!item) break;
    if (item.kind === 'row') lines.push(lineOf(app, state, table, geometry, marks, item.row));
    else if (item.kind === 'gone') lines.push(lineOfGone(state, table, geometry, item.gone));
    else lines.push(foldedLine(item.count));
  }
  const { first, last } = rowsInWindow(table.lines, frame.cursor, height);
  const below = set.length - last;
  // While the cursor is on its way, what explains its row stays as it was.
  const kept = frame.moving ? before : undefined;
  return {
    header: engine.header(geometry, frame.sort, frame.column),
    lines,
    pane: table.pane,
    position: `${set.length === 0 ? 0 : first + 1}-${last}/${thousands(set.length)}${below > 0 ? `  ▾ ${thousands(below)} more` : ''}`,
    shown: set.length,
    total: set.total,
    marks: frame.marks.size,
    width: table.width,
    strip: kept ? kept.strip : stripOf(app, state, table, marks),
    preview: kept ? kept.preview : previewOf(app, state, table),
    incomplete,
    follow: followLine(state, table),
  };
}

const sameFields = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every(key => a[key] === b[key]);

/** The new slice with every unchanged part of the old one, or the old one itself when nothing differs. */
function reuse(old: TableSlice | undefined, next: TableSlice): TableSlice {
  if (!old) return next;
  const kept = new Map(old.lines.map(item => [item.id, item]));
  const lines = next.lines.map(item => {
    const before = kept.get(item.id);
    return before && sameFields(before, item) ? before : item;
  });
  const sameLines = lines.length === old.lines.length && lines.every((item, index) => item === old.lines[index]);
  const sameStrip = old.strip && next.strip ? sameFields(old.strip, next.strip) : old.strip === next.strip;
  const samePreview = JSON.stringify(old.preview) === JSON.stringify(next.preview);
  const sameIncomplete = JSON.stringify(old.incomplete) === JSON.stringify(next.incomplete);
  const samePane = old.pane.kind === next.pane.kind && JSON.stringify(old.pane) === JSON.stringify(next.pane);
  const merged: TableSlice = {
    ...next,
    lines: sameLines ? old.lines : lines,
    strip: sameStrip ? old.strip : next.strip,
    pane: samePane ? old.pane : next.pane,
    preview: samePreview ? old.preview : next.preview,
    incomplete: sameIncomplete ? old.incomplete : next.incomplete,
    follow: sameLine(old.follow, next.follow) ? old.follow : next.follow,
  };
  return sameFields(old, merged) ? old : merged;
}

type Seen = { readonly state: UiState; readonly revision: number; readonly slice: TableSlice | undefined };

/** What of the table is visible. Rows elsewhere may change as they like: the component does not render for them. */
export function useTableSlice(): TableSlice | undefined {
  const app = useApp();
  const last = useRef<Seen>(undefined);
  const marks = useRef<ChangeMarks>(undefined);
  marks.current ??= new ChangeMarks();
  const changes = marks.current;
  const get = () => {
    const state = app.store.get();
    const before = last.current;
    if (before && before.state === state && before.revision === app.model.revision) return before.slice;
    // The table under a dialog is frozen: no row can move beneath it.
    const frozen = isFrozen(state) && before?.slice && before.state.stack === state.stack;
    const here = before && topFrame(before.state).id === topFrame(state).id ? before.slice : undefined;
    const fresh = frozen ? before.slice : buildSlice(app, state, changes, here);
    const slice = fresh ? reuse(before?.slice, fresh) : undefined;
    last.current = { state, revision: app.model.revision, slice };
    return slice;
  };
  return useSyncExternalStore(listener => {
    const offStore = app.store.subscribe(listener);
    const offModel = app.model.subscribe(listener);
    return () => {
      offStore();
      offModel();
    };
  }, get);
}
