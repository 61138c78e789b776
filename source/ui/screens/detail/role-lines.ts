import { lastKnown } from '../../../identity/reading.ts';
import type { RoleRow } from '../../../live/model.ts';
import type { App } from '../../controller/app.ts';
import { jsonLines } from '../../state/line-diff.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { trustText } from '../../tables/roles.ts';
import { age, count, dateTime } from '../../text/numbers.ts';
import { clean, cleanLines } from '../../text/sanitise.ts';
import { field } from './field.ts';
import { healthLines } from './health-lines.ts';

export function summaryOfRole(row: RoleRow, now: number): readonly Line[] {
  const fact = lastKnown(row.role)?.value;
  const role = fact?.exists ? fact.role : undefined;
  const stamp = (at: number | undefined) => (at === undefined ? 'never seen' : `${age(now - at)} ago  ${dateTime(at)}`);
  return [
    ...field('Role', clean(row.name)),
    ...field('ARN', clean(row.arn)),
    ...field('Trusts', trustText(row)),
    ...row.oidcIssuers.map(issuer => line(`               · ${clean(issuer)}`, 'dim')),
    ...(role
      ? [
          ...field('Created', stamp(role.createdAt)),
          ...field('Last used', stamp(role.lastUsedAt)),
          ...field('Boundary', clean(role.permissionsBoundary ?? 'none')),
          ...field('Max session', role.maxSessionSeconds === undefined ? '-' : `${role.maxSessionSeconds / 3600}h`),
          ...field(
            'Tags',
            Object.entries(role.tags)
              .map(([key, value]) => clean(`${key}=${value}`))
              .join('  ') || 'none',
          ),
        ]
      : []),
    blank,
    ...field(
      'Used by',
      `${count(row.associations)} associations, ${count(row.irsaServiceAccounts)} accounts on IRSA, ${count(row.clusters)} clusters`,
    ),
    blank,
    ...healthLines(row.health),
  ];
}

/** The trust policy, indented, or why it cannot be shown. */
export function trustLines(app: App, cluster: string, arn: string): readonly Line[] {
  const reading = app.model.role(cluster, arn);
  const fact = lastKnown(reading)?.value;
  if (!fact) {
    return [
      reading.state === 'failed' ? line(`? ${clean(reading.failure.message)}`, 'unknown') : line('… being read', 'dim'),
    ];
  }
  if (!fact.exists) return [line(`✗ ${clean(arn)} does not exist`, 'error')];
  const stale = reading.state === 'failed' ? [line('stale: it could not be read again', 'warning')] : [];
  return [
    ...stale,
    ...field('Role', clean(fact.role.arn)),
    blank,
    ...jsonLines(fact.role.trustPolicy)
      .flatMap(text => cleanLines(text))
      .map(text => line(text)),
  ];
}

/** Who uses the role in its cluster: associations first, then annotations. */
export function roleUses(app: App, cluster: string, arn: string): readonly Line[] {
  const associations = app.model
    .associations(cluster)
    .filter(row => lastKnown(row.association)?.value.roleArn === arn)
    .map(row => `association   ${clean(row.namespace)}/${clean(row.serviceAccount)}`);
  const accounts = app.model
    .serviceAccounts(cluster)
    .filter(row => row.irsaRoleArn === arn)
    .map(row => `annotation    ${clean(row.namespace)}/${clean(row.name)}`);
  const lines = [...associations, ...accounts].map(text => line(text));
  return lines.length > 0 ? lines : [line('Nothing in this cluster uses it, as far as was read.', 'dim')];
}
