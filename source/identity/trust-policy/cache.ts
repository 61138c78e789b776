import type { Result } from '../result.ts';
import type { TrustPolicy } from './model.ts';
import { parseTrustPolicy } from './parse.ts';

/** Enough for the roles of a large account; past it everything is forgotten at once, which costs little. */
const most = 5_000;

const parsed = new Map<string, Result<TrustPolicy>>();

/**
 * `parseTrustPolicy`, remembered by text: rows by the hundred thousand ask about a few thousand documents. The answer
 * depends on the text alone, so sharing it is safe.
 */
export function cachedTrustPolicy(text: string): Result<TrustPolicy> {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= most) parsed.clear();
  const policy = parseTrustPolicy(text);
  parsed.set(text, policy);
  return policy;
}
