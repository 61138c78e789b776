import { Box, Text } from 'ink';
import { known } from '../../identity/reading.ts';
import type { SourceState } from '../../live/model.ts';
import { hintsFor } from '../actions/key-map.ts';
import { reasonAgainst } from '../actions/reasons.ts';
import { aliasOf, inProd, readOnlyReason } from '../controller/account.ts';
import { type App, clusterRef } from '../controller/app.ts';
import { actionContext } from '../controller/subject.ts';
import { useApp, useFacts, useSessions, useUi } from '../hooks/use-app.ts';
import { keyText } from '../screens/help/key-text.ts';
import { layoutOf } from '../state/layout.ts';
import { type Line, lineText, sameLines } from '../state/lines.ts';
import { type Connection, connection } from '../state/pane.ts';
import { contextCluster, placeOf, topFrame, type UiState } from '../state/state.ts';
import { clusterName } from '../state/view.ts';
import { arnName } from '../text/arn.ts';
import { age, thousands } from '../text/numbers.ts';
import { cells, pad } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import type { Role } from '../theme/theme.ts';
import { SpanLine } from './spans.tsx';

const infoWidth = 28;
const statusWidth = 21;
const hintWidth = 17;

const wordRole: Readonly<Record<Connection['word'], Role>> = {
  LIVE: 'ok',
  LOADING: 'info',
  PARTIAL: 'warning',
  OFFLINE: 'error',
  DENIED: 'error',
  'SIGNED OUT': 'error',
};
const wordSign: Readonly<Record<Connection['word'], string>> = {
  LIVE: '●',
  LOADING: '◌',
  PARTIAL: '◐',
  OFFLINE: '○',
  DENIED: '✗',
  'SIGNED OUT': '✗',
};

/** What is under way, or how well the model is connected: the one word in the corner. */
function statusLine(app: App, sources: readonly SourceState[], now: number): Line {
  const running = app.sessions.running().flatMap(session => {
    const state = session.get();
    return state.phase === 'running' ? [state.run] : [];
  });
  if (running.length > 0) {
    const ended = running.reduce((sum, run) => sum + run.ended, 0);
    const total = running.reduce((sum, run) => sum + run.total, 0);
    return [{ text: `◐ RUNNING ${ended}/${total}`, role: 'info' }];
  }
  const link = connection(sources);
  const counted = link.word === 'LIVE' || link.of === 0 ? '' : ` ${link.good}/${link.of}`;
  const seen = link.at === undefined ? '' : `  ${age(now - link.at)} ago`;
  return [
    { text: `${wordSign[link.word]} ${link.word}${counted}`, role: wordRole[link.word] },
    { text: link.word === 'LIVE' ? seen : '', role: 'dim' },
  ];
}

