/** Gates and later stages of a migration: one world a rule. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../source/identity/facts.ts';
import { read } from '../../source/identity/reading.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { type ActionNode, actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import { cluster, issuer, podsStatement, policy, runs, seed, webStatement } from '../identity/policies.ts';
import { apply } from './apply.ts';
import {
  addon,
  association,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  linuxNode,
  pod,
  readAt,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
} from './world.ts';

console.log(`stage properties: seed ${seed}`);

const migrate = (world: Partial<Facts>, request: Partial<MigrateRequest> = {}, change: Partial<Snapshot> = {}): Plan =>
  planFor(snapshotOf(facts(world), change), { command: 'migrate', removeOidcProviderTrust: false, ...request });

const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const said = (remarks: Plan['skipped']) => remarks.map(({ subject, reason }) => `${subject}: ${reason}`);
const node = (plan: Plan, id: string): ActionNode => {
  const found = actions(plan.root).find(each => each.id === id);
  if (!found) throw new Error(`no ${id} in ${ids(plan)}`);
  return found;
};
const rows = (plan: Plan, gate: string) =>
  (plan.evidence ?? []).filter(row => row.gate === gate).map(row => `${row.subject}: ${row.verdict}: ${row.detail}`);
/** The document that an edit of trust leaves. */
const documentOf = (plan: Plan, id: string): unknown => {
  const { action } = node(plan, id);
  if (action.type !== 'edit-trust') throw new Error(action.type);
  return JSON.parse(action.request.PolicyDocument);
};

const deployment = { kind: 'Deployment', name: 'api' };
const apiPod = (n: number, change: Partial<Pod> = {}) =>
  pod('shop/api', { name: `api-${n}`, uid: `api-${n}`, owner: deployment, node: 'node-1', ...change });
const api = (change: Partial<Facts> = {}): Partial<Facts> => ({
  serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
  roles: [irsaRole('api', 'shop:api')],
  pods: [apiPod(1), apiPod(2)],
  ...change,
});
/** shop/api with its association, as a first run left it. */
const moved = (change: Partial<Facts> = {}): Partial<Facts> =>
  api({
    roles: [role('api', policy(webStatement('shop:api'), podsStatement()))],
    associations: [association('shop/api', roleArn('api'))],
    ...change,
  });
const reborn = { mechanism: 'pod-identity' } as const;
const onNewWay = (change: Partial<Facts> = {}) => moved({ pods: [apiPod(1, reborn), apiPod(2, reborn)], ...change });
const retire: Partial<MigrateRequest> = { removeOidcProviderTrust: true };
const whole: Partial<MigrateRequest> = { removeOidcProviderTrust: true, restartWorkloads: true };

