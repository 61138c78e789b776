import { describe, expect, it } from 'vitest';
import {
  addCronJob,
  addDeployment,
  addNodes,
  addServiceAccount,
  failPod,
  type WorkloadSeed,
} from '../../../source/sandbox/cluster/builders.ts';
import { oracle } from '../../../source/sandbox/cluster/oracle.ts';
import { addAssociation, advance, podIdentityTrust } from '../../../source/sandbox/world.ts';
import { STRATEGIC, scene } from './scene.ts';

const HOUR = 3_600_000;

/** A service account `shop/api` with a role that both mechanisms may use, and two pods. */
function shop(
  options: Parameters<typeof scene>[0] & { irsa?: boolean; associated?: boolean; seed?: WorkloadSeed } = {},
) {
  const made = scene(options);
  const { world, cluster } = made;
  const roleArn = made.role('api', { pods: true, irsa: ['shop/api'] });
  const record = made.account.roles.get('api')!;
  addServiceAccount(world, cluster, { namespace: 'shop', name: 'api', ...((options.irsa ?? true) ? { roleArn } : {}) });
  const associate = (more = {}) =>
    addAssociation(world, cluster, { namespace: 'shop', serviceAccount: 'api', roleArn, ...more });
  if (options.associated) associate();
  addDeployment(world, cluster, 'shop', 'api', { serviceAccount: 'api', replicas: 2, ...options.seed });
  advance(world, world.now);
  const row = () => oracle(world, world.now).find(each => each.serviceAccount === 'api')!;
  const restart = () =>
    made.json('PATCH', '/apis/apps/v1/namespaces/shop/deployments/api', {
      body: { spec: { template: { metadata: { annotations: { restartedAt: String(world.now) } } } } },
      type: STRATEGIC,
    });
  return { ...made, roleArn, record, associate, row, restart };
}

