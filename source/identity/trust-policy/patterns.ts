/** IAM's wildcards: `*` for any run of characters, `?` for exactly one. Everything else stands for itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let position = 0;
  // The usual two-pointer walk: linear in practice, and no regular expression made from text of others.
  while (position < text.length) {
    const sign = pattern[at];
    if (sign === '*') {
      star = at;
      resume = position;
      at += 1;
    } else if (sign !== undefined && (sign === '?' || sign === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      resume += 1;
      position = resume;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/**
 * ArnEquals and ArnLike, which behave alike: each of the six parts is compared by itself, with wildcards
 * (IAM User Guide, "Amazon Resource Name (ARN) condition operators").
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const [wanted, given] = [arnParts(pattern), arnParts(arn)];
  if (!wanted || !given) return false;
  return wanted.every((part, index) => matchesPattern(part, given[index] ?? ''));
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