describe('gate 0: the agent on the nodes that pods use or may use', () => {
  const partly = (change = {}) => ({
    kind: 'addon' as const,
    version: 'v1',
    status: 'ACTIVE',
    issues: [],
    rollout: { desired: 2, ready: 1 },
    ...change,
  });
  const agentPod = (name: string, change: Partial<Pod> = {}) =>
    pod('kube-system/eks-pod-identity-agent', {
      name: `agent-${name}`,
      uid: `agent-${name}`,
      node: name,
      mechanism: 'none',
      owner: { kind: 'DaemonSet', name: 'eks-pod-identity-agent' },
      ready: true,
      ...change,
    });
  const nodes = (...list: readonly ReturnType<typeof linuxNode>[]) => ({ nodes: read(list, readAt) });
  const two = nodes(linuxNode('node-1'), linuxNode('node-2'));
  const notReady = (name: string): Pod => {
    const { ready: _, ...rest } = agentPod(name);
    return rest;
  };

  test.each<[string, Facts['agent'], readonly Pod[], Partial<Snapshot>, string | undefined]>([
    ['all of the roll-out is ready', partly({ rollout: { desired: 2, ready: 2 } }), [], two, undefined],
    ['a pod of it is ready on every node', partly(), [agentPod('node-1'), agentPod('node-2')], two, undefined],
    ['not on the node of its pods', partly(), [agentPod('node-2')], two, 'not ready on node-1, where its pods run'],
    [
      'not ready on the node of its pods',
      partly(),
      [notReady('node-1'), agentPod('node-2')],
      two,
      'not ready on node-1, where its pods run',
    ],
    ['not where the next pod may run', partly(), [agentPod('node-1')], two, 'not ready on node-2, where its next pod'],
    [
      'a node that takes no pods does not count',
      partly(),
      [agentPod('node-1')],
      nodes(linuxNode('node-1'), linuxNode('node-2', { ready: false })),
      undefined,
    ],
    [
      'a Windows node does not count',
      partly(),
      [agentPod('node-1')],
      nodes(linuxNode('node-1'), linuxNode('node-2', { platform: 'windows' })),
      undefined,
    ],
    [
      'an agent that ends does not count',
      partly(),
      [agentPod('node-1', { terminating: true }), agentPod('node-2')],
      two,
      'not ready on node-1',
    ],
    [
      'complete, but not on the node of its pods',
      partly({ rollout: { desired: 1, ready: 1 } }),
      [agentPod('node-2')],
      two,
      'not ready on node-1, where its pods run',
    ],
    [
      'on a node that is not known',
      partly({ rollout: { desired: 1, ready: 1 } }),
      [],
      nodes(linuxNode('node-2')),
      'node-1',
    ],
    [
      'nodes of Auto Mode have it built in',
      { kind: 'auto-mode' },
      [],
      nodes(linuxNode('node-1', { computeType: 'auto' })),
      undefined,
    ],
    ['other nodes of such a cluster do not', { kind: 'auto-mode' }, [], nodes(linuxNode('node-1')), 'node-1'],
  ])('%s', (_, agent, agents, change, hold) => {
    const plan = migrate(api({ agent, pods: [apiPod(1), ...agents] }), {}, change);
    if (hold === undefined) {
      expect(plan.held).toEqual([]);
      expect(ids(plan)).toContain('association:shop/api');
    } else {
      expect(said(plan.held)).toEqual([expect.stringContaining(hold)]);
      expect(ids(plan)).toEqual([]);
      expect(rows(plan, 'agent').join()).toContain('held');
    }
  });

  test.each<[string, Partial<Snapshot>]>([
    ['nodes', { nodes: failedReading }],
    ['pods', { pods: failedReading }],
    ['the agent', { agent: failedReading }],
  ])('%s that cannot be read hold everybody, unless the user knows better', (_, change) => {
    const plan = migrate(api(), {}, change);
    expect(ids(plan)).toEqual([]);
    expect(said(plan.held)).toEqual([expect.stringMatching(/not allowed to look.*--assume-agent-ready/)]);
    expect(rows(plan, 'agent').join()).toContain('unknown');
    expect(ids(migrate(api(), { assumeAgentReady: true }, change))).toContain('association:shop/api');
  });

  test('knowing better does not help against what is seen', () => {
    expect(ids(migrate(api({ agent: partly() }), { assumeAgentReady: true }, two))).toEqual([]);
  });

  test('where the agent is not ready, nobody who has moved before is restarted either', () => {
    const plan = migrate(moved({ agent: partly() }), whole, two);
    expect(ids(plan)).toEqual([]);
    expect(said(plan.held)).toEqual([expect.stringContaining('the agent is not ready on')]);
    const installs = migrate(moved({ agent: { kind: 'missing' } }), whole);
    expect(node(installs, 'restart:shop/api:Deployment/api:one-pod').needs).toEqual(['agent']);
  });
});

test('containers that the webhook skips are a skip', () => {
  const plan = migrate(api({ pods: [apiPod(1, { skipContainers: ['proxy'] }), apiPod(2)] }));
  expect(said(plan.skipped)).toEqual([
    expect.stringContaining('1 pod of 2 with the annotation skip-containers (proxy)'),
  ]);
  expect(ids(plan)).toEqual([]);
});

describe('session tags', () => {
  const chaining = (reading: Snapshot['chaining'] extends ReadonlyMap<string, infer R> | undefined ? R : never) => ({
    chaining: new Map([[roleArn('api'), reading]]),
  });
  const off = (plan: Plan) => node(plan, 'association:shop/api').action.request;
  test.each<[string, Partial<MigrateRequest>, Partial<Snapshot>, boolean, RegExp]>([
    ['on where the role assumes nothing', {}, chaining(read(false, readAt)), false, /ok: on: /],
    ['off where it may', {}, chaining(read(true, readAt)), true, /warning: off: .*sts:TagSession/],
    ['off where nobody can tell', {}, chaining(failedReading), true, /unknown: off: .*not allowed to look/],
    ['off where nobody has looked', {}, { chaining: new Map() }, true, /unknown: off: .*not read/],
    ['on when asked for', { sessionTags: 'on' }, chaining(read(true, readAt)), false, /ok: on, as asked/],
    ['off when asked for', { sessionTags: 'off' }, chaining(read(false, readAt)), true, /ok: off, as asked/],
  ])('%s', (_, request, change, disabled, row) => {
    const plan = migrate(api(), request, change);
    expect('disableSessionTags' in off(plan)).toBe(disabled);
    expect(rows(plan, 'session-tags')).toEqual([expect.stringMatching(row)]);
  });
});

