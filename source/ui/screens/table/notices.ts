import type { SourceState } from '../../../live/model.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { PaneState } from '../../state/pane.ts';
import type { Frame } from '../../state/state.ts';
import { clusterName, type TableView } from '../../state/view.ts';
import { age, thousands } from '../../text/numbers.ts';
import { wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';
import { incompleteLines, sourceName } from './sources.ts';

const nouns: Readonly<Record<TableView['kind'], string>> = {
  clusters: 'clusters',
  namespaces: 'namespaces',
  'service-accounts': 'service accounts',
  associations: 'associations',
  roles: 'roles',
};

/** `associations in prod-eu-1 / payments`: what a table is of. */
export function tableSubject(view: TableView): string {
  const cluster = view.kind === 'clusters' ? undefined : view.cluster;
  const namespace = view.kind === 'associations' || view.kind === 'service-accounts' ? view.namespace : undefined;
  const where = [cluster ? clean(clusterName(cluster)) : '', namespace ? clean(namespace) : ''].filter(Boolean);
  if (view.kind === 'clusters') return 'clusters in scope';
  return nouns[view.kind] + (where.length > 0 ? ` in ${where.join(' / ')}` : ' in every cluster in scope');
}

const indent = '              ';

function progressLine(source: SourceState): Line {
  const signs: Readonly<Record<SourceState['state'], readonly [string, Role, string]>> = {
    waiting: ['○', 'dim', 'waiting'],
    loading: ['◌', 'info', 'reading'],
    live: ['✓', 'ok', 'read'],
    stale: ['!', 'warning', 'stale'],
    failed: ['✗', 'error', 'failed'],
  };
  const [sign, role, word] = signs[source.state];
  return [{ text: `${indent}${sourceName(source).padEnd(32)}` }, { text: `${sign}  ${word}`, role }];
}

/** Nothing yet: counts instead of a bare spinner, and what comes next. */
export const loadingLines = (view: TableView, sources: readonly SourceState[]): readonly Line[] => [
  blank,
  line(`${indent}Reading ${tableSubject(view)}`, 'title'),
  blank,
  ...sources.slice(0, 10).map(progressLine),
  ...(sources.length > 10 ? [line(`${indent}and ${sources.length - 10} more`, 'dim')] : []),
  blank,
  line(`${indent}rows appear as they come; every key works already`, 'dim'),
];

/** Read, and there is nothing: says so, proves it, offers the next step. */
export function emptyLines(view: TableView, sources: readonly SourceState[], now: number): readonly Line[] {
  const proof = sources
    .filter(source => source.state === 'live')
    .slice(0, 6)
    .map(source =>
      line(
        `${indent}${sourceName(source).padEnd(32)}answered ${source.at === undefined ? '' : `${age(now - source.at)} ago`}`,
        'dim',
      ),
    );
  const step = (text: string, key: string): Line => [
    { text: `${indent}${text.padEnd(32)}` },
    { text: key, role: 'key' },
  ];
  const steps: readonly Line[] =
    view.kind === 'clusters'
      ? [step('look again', '<ctrl-r>'), step('another profile or region', 'start with --profile, --region')]
      : view.kind === 'associations'
        ? [step('make one', '<n>'), step('service accounts on IRSA', ':sa'), step('other namespaces', '<0>')]
        : [step('look again', '<ctrl-r>'), step('associations', ':a'), step('what was read', ':log')];
  return [blank, line(`${indent}No ${tableSubject(view)}`, 'title'), blank, ...steps, blank, ...proof];
}

export const filteredLines = (filter: string, total: number): readonly Line[] => [
  blank,
  line(`${indent}No row matches  ${clean(filter)}`, 'title'),
  blank,
  [
    { text: `${indent}${`${thousands(total)} without the filter`.padEnd(32)}` },
    { text: '<esc> clears it', role: 'key' },
  ],
];

/** What a user can do about a failure of this kind. */
function remedy(source: SourceState): string {
  switch (source.failure?.kind) {
    case 'denied':
      return source.source === 'kubernetes'
        ? 'The identity has no access entry in this cluster, or its RBAC rules do not allow it.'
        : `The identity lacks ${source.failure.operation ?? 'this action'}.`;
    case 'expired-credentials':
      return 'The session ran out: sign in again (aws sso login); it is picked up by itself.';
    case 'no-credentials':
      return 'Nothing to sign requests with: set up a profile, or sign in (aws sso login).';
    case 'unreachable':
      return 'The endpoint does not answer: network, proxy or DNS.';
    case 'throttled':
      return 'AWS slows this account down; it is tried again by itself.';
    default:
      return 'It is tried again by itself; <ctrl-r> tries now.';
  }
}

/** Someone without credentials can do nothing here but try the app on the embedded world: offered before anything. */
const sandboxOffer = (sources: readonly SourceState[]): readonly Line[] =>
  sources.some(source => source.failure?.kind === 'no-credentials')
    ? [
        blank,
        [
          { text: `${indent}open the sandbox `, role: 'title' },
          { text: '<X>', role: 'key' },
          { text: '   the app on an embedded AWS; nothing real is touched', role: 'dim' },
        ],
      ]
    : [];

/** What AWS or Kubernetes said in codes, for whoever has to look it up. */
function answerLines({ failure }: SourceState): readonly Line[] {
  const parts = [failure?.code, failure?.operation, failure?.requestId && `request ${failure.requestId}`];
  const said = parts.filter(part => part !== undefined && part !== '').map(part => clean(String(part)));
  return said.length === 0 ? [] : [line(indent + said.join('   '), 'dim')];
}

/** A pane that could not be read and has nothing old to show. */
export function failedLines(
  view: TableView,
  sources: readonly SourceState[],
  now: number,
  width: number,
): readonly Line[] {
  return [
    blank,
    line(`${indent}✗ Cannot read ${tableSubject(view)}`, 'error'),
    ...sandboxOffer(sources),
    ...sources
      .slice(0, 4)
      .flatMap((source): readonly Line[] => [
        blank,
        line(`${indent}${sourceName(source)}`, 'title'),
        ...wrap(clean(source.failure?.message ?? 'no answer'), width - indent.length - 4).map(text =>
          line(indent + text),
        ),
        ...answerLines(source),
        line(indent + remedy(source)),
        ...(source.retryAt === undefined ? [] : [line(`${indent}tried again in ${age(source.retryAt - now)}`, 'dim')]),
      ]),
    blank,
    [
      { text: `${indent}try now ` },
      { text: '<ctrl-r>', role: 'key' },
      { text: '   what happened ' },
      { text: ':log', role: 'key' },
      { text: '   everything else still works', role: 'dim' },
    ],
  ];
}

/** Only rows that differ are wanted, and none does. */
const agreeingLines = (total: number): readonly Line[] => [
  blank,
  line(`${indent}No service account differs between clusters`, 'title'),
  blank,
  [
    { text: `${indent}${`${thousands(total)} rows were compared`.padEnd(32)}` },
    { text: '<D> shows them all', role: 'key' },
  ],
  line(`${indent}what is not read yet cannot differ: the header tells what is`, 'dim'),
];

/** What a table says when it has no row to show. */
export function noticeLines(
  view: TableView,
  pane: PaneState,
  now: number,
  width: number,
  frame: Pick<Frame, 'filter' | 'drift'>,
  total: number,
): readonly Line[] {
  switch (pane.kind) {
    case 'rows':
      return [];
    case 'loading':
      return loadingLines(view, pane.sources);
    case 'empty':
      return emptyLines(view, pane.sources, now);
    case 'filtered':
      return [
        ...(frame.drift && frame.filter === '' ? agreeingLines(total) : filteredLines(frame.filter, total)),
        ...incompleteLines(pane.sources, pane.of, now, width),
      ];
    case 'failed':
      return failedLines(view, pane.sources, now, width);
  }
}
