import { sameDocument } from './compare.ts';
import type { TrustStatement } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { policySize } from './size.ts';

/**
 * What could go from a policy that has no room, without a change of what it allows, as sentences; the most room first.
 */
export function makesRoom(document: string): readonly string[] {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return [`What would make room is not checked: ${policy.reason}.`];
  const { statements } = policy.value;
  return [...repeats(statements), ...sids(statements)];
}

function repeats(statements: readonly TrustStatement[]): readonly string[] {
  return statements.flatMap(({ text, index }) => {
    const first = statements.findIndex(other => sameDocument(withoutSid(other.text), withoutSid(text)));
    if (first === index) return [];
    return [
      `Statement ${index + 1} repeats statement ${first + 1}: without it ${policySize(text) + 1} characters less.`,
    ];
  });
}

function withoutSid(text: string): string {
  const { Sid: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}

const longSid = 8;

function sids(statements: readonly TrustStatement[]): readonly string[] {
  const long = statements.filter(({ sid }) => sid !== undefined && sid.length > longSid);
  const saved = long.reduce((sum, { sid }) => sum + JSON.stringify({ Sid: sid }).length - 1, 0);
  if (long.length === 0) return [];
  const numbers = long.map(({ index }) => index + 1).join(', ');
  return [`Sids are for people and may go (statement ${numbers}): without them ${saved} characters less.`];
}