describe('the scope of the new statement', () => {
  const condition = (plan: Plan) =>
    (documentOf(plan, 'trust:api') as { Statement: { Condition?: { StringEquals: object } }[] }).Statement[1]?.Condition
      ?.StringEquals;
  test.each<[MigrateRequest['trustScope'], object | undefined]>([
    [undefined, undefined],
    ['account', { 'aws:SourceAccount': cluster.account }],
    ['cluster', { 'aws:SourceAccount': cluster.account, 'aws:SourceArn': cluster.arn }],
    ['subject', expect.objectContaining({ 'aws:RequestTag/kubernetes-service-account': 'api' })],
  ])('%s', (trustScope, wanted) => {
    expect(condition(migrate(api(), trustScope ? { trustScope } : {}))).toEqual(wanted);
  });

  test('what becomes wider is said, and nothing where nothing does', () => {
    expect(migrate(api()).notes.join()).toContain('the new statement lets in every service account of any cluster');
    expect(migrate(api(), { trustScope: 'subject' }).notes.join()).not.toContain('lets in');
  });

  test('by service account needs session tags', () => {
    const plan = migrate(api(), { trustScope: 'subject', sessionTags: 'off' });
    const reason = expect.stringContaining('by their session tags, and these are off: choose a wider scope');
    expect([ids(plan), said(plan.skipped)]).toEqual([[], [reason]]);
    const chaining = new Map([[roleArn('api'), read(true, readAt)]]);
    const auto = migrate(api(), { trustScope: 'subject' }, { chaining });
    expect([ids(auto), said(auto.skipped)]).toEqual([[], [reason]]);
    expect(ids(migrate(api(), { trustScope: 'subject', sessionTags: 'on' }, { chaining }))).toContain('trust:api');
  });

  test('nothing becomes wider where the statement is there and only an action is missing', () => {
    const { Action: _, ...pods } = podsStatement();
    const half = policy(webStatement('shop:api'), { ...pods, Action: 'sts:AssumeRole' });
    const plan = migrate(api({ roles: [role('api', half)] }));
    expect(documentOf(plan, 'trust:api')).toMatchObject({ Statement: [{}, {}, { Action: 'sts:TagSession' }] });
    expect(plan.notes.join()).not.toContain('lets in');
  });

  test('by service account comes beside the statement of another one', () => {
    const first = migrate(api(), { trustScope: 'subject' });
    const roles = [role('api', JSON.stringify(documentOf(first, 'trust:api')))];
    const both = {
      serviceAccounts: [serviceAccount('shop/web', roleArn('api'))],
      roles: roles.map(each => ({ ...each, trustPolicy: each.trustPolicy.replace('shop:api"', 'shop:web"') })),
    };
    expect(said(migrate(both).skipped)).toEqual([expect.stringContaining('widen the condition')]);
    expect(ids(migrate(both, { trustScope: 'subject' }))).toEqual(['trust:api', 'association:shop/web']);
  });
});

