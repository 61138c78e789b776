import { describe, expect, test } from 'vitest';
import type { RoleStack } from '../../source/identity/facts.ts';
import { known, read, unread } from '../../source/identity/reading.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import { readSnapshot } from '../../source/read/snapshot.ts';
import { wantFor } from '../../source/read/want.ts';
import type { ReadProgress } from '../../source/read/workbench.ts';
import type { ClusterPorts } from '../../source/run/ports.ts';
import { FakeClock } from '../aws/fake-clock.ts';
import {
  account,
  addon,
  association,
  cluster,
  collection,
  failing,
  fails,
  fakePorts,
  pagesOf,
  problem,
  role,
  roleArn,
  serviceAccount,
  stack,
} from './fake-ports.ts';

const clock = new FakeClock();
/** Nothing names a role while the annotations are unknown, so there is none to read. */
const noReading = read(false, 0);
const foreignArn = roleArn('app', '999988887777');
const owned = stack('eksctl-x', {
  tags: { 'alpha.eksctl.io/iamserviceaccount-name': 'shop/app' },
  outputs: { Role1: roleArn('annotated') },
});

/** Trusts the cluster's issuer, and nothing names it. */
const left = {
  ...role('left'),
  trustPolicy: `{"Statement":[{"Principal":{"Federated":"arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"}}]}`,
};

type Parts = Parameters<typeof fakePorts>[0];

const good = {
  eks: {
    describeCluster: async () => cluster,
    listAssociations: () => pagesOf([association('a-1', 'associated')]),
    describeAssociation: async () => association('a-1', 'associated'),
    listAddons: () => pagesOf(['ebs']),
    addonServiceAccounts: async () => ['ebs-csi-controller-sa'],
    describeAddon: async (_cluster: string, name: string) =>
      name === 'ebs' ? addon('ebs', { serviceAccountRoleArn: roleArn('addon') }) : Promise.reject(problem('not-found')),
  },
  iam: {
    getRole: async (name: string) => (name === 'addon' ? Promise.reject(problem('not-found')) : role(name)),
    listOidcProviders: async () => [`arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC`],
    mayChain: async (_name: string) => false,
    listRoles: () => pagesOf([role('stranger')], [left]),
  },
  cloudformation: {
    listStacks: () => pagesOf([owned]),
    stackOfResource: async () => undefined,
    getTemplate: async () => '{"Resources":{}}',
  },
  sts: { callerIdentity: async () => ({ account, arn: 'arn:caller' }) },
  kubernetes: {
    namespaces: collection({ name: 'shop', phase: 'Active', labels: {} }),
    serviceAccounts: collection(
      serviceAccount('one', roleArn('annotated')),
      serviceAccount('two', roleArn('annotated')),
      serviceAccount('three', foreignArn),
      serviceAccount('four', 'nonsense'),
      serviceAccount('five'),
    ),
    pods: collection(),
    listDaemonSets: async () => [],
    listNodes: async () => [{ name: 'node-1', platform: 'linux', ready: true, labels: {} }],
    listWebIdentityUsers: async () => [{ namespace: 'shop', serviceAccount: 'one', what: 'SecretStore shop/vault' }],
  },
} satisfies Parts;

const snapshotOf = (parts: Parts) => readSnapshot(fakePorts(parts), cluster, { clock });

