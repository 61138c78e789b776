/** Telling pod templates apart. */
import { createHash } from 'node:crypto';
import type { PodTemplate } from './shapes.ts';

const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** Equal for equal templates, whatever the order of their keys; in the alphabet of generated names. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256').update(JSON.stringify(template, inKeyOrder)).digest();
  return [...digest.subarray(0, 10)].map(byte => SAFE.charAt(byte % SAFE.length)).join('');
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
