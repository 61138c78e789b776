import { lastKnown, type Reading } from '../../../identity/reading.ts';
import type { ServiceAccountRow } from '../../../live/model.ts';
import type { App } from '../../controller/app.ts';
import { clusterRow } from '../../controller/app.ts';
import { accountRow, detailRow } from '../../controller/subject.ts';
import { layoutOf } from '../../state/layout.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { sourcesAbout } from '../../state/pane.ts';
import type { UiState } from '../../state/state.ts';
import { clusterName, type DetailSubject } from '../../state/view.ts';
import { agentText } from '../../tables/clusters.ts';
import { age, count, dateTime } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { field } from './field.ts';
import { healthLines } from './health-lines.ts';
import { identityLines, isWithoutRole, podLines } from './identity-lines.ts';
import { policyLines } from './policy-lines.ts';
import { eventLines, factLines } from './record-lines.ts';
import { roleUses, summaryOfRole, trustLines } from './role-lines.ts';
import { type DetailTab, detailTabs } from './tabs.ts';

/** The tab of a detail screen as lines of at most so many cells, the pane's own by default. */
export function detailLines(
  app: App,
  state: UiState,
  subject: DetailSubject,
  tab: number,
  width = layoutOf(state.columns, state.rows).width - 2,
): readonly Line[] {
  const kind: DetailTab = detailTabs(subject.type)[tab] ?? 'summary';
  const found = detailRow(app, subject);
  if (!found) return [line('It is gone from the model: deleted, or no longer readable. <esc> leads back.', 'warning')];
  if (kind === 'facts') return factLines(app, found, state.now);
  if (kind === 'events') return eventLines(app, found);
  switch (found.kind) {
    case 'clusters':
      return kind === 'sources' ? sourceLines(app, state, subject.cluster) : clusterLines(app, state, subject.cluster);
    case 'roles':
      if (kind === 'trust') return trustLines(app, subject.cluster, found.row.arn);
      if (kind === 'policies') return policyLines(app.rolePolicies.of(found.row.arn));
      return kind === 'used by' ? roleUses(app, subject.cluster, found.row.arn) : summaryOfRole(found.row, state.now);
    case 'service-accounts':
    case 'associations': {
      const named =
        found.kind === 'associations'
          ? { namespace: found.row.namespace, name: found.row.serviceAccount }
          : { namespace: found.row.namespace, name: found.row.name };
      const association = lastKnown(found.row.association)?.value;
      if (kind === 'pods') return podLines(app, state.now, subject.cluster, named);
      if (kind === 'trust' || kind === 'used by') {
        const row = accountRow(app, subject.cluster, named);
        const arn = association?.roleArn ?? row?.irsaRoleArn;
        if (!arn) return [noRoleLine(row, found.row.association)];
        return kind === 'trust' ? trustLines(app, subject.cluster, arn) : roleUses(app, subject.cluster, arn);
      }
      return identityLines(app, state.now, subject.cluster, named, width);
    }
    default:
      return [];
  }
}

const noRoleLine = (row: ServiceAccountRow | undefined, association: Reading<unknown>): Line =>
  isWithoutRole(row, association)
    ? line('It has no role.', 'dim')
    : line('? Its role is not known: the service account or its association is not read.', 'unknown');

function clusterLines(app: App, state: UiState, arn: string): readonly Line[] {
  const row = clusterRow(app, arn);
  const cluster = row && lastKnown(row.cluster)?.value;
  if (!row) return [];
  const agent = lastKnown(row.agent)?.value;
  return [
    ...field('Cluster', clean(row.name)),
    ...field('ARN', clean(arn)),
    ...field('Region', row.region),
    ...field('Account', row.account),
    ...(cluster
      ? [
          ...field('Kubernetes', `${clean(cluster.version)} ${clean(cluster.platformVersion ?? '')}`),
          ...field('Status', clean(cluster.status)),
          ...field('Access', clean(cluster.authenticationMode ?? '-')),
          ...field('OIDC issuer', clean(cluster.oidcIssuer ?? 'none')),
          ...field('Created', when(cluster.createdAt, state.now)),
          ...field(
            'Tags',
            Object.entries(cluster.tags)
              .map(([key, value]) => clean(`${key}=${value}`))
              .join('  ') || 'none',
          ),
        ]
      : []),
    ...field(
      'Agent',
      agent ? agentText(agent) : row.agent.state === 'failed' ? `? ${clean(row.agent.failure.message)}` : '…',
    ),
    ...(agent?.kind === 'addon' ? agent.issues.map(issue => line(`               ! ${clean(issue)}`, 'warning')) : []),
    blank,
    ...field('Associations', count(row.associations)),
    ...field('Accounts', `${count(row.serviceAccounts)}   on IRSA ${count(row.irsa)}   both ${count(row.both)}`),
    blank,
    ...healthLines(row.health),
    blank,
    line(`aws eks describe-cluster --region ${row.region} --name ${clusterName(clean(arn))}`, 'dim'),
  ];
}

function sourceLines(app: App, state: UiState, arn: string): readonly Line[] {
  const row = clusterRow(app, arn);
  return (row ? sourcesAbout(app.model.sources(), row) : []).map(source => {
    const seen = source.at === undefined ? 'never' : `${age(state.now - source.at)} ago`;
    const why = source.failure ? `  ${clean(source.failure.message)}` : '';
    const sign = source.state === 'live' ? '✓' : source.state === 'failed' || source.state === 'stale' ? '✗' : '…';
    const role = source.state === 'live' ? 'ok' : sign === '✗' ? 'error' : 'dim';
    return [
      { text: `${sign} `, role } as const,
      { text: `${source.source.padEnd(16)}${clean(source.covers).padEnd(24)}${source.state.padEnd(9)}${seen}${why}` },
    ];
  });
}

export const when = (at: number | undefined, now: number): string =>
  at === undefined ? '-' : `${age(now - at)} ago  ${dateTime(at)}`;
