import type { SourceState } from '../../../live/model.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { age } from '../../text/numbers.ts';
import { cells, cut, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

const names: Readonly<Record<SourceState['source'], string>> = {
  sts: 'STS',
  eks: 'EKS',
  iam: 'IAM',
  cloudformation: 'CloudFormation',
  kubernetes: 'Kubernetes',
};

/** `EKS eu-west-1`, `Kubernetes prod-eu-1`: a source for people. */
export const sourceName = (source: SourceState): string => `${names[source.source]} ${clean(source.covers)}`;

const shown = 3;
const nameWidth = 26;

/** When it is asked again, or that it is not. */
const again = ({ retryAt }: SourceState, now: number): string =>
  retryAt === undefined ? '' : retryAt <= now ? '   asked again now' : `   again in ${age(retryAt - now)}`;

/** What rows of a source that fails are: old, or not there at all. */
const rowsOf = ({ at }: SourceState, now: number): string =>
  at === undefined ? 'never read' : `rows are ${age(now - at)} old`;

/** The first of some lines; that others are left out is seen at the end of the last. */
const atMost = (lines: readonly string[], most: number, room: number): readonly string[] =>
  lines.length <= most
    ? lines
    : lines
        .slice(0, most)
        .map((text, index) => (index === most - 1 ? (cells(text) < room ? `${text}…` : cut(`${text}…`, room)) : text));

function failureLines(source: SourceState, now: number, width: number, rows: number): readonly Line[] {
  const name = `  ✗ ${sourceName(source)} `.padEnd(nameWidth);
  const indent = cells(name);
  const room = width - indent - 1;
  const why = wrap(clean(source.failure?.message ?? 'no answer'), room);
  const facts = `${rowsOf(source, now)}${again(source, now)}`;
  const last = why.slice(0, rows).at(-1) ?? '';
  const fits = indent + cells(last) + 3 + cells(facts) <= width;
  const lines = atMost(why, fits ? rows : Math.max(1, rows - 1), room).map(
    (text, index): Line => [index === 0 ? { text: name, role: 'error' } : { text: ' '.repeat(indent) }, { text }],
  );
  const end: Line = [{ text: fits ? `   ${facts}` : `${' '.repeat(indent)}${facts}`, role: 'dim' }];
  return fits ? [...lines.slice(0, -1), [...(lines.at(-1) ?? []), ...end]] : [...lines, end];
}

/**
 * Under the rows of a table: which sources failed, why and when they are asked again, so that rows that are missing are
 * never taken for rows that do not exist. A failure that stands alone says all of it, many say a line each.
 *
 * @param of how many sources the table has
 */
export function incompleteLines(
  sources: readonly SourceState[],
  of: number,
  now: number,
  width: number,
): readonly Line[] {
  if (sources.length === 0) return [];
  const never = sources.filter(({ at }) => at === undefined).length;
  const what =
    never === 0
      ? 'what is shown of them is old'
      : never === sources.length
        ? 'what they hold is missing, not empty'
        : `what ${never} hold is missing, not empty; the others are old`;
  const rows = sources.length === 1 ? 3 : sources.length === 2 ? 2 : 1;
  return [
    blank,
    [
      { text: `  incomplete: ${sources.length} of ${of} sources cannot be read; ${what}`, role: 'warning' },
      { text: '   :log', role: 'key' },
    ],
    ...sources.slice(0, shown).flatMap(source => failureLines(source, now, width, rows)),
    ...(sources.length > shown ? [line(`    and ${sources.length - shown} more`, 'dim')] : []),
  ];
}