test('a policy without room is skipped with what would make room', () => {
  const full = policy(webStatement('shop:api'), { ...webStatement('a:b'), Sid: 'x'.repeat(1_130) });
  expect(said(migrate(api({ roles: [role('api', full)] })).skipped)).toEqual([
    expect.stringMatching(/IAM's quota is 2048.*Sids are for people/),
  ]);
});

describe('restarts', () => {
  const restart = { restartWorkloads: true };
  test('one pod, then its workload, then a look at all pods; after the association', () => {
    const plan = migrate(api(), restart);
    const [onePod, rollout, verify] = ['one-pod', 'rollout']
      .map(each => `restart:shop/api:Deployment/api:${each}`)
      .concat('verify:shop/api');
    expect(ids(plan)).toEqual(['trust:api', 'association:shop/api', onePod, rollout, verify]);
    expect(node(plan, onePod ?? '')).toMatchObject({
      needs: ['association:shop/api'],
      stage: 'restart',
      action: { scope: 'one-pod', request: { name: 'api-1' }, wants: 'pod-identity' },
    });
    expect(node(plan, rollout ?? '')).toMatchObject({ needs: [onePod], action: { operation: 'PatchWorkload' } });
    expect(node(plan, verify ?? '').needs).toEqual(['association:shop/api', rollout]);
  });

  test('a single pod is not deleted before its successor: the roll-out is the one pod', () => {
    const plan = migrate(moved({ pods: [apiPod(1)] }), restart);
    expect(ids(plan)).toEqual(['restart:shop/api:Deployment/api:rollout', 'verify:shop/api']);
  });

  test('waves: the first account of a namespace before the others there, the first namespace before all others', () => {
    const subjects = ['a/x', 'a/y', 'b/x', 'b/y', 'c/x'];
    const plan = migrate(
      {
        serviceAccounts: subjects.map(subject => serviceAccount(subject, roleArn('r'))),
        roles: [
          role('r', policy(podsStatement(), ...subjects.map(subject => webStatement(subject.replace('/', ':'))))),
        ],
        associations: subjects.map(subject => association(subject, roleArn('r'))),
        pods: subjects.map(subject => pod(subject, { owner: { kind: 'StatefulSet', name: 's' } })),
      },
      restart,
    );
    const needs = (subject: string) => node(plan, `restart:${subject}:StatefulSet/s:rollout`).needs;
    const through = (...names: string[]) => names.map(name => `restart:${name}:StatefulSet/s:rollout`);
    expect(needs('a/x')).toEqual([]);
    expect(needs('a/y')).toEqual(through('a/x'));
    expect(needs('b/x')).toEqual(through('a/x', 'a/y'));
    expect(needs('b/y')).toEqual(through('a/x', 'a/y', 'b/x'));
    expect(needs('c/x')).toEqual(through('a/x', 'a/y'));
  });

  test('the other workloads of an account follow its first', () => {
    const second = apiPod(3, { owner: { kind: 'DaemonSet', name: 'log' } });
    const plan = migrate(moved({ pods: [apiPod(1), second] }), restart);
    expect(node(plan, 'restart:shop/api:Deployment/api:rollout').needs).toEqual([
      'restart:shop/api:DaemonSet/log:rollout',
    ]);
    expect(node(plan, 'verify:shop/api').needs).toHaveLength(2);
  });

  test.each<[string, Partial<Pod>]>([
    ['a Job', { owner: { kind: 'Job', name: 'nightly' } }],
    ['nobody', { owner: undefined as never }],
    ['a ReplicaSet of its own', { owner: { kind: 'ReplicaSet', name: 'old' } }],
  ])('a pod of %s is not restarted but named', (_, change) => {
    const plan = migrate(moved({ pods: [apiPod(1, change)] }), restart);
    expect(ids(plan)).toEqual([]);
    expect(said(plan.held)).toEqual([expect.stringContaining('pod shop/api-1')]);
  });

  test('pods that use Pod Identity, or are told to end, are left alone', () => {
    expect(ids(migrate(onNewWay(), restart))).toEqual([]);
    expect(ids(migrate(moved({ pods: [apiPod(1, { terminating: true })] }), restart))).toEqual([]);
  });

  test.each<[string, Partial<Pod>]>([
    ['Fargate', { platform: 'fargate' }],
    ['skip-containers', { skipContainers: ['proxy'] }],
  ])('where Pod Identity is not offered, a pod that has web identity keeps it: %s', (_, change) => {
    for (const request of [restart, retire, whole]) {
      const plan = migrate(moved({ pods: [apiPod(1), apiPod(2, change)] }), request);
      expect(ids(plan)).toEqual([]);
      expect(said(plan.skipped)).toEqual([expect.stringContaining('shop/api: 1 pod of 2 ')]);
    }
  });

  test('without the flag it is said who still holds web identity', () => {
    expect(migrate(moved()).notes.join()).toContain('2 pods of shop/api: Deployment api hold web identity');
  });
});

describe('retirement', () => {
  test('verify, then the annotation, then the trust, each after what it depends on', () => {
    const plan = migrate(onNewWay(), retire);
    expect(ids(plan)).toEqual(['verify:shop/api', 'annotation:shop/api', 'retire:api']);
    expect(node(plan, 'annotation:shop/api')).toMatchObject({
      needs: ['verify:shop/api'],
      stage: 'retire',
      action: {
        expects: { 'eks.amazonaws.com/role-arn': roleArn('api') },
        request: { annotations: { 'eks.amazonaws.com/role-arn': null } },
      },
    });
    expect(node(plan, 'retire:api')).toMatchObject({
      needs: ['verify:shop/api', 'annotation:shop/api'],
      action: { intent: 'retire', expects: policy(webStatement('shop:api'), podsStatement()) },
    });
    expect(documentOf(plan, 'retire:api')).toEqual(JSON.parse(policy(podsStatement())));
    expect(plan.held).toEqual([]);
  });

  test('in one go with the move: the edit expects what the admission leaves', () => {
    const plan = migrate(api(), whole);
    const admitted = policy(webStatement('shop:api'), podsStatement());
    expect(node(plan, 'retire:api').action).toMatchObject({ expects: admitted });
    expect(node(plan, 'retire:api').needs).toEqual(
      expect.arrayContaining(['trust:api', 'association:shop/api', 'verify:shop/api', 'annotation:shop/api']),
    );
    expect(ids(plan).filter(id => id === 'verify:shop/api')).toHaveLength(1);
  });

  test('a role that a stack owns is edited through its stack, twice', () => {
    const plan = migrate(api({ stacks: new Map([['api', stack('api')]]) }), whole);
    expect([node(plan, 'trust:api').action.type, node(plan, 'retire:api').action.type]).toEqual([
      'edit-stack-trust',
      'edit-stack-trust',
    ]);
  });

  test('a run that ended between annotation and trust is found again', () => {
    const plan = migrate(onNewWay({ serviceAccounts: [serviceAccount('shop/api')] }), retire);
    expect(ids(plan)).toEqual(['verify:shop/api', 'retire:api']);
    const finished = onNewWay({
      serviceAccounts: [serviceAccount('shop/api')],
      roles: [role('api', policy(podsStatement()))],
    });
    expect(ids(migrate(finished, retire))).toEqual([]);
  });

  test('all service accounts of a role are waited for, and others that it serves keep their trust', () => {
    const github = webStatement('x:y', 'token.actions.githubusercontent.com');
    const elsewhere = webStatement('shop:api', 'oidc.example/id/2');
    const plan = migrate(
      onNewWay({
        serviceAccounts: [serviceAccount('shop/api', roleArn('api')), serviceAccount('shop/web', roleArn('api'))],
        roles: [
          role('api', policy(webStatement('shop:api'), webStatement('shop:web'), github, elsewhere, podsStatement())),
        ],
        associations: [association('shop/api', roleArn('api')), association('shop/web', roleArn('api'))],
        pods: [apiPod(1, reborn), pod('shop/web', reborn)],
      }),
      retire,
    );
    expect(node(plan, 'retire:api').needs).toEqual([
      'verify:shop/api',
      'annotation:shop/api',
      'verify:shop/web',
      'annotation:shop/web',
    ]);
    expect(documentOf(plan, 'retire:api')).toEqual(JSON.parse(policy(github, elsewhere, podsStatement())));
  });

  test('one that is held keeps its trust while the role is narrowed for the others', () => {
    const plan = migrate(
      onNewWay({
        serviceAccounts: [serviceAccount('shop/api', roleArn('api')), serviceAccount('shop/web', roleArn('api'))],
        roles: [role('api', policy(webStatement('shop:api'), webStatement('shop:web'), podsStatement()))],
        associations: [association('shop/api', roleArn('api')), association('shop/web', roleArn('api'))],
      }),
      retire,
    );
    expect(documentOf(plan, 'retire:api')).toEqual(JSON.parse(policy(webStatement('shop:web'), podsStatement())));
    expect(said(plan.held)).toEqual([
      "role api: its trust in the cluster's OIDC provider stays for shop/web until they are retired",
      expect.stringContaining('shop/web: no pod of it runs'),
    ]);
  });

  const user = (what: string) => ({
    webIdentityUsers: read([{ namespace: 'shop', serviceAccount: 'api', what }], readAt),
  });
  test.each<[string, Partial<Facts>, Partial<Snapshot>, RegExp, string]>([
    ['idle', { pods: [] }, {}, /no pod of it runs/, ''],
    [
      'with Jobs alone',
      { pods: [apiPod(1, { ...reborn, owner: { kind: 'Job', name: 'n' } })] },
      {},
      /only Jobs run/,
      '',
    ],
    [
      'with old pods',
      { pods: [apiPod(1), apiPod(2, reborn)] },
      {},
      /1 pod still hold web identity/,
      '--restart-workloads ',
    ],
    [
      'with a pod template that has web identity',
      { pods: [apiPod(1, { mechanism: 'both' })] },
      {},
      /in the pod template/,
      '',
    ],
    [
      'with a pod that has neither',
      { pods: [apiPod(1, reborn), apiPod(2, { mechanism: 'none' })] },
      {},
      /with neither/,
      '',
    ],
    ['used by something else', {}, user('SecretStore shop/vault'), /SecretStore shop\/vault uses its web identity/, ''],
    ['used by who knows what', {}, { webIdentityUsers: failedReading }, /something other than a pod.*not allowed/, ''],
  ])('an account is held, and what frees it is printed: %s', (_, change, snapshot, reason, flags) => {
    const plan = migrate(onNewWay(change), retire, snapshot);
    expect(ids(plan)).toEqual([]);
    const [held] = plan.held.filter(({ subject }) => subject === 'shop/api');
    expect(held?.reason).toMatch(reason);
    expect(held?.command).toBe(
      `podid-tui migrate --cluster prod --namespace shop --service-account-name api ${flags}--remove-oidc-provider-trust-relationship --approve`,
    );
    expect(rows(plan, 'retire').join()).toContain('held');
  });

  test('restarting does not free what a restart does not change', () => {
    const job = apiPod(2, { owner: { kind: 'Job', name: 'n' } });
    const plan = migrate(moved({ pods: [apiPod(1), job] }), whole);
    expect(ids(plan)).toEqual(['restart:shop/api:Deployment/api:rollout']);
    expect(said(plan.held).join()).toContain('of Job n');
  });

  describe('wildcards', () => {
    const wild = {
      ...webStatement('x:y'),
      Condition: { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:shop:*' } },
    };
    const world = (change: Partial<Facts> = {}) =>
      onNewWay({ roles: [role('api', policy(wild, podsStatement()))], ...change });

    test('are held, with what to run; the account itself is free of IRSA all the same', () => {
      const plan = migrate(world(), retire);
      expect(ids(plan)).toEqual(['verify:shop/api', 'annotation:shop/api']);
      const [held] = plan.held;
      expect(held).toMatchObject({ subject: 'role api', command: expect.stringContaining('--retire-wildcards') });
      expect(held?.reason).toContain('when a namespace is created, migrate it with --namespace');
    });

    test('go when the user says so and all that they cover are retired', () => {
      const plan = migrate(world(), { ...retire, retireWildcards: true });
      expect(documentOf(plan, 'retire:api')).toEqual(JSON.parse(policy(podsStatement())));
    });

    test('stay while they cover somebody else', () => {
      const serviceAccounts = [serviceAccount('shop/api', roleArn('api')), serviceAccount('shop/web')];
      const plan = migrate(world({ serviceAccounts }), { ...retire, retireWildcards: true });
      expect(ids(plan)).not.toContain('retire:api');
      expect(said(plan.held)).toEqual([expect.stringContaining('shop/web')]);
    });

    test('every annotated account that they match gets its association', () => {
      const serviceAccounts = ['shop/api', 'shop/web'].map(subject => serviceAccount(subject, roleArn('api')));
      const plan = migrate(world({ serviceAccounts, associations: [] }));
      expect(ids(plan)).toEqual(['association:shop/api', 'association:shop/web']);
    });
  });

  test("an add-on's trust is retired last, its annotation is EKS's business", () => {
    const plan = migrate(
      {
        ...onNewWay(),
        addons: [addon('csi', { serviceAccountRoleArn: roleArn('csi'), podIdentityServiceAccounts: ['csi-sa'] })],
        serviceAccounts: [
          serviceAccount('shop/api', roleArn('api')),
          serviceAccount('kube-system/csi-sa', roleArn('csi')),
        ],
        roles: [role('api', policy(webStatement('shop:api'), podsStatement())), irsaRole('csi', 'kube-system:csi-sa')],
        pods: [apiPod(1, reborn), pod('kube-system/csi-sa', { owner: { kind: 'Deployment', name: 'csi' } })],
      },
      retire,
    );
    expect(ids(plan).at(-1)).toBe('retire:csi');
    expect(node(plan, 'retire:csi').needs).toEqual(['trust:csi', 'addon:csi', 'verify:kube-system/csi-sa']);
    expect(ids(plan)).not.toContain('annotation:kube-system/csi-sa');
  });
});

describe('owners', () => {
  const owned = (labels: Record<string, string>, annotations: Record<string, string> = {}) => {
    const account = serviceAccount('shop/api', roleArn('api'));
    return onNewWay({
      serviceAccounts: [{ ...account, labels, annotations: { ...account.annotations, ...annotations } }],
    });
  };
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    [
      'Helm',
      { 'app.kubernetes.io/managed-by': 'Helm' },
      { 'meta.helm.sh/release-name': 'shop' },
      'Helm (release shop)',
    ],
    [
      'Argo CD',
      {},
      { 'argocd.argoproj.io/tracking-id': 'shop:/ServiceAccount:shop/api' },
      'Argo CD (application shop)',
    ],
    ['Flux', { 'kustomize.toolkit.fluxcd.io/name': 'apps' }, {}, 'Flux (Kustomization apps)'],
    [
      'Flux by Helm',
      { 'helm.toolkit.fluxcd.io/name': 'shop', 'app.kubernetes.io/managed-by': 'Helm' },
      {},
      'Flux (HelmRelease shop)',
    ],
  ])('%s keeps the service account: marked, and the change is printed', (_, labels, annotations, owner) => {
    const plan = migrate(owned(labels, annotations), retire);
    expect(rows(plan, 'owner')).toEqual([expect.stringContaining(`service account shop/api: warning: ${owner}`)]);
    expect(plan.notes).toContain(
      `Make the change to service account shop/api in ${owner} too: remove the annotation eks.amazonaws.com/role-arn.`,
    );
  });

  test('a role of Terraform is edited directly, marked, and the statement is printed', () => {
    const roleOwners = new Map([[roleArn('api'), { kind: 'terraform', evidence: 'aws_iam_role.api' } as const]]);
    const plan = migrate(api(), {}, { roleOwners });
    expect(node(plan, 'trust:api').action.type).toBe('edit-trust');
    expect(rows(plan, 'owner')).toEqual([expect.stringContaining('role api: warning: Terraform (aws_iam_role.api)')]);
    expect(plan.notes.join()).toContain(`in its trust policy, add ${JSON.stringify(podsStatement())}.`);
  });

  test.each<[string, Record<string, string>, string]>([
    ['CloudFormation', {}, 'CloudFormation (stack site)'],
    ['the CDK', { BootstrapVersion: '21' }, 'the AWS CDK (stack site)'],
  ])("a role of somebody's stack (%s) is not changed through it, but marked", (_, parameters, owner) => {
    const foreign = stack('api', { stackName: 'site', tags: { team: 'a' }, parameters });
    const plan = migrate(api({ stacks: new Map([['api', foreign]]) }));
    expect(node(plan, 'trust:api').action.type).toBe('edit-trust');
    expect(rows(plan, 'owner')).toEqual([expect.stringContaining(`role api: warning: ${owner}`)]);
  });
});

