import { defaultSort, type Sort, type SortKey } from './list.ts';
import { isTable, type TableKind, type View } from './view.ts';

/** How a kind of table is looked at, wherever it is opened. */
export type Look = { readonly sort: Sort; readonly wide: boolean };

/** What differs from the default, by kind of table. */
export type Looks = Readonly<Partial<Record<TableKind, Look>>>;

const defaultLook: Look = { sort: defaultSort, wide: false };

const kinds: readonly TableKind[] = ['clusters', 'namespaces', 'service-accounts', 'associations', 'roles'];
const sortKeys: readonly SortKey[] = ['default', 'name', 'health'];

export const lookOf = (looks: Looks, view: View): Look => (isTable(view) ? looks[view.kind] : undefined) ?? defaultLook;

export const withLook = (looks: Looks, view: View, change: Partial<Look>): Looks =>
  isTable(view) ? { ...looks, [view.kind]: { ...lookOf(looks, view), ...change } } : looks;

type Stored = { readonly sort: SortKey; readonly descending: boolean; readonly wide: boolean };

/** Looks as they are kept in the preferences. */
export const storedLooks = (looks: Looks): Readonly<Record<string, Stored>> =>
  Object.fromEntries(
    Object.entries(looks).map(([kind, { sort, wide }]) => [kind, { sort: sort.by, descending: sort.descending, wide }]),
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Looks out of preferences that anybody may have edited: what cannot be understood is the default. */
export function parseLooks(stored: unknown): Looks {
  if (!isRecord(stored)) return {};
  const looks = kinds.flatMap(kind => {
    const value = stored[kind];
    if (!isRecord(value)) return [];
    const by = sortKeys.find(key => key === value.sort) ?? 'default';
    const descending = by !== 'default' && value.descending === true;
    return [[kind, { sort: { by, descending }, wide: value.wide === true }]];
  });
  return Object.fromEntries(looks);
}
