import type { ClusterRow, Count } from '../../live/model.ts';
import type { Line } from '../state/lines.ts';
import { lineText } from '../state/lines.ts';
import { thousands } from './numbers.ts';
import { cells } from './pad.ts';
import { clean } from './sanitise.ts';

/** A sum of counts of which some may not be known yet: `19`, `19+` when it is at least that, `?`. */
function sum(counts: readonly Count[]): { readonly value: number; readonly text: string } {
  const known = counts.filter(count => count !== undefined);
  const value = known.reduce((total, count) => total + count, 0);
  if (known.length === counts.length) return { value, text: thousands(value) };
  return { value, text: value === 0 ? '?' : `${thousands(value)}+` };
}

/** What is worth doing first, from the whole sentence to its shortest form. */
function hints(rows: readonly ClusterRow[], broken: number, onIrsa: number): readonly Line[] {
  const said = (key: string, text: string): Line => [
    { text: `   <${key}>`, role: 'key' },
    { text: ` ${text}`, role: 'dim' },
  ];
  const worst = rows.find(row => row.health.level === 'error');
  if (broken > 0 && worst) return [said('enter', `opens ${clean(worst.name)}, the worst`), said('enter', 'the worst')];
  if (onIrsa > 0) return [said('m', 'plans the move to Pod Identity'), said('m', 'migrate')];
  return [said('?', 'every key')];
}

/**
 * `28 accounts: 19 on IRSA, 6 on Pod Identity, 3 broken now   <enter> opens prod-eu-1, the worst`: how the fleet stands,
 * and one thing to do. Accounts are the service accounts that have a role, by either way. Empty before anything is known.
 */
export function verdict(rows: readonly ClusterRow[], width: number): Line {
  if (rows.length === 0) return [];
  const both = rows.map(row =>
    row.irsa === undefined || row.associations === undefined || row.both === undefined
      ? undefined
      : row.irsa + row.associations - row.both,
  );
  const accounts = sum(both);
  const irsa = sum(rows.map(row => row.irsa));
  const associations = sum(rows.map(row => row.associations));
  const checked = (row: ClusterRow) => row.health.level !== 'pending' && row.health.level !== 'unknown';
  const broken = sum(rows.map(row => (row.errors > 0 || checked(row) ? row.errors : undefined)));
  const line: Line = [
    { text: ` ${accounts.text} ${accounts.text === '1' ? 'account' : 'accounts'}: `, role: 'strong' },
    { text: `${irsa.text} on IRSA, ${associations.text} on Pod Identity, ` },
    { text: `${broken.text} broken now`, role: broken.value > 0 ? 'error' : 'text' },
  ];
  const room = width - cells(lineText(line));
  const hint = hints(rows, broken.value, irsa.value).find(each => cells(lineText(each)) <= room);
  return hint ? [...line, ...hint] : line;
}