function findingsLine(app: App): Line {
  const rows = app.model.clusters();
  const sum = (pick: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const errors = sum(row => row.errors);
  const warnings = sum(row => row.warnings);
  // A fleet has thousands of them: then the signs say enough.
  const roomy = errors < 100 && warnings < 100;
  return [
    { text: `✗ ${thousands(errors)}${roomy ? ' err' : ''}`, role: errors > 0 ? 'error' : 'dim' },
    { text: '   ' },
    { text: `! ${thousands(warnings)}${roomy ? ' warn' : ''}`, role: warnings > 0 ? 'warning' : 'dim' },
  ];
}

const services: readonly (readonly [SourceState['source'], string])[] = [
  ['eks', 'EKS'],
  ['iam', 'IAM'],
  ['kubernetes', 'K8s'],
];

/** `EKS 4s  IAM 2m  K8s ~`: age of each kind of source, `✗` when one of it fails. */
function agesLine(sources: readonly SourceState[], now: number): Line {
  const parts = services.map(([source, name]) => {
    const all = sources.filter(item => item.source === source);
    if (all.some(item => item.state === 'failed')) return `${name} ✗`;
    const times = all.flatMap(item => (item.at === undefined ? [] : [item.at]));
    return `${name} ${times.length === 0 ? '…' : source === 'kubernetes' ? '~' : age(now - Math.min(...times))}`;
  });
  return [{ text: parts.join(' '), role: 'dim' }];
}

/**
 * How fast the busiest service is asked, while requests wait for their turn: `EKS 8/s  142 wait`; a service that said to
 * slow down goes first.
 */
function paceLine(sources: readonly SourceState[], now: number): Line | undefined {
  const paced = services.flatMap(([source, name]) =>
    sources.flatMap(({ source: kind, rate }) => (kind === source && rate ? [{ name, ...rate }] : [])),
  );
  const slowed = paced.find(({ throttledUntil }) => throttledUntil !== undefined && throttledUntil > now);
  if (slowed) return [{ text: `${slowed.name} slowed to ${perSecond(slowed.perSecond)}/s`, role: 'warning' }];
  const busy = paced.filter(({ queued }) => queued > 0).sort((a, b) => b.queued - a.queued)[0];
  return busy && [{ text: `${busy.name} ${perSecond(busy.perSecond)}/s  ${busy.queued} wait`, role: 'dim' }];
}

const perSecond = (rate: number): string =>
  rate < 10 ? rate.toFixed(1).replace(/\.0$/, '') : String(Math.round(rate));

const label = (text: string) => ({ text: ` ${text.padEnd(8)}`, role: 'dim' as const });

function infoLines(app: App, cluster: string | undefined, readOnly: boolean): readonly Line[] {
  const caller = known(app.model.caller());
  // A cluster of another account than the one that was first in scope goes by its own.
  const account = cluster === undefined ? caller?.account : clusterRef(cluster).account;
  const prod = cluster !== undefined && inProd(app, clusterRef(cluster));
  // Next to the account's twelve digits, so that a blank is left before the hints.
  const badge: Line = prod ? [{ text: ' PROD ', role: 'badge' }] : [];
  const sandbox: Line = app.options.sandbox ? [{ text: ' SANDBOX ', role: 'sandbox' }] : [];
  const where = cluster === undefined ? `${app.model.clusters().length} in scope` : clusterName(clean(cluster));
  return [
    [
      label('Profile'),
      {
        text: pad(
          clean(app.contexts.get().names?.join() ?? app.options.profileName ?? 'default'),
          app.options.sandbox ? 9 : 18,
        ),
      },
      ...sandbox,
    ],
    [label('Account'), { text: clean(account ?? '…') }, ...badge],
    [label('Cluster'), { text: pad(where, 18) }],
    readOnly
      ? [label('Access'), { text: 'read-only', role: 'warning' }]
      : whoLine(
          account === undefined ? undefined : aliasOf(app, account),
          account === caller?.account ? caller?.arn : '',
        ),
  ];
}

/** Who calls, at the name of the account; where both have no room, the name: who it is follows from the profile. */
function whoLine(alias: string | undefined, arn: string | undefined): Line {
  const who = arn === undefined ? '…' : arn === '' ? '?' : clean(arnName(arn));
  if (alias === undefined) return [label('Caller'), { text: pad(who, 18) }];
  const both = `${who}@${alias}`;
  return arn !== '' && cells(both) <= 18
    ? [label('Caller'), { text: pad(both, 18) }]
    : [label('Alias'), { text: pad(alias, 18) }];
}

/** As in help, but a capital as itself: there is little room. */
const hintKey = (key: string): string => (/^[A-Z]$/.test(key) ? key : keyText(key));

/** A key, its meaning, and whether it can be used on what is under the cursor. */
type Hint = { readonly key: string; readonly label: string; readonly off: boolean };

/** What the header offers; under a prompt what the screen beneath offers, since the prompt names its own keys. */
function hintsOf(app: App, state: UiState): readonly Hint[] {
  const { prompt: _, ...screen } = state;
  const context = actionContext(app, screen);
  return hintsOnce(context.place, context.plan, state.keyMap).map(action => ({
    key: hintKey(action.keys[0] ?? ''),
    label: action.label,
    off: reasonAgainst(action, context) !== undefined,
  }));
}

/** `hintsFor`, kept: the store asks at every step of the cursor, and the answer seldom is another one. */
const hintsOnce: typeof hintsFor = (...asked) => {
  if (!keptHints?.asked.every((part, index) => part === asked[index])) keptHints = { asked, hints: hintsFor(...asked) };
  return keptHints.hints;
};
let keptHints: { readonly asked: readonly unknown[]; readonly hints: ReturnType<typeof hintsFor> } | undefined;

const offKey = (app: App, state: UiState): string =>
  hintsOf(app, state)
    .map(hint => (hint.off ? hint.key : `${hint.key}<`))
    .join();

/** Hints in columns of the header's height, as many as fit; `(x)` and dim is what cannot be used now. */
function hintLines(all: readonly Hint[], width: number, rows: number): readonly Line[] {
  const columns = Math.max(1, Math.floor(width / hintWidth));
  const hints = all.slice(0, columns * rows);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => hints[column * rows + row]).flatMap((hint): Line => {
      if (!hint) return [{ text: ' '.repeat(hintWidth) }];
      const key = hint.off ? `(${hint.key})` : `<${hint.key}>`;
      return [
        { text: key, role: hint.off ? 'dim' : 'key' },
        { text: pad(` ${hint.label}`, hintWidth - key.length), role: 'dim' },
      ];
    }),
  );
}