describe('exclude', () => {
  test.each([['shop'], ['shop/api'], ['api'], [roleArn('api')]])('%s', word => {
    for (const world of [api(), onNewWay()]) {
      const plan = migrate(world, { ...whole, exclude: [word] });
      expect(ids(plan)).toEqual([]);
      expect(plan.skipped).toEqual([{ subject: 'shop/api', reason: `left out by --exclude ${word}`, chosen: true }]);
    }
  });
});

test('each gate is a row of evidence', () => {
  const gates = new Set((migrate(api(), whole).evidence ?? []).map(({ gate }) => gate));
  expect([...gates]).toEqual(['agent', 'platform', 'trust', 'session-tags', 'sdk', 'retire']);
});

/** Worlds in which everything may be at any stage. */
const worlds: fc.Arbitrary<Facts> = fc
  .uniqueArray(
    fc.record({
      namespace: fc.constantFrom('a', 'b', 'c'),
      name: fc.constantFrom('x', 'y', 'z'),
      role: fc.constantFrom('r1', 'r2', 'r3'),
      annotated: fc.boolean(),
      associated: fc.boolean(),
      trusted: fc.constantFrom('exact', 'wild', 'no'),
      pods: fc.array(
        fc.record({
          kind: fc.constantFrom('Deployment', 'StatefulSet', 'Job'),
          mechanism: fc.constantFrom<Pod['mechanism']>('irsa', 'pod-identity', 'both', 'none'),
        }),
        { maxLength: 3 },
      ),
    }),
    { selector: ({ namespace, name }) => `${namespace}/${name}` },
  )
  .map(users =>
    facts({
      serviceAccounts: users.map(user =>
        serviceAccount(`${user.namespace}/${user.name}`, user.annotated ? roleArn(user.role) : undefined),
      ),
      associations: users.flatMap(user =>
        user.associated ? [association(`${user.namespace}/${user.name}`, roleArn(user.role))] : [],
      ),
      roles: ['r1', 'r2', 'r3'].map(name => {
        const mine = users.filter(user => user.role === name && user.trusted !== 'no');
        const like = (subject: string) => ({
          ...webStatement('-:-'),
          Condition: { StringLike: { [`${issuer}:sub`]: `system:serviceaccount:${subject}*` } },
        });
        const web = mine.map(user => {
          const subject = `${user.namespace}:${user.name}`;
          return user.trusted === 'exact' ? webStatement(subject) : like(subject);
        });
        return role(name, policy(...web, podsStatement()));
      }),
      pods: users.flatMap(user =>
        user.pods.map(({ kind, mechanism }, n) =>
          pod(`${user.namespace}/${user.name}`, {
            name: `${user.name}-${n}`,
            uid: `${user.namespace}-${user.name}-${n}`,
            owner: { kind, name: user.name },
            mechanism,
          }),
        ),
      ),
    }),
  );

