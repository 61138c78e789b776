import { lastKnown } from '../../../identity/reading.ts';
import type { RoleRow } from '../../../live/model.ts';
import { type RoleUser, roleUsers } from '../../../live/views/role-users.ts';
import type { App } from '../../controller/app.ts';
import { jsonLines } from '../../state/line-diff.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { trustText } from '../../tables/roles.ts';
import { age, count, dateTime, plural } from '../../text/numbers.ts';
import { pad } from '../../text/pad.ts';
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

const byText: Readonly<Record<RoleUser['by'], string>> = {
  association: 'association',
  target: 'target role',
  annotation: 'annotation',
};

function userLine({ namespace, name, by, overruled, pods }: RoleUser): Line {
  return [
    { text: `   ${byText[by].padEnd(13)}`, role: 'dim' },
    { text: pad(clean(`${namespace}/${name}`), 44) },
    { text: pods === undefined ? '' : plural(pods, 'pod'), role: 'dim' },
    { text: overruled ? '   its association gives it another role' : '', role: 'warning' },
  ];
}

/** Who uses the role, in every cluster in scope; the cluster that was come from first. */
export function roleUses(app: App, cluster: string, arn: string): readonly Line[] {
  const found = roleUsers(app.model, arn);
  const here = found.filter(group => group.cluster === cluster);
  const groups = [...here, ...found.filter(group => group.cluster !== cluster)];
  const total = found.reduce((sum, { users }) => sum + users.length, 0);
  const unread = found.reduce((sum, group) => sum + group.unread, 0);
  if (total === 0 && unread === 0) return [line('Nothing in scope uses it, as far as was read.', 'dim')];
  return [
    [
      {
        text: `${plural(total, 'service account')} in ${plural(groups.filter(({ users }) => users.length > 0).length, 'cluster')}`,
      },
      {
        text: unread === 0 ? '' : `   ${plural(unread, 'association')} not read yet: any of them may use it`,
        role: 'unknown',
      },
    ],
    ...groups.flatMap(({ clusterName, region, account, users, unread: more }): readonly Line[] => [
      blank,
      [
        { text: clean(clusterName), role: 'title' },
        { text: `   ${region}   ${account}`, role: 'dim' },
        { text: more === 0 ? '' : `   ${plural(more, 'association')} not read yet`, role: 'unknown' },
      ],
      ...users.map(userLine),
    ]),
  ];
}