/** Info, hints and status in four rows; in one row on a small screen. */
export function Header() {
  const app = useApp();
  const sessions = useSessions();
  const columns = useUi(state => state.columns);
  const now = useUi(state => state.now);
  const rows = useUi(state => state.rows);
  // Made again when the place or what can be used changes, not with every step of the cursor.
  const place = useUi(
    state => `${placeOf(state)} ${topFrame(state).id} ${contextCluster(state)} ${offKey(app, state)}`,
  );
  const readOnly = useUi(state => isReadOnly(app, state));
  const compact = layoutOf(columns, rows).headerRows === 1;
  const lines = useFacts(
    [columns, rows, now, place, readOnly, sessions.get()],
    () => (compact ? compactLines(app, columns, now) : fullLines(app, columns, now)),
    sameLines,
  );
  if (compact) return <CompactHeader lines={lines} columns={columns} />;
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: four fixed rows
        <SpanLine key={index} line={line} />
      ))}
    </Box>
  );
}

const isReadOnly = (app: App, state: UiState): boolean =>
  readOnlyReason(app, state, contextCluster(state)) !== undefined;

/** One line a row, and drawn as one `Text`: every node of the tree costs at each key press. */
function fullLines(app: App, columns: number, now: number): readonly Line[] {
  const state = app.store.get();
  const sources = app.model.sources();
  const hintsWidth = columns - infoWidth - statusWidth;
  const hints = hintLines(hintsOf(app, state), hintsWidth, 4);
  const status = [
    statusLine(app, sources, now),
    findingsLine(app),
    agesLine(sources, now),
    paceLine(sources, now) ?? helpLine,
  ];
  return infoLines(app, contextCluster(state), isReadOnly(app, state)).map((line, index) => [
    ...padLine(line, infoWidth),
    ...padLine(hints[index] ?? [], hintsWidth),
    ...(status[index] ?? []),
  ]);
}

/** A line filled to a width, so that what follows it starts in the same column. */
const padLine = (line: Line, width: number): Line => [
  ...line,
  { text: ' '.repeat(Math.max(0, width - cells(lineText(line)))) },
];

const helpLine: Line = [
  { text: '?', role: 'key' },
  { text: ' help   ', role: 'dim' },
  { text: ':', role: 'key' },
  { text: ' command', role: 'dim' },
];

/** What stands at the left and at the right of the one row. */
function compactLines(app: App, columns: number, now: number): readonly Line[] {
  const state = app.store.get();
  const readOnly = isReadOnly(app, state);
  const [profile = [], account = [], cluster = []] = infoLines(app, contextCluster(state), readOnly);
  const left: Line = [
    ...cluster.slice(1).map(span => ({ ...span, text: span.text.trimEnd() })),
    { text: '  ' },
    ...account.slice(1),
    { text: ' ' },
    ...profile.slice(2),
    { text: readOnly ? ' read-only' : '', role: 'warning' },
  ];
  const status = statusLine(app, app.model.sources(), now);
  return [left, columns >= 80 ? [...status, { text: '  ' }, ...helpLine] : status];
}

function CompactHeader({ lines, columns }: { readonly lines: readonly Line[]; readonly columns: number }) {
  const [left = [], right = []] = lines;
  return (
    <Box>
      <Box flexGrow={1} overflow="hidden">
        <Text> </Text>
        <SpanLine line={left} />
      </Box>
      <Box width={columns >= 80 ? 38 : 20}>
        <SpanLine line={right} />
      </Box>
    </Box>
  );
}
