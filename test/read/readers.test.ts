import { describe, expect, test } from 'vitest';
import { readAddons } from '../../source/read/addons.ts';
import { readAgent } from '../../source/read/agent.ts';
import { readAllAssociations, readAssociations } from '../../source/read/associations.ts';
import { readClusters } from '../../source/read/clusters.ts';
import { readRole } from '../../source/read/roles.ts';
import { readRoleStack, readStackIndex } from '../../source/read/stacks.ts';
import { asTheyCome } from '../../source/read/streams.ts';
import { FakeClock } from '../aws/fake-clock.ts';
import {
  account,
  addon,
  association,
  cluster,
  failing,
  fails,
  fakePorts,
  pagesOf,
  problem,
  role,
  roleArn,
  stack,
} from './fake-ports.ts';

const clock = new FakeClock();
const failure = (kind: string, message?: RegExp) => ({
  failure: { kind, ...(message ? { message: expect.stringMatching(message) } : {}) },
});

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

describe('a stream of work', () => {
  test('yields in the order of completion, and begins before the list is over', async () => {
    const gates = new Map([1, 2, 3].map(item => [item, Promise.withResolvers<number>()]));
    const secondPage = Promise.withResolvers<void>();
    async function* list() {
      yield [1, 2];
      await secondPage.promise;
      yield [3];
    }
    const stream = asTheyCome(list(), item => gates.get(item)!.promise);
    gates.get(2)!.resolve(2);
    expect((await stream.next()).value).toBe(2);
    secondPage.resolve();
    gates.get(3)!.resolve(3);
    expect((await stream.next()).value).toBe(3);
    gates.get(1)!.resolve(1);
    expect(await stream.next()).toEqual({ value: 1, done: false });
    expect((await stream.next()).done).toBe(true);
  });

  test('an empty list is over at once; a failure of the list or of the work ends it', async () => {
    const same = async (item: number) => item;
    expect(await all(asTheyCome(pagesOf<number>(), same))).toEqual([]);
    await expect(all(asTheyCome(failing<number>('denied', [1]), same))).rejects.toMatchObject(failure('denied'));
    const broken = async (item: number) => {
      if (item === 2) throw problem('server');
      return item;
    };
    await expect(all(asTheyCome(pagesOf([1, 2, 3]), broken))).rejects.toMatchObject(failure('server'));
  });
});

describe('clusters', () => {
  test('come described, or with why not; one that is gone does not come', async () => {
    const ports = fakePorts({
      eks: {
        listClusters: () => pagesOf(['prod', 'gone'], ['secret']),
        describeCluster: async name => {
          if (name === 'prod') return cluster;
          throw problem(name === 'gone' ? 'not-found' : 'denied');
        },
      },
    });
    const entries = await all(readClusters(ports.eks, clock));
    expect(entries).toEqual([
      { name: 'prod', cluster: { state: 'read', value: cluster, at: clock.now() } },
      { name: 'secret', cluster: { state: 'failed', failure: problem('denied').failure, at: clock.now() } },
    ]);
  });
});

