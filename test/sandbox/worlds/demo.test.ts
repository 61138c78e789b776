import { describe, expect, it } from 'vitest';
import { clusterOracle, type OracleRow } from '../../../source/sandbox/cluster/oracle.ts';
import { advance } from '../../../source/sandbox/world.ts';
import { makeDemoWorld } from '../../../source/sandbox/worlds/demo.ts';
import { clusterNamed, worldOptions } from './world-helpers.ts';

const now = Date.UTC(2026, 10, 24, 12);
const { world, profiles } = makeDemoWorld(worldOptions('demo'), now);
advance(world, now);

const prod = world.accounts.get('111122223333')!;
const cluster = (name: string) => clusterNamed(world, name);

function verdict(clusterName: string, subject: string): OracleRow {
  const row = clusterOracle(world, cluster(clusterName), now).find(
    each => `${each.namespace}/${each.serviceAccount}` === subject,
  );
  if (!row) throw new Error(`the oracle knows no ${subject}`);
  return row;
}

const trustOf = (roleName: string) => JSON.parse(prod.roles.get(roleName)?.trustPolicy ?? '');

describe('the demo', () => {
  it('is a company of two accounts with keys of their own', () => {
    expect(profiles.map(each => [each.name, each.account])).toEqual([
      ['northwind-prod', '111122223333'],
      ['northwind-data', '444455556666'],
    ]);
    for (const profile of profiles) expect(world.callers.get(profile.accessKeyId)?.account).toBe(profile.account);
  });

  it('has clusters in three regions', () => {
    const places = [...world.clusters.values()].map(each => [each.name, each.region, each.account]);
    expect(places).toEqual([
      ['prod-eu-1', 'eu-west-1', '111122223333'],
      ['prod-us-1', 'us-east-1', '111122223333'],
      ['batch-de-1', 'eu-central-1', '111122223333'],
      ['stg-eu-1', 'eu-west-1', '111122223333'],
      ['data-eu-1', 'eu-west-1', '444455556666'],
    ]);
  });

  it('has about sixty service accounts with an identity of some kind, and others with none', () => {
    const rows = [...world.clusters.values()].flatMap(each => clusterOracle(world, each, now));
    expect(rows.length).toBeGreaterThanOrEqual(50);
    expect(rows.length).toBeLessThanOrEqual(70);
    const all = [...world.clusters.values()].flatMap(each => [
      ...(each.kube.objects.get('serviceaccounts')?.keys() ?? []),
    ]);
    expect(all).toEqual(expect.arrayContaining(['cert-manager/cert-manager-webhook', 'search/warmup']));
  });
});

describe('what is wrong in the demo, as the oracle sees it', () => {
  it.each([
    ['a role that is gone', 'prod-eu-1', 'payments/settlement', /payments-settlement does not exist/],
    [
      'a trust edited after the association',
      'prod-eu-1',
      'monitoring/otel-collector',
      /does not let EKS Pod Identity in/,
    ],
    ['a trust without sts:TagSession', 'prod-eu-1', 'search/query', /does not let EKS Pod Identity in/],
    ['a trust that is no JSON', 'prod-eu-1', 'search/indexer', /does not trust this service account/],
    ['a cluster without the agent', 'batch-de-1', 'ml-batch/scheduler', /no Pod Identity agent/],
    ['a trust in a provider that is gone', 'batch-de-1', 'ml-batch/notebook', /does not trust this service account/],
  ])('%s: %s %s has no credentials', (_what, clusterName, subject, why) => {
    const { running, newPod } = verdict(clusterName, subject);
    expect(running.pods).toBeGreaterThan(0);
    expect(running).toMatchObject({ withCredentials: 0, renewable: 0 });
    expect(newPod).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });

  it('an agent that fails on one of two nodes', () => {
    const rows = clusterOracle(world, cluster('stg-eu-1'), now).filter(each => each.associationRole);
    const count = (key: 'pods' | 'withCredentials') => rows.reduce((sum, each) => sum + each.running[key], 0);
    expect(count('withCredentials')).toBeLessThan(count('pods'));
    const daemonSet = cluster('stg-eu-1').kube.objects.get('daemonsets')?.get('kube-system/eks-pod-identity-agent');
    expect(daemonSet?.status).toMatchObject({ desiredNumberScheduled: 2, numberReady: 1 });
  });

  it('an annotation and an association that name different roles: new pods get the association', () => {
    const row = verdict('prod-eu-1', 'payments/fraud');
    expect(row).toMatchObject({
      annotationRole: 'arn:aws:iam::111122223333:role/payments-fraud-irsa',
      associationRole: 'arn:aws:iam::111122223333:role/payments-fraud',
      newPod: { ok: true, mechanism: 'pod-identity', role: 'arn:aws:iam::111122223333:role/payments-fraud' },
    });
  });

  it('an annotation and an association that name the same role', () => {
    const row = verdict('prod-eu-1', 'external-dns/external-dns');
    expect(row.annotationRole).toBe(row.associationRole);
    expect(row.newPod.ok).toBe(true);
  });

  it('pods that are older than their association still use IRSA', () => {
    const { running, newPod } = verdict('prod-eu-1', 'checkout/session');
    expect(running).toMatchObject({ pods: 4, withCredentials: 4, byMechanism: { irsa: 4, 'pod-identity': 0 } });
    expect(newPod.mechanism).toBe('pod-identity');
  });

  it('associations without a service account and without a namespace', () => {
    const { objects } = cluster('prod-eu-1').kube;
    expect(verdict('prod-eu-1', 'payments/reporting').associationRole).toBeDefined();
    expect(objects.get('serviceaccounts')?.has('payments/reporting')).toBe(false);
    expect(verdict('prod-eu-1', 'risk-lab/scorer').associationRole).toBeDefined();
    expect(objects.get('namespaces')?.has('risk-lab')).toBe(false);
  });

  it('a role of another account, which works and cannot be migrated as it is', () => {
    const row = verdict('prod-eu-1', 'checkout/tax');
    expect(row).toMatchObject({
      annotationRole: 'arn:aws:iam::777788889999:role/tax-engine-client',
      newPod: { ok: true },
    });
    expect(profiles.map(each => each.account)).not.toContain('777788889999');
  });

  it('a workload on Fargate, which only IRSA serves', () => {
    const nodes = [...(cluster('prod-eu-1').kube.objects.get('nodes')?.values() ?? [])];
    const fargate = nodes.filter(each => each.metadata.labels?.['eks.amazonaws.com/compute-type'] === 'fargate');
    expect(fargate).toHaveLength(2);
    expect(verdict('prod-eu-1', 'payments/card-vault').running).toMatchObject({ pods: 2, withCredentials: 2 });
  });
});

