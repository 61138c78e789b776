import type { Health, HealthLevel } from '../../../identity/health.ts';
import { type Line, line } from '../../state/lines.ts';
import { shortRoles } from '../../text/arn.ts';
import { healthText, levelRole, levelSign } from '../../text/health.ts';
import { wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

const indent = 29;

/**
 * The worst finding with its evidence, and how many more there are.
 *
 * @param width cells of a line
 */
export function healthLines(health: Health, width = 96): readonly Line[] {
  const role = levelRole[health.level];
  const more = health.more > 0 ? [line(`               and ${health.more} more`, 'dim')] : [];
  const [first = '', ...others] = wrap(clean(shortRoles(health.detail)), Math.max(20, width - indent));
  return [
    [
      { text: 'Health'.padEnd(15), role: 'dim' },
      { text: healthText({ ...health, more: 0 }).padEnd(14), role },
      { text: first },
    ],
    ...others.map(text => line(' '.repeat(indent) + text)),
    ...more,
  ];
}

/** `✓ agent        v1.3.9 12/12`: one link of the chain that gives a pod its credentials. */
export const check = (level: HealthLevel, name: string, text: string): Line => [
  { text: ` ${levelSign[level]} `, role: levelRole[level] },
  { text: name.padEnd(17), role: 'dim' },
  { text },
];
