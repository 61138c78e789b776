import { PortError } from '../run/ports.ts';

export type Page<T> = { readonly items: readonly T[]; readonly next: string | undefined };

/**
 * Pages of a list until there is no further token. Empty pages in the middle are passed over: AWS may send them. A
 * service that hands out the same token twice would never end, and is refused.
 */
export async function* pages<T>(fetch: (token: string | undefined) => Promise<Page<T>>): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await fetch(token);
    if (page.items.length > 0) yield page.items;
    token = page.next || undefined;
    if (token !== undefined && seen.has(token)) {
      throw new PortError({
        kind: 'server',
        message: 'AWS gave the same page of a list twice; the list is not complete.',
      });
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}
