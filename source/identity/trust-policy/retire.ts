import { issuerPath, oidcProviderArn } from '../arn.ts';
import { ok, type Result, refused } from '../result.ts';
import { spliced } from './cut.ts';
import { parseTrustPolicy } from './parse.ts';
import { judgeStatement } from './retire-judge.ts';
import type { IssuerRemoval, IssuerTrust } from './retire-model.ts';
import { documentSplices } from './retire-text.ts';

/**
 * Takes out what lets the subjects in by tokens of this issuer, whatever the action, and nothing else: every other
 * request is answered as before, and every byte that need not change stays. Statements that also serve other subjects
 * or principals are narrowed, or split where one text cannot say both. Other issuers, and the same issuer's provider
 * in another account, are not touched; a Deny gives no trust, so it stays without a word. A wildcard is never rewritten
 * into an enumeration. What cannot be narrowed exactly is kept, with its reason.
 * When nothing remains (`remaining` 0) the text has an empty list, which IAM does not take: add what is to stay first.
 */
export function removeIssuerTrust(document: string, trust: IssuerTrust): Result<IssuerRemoval> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const issuer = issuerPath(trust.issuer);
  const provider = oidcProviderArn(trust.partition, trust.account, issuer);
  const judged = policy.value.statements.map(statement =>
    judgeStatement(policy.value, statement, { ...trust, issuer, provider }),
  );
  const found = judged.flatMap(({ cut }) => (cut ? [cut] : []));
  const text = spliced(document, documentSplices(policy.value, found, provider));
  const after = parseTrustPolicy(text);
  if (!after.ok) return refused(`the edit would leave a document that cannot be understood: ${after.reason}`);
  return ok({
    text,
    changed: text !== document,
    remaining: after.value.statements.length,
    removed: found.map(({ removed }) => removed),
    kept: judged.flatMap(({ kept }) => kept),
  });
}
