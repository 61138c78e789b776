/** What a token of EKS, a JWT, or an Authorization header looks like: none may get into a message. */
const secrets = /\bk8s-aws-v1\.[\w-]+|\beyJ[\w-]{10,}(?:\.[\w-]+)*|\bBearer\s+\S+/g;

/**
 * One line of text from a server or a plugin, fit for a failure's sentence: no control or direction characters, no
 * secret, at most `limit` characters. Facts (names, labels, annotations) are not passed through here: they stay as
 * they are, and whatever shows them cleans them.
 */
export function plainText(text: string, limit = 300): string {
  const clean = text
    .replace(secrets, '(secret)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clean.length > limit ? `${clean.slice(0, limit - 1).trimEnd()}…` : clean;
}
