import { lastKnown } from '../../../identity/reading.ts';
import { type Copies, type Copy, changes } from '../../../live/views/copies.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { arnName } from '../../text/arn.ts';
import { levelRole, levelSign } from '../../text/health.ts';
import { pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

/** How grave the worst is that is known of a copy. */
function levelOf({ obstacle, remarks }: Copy): 'error' | 'warning' | 'unknown' | 'ok' {
  if (obstacle !== undefined) return 'error';
  return (['error', 'warning', 'unknown'] as const).find(level => remarks.some(each => each.level === level)) ?? 'ok';
}

const roleText = (roleArn: string | undefined): string => (roleArn === undefined ? '(to be named)' : arnName(roleArn));

/** What the cluster gives, in a word. */
function nowText({ now }: Copy): string {
  if (!now) return '-';
  if (now.mechanism === 'unknown') return '?';
  if (now.roleArn === undefined) return '(none)';
  return `${arnName(now.roleArn)}${now.mechanism === 'annotation' ? ' (IRSA)' : ''}`;
}

/** What would become of it: `create: role api`, `set role: api`. */
export function copyText(copy: Copy, { from }: Copies): string {
  const { how, now, roleArn } = copy;
  const there = now && lastKnown(now.row.association)?.value;
  if (how === 'create' || !there) return `create like ${clean(from.row.clusterName)}: ${clean(roleText(roleArn))}`;
  const other = changes(from.association, there, roleArn);
  return `set ${other.join(', ')}${other.includes('role') ? `: ${clean(roleText(roleArn))}` : ''}`;
}

/** Where a cluster is gives way to what it has and would get. */
const roomy = 90;

/** The cells of a line, each kept apart from the next. */
function cellsOf(
  width: number,
  [cluster, region, account, now, copy]: readonly [string, string, string, string, string],
): readonly [where: string, now: string, copy: string] {
  const cell = (text: string, cells: number) => `${pad(text, cells - 1)} `;
  const where = cell(cluster, 20) + (width < roomy ? '' : cell(region, 15) + cell(account, 6));
  // The last cell is the sign's.
  const left = Math.max(20, width - (width < roomy ? 20 : 41) - 2);
  const nowCells = Math.floor(left * 0.4);
  return [where, cell(now, nowCells), cell(copy, left - nowCells)];
}

export const copiesHeading = (width: number): string =>
  cellsOf(width, ['CLUSTER', 'REGION', 'ACCT', 'HAS NOW', 'COPY']).join('');

/** A cluster on one line: what it has, what it would get, and how well that would go as far as is known. */
export function copyRow(copy: Copy, copies: Copies, width: number): Line {
  const { cluster, obstacle } = copy;
  const level = levelOf(copy);
  const [where, now, what] = cellsOf(width, [
    clean(cluster.name),
    cluster.region,
    cluster.account.slice(-4),
    clean(nowText(copy)),
    copyText(copy, copies),
  ]);
  return [
    { text: where },
    { text: now, role: 'dim' },
    { text: what, role: obstacle === undefined ? 'text' : 'dim' },
    { text: levelSign[level], role: levelRole[level] },
  ];
}

/** Under the list: what the copy in the cluster under the cursor runs into. */
export function copyNotes({ cluster, obstacle, remarks, roleArn }: Copy, width: number): readonly Line[] {
  const head = line(`  ${clean(cluster.name)}${roleArn === undefined ? '' : `   role ${clean(roleArn)}`}`, 'title');
  const said = [...(obstacle === undefined ? [] : [{ level: 'error' as const, text: obstacle }]), ...remarks];
  if (said.length === 0) return [head, line('  ✓ nothing known stands in the way', 'ok')];
  return [
    head,
    ...said.flatMap(({ level, text }) =>
      wrap(clean(text), width - 6).map((row, index): Line => {
        if (index > 0) return line(`    ${row}`);
        return [{ text: `  ${levelSign[level]} `, role: levelRole[level] }, { text: row }];
      }),
    ),
  ];
}

/** Why there is nothing to copy to. */
export const noCopies = (copies: Copies | undefined): readonly Line[] =>
  copies
    ? [
        blank,
        line('  Every cluster in scope gives it the same', 'title'),
        blank,
        line(`  as ${clean(copies.from.row.clusterName)}: role ${clean(copies.from.association.roleArn)}`, 'dim'),
      ]
    : [
        blank,
        line('  No cluster has an association of it that could be copied', 'title'),
        blank,
        line('  <esc> leads back: there <n> makes one, and <m> moves one from IRSA', 'dim'),
      ];