describe('associations', () => {
  const three = [association('a-2', 'b'), association('a-1', 'a'), association('a-3', 'c', { ownerArn: 'addon' })];
  const portsWith = (describe: (id: string) => Promise<(typeof three)[number]>, filters: unknown[] = []) =>
    fakePorts({
      eks: {
        listAssociations: (_cluster, filter = {}) => {
          filters.push(filter);
          const { serviceAccount } = filter;
          return pagesOf(three.filter(each => !serviceAccount || each.serviceAccount === serviceAccount));
        },
        describeAssociation: (_cluster, id) => describe(id),
      },
    }).eks;
  const found = async (id: string) => three.find(each => each.id === id) ?? Promise.reject(problem('not-found'));

  test('each comes with its reading; one that was deleted meanwhile does not', async () => {
    const eks = portsWith(id => (id === 'a-1' ? fails('not-found')() : id === 'a-2' ? fails('denied')() : found(id)));
    const entries = await all(readAssociations(eks, 'prod', clock));
    expect(entries.map(each => [each.summary.id, each.association.state]).sort()).toEqual([
      ['a-2', 'failed'],
      ['a-3', 'read'],
    ]);
  });

  test('as a whole they are sorted and complete, or refused with how many are missing', async () => {
    const counts: number[] = [];
    const whole = await readAllAssociations(portsWith(found), 'prod', clock, { onCount: n => counts.push(n) });
    expect(whole.map(each => each.id)).toEqual(['a-1', 'a-2', 'a-3']);
    expect(counts).toEqual([1, 2, 3]);
    const partly = portsWith(id => (id === 'a-1' ? fails('denied', 'No.')() : found(id)));
    await expect(readAllAssociations(partly, 'prod', clock)).rejects.toMatchObject(
      failure('denied', /^1 of 3 associations could not be described: No\.$/),
    );
  });

  test('those of some subjects are asked for alone', async () => {
    const filters: unknown[] = [];
    const subjects = [{ namespace: 'shop', serviceAccount: 'a' }];
    const twice = [...subjects, ...subjects];
    const some = await readAllAssociations(portsWith(found, filters), 'prod', clock, { subjects: twice });
    expect(some.map(each => each.id)).toEqual(['a-1']);
    expect(filters).toEqual(subjects);
  });

  test("but an add-on's association brings all of them along", async () => {
    const filters: unknown[] = [];
    const subjects = [{ namespace: 'shop', serviceAccount: 'c' }];
    const some = await readAllAssociations(portsWith(found, filters), 'prod', clock, { subjects });
    expect(some).toHaveLength(3);
    expect(filters).toEqual([...subjects, {}]);
  });
});

describe('the agent', () => {
  const rollout = { desired: 3, ready: 2 };
  const daemonSet = { namespace: 'kube-system', name: 'eks-pod-identity-agent', rollout, images: [] };
  const other = { ...daemonSet, name: 'aws-node' };
  const there = async () => addon('eks-pod-identity-agent', { version: 'v1.3', issues: ['AccessDenied: x'] });
  const kubernetes = (...sets: (typeof daemonSet)[]) => ({ listDaemonSets: async () => sets });

  test('is built into Auto Mode: nothing is asked', async () => {
    expect(await readAgent({ ...cluster, autoMode: true }, fakePorts({}))).toEqual({ kind: 'auto-mode' });
  });

  test('is the add-on, with the rollout of its DaemonSet where that can be seen', async () => {
    const expected = { kind: 'addon', version: 'v1.3', status: 'ACTIVE', issues: ['AccessDenied: x'] };
    const eks = { describeAddon: there };
    expect(await readAgent(cluster, fakePorts({ eks, kubernetes: kubernetes(other, daemonSet) }))).toEqual({
      ...expected,
      rollout,
    });
    expect(await readAgent(cluster, fakePorts({ eks }))).toEqual(expected);
    const blind = fakePorts({ eks, kubernetes: { listDaemonSets: fails('denied') } });
    expect(await readAgent(cluster, blind)).toEqual(expected);
  });

  test('is a DaemonSet that somebody installed, or missing', async () => {
    const eks = { describeAddon: fails('not-found') };
    expect(await readAgent(cluster, fakePorts({ eks, kubernetes: kubernetes(daemonSet) }))).toEqual({
      kind: 'daemonset',
      namespace: 'kube-system',
      name: 'eks-pod-identity-agent',
      rollout,
    });
    expect(await readAgent(cluster, fakePorts({ eks, kubernetes: kubernetes(other) }))).toEqual({ kind: 'missing' });
  });

  test('is never called missing by one who could not look', async () => {
    const eks = { describeAddon: fails('not-found') };
    await expect(readAgent(cluster, fakePorts({ eks }))).rejects.toMatchObject(failure('unreachable', /DaemonSet/));
    const blind = fakePorts({ eks, kubernetes: { listDaemonSets: fails('denied', 'No.') } });
    await expect(readAgent(cluster, blind)).rejects.toMatchObject(failure('denied', /could not be read: No\.$/));
    const denied = fakePorts({ eks: { describeAddon: fails('denied') }, kubernetes: kubernetes(daemonSet) });
    await expect(readAgent(cluster, denied)).rejects.toMatchObject(failure('denied'));
  });
});

