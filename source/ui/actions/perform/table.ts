import { lastKnown } from '../../../identity/reading.ts';
import { type App, say } from '../../controller/app.ts';
import { subjectToFollow } from '../../controller/follow.ts';
import { subjectOf } from '../../controller/subject.ts';
import { type CurrentTable, currentTable, cursorRow, type KindedRow } from '../../controller/table.ts';
import { detailTabs } from '../../screens/detail/tabs.ts';
import { bind, noCursor } from '../../state/cursor.ts';
import { concerns } from '../../state/following.ts';
import { defaultSort, type SortKey } from '../../state/list.ts';
import { type Look, lookOf, withLook } from '../../state/looks.ts';
import { changeTop, push, withoutFollowed } from '../../state/navigation.ts';
import { type Frame, type Preview, topFrame } from '../../state/state.ts';
import { isFleet, isTable, type View } from '../../state/view.ts';
import { arnName } from '../../text/arn.ts';
import { clean } from '../../text/sanitise.ts';
import type { Perform, Performs } from './perform.ts';

/** Changes how this kind of table is looked at, here and wherever it is opened next. */
function changeLook(app: App, change: (look: Look) => Partial<Look>): void {
  app.store.update(state => {
    const { view } = topFrame(state);
    const looks = withLook(state.looks, view, change(lookOf(state.looks, view)));
    const { sort } = lookOf(looks, view);
    return changeTop({ ...state, looks }, frame =>
      frame.sort === sort ? frame : { ...frame, sort, cursor: bind(frame.cursor) },
    );
  });
  app.preferences.keepLooks();
}

/** The same key again turns the order round, a third time brings the first order back. */
const sortBy = (app: App, by: SortKey) =>
  changeLook(app, ({ sort }) => ({
    sort: sort.by !== by ? { by, descending: false } : sort.descending ? defaultSort : { by, descending: true },
  }));

const changeFrame = (app: App, change: (frame: Frame) => Frame): void =>
  app.store.update(state => changeTop(state, change));

/** Titles of the columns on screen, from left to right; the health comes last. */
function shownTitles(app: App, table: CurrentTable): readonly string[] {
  const { wide, hidden } = lookOf(app.store.get().looks, table.view);
  const geometry = { width: table.width, wide, hidden, acrossClusters: isFleet(table.view) };
  return table.engine.columns(geometry).map(({ title }) => title);
}

const pickColumn =
  (step: 1 | -1): Perform =>
  app => {
    const table = currentTable(app, app.store.get());
    if (!table) return;
    const titles = shownTitles(app, table);
    const at = titles.indexOf(table.frame.column ?? '');
    const next = titles[at < 0 ? (step > 0 ? 0 : titles.length - 1) : (at + step + titles.length) % titles.length];
    if (next !== undefined) changeFrame(app, frame => ({ ...frame, column: next }));
  };

/** Does something with the picked column. */
const withColumn =
  (work: (app: App, title: string) => void): Perform =>
  app => {
    const { column } = topFrame(app.store.get());
    if (column === undefined) say(app, 'info', 'shift-right picks a column first');
    else work(app, column);
  };

function hideColumn(app: App, title: string): void {
  const table = currentTable(app, app.store.get());
  if (!table) return;
  changeLook(app, ({ hidden }) => ({ hidden: [...hidden, title] }));
  if (shownTitles(app, table).includes(title)) {
    changeLook(app, ({ hidden }) => ({ hidden: hidden.filter(other => other !== title) }));
    say(app, 'info', `${title} says what a row is: it stays`);
    return;
  }
  changeFrame(app, ({ column: _, ...frame }) => frame);
  say(app, 'info', `${title} is hidden here from now on; V shows all columns`);
}

function mark(app: App): void {
  const table = currentTable(app, app.store.get());
  const row = table && cursorRow(table);
  const id = table?.frame.cursor.id;
  if (!row || id === undefined) return;
  changeFrame(app, frame => {
    const marks = new Set(frame.marks);
    if (!marks.delete(id)) marks.add(id);
    return { ...frame, marks, cursor: bind(frame.cursor) };
  });
}

/** Marks all rows between the cursor and the nearest mark above it, or else below it. */
function markRange(app: App): void {
  const table = currentTable(app, app.store.get());
  if (!table || !cursorRow(table)) return;
  const { set, frame } = table;
  const here = frame.cursor.index;
  const places = [...frame.marks].flatMap(id => set.indexOf(id) ?? []);
  const above = places.filter(at => at < here);
  const from =
    above.length > 0 ? Math.max(...above) : Math.min(...places.filter(at => at > here), Number.MAX_SAFE_INTEGER);
  if (from === Number.MAX_SAFE_INTEGER) {
    mark(app);
    return;
  }
  const marks = new Set(frame.marks);
  for (let at = Math.min(from, here); at <= Math.max(from, here); at += 1) {
    const id = set.idAt(at);
    if (id !== undefined) marks.add(id);
  }
  changeFrame(app, now => ({ ...now, marks, cursor: bind(now.cursor) }));
}