const requests = fc.record({
  command: fc.constant('migrate' as const),
  removeOidcProviderTrust: fc.boolean(),
  restartWorkloads: fc.boolean(),
  retireWildcards: fc.boolean(),
});

test('property: facts in another order make the same plan, and every need is there and comes first', () => {
  fc.assert(
    fc.property(worlds, requests, (world, request) => {
      const plan = migrate(world, request);
      const turned = facts({
        ...world,
        serviceAccounts: world.serviceAccounts.toReversed(),
        associations: world.associations.toReversed(),
        roles: world.roles.toReversed(),
        pods: world.pods.toReversed(),
      });
      expect(JSON.stringify(migrate(turned, request))).toBe(JSON.stringify(plan));
      const order = ids(plan);
      expect(new Set(order).size).toBe(order.length);
      for (const { id, needs } of actions(plan.root))
        for (const need of needs) expect(order.slice(0, order.indexOf(id))).toContain(need);
    }),
    runs,
  );
});

test('property: nothing is retired that is not verified, and only with the flag', () => {
  fc.assert(
    fc.property(worlds, requests, (world, request) => {
      const nodes = actions(migrate(world, request).root);
      for (const { action, needs } of nodes) {
        if (action.type !== 'annotate' && !('intent' in action && action.intent === 'retire')) continue;
        expect(request.removeOidcProviderTrust).toBe(true);
        expect(needs.some(need => need.startsWith('verify:'))).toBe(true);
      }
      // Whoever loses the annotation has all others of the same retirement behind it in the edit of the role.
      for (const { id } of nodes.filter(({ action }) => action.type === 'annotate')) {
        const subject = id.slice('annotation:'.length);
        const { roleArn: arn } =
          world.serviceAccounts.find(each => `${each.namespace}/${each.serviceAccount}` === subject) ?? {};
        const edit = nodes.find(
          ({ action }) => 'intent' in action && action.intent === 'retire' && action.roleArn === arn,
        );
        if (edit) expect(edit.needs).toContain(id);
      }
    }),
    runs,
  );
});