describe('the oracle', () => {
  it('sees IRSA at work', () => {
    const { row, roleArn, cluster } = shop();
    expect(row()).toEqual({
      cluster: cluster.arn,
      namespace: 'shop',
      serviceAccount: 'api',
      annotationRole: roleArn,
      running: {
        pods: 2,
        withCredentials: 2,
        renewable: 2,
        roles: [roleArn],
        byMechanism: { 'pod-identity': 0, irsa: 2, none: 0 },
      },
      newPod: { ok: true, mechanism: 'irsa', role: roleArn, why: '' },
    });
  });

  it('sees a move to Pod Identity, pod by pod', () => {
    const { row, roleArn, associate, restart, pass } = shop();
    associate();
    expect(row()).toMatchObject({
      associationRole: roleArn,
      running: { withCredentials: 2, byMechanism: { irsa: 2 } },
      newPod: { ok: true, mechanism: 'pod-identity', role: roleArn },
    });
    restart();
    const seen = new Set<string>();
    for (let step = 0; step < 100; step++) {
      pass(100);
      const { pods, withCredentials, byMechanism } = row().running;
      expect(withCredentials).toBe(pods);
      seen.add(`${byMechanism.irsa} ${byMechanism['pod-identity']}`);
    }
    expect([...seen].at(0)).toBe('2 0');
    expect([...seen].at(-1)).toBe('0 2');
  });

  it('lets running pods live on their leases for an hour, and new ones go without', () => {
    const { row, record, pass, world } = shop();
    record.trustPolicy = JSON.stringify(podIdentityTrust());
    expect(row()).toMatchObject({
      running: { pods: 2, withCredentials: 2, renewable: 0 },
      newPod: { ok: false, mechanism: 'irsa' },
    });
    expect(row().newPod.why).toMatch(/does not trust this service account/u);
    const lost: number[] = [];
    const began = world.now;
    for (let minute = 0; minute <= 61; minute++) {
      if (row().running.withCredentials < 2 - lost.length) lost.push(world.now - began);
      pass(60_000);
    }
    expect(row().running.withCredentials).toBe(0);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.every(at => at > 0 && at <= HOUR)).toBe(true);
  });

  it('renews leases as of when they fell due, however far apart the looks are', () => {
    const close = shop();
    const far = shop();
    for (let minute = 0; minute < 100; minute++) close.pass(60_000);
    far.pass(100 * 60_000);
    const leases = ({ cluster }: typeof close) =>
      [...(cluster.kube.leases?.values() ?? [])].map(each => [each.expiresAt, each.renewAt]);
    expect(leases(far)).toEqual(leases(close));
    expect(leases(far).every(([expires]) => expires! > far.world.now && expires! <= far.world.now + HOUR)).toBe(true);
  });

  it('needs an agent that is ready on the node of the pod', () => {
    const { row, cluster, pods } = shop({ irsa: false, associated: true });
    expect(row()).toMatchObject({ running: { renewable: 2 }, newPod: { ok: true, mechanism: 'pod-identity' } });
    for (const agent of pods('kube-system')) failPod(cluster, 'kube-system', agent.metadata.name);
    expect(row().running).toMatchObject({ pods: 2, withCredentials: 2, renewable: 0 });
    expect(row().newPod.ok).toBe(false);
    expect(row().newPod.why).toMatch(/^no Pod Identity agent serves node ip-/u);
  });

  it('finds the pods cut off that an association without an agent makes', () => {
    const { row, associate, restart, pass } = shop({ agent: false });
    associate();
    expect(row()).toMatchObject({ running: { withCredentials: 2 }, newPod: { ok: false, mechanism: 'pod-identity' } });
    restart();
    pass(10_000);
    expect(row().running).toMatchObject({ pods: 2, withCredentials: 0, byMechanism: { 'pod-identity': 2 } });
  });

  it('takes the agent as given in Auto Mode, and as missing on Fargate and Windows', () => {
    expect(shop({ agent: false, autoMode: true, irsa: false, associated: true }).row().newPod.ok).toBe(true);
    expect(shop({ irsa: false, associated: true, seed: { on: 'fargate' } }).row()).toMatchObject({
      running: { pods: 2, withCredentials: 0, byMechanism: { 'pod-identity': 2 } },
      newPod: { ok: false },
    });
    const windows = scene();
    addNodes(windows.world, windows.cluster, { count: 1, kind: 'windows' });
    const roleArn = windows.role('api', { pods: true });
    addAssociation(windows.world, windows.cluster, { namespace: 'shop', serviceAccount: 'api', roleArn });
    addDeployment(windows.world, windows.cluster, 'shop', 'api', { serviceAccount: 'api', on: 'windows' });
    expect(oracle(windows.world, windows.world.now)[0]).toMatchObject({ running: { pods: 1, withCredentials: 0 } });
  });

  it.each([
    ['a role that is gone', ({ account }: ReturnType<typeof shop>) => account.roles.delete('api'), /does not exist$/u],
    [
      'a trust policy without sts:TagSession',
      ({ record }: ReturnType<typeof shop>) => {
        record.trustPolicy = record.trustPolicy.replace('sts:TagSession', 'sts:Nothing');
      },
      /does not let EKS Pod Identity in$/u,
    ],
    [
      'a target role that does not exist',
      ({ cluster }: ReturnType<typeof shop>) => {
        const [association] = cluster.associations.values();
        association!.targetRoleArn = 'arn:aws:iam::999999999999:role/far';
      },
      /^target role arn:aws:iam::999999999999:role\/far does not exist$/u,
    ],
  ])('tells of %s', (_what, spoil, why) => {
    const made = shop({ irsa: false, associated: true });
    spoil(made);
    expect(made.row()).toMatchObject({ running: { withCredentials: 2, renewable: 0 }, newPod: { ok: false } });
    expect(made.row().newPod.why).toMatch(why);
  });

  it('sees an association only once it is visible, and until its end is', () => {
    const { row, associate, world, pass } = shop({ irsa: false, seed: { bornWith: 'none' } });
    const association = associate();
    association.visibleAt = world.now + 5_000;
    expect(oracle(world, world.now).filter(each => each.serviceAccount === 'api')).toEqual([]);
    pass(5_000);
    expect(row().newPod.ok).toBe(true);
    association.deleted = true;
    association.visibleAt = world.now + 5_000;
    expect(row().newPod.ok).toBe(true);
    pass(5_000);
    expect(oracle(world, world.now).filter(each => each.serviceAccount === 'api')).toEqual([]);
  });

  it('judges a new pod by the workloads that would make it', () => {
    const { world, cluster, row } = shop({ irsa: false, associated: true });
    addCronJob(world, cluster, 'shop', 'nightly', { serviceAccount: 'api', on: 'fargate' });
    expect(row().newPod).toMatchObject({ ok: false, mechanism: 'pod-identity' });
  });

  it('lets web identity win where a template sets both kinds of variables', () => {
    const env = { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/api', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' };
    expect(shop({ irsa: false, associated: true, seed: { env } }).row()).toMatchObject({
      running: { withCredentials: 0, byMechanism: { irsa: 2 } },
      newPod: { ok: false, mechanism: 'irsa', why: 'the token file is not mounted' },
    });
  });
});
