import type { Line } from '../../state/lines.ts';
import { cut } from '../../text/pad.ts';
import type { Role } from '../../theme/theme.ts';

/** The row under the cursor in words. */
export type Strip = {
  readonly subject: string;
  readonly health: string;
  readonly healthRole: Role;
  readonly detail: string;
  readonly more: string;
};

/** The row under the cursor, explained: its worst finding, then its facts; on a small screen the finding alone. */
export function stripLines({ subject, health, healthRole, detail, more }: Strip, width: number, rows: number) {
  const head: Line = [
    { text: `  ${subject}  `, role: 'strong' },
    { text: `${health}  `, role: healthRole },
    { text: detail },
  ];
  const facts: Line = [{ text: `  ${cut(more, width - 3)}`, role: 'dim' }];
  return rows >= 3 ? [[], head, facts] : rows === 2 ? [head, facts] : rows === 1 ? [head] : [];
}
