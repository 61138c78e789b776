import { createHash } from 'node:crypto';
import type { Plan } from '../plan/plan.ts';

/** sha256 of the plan's canonical JSON, in hex: the same for the same plan, whatever the order of its keys. */
export const planHash = (plan: Plan): string => createHash('sha256').update(canonicalJson(plan)).digest('hex');

/** JSON without spaces, keys sorted by UTF-16 code unit (as RFC 8785 sorts them); `undefined` is left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
