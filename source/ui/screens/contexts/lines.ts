import type { ContextRow } from '../../state/contexts.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { count } from '../../text/numbers.ts';
import { wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { expiryText } from './columns.ts';

const indent = '  ';

/** There is no profile at all: where they were looked for, and the two commands that make one. */
export const noProfiles: readonly Line[] = [
  blank,
  line(`${indent}No AWS profiles`, 'title'),
  blank,
  line(`${indent}Looked for in ~/.aws/config and ~/.aws/credentials, or in the files that`, 'dim'),
  line(`${indent}AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name.`, 'dim'),
  blank,
  [{ text: `${indent}sign in through IAM Identity Center   ` }, { text: 'aws configure sso', role: 'key' }],
  [{ text: `${indent}keep an access key                    ` }, { text: 'aws configure', role: 'key' }],
  blank,
  [
    { text: `${indent}look again ` },
    { text: '<ctrl-r>', role: 'key' },
    { text: '   without any: open the sandbox ' },
    { text: '<X>', role: 'key' },
  ],
];

export const noneMatches = (filter: string, total: number): readonly Line[] => [
  blank,
  line(`${indent}No profile matches  ${clean(filter)}`, 'title'),
  blank,
  [{ text: `${indent}${total} without the filter   ` }, { text: '<esc> clears it', role: 'key' }],
];

/** What a user can do about it, beyond what the failure says. */
function remedy(row: ContextRow): string {
  switch (row.status.failure?.kind) {
    case 'expired-credentials':
      return row.auth === 'sso'
        ? `<a> signs in again here: aws sso login --profile ${row.name}`
        : 'put new ones in the same place; they are picked up by themselves';
    case 'denied':
      return 'another profile may be allowed to, or its policy has to';
    case 'unreachable':
      return 'network, proxy or DNS; it is tried again by itself';
    default:
      return '';
  }
}

/** The row under the cursor in words: what is wrong, or what is known, and where it comes from. */
export function contextStrip(row: ContextRow, now: number, width: number, rows: number): readonly Line[] {
  const { status, inScope } = row;
  const head = (text: string): Line => [
    { text: `  ${clean(row.name)}  `, role: 'strong' },
    { text: `${status.word}  `, role: status.role },
    { text },
  ];
  const account = [row.account ?? '', row.alias ? clean(row.alias) : ''].filter(Boolean).join(' ');
  const facts = [
    account === '' ? '' : `account ${account}${row.readOnly ? ', read-only here' : ''}`,
    row.regions.length > 0 ? `in ${row.regions.map(clean).join(', ')}` : 'no region is named for it',
    row.roleArn ? `role ${clean(row.roleArn)}` : '',
    row.source ? `by ${clean(row.source)}` : '',
    row.endpoint ? `endpoint ${clean(row.endpoint)}` : '',
  ].filter(Boolean);
  // Where there is room, a blank line parts it from the rows.
  const lines = (all: readonly Line[]) => (rows > 1 ? [blank, ...all] : all).slice(0, rows + 1);
  const known: Line = [{ text: `  ${facts.join('   ')}`, role: 'dim' }];
  if (status.failure) {
    const offset = row.name.length + status.word.length + 6;
    const [first = '', second, ...rest] = wrap(clean(status.failure.message), Math.max(20, width - offset));
    const cut = second === undefined ? [] : [line(' '.repeat(offset) + second + (rest.length > 0 ? ' …' : ''))];
    const help = remedy(row);
    return lines([head(first), ...cut, help === '' ? known : line(`  ${clean(help)}`, 'dim')]);
  }
  const text = !inScope
    ? '<space> brings it into scope; <enter> asks it alone'
    : row.clusters === undefined
      ? 'is being asked'
      : `${count(row.clusters)} ${row.clusters === 1 ? 'cluster' : 'clusters'}, credentials ${lasting(row, now)}`;
  return lines([head(text), known]);
}

function lasting({ expiresAt }: ContextRow, now: number): string {
  if (expiresAt === undefined) return 'not looked for yet';
  const text = expiryText(expiresAt, now);
  return expiresAt === 'never' ? 'without a date of expiry' : text === 'expired' ? text : `last ${text}`;
}
