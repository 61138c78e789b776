import type { AgentState, Association, Pod, RoleFact } from '../../../identity/facts.ts';
import { lastKnown, type Reading } from '../../../identity/reading.ts';
import type { ServiceAccountRow } from '../../../live/model.ts';
import type { App } from '../../controller/app.ts';
import { clusterRow } from '../../controller/app.ts';
import { accountRow } from '../../controller/subject.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { agentText } from '../../tables/clusters.ts';
import { age, dateTime, podsText } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { field } from './field.ts';
import { check, healthLines } from './health-lines.ts';

type Named = { readonly namespace: string; readonly name: string };

/** What a pod of a service account gets, link by link, each with what was found or why it is not known. */
export function identityLines(app: App, now: number, cluster: string, named: Named, width: number): readonly Line[] {
  const row = accountRow(app, cluster, named);
  const listed = app.model.associations(cluster, named.namespace).find(item => item.serviceAccount === named.name);
  const reading: Reading<Association | undefined> = listed?.association ?? row?.association ?? { state: 'unread' };
  const association = lastKnown(reading)?.value;
  const roleArn = association?.roleArn ?? row?.irsaRoleArn;
  const health = row?.health ?? listed?.health;
  return [
    ...field('Subject', clean(`${named.namespace} / ${named.name}`)),
    ...field('Cluster', clean(cluster)),
    ...associationFields(reading, now),
    ...(health ? healthLines(health, width) : []),
    blank,
    line('Chain of credentials', 'title'),
    agentCheck(clusterRow(app, cluster)?.agent ?? { state: 'unread' }),
    namespaceCheck(app, cluster, named.namespace),
    accountCheck(row?.inCluster),
    ...(roleArn ? roleChecks(app, cluster, roleArn, association !== undefined) : [noRole(row, reading)]),
    annotationCheck(row, association?.roleArn),
    podsCheck(row?.pods, row?.podsOnIrsa),
    ...(association ? [blank, line(command(cluster, association.id), 'dim')] : []),
  ];
}

function associationFields(reading: Reading<Association | undefined>, now: number): readonly Line[] {
  if (reading.state === 'unread') return field('Association', '… being read');
  const known = lastKnown(reading);
  if (!known) return field('Association', `? ${reading.state === 'failed' ? clean(reading.failure.message) : ''}`);
  const stale = reading.state === 'failed' ? `   stale, ${age(now - known.at)} old` : '';
  const found = known.value;
  if (!found) return field('Association', `none${stale}`);
  const tags = Object.entries(found.tags).map(([key, value]) => clean(`${key}=${value}`));
  const stamp = (at: number | undefined) => (at === undefined ? '-' : `${age(now - at)} ago  ${dateTime(at)}`);
  return [
    ...field('Association', clean(found.id) + stale),
    ...field('Role', clean(found.roleArn)),
    ...field('Target role', found.targetRoleArn ? clean(found.targetRoleArn) : 'none'),
    ...(found.externalId ? field('External id', clean(found.externalId)) : []),
    ...field(
      'Session',
      `tags ${found.disableSessionTags ? 'off' : 'on'}, policy ${found.policy ? clean(found.policy) : 'none'}`,
    ),
    ...field('Owner', found.ownerArn ? clean(found.ownerArn) : 'nobody: it can be edited here'),
    ...field('Created', stamp(found.createdAt)),
    ...field('Modified', stamp(found.modifiedAt)),
    ...field('Tags', tags.join('  ') || 'none'),
  ];
}

function agentCheck(agent: Reading<AgentState>): Line {
  const known = lastKnown(agent)?.value;
  if (!known)
    return check(
      agent.state === 'failed' ? 'unknown' : 'pending',
      'agent',
      agent.state === 'failed' ? clean(agent.failure.message) : 'being read',
    );
  if (known.kind === 'missing') return check('error', 'agent', 'not installed');
  if (known.kind === 'auto-mode') return check('ok', 'agent', 'built into Auto Mode');
  const { rollout } = known;
  if (!rollout) return check('unknown', 'agent', `${agentText(known)}, readiness not checked`);
  return check(rollout.ready < rollout.desired ? 'warning' : 'ok', 'agent', `${agentText(known)} nodes ready`);
}

function namespaceCheck(app: App, cluster: string, name: string): Line {
  const row = app.model.namespaces(cluster).find(item => item.name === name);
  if (row?.inCluster === undefined) return check('unknown', 'namespace', 'could not be checked');
  return row.inCluster
    ? check('ok', 'namespace', 'exists')
    : check('warning', 'namespace', 'the cluster does not have it');
}