describe('a snapshot', () => {
  test('has every part with its age, and each named role once', async () => {
    const asked: string[] = [];
    const getRole: ClusterPorts['iam']['getRole'] = name => {
      asked.push(name);
      return good.iam.getRole(name);
    };
    const progress: ReadProgress[] = [];
    const ports = fakePorts({ ...good, iam: { ...good.iam, getRole } });
    const snapshot = await readSnapshot(ports, cluster, { clock, onProgress: each => progress.push(each) });
    expect(snapshot).toMatchObject({
      cluster,
      readAt: clock.now(),
      caller: 'arn:caller',
      agent: { state: 'read', value: { kind: 'missing' } },
      namespaces: { state: 'read', value: [{ name: 'shop' }] },
      associations: { state: 'read', value: [{ id: 'a-1' }] },
      addons: { state: 'read', value: [{ name: 'ebs' }] },
      oidcProvider: { state: 'read', value: true },
      pods: { state: 'read', value: [] },
      nodes: { state: 'read', value: [{ name: 'node-1' }] },
      webIdentityUsers: { state: 'read', value: [{ what: 'SecretStore shop/vault' }] },
      trustingRoles: { state: 'read', value: [left.arn] },
    });
    // Templates of eksctl's stacks that own a role.
    expect([...(snapshot.templates ?? [])]).toEqual([
      ['eksctl-x', { state: 'read', value: '{"Resources":{}}', at: clock.now() }],
    ]);
    // Of roles that annotations name, and that are there: an association keeps the session tags that it has.
    expect([...(snapshot.chaining ?? [])]).toEqual([
      [roleArn('annotated'), { state: 'read', value: false, at: clock.now() }],
    ]);
    expect(asked.sort()).toEqual(['addon', 'annotated', 'associated', 'left']);
    expect([...snapshot.roles.keys()].sort()).toEqual(
      [roleArn('addon'), roleArn('annotated'), roleArn('associated'), left.arn, foreignArn, 'nonsense'].sort(),
    );
    expect(snapshot.roles.get(roleArn('addon'))).toMatchObject({ state: 'read', value: { exists: false } });
    expect(snapshot.roles.get(foreignArn)).toMatchObject({ state: 'failed', failure: { kind: 'denied' } });
    expect(snapshot.roles.get('nonsense')).toMatchObject({ state: 'failed', failure: { kind: 'invalid' } });
    expect(snapshot.roleStacks.get(roleArn('annotated'))).toMatchObject({
      state: 'read',
      value: { stackName: 'eksctl-x' },
    });
    expect(snapshot.roleStacks.get(roleArn('associated'))).toMatchObject({ state: 'read', value: undefined });
    expect(snapshot.roleStacks.size).toBe(3);
    expect(progress).toContainEqual({ what: 'service accounts', done: 5 });
    expect(progress).toContainEqual({ what: 'associations', done: 1 });
    expect(progress.filter(each => each.what === 'roles').at(-1)).toMatchObject({ done: 6, of: 6 });
  });

  const broken: readonly [string, Parts, string][] = [
    ['associations', { eks: { ...good.eks, listAssociations: () => failing('denied') } }, 'associations'],
    ['one association', { eks: { ...good.eks, describeAssociation: fails('server') } }, 'associations'],
    ['add-ons', { eks: { ...good.eks, listAddons: () => failing('throttled') } }, 'addons'],
    ['providers', { iam: { ...good.iam, listOidcProviders: fails('denied') } }, 'oidcProvider'],
    ['service accounts', { kubernetes: { ...good.kubernetes, serviceAccounts: broke() } }, 'serviceAccounts'],
    ['pods', { kubernetes: { ...good.kubernetes, pods: broke() } }, 'pods'],
    ['namespaces', { kubernetes: { ...good.kubernetes, namespaces: broke() } }, 'namespaces'],
    ['nodes', { kubernetes: { ...good.kubernetes, listNodes: fails('denied') } }, 'nodes'],
    ['others', { kubernetes: { ...good.kubernetes, listWebIdentityUsers: fails('denied') } }, 'webIdentityUsers'],
    ['all roles', { iam: { ...good.iam, listRoles: () => failing('denied', [left]) } }, 'trustingRoles'],
    ['policies', { iam: { ...good.iam, mayChain: fails('denied') } }, 'chaining'],
  ];
  test.each(broken)('that cannot read %s has the rest', async (_name, parts, part) => {
    const snapshot = await snapshotOf({ ...good, ...parts });
    const { agent, namespaces, serviceAccounts, associations, addons, oidcProvider, pods } = snapshot;
    const { nodes = unread, webIdentityUsers = unread, trustingRoles = unread } = snapshot;
    const chaining = snapshot.chaining?.get(roleArn('annotated')) ?? (part === 'serviceAccounts' ? noReading : unread);
    const aws = { agent, associations, addons, oidcProvider, chaining };
    const readings = { ...aws, namespaces, serviceAccounts, pods, nodes, webIdentityUsers, trustingRoles };
    const failed = Object.entries(readings).filter(([, reading]) => reading.state !== 'read');
    expect(failed.map(([name, reading]) => [name, reading.state])).toEqual([[part, 'failed']]);
  });

  test('whose stacks cannot be listed knows no owner of any role', async () => {
    const snapshot = await snapshotOf({ ...good, cloudformation: { listStacks: () => failing('denied', [owned]) } });
    expect([...snapshot.roleStacks.values()].map(each => each.state)).toEqual(['failed', 'failed', 'failed']);
  });

  test('without a way to Kubernetes says so, and has what AWS tells', async () => {
    const { kubernetes: _none, ...aws } = good;
    const snapshot = await snapshotOf(aws);
    for (const part of [snapshot.serviceAccounts, snapshot.pods, snapshot.namespaces, snapshot.agent]) {
      expect(part).toMatchObject({ state: 'failed', failure: { kind: 'unreachable' } });
    }
    expect(snapshot.associations.state).toBe('read');
  });

  test('fails when the cluster cannot be described, and when it is given up', async () => {
    const gone = { ...good, eks: { ...good.eks, describeCluster: fails('not-found') } };
    await expect(snapshotOf(gone)).rejects.toMatchObject({ failure: { kind: 'not-found' } });
    const stop = AbortSignal.abort(new Error('given up'));
    await expect(readSnapshot(fakePorts(good), cluster, { clock, signal: stop })).rejects.toThrow('given up');
  });

  test('a fault of the program is not taken for a failure to read', async () => {
    const listAddons = () => {
      throw new TypeError('a bug');
    };
    await expect(snapshotOf({ ...good, eks: { ...good.eks, listAddons } })).rejects.toThrow('a bug');
  });
});

