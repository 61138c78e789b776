import { defaultSort, type Sort } from './list.ts';
import { isTable, type TableKind, type View } from './view.ts';

/** How a kind of table is looked at, wherever it is opened. */
export type Look = {
  readonly sort: Sort;
  readonly wide: boolean;
  /** Titles of columns that are not wanted. */
  readonly hidden: readonly string[];
};

/** What differs from the default, by kind of table. */
export type Looks = Readonly<Partial<Record<TableKind, Look>>>;

const defaultLook: Look = { sort: defaultSort, wide: false, hidden: [] };

const kinds: readonly TableKind[] = ['clusters', 'namespaces', 'service-accounts', 'associations', 'roles'];

export const lookOf = (looks: Looks, view: View): Look => (isTable(view) ? looks[view.kind] : undefined) ?? defaultLook;

export const withLook = (looks: Looks, view: View, change: Partial<Look>): Looks =>
  isTable(view) ? { ...looks, [view.kind]: { ...lookOf(looks, view), ...change } } : looks;

type Stored = {
  readonly sort: string;
  readonly descending: boolean;
  readonly wide: boolean;
  readonly hidden: readonly string[];
};

/** Looks as they are kept in the preferences. */
export const storedLooks = (looks: Looks): Readonly<Record<string, Stored>> =>
  Object.fromEntries(
    Object.entries(looks).map(([kind, { sort, wide, hidden }]) => [
      kind,
      { sort: sort.by, descending: sort.descending, wide, hidden },
    ]),
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTitle = (value: unknown): value is string => typeof value === 'string' && /^[A-Z0-9 ]{1,24}$/.test(value);

/** An order by a column that no longer exists is the order of the names: nothing has a value then. */
const sortable = (by: string): boolean => ['default', 'name', 'health'].includes(by) || isTitle(by);

/** Looks out of preferences that anybody may have edited: what cannot be understood is the default. */
export function parseLooks(stored: unknown): Looks {
  if (!isRecord(stored)) return {};
  const looks = kinds.flatMap(kind => {
    const value = stored[kind];
    if (!isRecord(value)) return [];
    const by = typeof value.sort === 'string' && sortable(value.sort) ? value.sort : defaultSort.by;
    const descending = by !== defaultSort.by && value.descending === true;
    const hidden = Array.isArray(value.hidden) ? value.hidden.filter(isTitle) : [];
    return [[kind, { sort: { by, descending }, wide: value.wide === true, hidden }]];
  });
  return Object.fromEntries(looks);
}
