import { columnsAskedLast } from '../state/filter.ts';
import { topFrame } from '../state/state.ts';
import { isTable } from '../state/view.ts';
import type { App } from './app.ts';

/**
 * Makes ready what a filter of the table searches, while the prompt is open: what rows say once the prompt is drawn,
 * before the first letter asks for it; what a column says once it is named, before anything is asked of it. In slices,
 * so that no key waits for it.
 */
export function searchAhead(app: App): void {
  const { view } = topFrame(app.store.get());
  if (!isTable(view)) return;
  const engine = app.tables[view.kind];
  let asked: readonly string[] = [];
  let working = false;
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    try {
      do await app.clock.sleep(0, app.ended.signal);
      while (engine.prepareFilter(asked));
    } catch {
      // The app ended.
    }
    working = false;
  };
  const stop = app.store.subscribe(() => {
    const { prompt } = app.store.get();
    if (prompt?.kind !== 'filter') {
      asked = [];
      return stop();
    }
    const columns = columnsAskedLast(prompt.field.value, engine.filterColumns);
    if (columns.length === 0) return;
    asked = columns;
    void work();
  });
  void work();
}
