import type { LiveModel, SourceState } from '../live/model.ts';
import { sourceName } from './screens/table/sources.ts';
import { defaultSort } from './state/list.ts';
import { sourcesOf } from './state/pane.ts';
import { isFleet, isTable, type TableView, type View, viewCluster } from './state/view.ts';
import { createTables } from './tables/engine.ts';
import { clean } from './text/sanitise.ts';

const stateWords: Readonly<Record<SourceState['state'], string>> = {
  waiting: 'was not asked yet',
  loading: 'has not answered yet',
  live: 'answers',
  stale: 'does not answer any more, what it said before is shown',
  failed: 'cannot be read',
};

/**
 * A view once, as plain text for a pipe or CI: the columns and words of the app, no colour, no cursor, every row.
 * What could not be read is said under the table, so that a short list is never taken for the whole.
 *
 * @param columns cells of a line; the health column is not cut
 */
export function renderPlain(model: LiveModel, view: View, columns: number, now = Date.now()): string {
  if (!isTable(view)) {
    return `${model
      .log()
      .map(
        entry =>
          `${new Date(entry.at).toISOString()} ${entry.level.padEnd(7)} ${clean(entry.source)} ${clean(entry.text)}`,
      )
      .join('\n')}\n`;
  }
  const engine = createTables()[view.kind];
  const set = engine.rowSet(model, view, { filter: '', sort: defaultSort });
  const geometry = {
    width: Math.max(60, columns),
    wide: columns >= 160,
    acrossClusters: isFleet(view),
  };
  const rows = set.rows.map(row => `${engine.text(row, geometry, { now })}${engine.healthText(row)}`.trimEnd());
  const missing = missingLines(model, view);
  return `${[`${engine.header(geometry, defaultSort)}HEALTH`, ...rows, ...missing].join('\n')}\n`;
}

/** What of a table could not be read, a sentence a source. */
export function missingLines(model: LiveModel, view: TableView): readonly string[] {
  const cluster = model.clusters().find(row => row.id === viewCluster(view));
  return sourcesOf(view, model.sources(), cluster)
    .filter(source => source.state !== 'live')
    .map(source => {
      const why = source.failure ? `: ${clean(source.failure.message)}` : '';
      return `not complete: ${sourceName(source)} ${stateWords[source.state]}${why}`;
    });
}