/** The cursor stays on this row from now on; the same key ends it. */
function followRow(app: App): void {
  const state = app.store.get();
  const { view, cursor } = topFrame(state);
  if (concerns(state.followed, view)) {
    app.store.update(withoutFollowed);
    return;
  }
  const subject = subjectOf(app, state);
  if (!subject || cursor.id === undefined) return;
  const followed = subjectToFollow(subject, cursor.id, cursor.label);
  app.store.update(now => ({ ...now, followed }));
}

const changePreview = (app: App, change: (preview: Preview) => Preview): void =>
  app.store.update(state => ({ ...state, preview: change(state.preview) }));

/** Nothing, below, to the right, nothing. */
const turnPreview = (preview: Preview): Preview =>
  preview.show !== 'detail'
    ? { show: 'detail', place: 'below', scroll: 0 }
    : preview.place === 'below'
      ? { ...preview, place: 'right', scroll: 0 }
      : { show: 'nothing', place: 'below', scroll: 0 };

const scrollPreview =
  (by: number): Perform =>
  app =>
    changePreview(app, preview => ({ ...preview, scroll: Math.max(0, preview.scroll + by) }));

/** The next way to group the rows of all clusters, then back to the table's own. */
function turnGroup(app: App): void {
  const table = currentTable(app, app.store.get());
  if (!table) return;
  const { groups } = table.engine;
  const next = groups[groups.indexOf(table.frame.group ?? '') + 1];
  changeFrame(app, ({ group: _, ...frame }) => ({
    ...frame,
    ...(next === undefined ? {} : { group: next }),
    cursor: bind(frame.cursor),
  }));
  say(app, 'info', next === undefined ? 'grouped by namespace' : `grouped by ${next}`);
}

/** The same rows of every cluster in scope: with the namespace and the filter of here. */
function openFleet(app: App): void {
  const { view, filter } = topFrame(app.store.get());
  const kind = view.kind === 'service-accounts' ? view.kind : 'associations';
  const namespace = view.kind === 'service-accounts' || view.kind === 'associations' ? view.namespace : undefined;
  const next: View = { kind, ...(namespace === undefined ? {} : { namespace }) };
  app.store.update(state => push(state, next, view.kind === kind ? filter : ''));
}

/** The role that a row gives to its service account. */
function roleOf(subject: KindedRow): string | undefined {
  if (subject.kind === 'roles') return subject.row.arn;
  if (subject.kind === 'associations') return lastKnown(subject.row.association)?.value.roleArn;
  if (subject.kind !== 'service-accounts') return undefined;
  return lastKnown(subject.row.association)?.value?.roleArn ?? subject.row.irsaRoleArn;
}

/** Who else has the role, in every cluster in scope. */
function openUsers(app: App): void {
  const subject = subjectOf(app, app.store.get());
  const arn = subject && roleOf(subject);
  if (!subject || arn === undefined) {
    say(app, 'warning', 'it has no role, as far as was read');
    return;
  }
  const detail: View = {
    kind: 'detail',
    subject: { type: 'role', cluster: subject.cluster, id: `${subject.cluster}|${arn}` },
    label: clean(arnName(arn)),
    tab: detailTabs('role').indexOf('used by'),
  };
  app.store.update(state => {
    const { view } = topFrame(state);
    const here = view.kind === 'detail' && view.subject.type === 'role';
    return here ? changeTop(state, frame => ({ ...frame, view: detail, scroll: 0 })) : push(state, detail);
  });
}

export const tableActions: Performs = {
  wide: app => changeLook(app, ({ wide }) => ({ wide: !wide })),
  'sort-name': app => sortBy(app, 'name'),
  'sort-health': app => sortBy(app, 'health'),
  'column-left': pickColumn(-1),
  'column-right': pickColumn(1),
  'sort-column': withColumn(sortBy),
  'hide-column': withColumn(hideColumn),
  'show-columns': app => changeLook(app, () => ({ hidden: [] })),
  mark,
  'mark-range': markRange,
  'follow-row': followRow,
  'clear-marks': app => changeFrame(app, frame => (frame.marks.size === 0 ? frame : { ...frame, marks: new Set() })),
  preview: app => {
    changePreview(app, turnPreview);
    const { view } = topFrame(app.store.get());
    if (
      isTable(view) &&
      currentTable(app, app.store.get())?.preview === undefined &&
      app.store.get().preview.show !== 'nothing'
    )
      say(app, 'info', 'the terminal is too small for a preview');
  },
  'preview-down': scrollPreview(3),
  'preview-up': scrollPreview(-3),
  compare: app =>
    changePreview(app, preview => ({
      show: preview.show === 'compare' ? 'nothing' : 'compare',
      place: 'below',
      scroll: 0,
    })),
  drift: app => changeFrame(app, frame => ({ ...frame, drift: !frame.drift, cursor: noCursor })),
  group: turnGroup,
  fleet: openFleet,
  'used-by': openUsers,
};
