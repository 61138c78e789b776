export type Tags =
  | { readonly ok: true; readonly tags: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly error: string };

/**
 * `team=payments env=prod` as tags. Limits are those of EKS tags: 50 on a resource, keys up to 128 characters and not
 * beginning with `aws:`, values up to 256 (EKS User Guide, "Organize Amazon EKS resources with tags").
 */
export function parseTags(text: string): Tags {
  const tags: Record<string, string> = {};
  const words = text.trim().split(/\s+/).filter(Boolean);
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) return { ok: false, error: `"${word}" is not key=value` };
    const key = word.slice(0, at);
    const value = word.slice(at + 1);
    if (key.length > 128) return { ok: false, error: 'a key has more than 128 characters' };
    if (value.length > 256) return { ok: false, error: `the value of ${key} has more than 256 characters` };
    if (/^aws:/i.test(key)) return { ok: false, error: 'keys must not begin with aws:' };
    if (Object.hasOwn(tags, key)) return { ok: false, error: `${key} is there twice` };
    tags[key] = value;
  }
  return words.length > 50 ? { ok: false, error: 'more than 50 tags' } : { ok: true, tags };
}
