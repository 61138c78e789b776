import { printable } from '../identity/plain-text.ts';
import { isWanted, type Statuses } from '../plan/json.ts';
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
    case 'held':
      return printable(`  held     ${titled(event.id)}: ${event.reason}`);
    case 'unknown':
      return printable(`  unknown  ${titled(event.id)}: stopped in flight`);
    case 'paused':
      return printable(`  paused   ${titled(event.id)}: ${event.reason}`);
    case 'request':
    case 'finished':
      return undefined;
  }
}

/** What came of a run: counts, then each thing that is not as planned. Ends with a newline. */
export function resultText(plan: Plan, result: RunResult, statuses: Statuses): string {
  const { writes, done, failed, skipped, held, unknown = [], milliseconds } = result;
  const total = actions(plan.root).filter(node => isWanted(node, statuses.get(node.id) ?? 'waiting')).length;
  const seconds = (milliseconds / 1_000).toFixed(1);
  const counts = [
    `${done} of ${total} tasks done`,
    `${writes} writes`,
    `${failed.length} failed`,
    `${skipped.length} skipped`,
    ...(held.length > 0 ? [`${held.length} held`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown`] : []),
    `${seconds} s`,
  ];
  const listed = (word: string, remarks: RunResult['failed']) =>
    remarks.map(({ subject, reason }) => `    - ${word} ${subject}: ${reason}`);
  const lines = [
    ...listed('failed', failed),
    ...listed('skipped', skipped),
    ...listed('held', held),
    ...listed('unknown', unknown),
  ];
  const close = lines.length === 0 ? ['all tasks were completed successfully'] : lines;
  return [counts.join(', '), ...close].map(line => `${printable(line)}\n`).join('');
}
