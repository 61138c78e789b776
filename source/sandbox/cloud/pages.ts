/** Paged lists with opaque markers that only fit the question they came with. */
import { isObject, parseJson } from './values.ts';

export type Page<T> = { readonly items: readonly T[]; readonly next?: string };

/**
 * One page of `items`, in the order of `keyOf`, whose values are unique. Undefined: the token is not one of this
 * question's. A token names the last key it has seen, so that what is made or deleted between two pages neither
 * repeats nor hides another.
 */
export function pageOf<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  options: { readonly size: number; readonly token?: string | undefined; readonly question: string },
): Page<T> | undefined {
  const after = options.token === undefined ? '' : readToken(options.token, options.question);
  if (after === undefined) {
    return undefined;
  }
  const first = smallest(items, keyOf, options.size + 1, after);
  const page = first.slice(0, options.size);
  const last = page.at(-1);
  return first.length > options.size && last !== undefined
    ? { items: page, next: writeToken(keyOf(last), options.question) }
    : { items: page };
}

/** The `count` items with the smallest keys greater than `after`, in order; the rest is never sorted. */
function smallest<T>(items: Iterable<T>, keyOf: (item: T) => string, count: number, after: string): T[] {
  const found: T[] = [];
  const keys: string[] = [];
  for (const item of items) {
    const key = keyOf(item);
    const full = keys.length === count;
    if (key <= after || (full && key >= (keys[count - 1] ?? ''))) {
      continue;
    }
    if (full) {
      found.pop();
      keys.pop();
    }
    const index = placeOf(keys, key);
    found.splice(index, 0, item);
    keys.splice(index, 0, key);
  }
  return found;
}

/** Where `key` belongs among the sorted `keys`. */
function placeOf(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function writeToken(after: string, question: string): string {
  return Buffer.from(JSON.stringify({ after, question })).toString('base64');
}

function readToken(token: string, question: string): string | undefined {
  const value = parseJson(Buffer.from(token, 'base64').toString());
  return isObject(value) && value.question === question && typeof value.after === 'string' ? value.after : undefined;
}
