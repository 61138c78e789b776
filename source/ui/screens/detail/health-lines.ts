import type { Health, HealthLevel } from '../../../identity/health.ts';
import { type Line, line } from '../../state/lines.ts';
import { healthText, levelRole, levelSign } from '../../text/health.ts';
import { clean } from '../../text/sanitise.ts';

/** The worst finding with its evidence, and how many more there are. */
export function healthLines(health: Health): readonly Line[] {
  const role = levelRole[health.level];
  const more = health.more > 0 ? [line(`               and ${health.more} more`, 'dim')] : [];
  return [
    [
      { text: 'Health'.padEnd(15), role: 'dim' },
      { text: healthText({ ...health, more: 0 }).padEnd(14), role },
      { text: clean(health.detail) },
    ],
    ...more,
  ];
}

/** `✓ agent        v1.3.9 12/12`: one link of the chain that gives a pod its credentials. */
export const check = (level: HealthLevel, name: string, text: string): Line => [
  { text: ` ${levelSign[level]} `, role: levelRole[level] },
  { text: name.padEnd(17), role: 'dim' },
  { text },
];