describe('what is read for a request', () => {
  const subject = { namespace: 'shop', serviceAccount: 'one' };
  const readFor = (request: PlanRequest, parts: Parts) =>
    readSnapshot(fakePorts(parts), cluster, { clock, want: wantFor(request, cluster.name) });

  test('a create looks at its own namespace and role', async () => {
    const lists: unknown[] = [];
    const listAssociations: ClusterPorts['eks']['listAssociations'] = (_cluster, filter) => {
      lists.push(filter);
      return pagesOf();
    };
    const snapshot = await readFor(
      {
        command: 'create',
        associations: [{ ...subject, role: { kind: 'existing', roleArn: roleArn('new') }, tags: {} }],
      },
      { ...good, eks: { ...good.eks, listAssociations } },
    );
    expect(lists).toEqual([subject]);
    expect(snapshot.oidcProvider.state).toBe('unread');
    expect([snapshot.nodes, snapshot.webIdentityUsers, snapshot.chaining]).toEqual([undefined, undefined, undefined]);
    expect(snapshot.trustingRoles).toBeUndefined();
    expect(snapshot.roles.get(roleArn('new'))).toMatchObject({ state: 'read', value: { exists: true } });
    expect(snapshot.roleStacks.get(roleArn('new'))).toMatchObject({ state: 'read' });
  });

  test('a migration asks for policies only where its session tags depend on them', async () => {
    const request = { command: 'migrate', removeOidcProviderTrust: false } as const;
    const { mayChain: _none, ...iam } = good.iam;
    const snapshot = await readFor({ ...request, sessionTags: 'on' }, { ...good, iam });
    expect([snapshot.chaining, snapshot.nodes?.state]).toEqual([undefined, 'read']);
    expect((await readFor(request, good)).chaining?.size).toBe(1);
  });

  test('a delete looks at the whole cluster, and at the roles and stacks of what it deletes alone', async () => {
    const irsa = stack('eksctl-prod-addon-iamserviceaccount-shop-one', {
      tags: { 'alpha.eksctl.io/iamserviceaccount-name': 'shop/one' },
      outputs: { Role1: roleArn('annotated') },
    });
    const templates: string[] = [];
    const cloudformation = {
      ...good.cloudformation,
      listStacks: () => pagesOf([irsa, stack('other')]),
      getTemplate: async (name: string) => {
        templates.push(name);
        return '{}';
      },
    };
    const lists: unknown[] = [];
    const listAssociations: ClusterPorts['eks']['listAssociations'] = (_cluster, filter) => {
      lists.push(filter);
      return pagesOf([association('a-1', 'associated')]);
    };
    const snapshot = await readFor(
      { command: 'delete', subjects: [subject] },
      { ...good, cloudformation, eks: { ...good.eks, listAssociations } },
    );
    expect(lists).toEqual([{}]);
    expect([...snapshot.roles.keys()].sort()).toEqual([roleArn('addon'), roleArn('annotated')]);
    expect([...(snapshot.stacks ?? [])].map(([name, reading]) => [name, known(reading)])).toEqual([
      ['eksctl-prod-podidentityrole-shop-one', undefined],
      ['eksctl-prod-addon-iamserviceaccount-shop-one', irsa],
    ]);
    expect([templates, [...(snapshot.templates?.keys() ?? [])]]).toEqual([[irsa.stackId], [irsa.stackName]]);
  });

  const made = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: [] } } as const;

  test('a create whose role is to be made asks for its stack alone, and a failure is told', async () => {
    const wanted = { command: 'create', associations: [{ ...subject, role: made, tags: {} }] } as const;
    const name = 'eksctl-prod-podidentityrole-shop-one';
    const asked: string[] = [];
    const describing = (answer: () => Promise<RoleStack>) => ({
      ...good,
      cloudformation: {
        describeStack: (of: string) => {
          asked.push(of);
          return answer();
        },
        getTemplate: async () => '{}',
      },
    });
    const free = await readFor(wanted, describing(fails('not-found')));
    expect(free.stacks?.get(name)).toEqual(read(undefined, clock.now()));
    const taken = await readFor(
      wanted,
      describing(async () => stack(name)),
    );
    expect(taken.stacks?.get(name)).toMatchObject({ state: 'read', value: { stackName: name } });
    expect(taken.templates?.get(name)).toEqual(read('{}', clock.now()));
    const denied = await readFor(wanted, describing(fails('denied')));
    expect(denied.stacks?.get(name)).toMatchObject({ state: 'failed', failure: { kind: 'denied' } });
    expect(asked).toEqual([name, name, name]);
  });

  test('an apply asks what EKS offers of its add-ons, and for the stacks of the roles that it recommends', async () => {
    const eks = {
      ...good.eks,
      addonVersions: async (name: string) => [
        { version: `${name}-new`, isDefault: false },
        { version: `${name}-default`, isDefault: true },
      ],
      addonRecommendations: async (_name: string, version: string) =>
        version === 'v0'
          ? Promise.reject(problem('invalid', 'no such version'))
          : [{ serviceAccount: 'sa', recommendedPolicyArns: [`policy of ${version}`] }],
    };
    const addons = [
      { name: 'ebs' },
      { name: 'fresh', useDefaults: true },
      { name: 'latest', version: 'latest' },
      { name: 'wrong', version: 'v0' },
    ];
    const snapshot = await readFor({ command: 'apply', associations: [], addons, prune: false }, { ...good, eks });
    const offers = [...(snapshot.addonOffers ?? [])].map(([name, reading]) => [name, known(reading)?.version]);
    expect(offers).toEqual([
      ['ebs', 'v1'],
      ['fresh', 'fresh-default'],
      ['latest', 'latest-new'],
      ['wrong', undefined],
    ]);
    expect(snapshot.addonOffers?.get('wrong')).toMatchObject({ state: 'failed' });
    expect([...(snapshot.stacks?.keys() ?? [])]).toEqual(['eksctl-prod-addon-fresh-podidentityrole-sa']);
  });

  test('an apply that prunes looks at the stacks that each association might have', async () => {
    const request = { command: 'apply', associations: [], addons: [], prune: true } as const;
    const snapshot = await readFor(request, good);
    expect([...(snapshot.stacks?.keys() ?? [])]).toEqual([
      'eksctl-prod-podidentityrole-shop-associated',
      'eksctl-prod-addon-iamserviceaccount-shop-associated',
    ]);
    expect(snapshot.roles.size).toBeGreaterThan(3);
  });
});

function broke<T>() {
  return {
    ...collection<T>(),
    // biome-ignore lint/correctness/useYield: it fails before its first page.
    async *list() {
      throw problem('denied');
    },
  };
}
