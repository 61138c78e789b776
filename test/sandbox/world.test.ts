import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../source/sandbox/random.ts';
import {
  addAccount,
  addAddon,
  addAssociation,
  addCaller,
  addCluster,
  addRole,
  addStack,
  advance,
  createWorld,
  podIdentityTrust,
  schedule,
} from '../../source/sandbox/world.ts';

const NOW = Date.UTC(2026, 10, 24);
const make = (seed = 1) => createWorld({ name: 'test', seed, now: NOW });

describe('chance', () => {
  it('is the same for the same seed and stays below one', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const [left, right] = [seededRandom(seed), seededRandom(seed)];
        for (let count = 0; count < 50; count++) {
          const value = left();
          expect(value).toBe(right());
          expect(value >= 0 && value < 1).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('time', () => {
  it('runs everything due once, in order of time, then of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 0, max: 60 }), (delays, until) => {
        const world = make();
        const seen: [number, number][] = [];
        delays.forEach((delay, index) => {
          schedule(world, NOW + delay, (_, now) => seen.push([now - NOW, index]));
        });
        advance(world, NOW + until);
        const expected = delays
          .map((delay, index): [number, number] => [delay, index])
          .filter(([delay]) => delay <= until)
          .sort(([a, x], [b, y]) => a - b || x - y);
        expect(seen).toEqual(expected);
        expect(world.schedule).toHaveLength(delays.length - expected.length);
      }),
    );
  });

  it('never goes back, and lets what runs plan more', () => {
    const world = make();
    const seen: number[] = [];
    schedule(world, NOW + 10, (_, at) => schedule(world, at + 10, (_world, later) => seen.push(later - NOW)));
    advance(world, NOW + 100);
    advance(world, NOW + 50);
    expect(seen).toEqual([20]);
    expect(world.now).toBe(NOW + 100);
  });
});

describe('builders', () => {
  it('make ids in the forms of AWS', () => {
    const world = make();
    const account = addAccount(world, { id: '111122223333' });
    expect(addCaller(world, account, { name: 'me' })).toMatchObject({
      accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/u),
      secretAccessKey: expect.stringMatching(/^.{40}$/u),
      arn: 'arn:aws:iam::111122223333:user/me',
      userId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/u),
    });
    const cluster = addCluster(world, account, { name: 'c', region: 'eu-west-1' });
    expect(cluster.issuer).toMatch(/^oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/u);
    expect([...account.oidcProviders.keys()]).toEqual([`arn:aws:iam::111122223333:oidc-provider/${cluster.issuer}`]);
    const role = addRole(world, account, { name: 'r', path: '/p/', trust: podIdentityTrust() });
    expect(role).toMatchObject({
      arn: 'arn:aws:iam::111122223333:role/p/r',
      id: expect.stringMatching(/^AROA[A-Z0-9]{17}$/u),
    });
    const target = 'arn:aws:iam::999988887777:role/t';
    expect(
      addAssociation(world, cluster, { namespace: 'n', serviceAccount: 's', roleArn: role.arn, targetRoleArn: target }),
    ).toMatchObject({
      id: expect.stringMatching(/^a-[a-z0-9]{17}$/u),
      externalId: 'eu-west-1/111122223333/c/n/s',
    });
    const addon = addAddon(world, cluster, {
      name: 'amazon-cloudwatch-observability',
      associations: [{ serviceAccount: 'cloudwatch-agent', roleArn: role.arn }],
    });
    expect(cluster.associations.get(addon.associationIds[0] ?? '')).toMatchObject({
      namespace: 'amazon-cloudwatch',
      ownerArn: addon.arn,
    });
  });

  it('let callers into the clusters of their account, whichever came first', () => {
    const world = make();
    const account = addAccount(world, { id: '111122223333' });
    const other = addAccount(world, { id: '999988887777' });
    const early = addCaller(world, account, { name: 'early' });
    const cluster = addCluster(world, account, { name: 'c', region: 'eu-west-1', issuer: false });
    const late = addCaller(world, account, { name: 'late' });
    addCaller(world, account, { name: 'outsider', clusterAccess: false });
    addCaller(world, other, { name: 'foreigner' });
    expect([...cluster.accessEntries]).toEqual([early.accessKeyId, late.accessKeyId]);
    expect(account.oidcProviders.size).toBe(0);
  });

  it('make the same world of the same seed', () => {
    const build = (seed: number) => {
      const world = make(seed);
      const account = addAccount(world, { id: '111122223333' });
      return addRole(world, account, { name: 'r', trust: '{}' }).id;
    };
    expect(build(1)).toBe(build(1));
    expect(build(1)).not.toBe(build(2));
  });

  it('put stacks in place, with their roles or around roles that are there', () => {
    const world = make();
    const account = addAccount(world, { id: '111122223333' });
    const there = addRole(world, account, { name: 'there', trust: podIdentityTrust() });
    const template = {
      Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: podIdentityTrust() } } },
      Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
    };
    const seed = { region: 'eu-west-1', template, tags: { a: 'b' } };
    const own = addStack(world, account, { ...seed, name: 'own' });
    const made = account.roles.get(own.resources.get('Role1')?.physicalId.toLowerCase() ?? '');
    expect(own.outputs.get('Role1')).toBe(made?.arn);
    expect(made?.tags).toEqual(new Map([['a', 'b']]));
    expect(made?.visibleAt).toBeLessThan(NOW);
    const around = addStack(world, account, { ...seed, name: 'around', physicalIds: { Role1: 'there' } });
    expect(around.outputs.get('Role1')).toBe(there.arn);
    const failed = addStack(world, account, { ...seed, name: 'failed', status: 'ROLLBACK_COMPLETE' });
    expect([failed.outputs.size, failed.resources.size, account.roles.size]).toEqual([0, 0, 2]);
  });
});
