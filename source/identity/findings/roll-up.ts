import type { Finding, Health, HealthLevel } from '../health.ts';
import type { Failure, Reading } from '../reading.ts';

/** Worst first. What is not known ranks before what is merely worth knowing, and never looks healthy. */
const ranks: Readonly<Record<HealthLevel, number>> = { error: 0, warning: 1, unknown: 2, pending: 3, info: 4, ok: 5 };

/** The worst finding (the first of equals) and how many others are not `ok`. Nothing checked is `unknown`. */
export function rollUp(findings: readonly Finding[]): Health {
  let worst: Finding | undefined;
  let notOk = 0;
  for (const finding of findings) {
    if (finding.level !== 'ok') notOk += 1;
    if (!worst || ranks[finding.level] < ranks[worst.level]) worst = finding;
  }
  if (!worst) return { level: 'unknown', code: 'UNKNOWN', detail: 'nothing was checked', more: 0 };
  return { level: worst.level, code: worst.code, detail: worst.detail, more: Math.max(0, notOk - 1) };
}

export const finding = (level: HealthLevel, code: Finding['code'], detail: string): Finding => ({
  level,
  code,
  detail,
});

export const failedFinding = (what: string, failure: Failure): Finding =>
  finding('unknown', 'UNKNOWN', `${what} could not be read: ${failure.message}`);

/**
 * The finding for a reading that is not fresh: what the rest concludes from its last value is then no more than that.
 * Undefined when it was read.
 */
export function gap(what: string, reading: Reading<unknown>): Finding | undefined {
  if (reading.state === 'unread') return finding('pending', 'PENDING', `${what} is not read yet`);
  return reading.state === 'failed' ? failedFinding(what, reading.failure) : undefined;
}

/** The findings that are there, without the gaps of those that are not. */
export const present = (...findings: readonly (Finding | undefined)[]): readonly Finding[] =>
  findings.filter(candidate => candidate !== undefined);
