import type { App } from '../controller/app.ts';
import { layout } from '../controller/app.ts';
import { detailRow } from '../controller/subject.ts';
import { problemLines, warningLines } from '../state/file-review.ts';
import type { Line } from '../state/lines.ts';
import { line } from '../state/lines.ts';
import { topFrame, type UiState } from '../state/state.ts';
import { podRecords } from './detail/identity-lines.ts';
import { detailLines } from './detail/lines.ts';
import { detailTabs } from './detail/tabs.ts';
import { linesOfLog } from './log/lines.ts';
import { shownLog } from './log/shown.ts';
import { reviewLines } from './review/lines.ts';
import { runLines } from './runs/lines.ts';

/** The pods that the detail screen shows as a table, if it shows any. */
export function podsShown(app: App, state: UiState): readonly Record<string, string>[] | undefined {
  const { view } = topFrame(state);
  if (view.kind !== 'detail' || detailTabs(view.subject.type)[view.tab] !== 'pods') return undefined;
  const found = detailRow(app, view.subject);
  if (found?.kind !== 'associations' && found?.kind !== 'service-accounts') return undefined;
  const name = found.kind === 'associations' ? found.row.serviceAccount : found.row.name;
  const records = podRecords(app, state.now, found.cluster, { namespace: found.row.namespace, name });
  return records.length > 0 ? records : undefined;
}

/** Lines that fit on the page on screen: tabs, buttons and table rules take theirs. */
export function pageHeight(app: App, state: UiState): number {
  const { body } = layout(state);
  const { view } = topFrame(state);
  if (view.kind === 'review') return Math.max(1, body - 3);
  if (view.kind === 'detail') {
    // A table draws a rule between all rows, and two lines of heading.
    return podsShown(app, state) ? Math.max(1, Math.floor((body - 5) / 2)) : Math.max(1, body - 2);
  }
  return body;
}

const cache = new WeakMap<App, { readonly key: readonly unknown[]; readonly lines: readonly Line[] }>();

/** The page on screen as lines, kept until something it is made of changes. */
export function pageLines(app: App, state: UiState): readonly Line[] {
  const frame = topFrame(state);
  const session = frame.view.kind === 'review' ? app.sessions.get().review?.get() : undefined;
  const key = [
    frame.view,
    frame.filter,
    app.model.revision,
    app.log.lines(),
    state.now,
    state.columns,
    session,
    state.file,
    app.runs.get(),
    app.rolePolicies.get(),
  ];
  const kept = cache.get(app);
  if (kept?.key.every((part, index) => part === key[index])) return kept.lines;
  const lines = build(app, state);
  cache.set(app, { key, lines });
  return lines;
}

function build(app: App, state: UiState): readonly Line[] {
  const { view, filter } = topFrame(state);
  const { width } = layout(state);
  switch (view.kind) {
    case 'detail': {
      const pods = podsShown(app, state);
      if (!pods) return detailLines(app, state, view.subject, view.tab);
      return pods.map(record => line(Object.values(record).join('  ')));
    }
    case 'log':
      return linesOfLog(shownLog(app, state), filter);
    case 'review': {
      const session = app.sessions.get().review?.get();
      const { file } = state;
      if (!session) return file ? problemLines(file, width) : [];
      return 'plan' in session
        ? [...reviewLines(session.plan, width), ...warningLines(file?.warnings ?? [], width)]
        : [];
    }
    case 'run': {
      const { shown } = app.runs.get();
      if (shown?.run !== view.run) return [line('Reading its journal', 'dim')];
      const goingOn = app.sessions.running().some(session => session.run === view.run);
      return runLines(shown, goingOn, width);
    }
    default:
      return [];
  }
}
