import { mostTags, tagProblem } from '../../files/cluster-config/checks.ts';

export type Tags =
  | { readonly ok: true; readonly tags: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly error: string };

/** `team=payments env=prod` as tags, by the rules for tags in files; a value with spaces stands in quotes. */
export function parseTags(text: string): Tags {
  const tags = new Map<string, string>();
  for (const word of wordsOf(text)) {
    const at = word.indexOf('=');
    if (at < 1) return { ok: false, error: `"${word}" is not key=value` };
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    const problem = tagProblem(key, value);
    if (problem !== undefined) return { ok: false, error: `${key} ${problem}` };
    if (tags.has(key)) return { ok: false, error: `${key} is there twice` };
    tags.set(key, value);
  }
  return tags.size > mostTags
    ? { ok: false, error: `more than ${mostTags} tags` }
    : { ok: true, tags: Object.fromEntries(tags) };
}

/** Words at blanks, but for blanks inside double quotes; the quotes themselves are not part of a word. */
function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return words.map(word => word.replaceAll('"', ''));
}

/** The text that `parseTags` reads as these tags. */
export const tagsText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => (/\s/.test(key + value) ? `"${key}=${value}"` : `${key}=${value}`))
    .join(' ');
