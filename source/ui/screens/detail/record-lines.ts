import type { Reading } from '../../../identity/reading.ts';
import { type App, clusterRow, logLines } from '../../controller/app.ts';
import { factsOf } from '../../controller/facts.ts';
import type { KindedRow } from '../../controller/table.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { clusterName } from '../../state/view.ts';
import { readAge } from '../../tables/table.ts';
import { clean, cleanLines } from '../../text/sanitise.ts';
import { linesOfLog } from '../log/lines.ts';

function readingOf(app: App, subject: KindedRow): Reading<unknown> | undefined {
  switch (subject.kind) {
    case 'clusters':
      return clusterRow(app, subject.cluster)?.cluster;
    case 'service-accounts':
    case 'associations':
      return subject.row.association;
    case 'roles':
      return subject.row.role;
    case 'namespaces':
      return undefined;
  }
}

/** What was read of it, every field, as data. */
export function factLines(app: App, subject: KindedRow, now: number): readonly Line[] {
  const facts = factsOf(app, subject);
  if (facts === undefined) return [line('It has not been read yet.', 'dim')];
  const reading = readingOf(app, subject);
  return [
    [
      { text: reading ? `Read ${readAge(reading, now)} ago` : 'As it was read', role: 'dim' },
      { text: '   <Y>', role: 'key' },
      { text: ' copies it as JSON', role: 'dim' },
      { text: '   <y>', role: 'key' },
      { text: ' as YAML', role: 'dim' },
    ],
    blank,
    ...cleanLines(JSON.stringify(facts, undefined, 2)).map(text => line(text)),
  ];
}

/** What its name stands in a log with. */
function namesOf(subject: KindedRow): readonly string[] {
  switch (subject.kind) {
    case 'clusters':
      return [clusterName(subject.cluster)];
    case 'namespaces':
      return [`${subject.row.name}/`];
    case 'service-accounts':
      return [`${subject.row.namespace}/${subject.row.name}`];
    case 'associations':
      return [`${subject.row.namespace}/${subject.row.serviceAccount}`, subject.row.associationId];
    case 'roles':
      return [subject.row.name];
  }
}

/** What the model saw happen to it, and what the app said about it, newest first. */
export function eventLines(app: App, subject: KindedRow): readonly Line[] {
  const names = namesOf(subject);
  const cluster = clusterName(subject.cluster);
  const found = logLines(app).filter(({ text, source }) => {
    const whole = `${source} ${text}`;
    const named = names.some(name => whole.includes(name));
    return named && (subject.kind === 'roles' || source === 'app' || whole.includes(cluster));
  });
  if (found.length === 0)
    return [line(`Nothing has been seen of ${clean(names[0] ?? 'it')} since the app was opened.`, 'dim')];
  return linesOfLog(found, '').toReversed();
}
