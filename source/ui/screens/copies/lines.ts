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

const widths = (width: number) => {
  const left = Math.max(20, width - 20 - 13 - 6 - 2);
  const now = Math.floor(left * 0.4);
  return { now, copy: left - now };
};

export function copiesHeading(width: number): string {
  const { now } = widths(width);
  return `${pad('CLUSTER', 20)}${pad('REGION', 13)}${pad('ACCT', 6)}${pad('HAS NOW', now)}COPY`;
}

/** A cluster on one line: what it has, what it would get, and how well that would go as far as is known. */
export function copyRow(copy: Copy, copies: Copies, width: number): Line {
  const { now, copy: cells } = widths(width);
  const { cluster } = copy;
  const level = levelOf(copy);
  return [
    { text: pad(clean(cluster.name), 20) + pad(cluster.region, 13) + pad(cluster.account.slice(-4), 6) },
    { text: pad(clean(nowText(copy)), now), role: 'dim' },
    { text: pad(copyText(copy, copies), cells), role: copy.obstacle === undefined ? 'text' : 'dim' },
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
        line('  <n> makes one; <m> moves one from IRSA', 'dim'),
      ];
