import type { Line } from '../../state/lines.ts';
import { cells, cut } from '../../text/pad.ts';
import type { Role } from '../../theme/theme.ts';

/** The row under the cursor in words. */
export type Strip = {
  readonly subject: string;
  readonly health: string;
  readonly healthRole: Role;
  readonly detail: string;
  /** What cells said before they changed lately; empty: nothing did. */
  readonly was: string;
  readonly more: string;
};

/**
 * The row under the cursor, explained: its worst finding, then what it was before and its facts; on a small screen what
 * it was or the finding.
 */
export function stripLines({ subject, health, healthRole, detail, was, more }: Strip, width: number, rows: number) {
  const small = rows === 1 && was !== '';
  const head: Line = [
    { text: `  ${subject}  `, role: 'strong' },
    { text: `${health}  `, role: healthRole },
    { text: small ? was : detail, role: small ? 'info' : 'text' },
  ];
  const before = was === '' ? '' : `${cut(was, width - 3)}   `;
  const facts: Line = [
    { text: `  ${before}`, role: 'info' },
    { text: cut(more, width - 3 - cells(before)), role: 'dim' },
  ];
  return rows >= 3 ? [[], head, facts] : rows === 2 ? [head, facts] : rows === 1 ? [head] : [];
}
