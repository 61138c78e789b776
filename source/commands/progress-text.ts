import { printable } from '../identity/plain-text.ts';
import { actions, type Plan } from '../plan/plan.ts';
import type { RunEvent, RunResult } from '../run/event.ts';

/** One line for an event of a run, or nothing where it says nothing new. */
export function progressLine(event: RunEvent, titles: ReadonlyMap<string, string>): string | undefined {
  const titled = (id: string) => titles.get(id) ?? id;
  switch (event.type) {
    case 'started':
      return printable(`  started  ${titled(event.id)}`);
    case 'waiting':
      return printable(`  waiting  ${titled(event.id)}: ${event.reason} (attempt ${event.attempt})`);
    case 'done':
      return printable(`  done     ${titled(event.id)}${event.outcome === 'already' ? ' (was so already)' : ''}`);
    case 'failed':
      return printable(`  failed   ${titled(event.id)}: ${event.failure.message}`);
    case 'skipped':
      return printable(`  skipped  ${titled(event.id)}: ${event.reason}`);
    case 'request':
    case 'finished':
      return undefined;
  }
}

/** What came of a run: counts, then each thing that is not as planned. Ends with a newline. */
export function resultText(plan: Plan, { writes, done, failed, skipped, milliseconds }: RunResult): string {
  const total = actions(plan.root).length;
  const seconds = (milliseconds / 1_000).toFixed(1);
  const head = `${done} of ${total} tasks done, ${writes} writes, ${failed.length} failed, ${skipped.length} skipped, ${seconds} s`;
  const lines = [
    ...failed.map(({ subject, reason }) => `    - failed ${subject}: ${reason}`),
    ...skipped.map(({ subject, reason }) => `    - skipped ${subject}: ${reason}`),
  ];
  const close = failed.length + skipped.length === 0 ? ['all tasks were completed successfully'] : lines;
  return [head, ...close].map(line => `${printable(line)}\n`).join('');
}