describe('roles', () => {
  const scope = { partition: 'aws', account };
  const asked: string[] = [];
  const { iam } = fakePorts({
    iam: {
      getRole: async name => {
        asked.push(name);
        return name === 'app' ? role('app') : fails('not-found')();
      },
    },
  });

  test('one that is there, by the name behind the last slash, and one that is not', async () => {
    expect(await readRole(iam, roleArn('app'), scope)).toEqual({ exists: true, role: role('app') });
    expect(await readRole(iam, roleArn('team/x/app'), scope)).toMatchObject({ exists: true });
    expect(await readRole(iam, roleArn('gone'), scope)).toEqual({ exists: false });
    expect(asked.splice(0)).toEqual(['app', 'app', 'gone']);
  });

  test("another account's, another partition's and malformed ones are never asked for", async () => {
    await expect(readRole(iam, roleArn('app', '999988887777'), scope)).rejects.toMatchObject(
      failure('denied', /account 999988887777; the credentials are for 111122223333/),
    );
    const china = roleArn('app').replace('arn:aws:', 'arn:aws-cn:');
    await expect(readRole(iam, china, scope)).rejects.toMatchObject(failure('invalid', /aws-cn/));
    const hostile = 'arn:\u001b[31mred\u202e';
    await expect(readRole(iam, hostile, scope)).rejects.toMatchObject(failure('invalid', /^"arn:red" is not/));
    await expect(readRole(iam, 'app', scope)).rejects.toMatchObject(failure('invalid', /"app" is not a role ARN/));
    expect(asked).toEqual([]);
  });
});

describe('stacks', () => {
  const irsa = { 'alpha.eksctl.io/iamserviceaccount-name': 'shop/app' };
  const good = stack('good', { tags: irsa, outputs: { Role1: roleArn('app') } });
  const rolledBack = stack('rolled-back', { tags: irsa, status: 'ROLLBACK_COMPLETE' });
  const vanished = stack('vanished', { tags: { 'alpha.eksctl.io/podidentityassociation-name': 'shop/x' } });
  const foreign = stack('cdk', { outputs: { Arn: roleArn('made') } });
  const { cloudformation } = fakePorts({
    cloudformation: {
      listStacks: () => pagesOf([good, rolledBack], [vanished, foreign]),
      stackResources: async name => {
        if (name === 'vanished') throw problem('not-found');
        return [{ logicalId: 'Role1', physicalId: 'half-made', type: 'AWS::IAM::Role' }];
      },
      stackOfResource: async name => (name === 'made' ? { stackName: 'cdk', logicalId: 'R' } : undefined),
      describeStack: async name => (name === 'cdk' ? foreign : fails('not-found')()),
    },
  });

  test('by output, by resource where there is no output, and whichever else made it', async () => {
    const index = await readStackIndex(cloudformation);
    expect(await readRoleStack(cloudformation, index, roleArn('app'))).toBe(good);
    expect(await readRoleStack(cloudformation, index, roleArn('half-made'))).toBe(rolledBack);
    expect(await readRoleStack(cloudformation, index, roleArn('made'))).toBe(foreign);
    expect(await readRoleStack(cloudformation, index, roleArn('by-hand'))).toBeUndefined();
  });

  test('a list that breaks off is a failure, never a shorter list', async () => {
    const broken = fakePorts({ cloudformation: { listStacks: () => failing('throttled', [good]) } });
    await expect(readStackIndex(broken.cloudformation)).rejects.toMatchObject(failure('throttled'));
  });
});

describe('add-ons', () => {
  test('by name, without those that are gone', async () => {
    const { eks } = fakePorts({
      eks: {
        listAddons: () => pagesOf(['vpc-cni', 'gone', 'coredns']),
        describeAddon: async (_cluster, name) => (name === 'gone' ? fails('not-found')() : addon(name)),
      },
    });
    expect((await readAddons(eks, 'prod')).map(each => each.name)).toEqual(['coredns', 'vpc-cni']);
  });

  test('one that uses IRSA comes with the service accounts that could use Pod Identity, if these can be read', async () => {
    const irsa = (addonServiceAccounts: () => Promise<readonly string[]>) =>
      readAddons(
        fakePorts({
          eks: {
            listAddons: () => pagesOf(['ebs']),
            describeAddon: async () => addon('ebs', { serviceAccountRoleArn: roleArn('ebs') }),
            addonServiceAccounts,
          },
        }).eks,
        'prod',
      );
    expect((await irsa(async () => ['sa']))[0]?.podIdentityServiceAccounts).toEqual(['sa']);
    expect((await irsa(fails('denied')))[0]).not.toHaveProperty('podIdentityServiceAccounts');
  });
});
