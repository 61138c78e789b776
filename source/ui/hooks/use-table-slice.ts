import { useRef, useSyncExternalStore } from 'react';
import type { App } from '../controller/app.ts';
import { followLine } from '../controller/follow.ts';
import { rowsInWindow } from '../controller/settler.ts';
import { type CurrentTable, currentTable, cursorRow } from '../controller/table.ts';
import { driftDetail } from '../screens/table/compare-lines.ts';
import { previewOf } from '../screens/table/preview.ts';
import type { Strip } from '../screens/table/strip.ts';
import type { PreviewArea } from '../state/layout.ts';
import { type Line, sameLine } from '../state/lines.ts';
import type { PaneState } from '../state/pane.ts';
import { isFrozen, topFrame, type UiState } from '../state/state.ts';
import { shortRoles } from '../text/arn.ts';
import { clockTime, thousands } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';
import { ChangeMarks } from './change-marks.ts';
import {
  changesOf,
  driftOf,
  foldedLine,
  geometryOf,
  healthOf,
  lineOf,
  lineOfGone,
  notThere,
  type TableLine,
} from './table-lines.ts';
import { useApp } from './use-app.ts';

/** More about the row under the cursor, beside the rows or under them. */
export type PreviewPane = {
  readonly area: PreviewArea;
  readonly title: string;
  readonly lines: readonly Line[];
};

/** What is drawn of a table. */
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

/** The lines in the window and what stands about them. `before`: what was drawn of the same place. */
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