function accountCheck(inCluster: boolean | undefined): Line {
  if (inCluster === undefined) return check('unknown', 'service account', 'could not be checked');
  return inCluster
    ? check('ok', 'service account', 'exists')
    : check('warning', 'service account', 'the cluster does not have it');
}

function roleChecks(app: App, cluster: string, arn: string, byAssociation: boolean): readonly Line[] {
  const reading: Reading<RoleFact> = app.model.role(cluster, arn);
  const fact = lastKnown(reading)?.value;
  if (!fact) {
    return [
      check(
        reading.state === 'failed' ? 'unknown' : 'pending',
        'role',
        reading.state === 'failed' ? clean(reading.failure.message) : 'being read',
      ),
    ];
  }
  if (!fact.exists) return [check('error', 'role', `${clean(arn)} does not exist`)];
  const exists = check('ok', 'role', 'exists');
  const trusts = app.model.roles(cluster).find(row => row.arn === arn)?.trustsPods;
  if (trusts === undefined) return [exists, check('unknown', 'trust', 'not checked')];
  if (trusts) return [exists, check('ok', 'trust', 'pods.eks.amazonaws.com may assume it')];
  return [exists, check(byAssociation ? 'error' : 'info', 'trust', 'pods.eks.amazonaws.com may not assume it')];
}

/** That nothing names a role is known once both that could were read. */
export const isWithoutRole = (row: ServiceAccountRow | undefined, association: Reading<unknown>): boolean =>
  row?.inCluster !== undefined && lastKnown(association) !== undefined;

const noRole = (row: ServiceAccountRow | undefined, association: Reading<unknown>): Line =>
  isWithoutRole(row, association) ? check('info', 'role', 'none') : check('unknown', 'role', 'could not be checked');

function annotationCheck(row: ServiceAccountRow | undefined, role: string | undefined): Line {
  const annotation = row?.irsaRoleArn;
  if (row?.inCluster === undefined) return check('unknown', 'irsa annotation', 'could not be checked');
  if (!annotation) return check('ok', 'irsa annotation', 'none');
  if (role === undefined) return check('info', 'irsa annotation', clean(annotation));
  return annotation === role
    ? check('warning', 'irsa annotation', 'the same role: new pods use the association')
    : check('error', 'irsa annotation', `another role: ${clean(annotation)}`);
}

function podsCheck(pods: number | undefined, onIrsa: number | undefined): Line {
  if (pods === undefined) return check('unknown', 'pods', 'not read');
  return check(onIrsa ? 'info' : 'ok', 'pods', podsText(pods, onIrsa));
}

const command = (cluster: string, id: string): string => {
  const [, , , region = ''] = cluster.split(':');
  return `aws eks describe-pod-identity-association --region ${region} --cluster-name ${clean(cluster.slice(cluster.lastIndexOf('/') + 1))} --association-id ${clean(id)}`;
};

/** The pods of a service account, a line each. */
export function podLines(app: App, now: number, cluster: string, named: Named): readonly Line[] {
  const records = podRecords(app, now, cluster, named);
  return records.length > 0
    ? records.map(record => line(Object.values(record).join('  ')))
    : noPodLines(app.model.pods(cluster), now);
}

/** What stands in place of pods: that there are none, or that nobody knows. */
function noPodLines(pods: Reading<unknown>, now: number): readonly Line[] {
  if (pods.state === 'read') return [line('No pod uses it.', 'dim')];
  if (pods.state === 'unread') return [line('… The pods of its cluster are being read.', 'dim')];
  const { failure, last } = pods;
  const then = last ? [line(`${age(now - last.at)} ago, when they were last read, no pod used it.`, 'dim')] : [];
  return [line(`? Pods could not be read: ${clean(failure.message)}`, 'unknown'), ...then];
}

/** The pods of a service account as records for a table. */
export function podRecords(app: App, now: number, cluster: string, named: Named): readonly Record<string, string>[] {
  const pods: readonly Pod[] = lastKnown(app.model.pods(cluster))?.value ?? [];
  return pods
    .filter(pod => pod.namespace === named.namespace && pod.serviceAccount === named.name)
    .map(pod => ({
      POD: clean(pod.name),
      PHASE: clean(pod.phase),
      CREDENTIALS: pod.mechanism,
      PLATFORM: pod.platform,
      OWNER: pod.owner ? clean(`${pod.owner.kind}/${pod.owner.name}`) : '-',
      AGE: pod.createdAt === undefined ? '-' : age(now - pod.createdAt),
    }));
}
