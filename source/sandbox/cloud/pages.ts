/** Paged lists with opaque markers that only fit the question they came with. */
import { isObject, parseJson } from './values.ts';

export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/**
 * One page of `items`, which are in the order of `keyOf`. Undefined: the token is not one of this question's. A token
 * names the last key it has seen, so that what is made or deleted between two pages neither repeats nor hides another.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  options: { readonly size: number; readonly token?: string | undefined; readonly question: string },
): Page<T> | undefined {
  let start = 0;
  if (options.token !== undefined) {
    const after = readToken(options.token, options.question);
    if (after === undefined) {
      return undefined;
    }
    const found = items.findIndex(each => keyOf(each) > after);
    start = found < 0 ? items.length : found;
  }
  const page = items.slice(start, start + options.size);
  const last = page.at(-1);
  return start + options.size < items.length && last !== undefined
    ? { items: page, next: writeToken(keyOf(last), options.question) }
    : { items: page };
}

/** `items` sorted by key, as `pageOf` wants them. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((left, right) => {
    const a = keyOf(left);
    const b = keyOf(right);
    return a < b ? -1 : a > b ? 1 : 0;
  });
}

function writeToken(after: string, question: string): string {
  return Buffer.from(JSON.stringify({ after, question })).toString('base64');
}

function readToken(token: string, question: string): string | undefined {
  const value = parseJson(Buffer.from(token, 'base64').toString());
  return isObject(value) && value.question === question && typeof value.after === 'string' ? value.after : undefined;
}
