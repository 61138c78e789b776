/** How columns are called in a filter: `ns:`, `serviceaccount:`, `sa:`, `irsa:`. */

const squeezed = (title: string): string => title.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const initials = (title: string): string =>
  title
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map(word => word[0] ?? '')
    .join('');

/** Names that everybody uses, by the title they stand for. */
const usual: Readonly<Record<string, string>> = { ns: 'namespace', acct: 'account', k8s: 'version' };

/**
 * Titles of the columns that a name stands for: one by its title (without spaces), the first letters of its words, a
 * usual short name, or the beginning of one title alone; else all whose last word it is, so that `role:` asks every
 * column with a role. None: there is no such column.
 */
export function columnsNamed(typed: string, titles: readonly string[]): readonly string[] {
  const name = squeezed(typed);
  if (name === '') return [];
  const meant = usual[name];
  const one =
    titles.find(title => squeezed(title) === name) ??
    titles.find(title => / /.test(title) && initials(title) === name) ??
    titles.find(title => squeezed(title) === meant);
  if (one !== undefined) return [one];
  const beginning = titles.filter(title => squeezed(title).startsWith(name));
  return beginning.length === 1 ? beginning : titles.filter(title => title.toLowerCase().endsWith(` ${name}`));
}

/** What to call them in a message. */
export const columnNames = (titles: readonly string[]): string => titles.map(squeezed).join(' ');
