import { parseRoleArn } from '../../identity/arn.ts';
import { podTrustFindings } from '../../identity/findings/trust.ts';
import type { HealthLevel } from '../../identity/health.ts';
import { known, lastKnown } from '../../identity/reading.ts';
import type { ClusterRow, LiveModel } from '../model.ts';
import type { Stance } from './compare.ts';
import type { CopySource } from './copies.ts';

/** Something to know before an association is copied, and how grave it is. */
export type CopyRemark = { readonly level: HealthLevel; readonly text: string };

/** Where an association would be copied to. */
type There = { readonly cluster: ClusterRow; readonly now: Stance | undefined; readonly roleArn: string | undefined };

/** What the copy of an association in another cluster runs into, as far as it is known: the review reads it afresh. */
export const copyRemarks = (model: Pick<LiveModel, 'role'>, from: CopySource, there: There): readonly CopyRemark[] => [
  ...agentRemarks(there.cluster),
  ...roleRemarks(model, from, there),
  ...accountRemarks(there),
  ...settingRemarks(from, there),
];

export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

function agentRemarks({ agent }: ClusterRow): readonly CopyRemark[] {
  const state = known(agent);
  if (!state) return [{ level: 'unknown', text: 'whether its agent is ready has not been read' }];
  return state.kind === 'missing' ? [{ level: 'error', text: 'it has no Pod Identity agent: that comes first' }] : [];
}

function roleRemarks(
  model: Pick<LiveModel, 'role'>,
  from: CopySource,
  { cluster, roleArn }: There,
): readonly CopyRemark[] {
  if (roleArn === undefined)
    return [{ level: 'warning', text: 'a stack made its role for it alone: name one here, or have one made' }];
  const parsed = parseRoleArn(roleArn);
  if (!parsed.ok) return [{ level: 'error', text: `"${roleArn}" is not a role ARN: ${parsed.reason}` }];
  const { name } = parsed.value;
  const other = accountOf(from.association.roleArn);
  const foreign: readonly CopyRemark[] =
    other === cluster.account
      ? []
      : [{ level: 'info', text: `EKS takes no role of account ${other} here: the one of ${cluster.account} is meant` }];
  const reading = model.role(cluster.id, roleArn);
  const fact = lastKnown(reading)?.value;
  if (!fact) {
    const text = `whether account ${cluster.account} has a role ${name}, and whom it trusts, is read for the review`;
    return [...foreign, { level: 'unknown', text }];
  }
  if (!fact.exists)
    return [
      ...foreign,
      { level: 'error', text: `account ${cluster.account} has no role ${name}: make it, or name another` },
    ];
  const { namespace, name: serviceAccount } = from.row;
  const trust = podTrustFindings(
    fact.role,
    { arn: cluster.id, name: cluster.name, partition: parsed.value.partition, account: cluster.account },
    { namespace, serviceAccount },
    !from.association.disableSessionTags,
  );
  return [...foreign, ...trust.map(({ level, code, detail }) => ({ level, text: trustText(code, detail) }))];
}

/** A statement that is missing is added by the plan; a condition that somebody has written is not widened by it. */
const trustText = (code: string, detail: string): string =>
  code === 'TRUST'
    ? `${detail}: a statement is added first`
    : code === 'TRUST-COND'
      ? `${detail}: widen it first`
      : detail;

function accountRemarks({ now, roleArn }: There): readonly CopyRemark[] {
  if (!now)
    return [{ level: 'warning', text: 'nothing there knows the service account yet: EKS takes it all the same' }];
  const { row } = now;
  if (row.inCluster === false) return [{ level: 'warning', text: 'the cluster does not have the service account yet' }];
  const { irsaRoleArn } = row;
  if (irsaRoleArn === undefined || now.mechanism === 'association') return [];
  if (irsaRoleArn === roleArn)
    return [{ level: 'info', text: 'it has this role by annotation: <m> migrates it in steps' }];
  return [{ level: 'warning', text: `by annotation it has ${irsaRoleArn}: new pods get the association's instead` }];
}

function settingRemarks({ association, row }: CopySource, { cluster }: There): readonly CopyRemark[] {
  const { targetRoleArn, policy } = association;
  const foreign = accountOf(row.cluster) !== cluster.account;
  const target: readonly CopyRemark[] =
    targetRoleArn === undefined
      ? []
      : [
          {
            level: 'warning',
            text: `target role ${targetRoleArn} must let this role in, with an external id that EKS makes anew`,
          },
        ];
  const named = foreign && policy?.includes(accountOf(row.cluster));
  return [
    ...target,
    ...(named
      ? [
          {
            level: 'warning' as const,
            text: `its session policy names account ${accountOf(row.cluster)}: look it over`,
          },
        ]
      : []),
  ];
}