describe('what waits to be migrated in the demo', () => {
  it('one role for three service accounts and a GitHub workflow', () => {
    const { Statement } = trustOf('payments-shared');
    expect(Statement.map((each: { Sid?: string }) => each.Sid)).toEqual([undefined, 'GitHubActions']);
    expect(Object.values(Statement[0].Condition.StringEquals)).toContainEqual([
      'system:serviceaccount:payments:invoices',
      'system:serviceaccount:payments:refunds',
      'system:serviceaccount:payments:webhooks',
    ]);
    for (const name of ['invoices', 'refunds', 'webhooks']) {
      expect(verdict('prod-eu-1', `payments/${name}`)).toMatchObject({
        annotationRole: 'arn:aws:iam::111122223333:role/payments-shared',
        running: { pods: 3, withCredentials: 3 },
      });
    }
  });

  it('a wildcard trust that serves two', () => {
    expect(JSON.stringify(trustOf('monitoring-read'))).toContain('"StringLike"');
    for (const subject of ['monitoring/grafana', 'monitoring/alertmanager']) {
      expect(verdict('prod-eu-1', subject).newPod).toMatchObject({ ok: true, mechanism: 'irsa' });
    }
  });

  it('a role that eksctl owns, with its stack', () => {
    const stack = [...prod.stacks.values()].find(each =>
      each.name.endsWith('kube-system-aws-load-balancer-controller'),
    );
    const row = verdict('prod-eu-1', 'kube-system/aws-load-balancer-controller');
    expect(stack?.outputs.get('Role1')).toBe(row.annotationRole);
  });

  it('an association that an add-on owns', () => {
    const { associations, addons } = cluster('prod-eu-1');
    const owned = [...associations.values()].find(each => each.serviceAccount === 'aws-node');
    expect(owned?.ownerArn).toBe(addons.get('vpc-cni')?.arn);
  });

  it('a target role in the data account, with session tags off', () => {
    const ledger = [...cluster('prod-eu-1').associations.values()].find(each => each.serviceAccount === 'ledger');
    expect(ledger?.disableSessionTags).toBe(true);
    expect(verdict('prod-eu-1', 'payments/ledger').newPod).toMatchObject({
      ok: true,
      role: 'arn:aws:iam::444455556666:role/ledger-writer',
    });
  });

  it('a cluster in Auto Mode, where everything moved works without an add-on', () => {
    const auto = cluster('prod-us-1');
    expect([auto.autoMode, auto.addons.size]).toEqual([true, 0]);
    const rows = clusterOracle(world, auto, now);
    expect(rows.filter(each => !each.newPod.ok)).toEqual([]);
    expect(rows.some(each => each.newPod.mechanism === 'irsa')).toBe(true);
  });
});
