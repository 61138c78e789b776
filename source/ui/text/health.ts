import type { Health, HealthLevel } from '../../identity/health.ts';
import type { Role } from '../theme/theme.ts';

/** The sign of each level: meaning must survive without colour. */
export const levelSign: Readonly<Record<HealthLevel, string>> = {
  ok: '✓',
  info: '-',
  warning: '!',
  error: '✗',
  unknown: '?',
  pending: '…',
};

export const levelRole: Readonly<Record<HealthLevel, Role>> = {
  ok: 'ok',
  info: 'dim',
  warning: 'warning',
  error: 'error',
  unknown: 'unknown',
  pending: 'dim',
};

/** Worst first, for sorting. What could not be checked may hide an error, so it comes right after errors. */
export const levelRank: Readonly<Record<HealthLevel, number>> = {
  error: 0,
  unknown: 1,
  warning: 2,
  pending: 3,
  info: 4,
  ok: 5,
};

/** `✗ TRUST +1`, `! BOTH`, `- irsa`, `? unknown`, `ok`, `…`. */
export function healthText(health: Health): string {
  const more = health.more > 0 ? ` +${health.more}` : '';
  if (health.level === 'ok') return 'ok';
  if (health.level === 'pending') return '…';
  const code = health.level === 'info' || health.level === 'unknown' ? health.code.toLowerCase() : health.code;
  return `${levelSign[health.level]} ${code}${more}`;
}