test('property: a plan can be carried out on the world that it was made from, and then there is nothing left to do', () => {
  fc.assert(
    fc.property(worlds, requests, (world, request) => {
      const after = apply(world, migrate(world, request)).facts;
      const again = actions(migrate(after, request).root);
      expect(again.map(({ id }) => id).filter(id => !id.startsWith('verify:'))).toEqual([]);
      // Pods that work stay working: on Pod Identity with an association, or with web identity that is still trusted.
      for (const each of after.pods.filter(({ mechanism }) => mechanism === 'pod-identity')) {
        const had = world.pods.find(({ uid }) => uid === each.uid)?.mechanism;
        if (had === 'irsa')
          expect(
            after.associations.some(a => a.namespace === each.namespace && a.serviceAccount === each.serviceAccount),
          ).toBe(true);
      }
    }),
    runs,
  );
});

describe('a restart never changes which role pods have', () => {
  const restart = { restartWorkloads: true };

  test('pods that hold another role than new ones would get are held', () => {
    const pods = [apiPod(1, { roleArn: roleArn('former') }), apiPod(2, { roleArn: roleArn('api') })];
    const plan = migrate(moved({ pods }), restart);
    expect(ids(plan).filter(id => id.startsWith('restart:'))).toEqual([]);
    expect(said(plan.held)).toEqual([expect.stringMatching(/^shop\/api: .*api-1.* hold role .*\/former/)]);
    expect(ids(migrate(moved({ pods: [apiPod(1, { roleArn: roleArn('api') })] }), restart))).toContain(
      'restart:shop/api:Deployment/api:rollout',
    );
  });

  test('nobody is restarted while annotations are not known', () => {
    const plan = migrate(moved(), restart, { serviceAccounts: failedReading });
    expect(ids(plan)).toEqual([]);
  });
});
