import type { LogLine } from '../../../live/model.ts';
import { type App, logLines } from '../../controller/app.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { logMatching } from './lines.ts';

type Shown = { readonly key: readonly unknown[]; readonly lines: readonly LogLine[] };
const kept = new WeakMap<App, Shown>();

/** Lines of the log that the filter of the place on screen lets through, oldest first; kept until there are others. */
export function shownLog(app: App, state: UiState): readonly LogLine[] {
  const { filter } = topFrame(state);
  const key = [app.model.log(), app.log.lines(), filter];
  const before = kept.get(app);
  if (before?.key.every((part, index) => part === key[index])) return before.lines;
  const lines = logMatching(logLines(app), filter);
  kept.set(app, { key, lines });
  return lines;
}
