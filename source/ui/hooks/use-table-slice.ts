import { useRef, useSyncExternalStore } from 'react';
import type { App } from '../controller/app.ts';
import { layout } from '../controller/app.ts';
import { type CurrentTable, currentTable, cursorRow } from '../controller/table.ts';
import { lineCount } from '../state/cursor.ts';
import { lookOf } from '../state/looks.ts';
import type { PaneState } from '../state/pane.ts';
import { topFrame, type UiState } from '../state/state.ts';
import type { Geometry, TableEngine } from '../tables/engine.ts';
import { type AnyRow, rowRole } from '../tables/table.ts';
import { levelRole } from '../text/health.ts';
import { thousands } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import type { Role } from '../theme/theme.ts';
import { useApp } from './use-app.ts';

/** One line of a table, ready to draw: plain values, so that an unchanged line is not drawn again. */
export type TableLine = {
  readonly id: string;
  readonly text: string;
  readonly role: Role;
  readonly health: string;
  readonly healthRole: Role;
  readonly selected: boolean;
  readonly marked: boolean;
};

export type TableSlice = {
  readonly header: string;
  readonly lines: readonly TableLine[];
  readonly pane: PaneState;
  readonly position: string;
  readonly shown: number;
  readonly total: number;
  readonly marks: number;
  /** About the row under the cursor. */
  readonly strip: Strip | undefined;
};

export type Strip = {
  readonly subject: string;
  readonly health: string;
  readonly healthRole: Role;
  readonly detail: string;
  readonly more: string;
};

const geometryOf = (state: UiState, table: CurrentTable): Geometry => ({
  width: layout(state).width,
  wide: lookOf(state.looks, table.view).wide,
  acrossClusters: table.view.kind === 'associations' && table.view.cluster === undefined,
});

function lineOf(
  engine: TableEngine,
  row: AnyRow,
  geometry: Geometry,
  now: number,
  flags: { selected: boolean; marked: boolean },
): TableLine {
  const stale = engine.stale(row);
  const { level } = engine.health(row);
  const text = engine.healthText(row);
  return {
    id: row.id,
    text: engine.text(row, geometry, { now }),
    role: rowRole(stale, level),
    health: stale ? 'stale' : text,
    healthRole: stale ? 'dim' : levelRole[level],
    ...flags,
  };
}

const ghostLine = (label: string): TableLine => ({
  id: 'ghost',
  text: `${clean(label)} is gone; nothing here acts on it`,
  role: 'dim',
  health: 'gone',
  healthRole: 'warning',
  selected: true,
  marked: false,
});

function stripOf(table: CurrentTable, now: number): Strip | undefined {
  const row = cursorRow(table);
  if (!row) return undefined;
  const { engine } = table;
  const health = engine.health(row);
  const more = engine.explain(row, { now })[0] ?? '';
  return {
    subject: table.frame.cursor.label,
    health: engine.healthText(row),
    healthRole: levelRole[health.level],
    detail: health.level === 'ok' && !health.detail ? 'nothing found' : clean(health.detail),
    more,
  };
}

const arrows = { default: '', name: '^', health: '' } as const;

export function buildSlice(app: App, state: UiState): TableSlice | undefined {
  const table = currentTable(app, state);
  if (!table) return undefined;
  const { frame, set, engine, height } = table;
  const { cursor } = frame;
  const geometry = geometryOf(state, table);
  const count = lineCount(cursor, set);
  const last = Math.min(count, cursor.top + height);
  const lines: TableLine[] = [];
  for (let at = cursor.top; at < last; at += 1) {
    if (cursor.ghost && at === cursor.index) {
      lines.push(ghostLine(cursor.label));
      continue;
    }
    const row = set.rows[cursor.ghost && at > cursor.index ? at - 1 : at];
    if (!row) continue;
    lines.push(
      lineOf(engine, row, geometry, state.now, { selected: row.id === cursor.id, marked: frame.marks.has(row.id) }),
    );
  }
  const arrow = frame.sort.by === 'name' && frame.sort.descending ? 'v' : arrows[frame.sort.by];
  const below = count - last;
  return {
    header: engine.header(geometry, arrow),
    lines,
    pane: table.pane,
    position: `${count === 0 ? 0 : cursor.top + 1}-${Math.min(last, set.length)}/${thousands(set.length)}${below > 0 ? `  ▾ ${thousands(below)} more` : ''}`,
    shown: set.length,
    total: set.total,
    marks: frame.marks.size,
    strip: stripOf(table, state.now),
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
  const samePane = old.pane.kind === next.pane.kind && JSON.stringify(old.pane) === JSON.stringify(next.pane);
  const merged: TableSlice = {
    ...next,
    lines: sameLines ? old.lines : lines,
    strip: sameStrip ? old.strip : next.strip,
    pane: samePane ? old.pane : next.pane,
  };
  return sameFields(old, merged) ? old : merged;
}

type Seen = { readonly state: UiState; readonly revision: number; readonly slice: TableSlice | undefined };

/** While the cursor is moving in this table, the strip goes on naming the row where the movement began. */
function whileMoving(before: Seen | undefined, state: UiState, fresh: TableSlice): TableSlice {
  const frame = topFrame(state);
  const strip = frame.moving && before && topFrame(before.state).id === frame.id ? before.slice?.strip : undefined;
  return strip ? { ...fresh, strip } : fresh;
}

/** What of the table is visible. Rows elsewhere may change as they like: the component does not render for them. */
export function useTableSlice(): TableSlice | undefined {
  const app = useApp();
  const last = useRef<Seen>(undefined);
  const get = () => {
    const state = app.store.get();
    const before = last.current;
    if (before && before.state === state && before.revision === app.model.revision) return before.slice;
    // The table under a dialog is frozen: no row can move beneath it.
    const frozen = state.dialog && before?.slice && before.state.stack === state.stack;
    const fresh = frozen ? before.slice : buildSlice(app, state);
    const slice = fresh ? reuse(before?.slice, whileMoving(before, state, fresh)) : undefined;
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
