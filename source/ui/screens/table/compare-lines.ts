import type { Comparison, Drift, Stance } from '../../../live/views/compare.ts';
import type { Copies } from '../../../live/views/copies.ts';
import { type Line, line } from '../../state/lines.ts';
import { plural } from '../../text/numbers.ts';
import { pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { copyText } from '../copies/lines.ts';

/** `≠ ROLE`: what of a cluster differs from most. */
export const driftText = (drift: Drift): string => `≠ ${drift}`;

const words: Readonly<Record<Drift, string>> = {
  NONE: 'it has no role here, most clusters give it one',
  ROLE: 'another role than in most clusters',
  TARGET: 'another target role than in most clusters',
  POLICY: 'a session policy where most have none, or none where most have one',
  TAGS: 'session tags on where most have them off, or off where most have them on',
  IRSA: 'the same role by annotation, where most have an association',
};

/** Why a row is marked as different, in a sentence. */
export function driftDetail(drift: Drift, { majority, roles, stances }: Comparison): string {
  const usual = roles.find(({ value }) => value === majority);
  const most = usual ? `: ${clean(usual.value)} in ${usual.count} of ${stances.length}` : '';
  if (drift === 'ROLE' && majority === undefined) return `the ${stances.length} clusters do not agree on a role`;
  return words[drift] + (drift === 'ROLE' || drift === 'NONE' ? most : '');
}

const roleText = ({ mechanism, role }: Stance): string =>
  mechanism === 'unknown' ? '?' : role === undefined ? '(none)' : clean(role);

const sessionText = ({ mechanism, sessionTags, policy, target }: Stance): string => {
  if (mechanism !== 'association') return mechanism === 'annotation' ? 'IRSA' : '-';
  const parts = [
    sessionTags ? 'tags' : 'no tags',
    policy ? 'policy' : '',
    target === undefined ? '' : `target ${clean(target)}`,
  ];
  return parts.filter(Boolean).join(', ');
};

/** Copies that are named; the list has them all. */
const mostNext = 2;

/** What would make the clusters agree: whom to give what, and the key that drafts it. */
function nextLines(copies: Copies | undefined): readonly Line[] {
  const differing = copies?.to.filter(({ now }) => now) ?? [];
  if (!copies || differing.length === 0) return [];
  const unheard = copies.to.length - differing.length;
  const rest = [
    ...(differing.length > mostNext ? [`${differing.length - mostNext} more`] : []),
    ...(unheard > 0 ? [`${plural(unheard, 'cluster')} without it`] : []),
  ].join(', ');
  return differing.slice(0, mostNext).map((copy, index): Line => {
    const last = index === Math.min(mostNext, differing.length) - 1;
    return [
      { text: pad(index === 0 ? 'next' : '', 10), role: 'dim' },
      { text: '<+> ', role: 'key' },
      { text: `${clean(copy.cluster.name)}: ${copyText(copy, copies)}` },
      { text: last && rest !== '' ? `   and ${rest}` : '', role: 'dim' },
    ];
  });
}

/** What the clusters say about one service account: who agrees, who does not, and with what. */
export function compareLines(comparison: Comparison, copies: Copies | undefined, width: number): readonly Line[] {
  const { stances, roles, none, unknown, majority, drift } = comparison;
  const counts = [
    ...roles.map(({ value, count }) => `${clean(value)} x${count}`),
    ...(none > 0 ? [`none x${none}`] : []),
    ...(unknown > 0 ? [`not known x${unknown}`] : []),
  ];
  const verdict = majority === undefined ? 'no majority' : `majority: ${clean(majority)}`;
  const roleWidth = Math.max(16, Math.min(36, width - 66));
  return [
    [
      { text: pad('role', 10), role: 'dim' },
      { text: `${counts.join('   ')}   ` },
      { text: roles.length > 0 ? verdict : 'nobody gives it a role', role: 'dim' },
    ],
    ...nextLines(copies),
    ...stances.map((stance): Line => {
      const { row } = stance;
      const [, , , region = '', account = ''] = row.cluster.split(':');
      const found = drift.get(row.id);
      return [
        { text: pad(clean(row.clusterName), 20) + pad(region, 13) + pad(account.slice(-4), 6) },
        { text: pad(roleText(stance), roleWidth), role: found ? 'warning' : 'text' },
        { text: pad(` ${sessionText(stance)}`, 15), role: 'dim' },
        { text: found ? driftText(found) : '', role: 'warning' },
      ];
    }),
    ...(stances.length < 2 ? [line('only one cluster in scope has it', 'dim')] : []),
  ];
}
