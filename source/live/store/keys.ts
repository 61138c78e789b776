import type { Subject } from '../../identity/scope.ts';
import { subjectText } from '../../identity/scope.ts';

/** The key of a service account within its cluster: `namespace/name`. */
export const keyOf = (subject: Subject): string => subjectText(subject);

/** The id of a row: `{cluster ARN}|{what it is within the cluster}`. An ARN of a cluster never holds a bar. */
export const rowId = (cluster: string, inside: string): string => `${cluster}|${inside}`;

/** Takes a row id apart; a cluster's own row has nothing inside. */
export function splitRowId(id: string): { readonly cluster: string; readonly inside: string | undefined } {
  const bar = id.indexOf('|');
  return bar < 0 ? { cluster: id, inside: undefined } : { cluster: id.slice(0, bar), inside: id.slice(bar + 1) };
}
