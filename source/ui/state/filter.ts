/**
 * The filter of a table. Words are ANDed; `!word` must not occur; `/re/` is a regular expression. Case does not count.
 */
export type Matcher = (haystack: string) => boolean;

export type Filter =
  | { readonly ok: true; readonly matches: Matcher; readonly empty: boolean }
  | { readonly ok: false; readonly error: string };

const everything: Filter = { ok: true, matches: () => true, empty: true };

/** Haystacks are lower-case. */
export function parseFilter(text: string): Filter {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return everything;
  const tests: Matcher[] = [];
  for (const word of words) {
    const not = word.startsWith('!');
    const body = not ? word.slice(1) : word;
    if (body === '') return { ok: false, error: '! needs a word after it' };
    const test = body.startsWith('/') ? regexTest(body) : substringTest(body);
    if (typeof test === 'string') return { ok: false, error: test };
    tests.push(not ? haystack => !test(haystack) : test);
  }
  return { ok: true, empty: false, matches: haystack => tests.every(test => test(haystack)) };
}

function substringTest(word: string): Matcher {
  const needle = word.toLowerCase();
  return haystack => haystack.includes(needle);
}

/** An unfinished `/re` is tried as it stands, so that the list narrows while it is typed. */
function regexTest(word: string): Matcher | string {
  const source = word.slice(1, word.length > 1 && word.endsWith('/') ? -1 : undefined);
  try {
    const pattern = new RegExp(source, 'i');
    return haystack => pattern.test(haystack);
  } catch {
    return `bad pattern /${source}/`;
  }
}
