import type { RegionRow } from '../../state/contexts.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { plural, thousands } from '../../text/numbers.ts';
import { pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

/** `3 clusters`; `?` while nobody knows how many. */
const counted = (count: number | undefined, word: string): string =>
  count === undefined ? `? ${word}s` : count === 1 ? `1 ${word}` : `${thousands(count)} ${word}s`;

/** `list 0.4s`: how long it took to ask for the clusters. */
const tookText = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '' : `list ${(milliseconds / 1000).toFixed(1)}s`;

function regionLine({ region, session, clusters, associations, status }: RegionRow, under: boolean): Line {
  const facts = session
    ? [
        pad(counted(clusters, 'cluster'), 12),
        pad(counted(associations, 'association'), 19),
        pad(tookText(session.took), 11),
      ].join(' ')
    : '';
  return [
    { text: under ? '▌ ' : '  ', role: 'accent' },
    { text: session ? '[x] ' : '[ ] ', role: session ? 'ok' : 'dim' },
    { text: pad(clean(region), 16), role: under ? 'strong' : session ? 'text' : 'dim' },
    { text: facts === '' ? '' : `${facts} `, role: under ? 'strong' : 'text' },
    { text: status.word, role: status.role },
  ];
}

/**
 * The regions of a profile under its row: a heading and as many rows as there is room for. With the keys, all that could be
 * read, around the cursor; without, those that are read.
 */
export function regionLines(
  name: string,
  { rows, at, focused }: { readonly rows: readonly RegionRow[]; readonly at: number; readonly focused: boolean },
  room: number,
): readonly Line[] {
  const shown = focused ? rows : rows.filter(({ session }) => session);
  const height = room - 2;
  if (shown.length === 0 || height < 1) return [];
  const read = rows.filter(({ session }) => session).length;
  const top = focused ? Math.max(0, Math.min(at - Math.floor(height / 2), shown.length - height)) : 0;
  const cut = shown.length > height && !focused ? height - 1 : height;
  const keys: Line = focused
    ? [
        { text: '   <space>', role: 'key' },
        { text: ' in/out ', role: 'dim' },
        { text: '<+>', role: 'key' },
        { text: ' all that are on ', role: 'dim' },
        { text: '<r>', role: 'key' },
        { text: ' done', role: 'dim' },
      ]
    : [
        { text: '   <r>', role: 'key' },
        { text: ' changes them', role: 'dim' },
      ];
  return [
    blank,
    [{ text: `  Regions of ${clean(name)}`, role: 'title' }, { text: `  ${read} read`, role: 'dim' }, ...keys],
    ...shown.slice(top, top + cut).map((row, index) => regionLine(row, focused && top + index === at)),
    ...(shown.length > cut && !focused ? [line(`      … ${plural(shown.length - cut, 'more region')}`, 'dim')] : []),
  ];
}

/** The region under the cursor in words. */
export function regionStrip(row: RegionRow, width: number, rows: number): readonly Line[] {
  const { region, session, status } = row;
  const head = `  ${clean(region)}  ${status.word}  `;
  const text = status.failure
    ? status.failure.message
    : session
      ? 'is read; <space> leaves it'
      : status.word === 'off in this account'
        ? 'the account has not turned this region on: it knows none of its keys'
        : '<space> reads it from now on';
  const [first = '', ...more] = wrap(clean(text), Math.max(20, width - head.length));
  const lines: readonly Line[] = [
    [
      { text: `  ${clean(region)}  `, role: 'strong' },
      { text: `${status.word}  `, role: status.role },
      { text: first },
    ],
    ...more.map(part => line(' '.repeat(head.length) + part)),
  ];
  return (rows > 1 ? [blank, ...lines] : lines).slice(0, rows + 1);
}
