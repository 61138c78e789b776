import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { addPodIdentityStatement } from '../../source/identity/trust-policy.ts';
import { type ActionNode, actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import { issuer, podsStatement, policy, runs, seed, webStatement } from '../identity/policies.ts';
import {
  addon,
  association,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  pod,
  podRole,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
} from './world.ts';

console.log(`migrate properties: seed ${seed}`);

const migrate = (world: Partial<Facts>, request: Partial<MigrateRequest> = {}, change: Partial<Snapshot> = {}): Plan =>
  planFor(snapshotOf(facts(world), change), { command: 'migrate', removeOidcProviderTrust: false, ...request });

const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const node = (plan: Plan, id: string): ActionNode => {
  const found = actions(plan.root).find(each => each.id === id);
  if (!found) throw new Error(`no ${id} in ${ids(plan)}`);
  return found;
};
/** `subject: reason` of the remarks. */
const said = (remarks: Plan['skipped']) => remarks.map(({ subject, reason }) => `${subject}: ${reason}`);

/** shop/api on role api, ready to be moved. */
const api = { serviceAccounts: [serviceAccount('shop/api', roleArn('api'))], roles: [irsaRole('api', 'shop:api')] };

test('a Deny that cannot be weighed stops the role before the first edit, as it would after it', () => {
  const deny = {
    Effect: 'Deny',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  };
  const trust = policy(webStatement('shop:api'), deny);
  const plan = migrate({ ...api, roles: [role('api', trust)] });
  expect(ids(plan)).toEqual([]);
  expect(said(plan.skipped)).toEqual([expect.stringMatching(/^shop\/api: it cannot be checked/)]);
});

describe('the order of things', () => {
  test('agent, then one trust edit for each role, then associations that need both', () => {
    const plan = migrate({
      agent: { kind: 'missing' },
      serviceAccounts: [
        serviceAccount('shop/web', roleArn('shared')),
        serviceAccount('shop/api', roleArn('shared')),
        serviceAccount('base/job', roleArn('job')),
      ],
      roles: [irsaRole('shared', 'shop:web', 'shop:api'), irsaRole('job', 'base:job')],
    });
    expect(ids(plan)).toEqual([
      'agent',
      'trust:job',
      'trust:shared',
      'association:base/job',
      'association:shop/api',
      'association:shop/web',
    ]);
    expect(node(plan, 'association:shop/web').needs).toEqual(['agent', 'trust:shared']);
    expect(node(plan, 'trust:shared').needs).toEqual([]);
    expect(plan.notes.join()).toContain('Role shared is shared by 2: shop/api, shop/web.');
  });

  test('nothing that gives access is taken away: the edit only adds, annotations stay', () => {
    const plan = migrate(api, { removeOidcProviderTrust: true });
    const { action } = node(plan, 'trust:api');
    if (action.type !== 'edit-trust') throw new Error(action.type);
    expect(action.expects).toBe(policy(webStatement('shop:api')));
    expect(action.request.PolicyDocument).toBe(policy(webStatement('shop:api'), podsStatement()));
    expect(said(plan.held)).toEqual([
      "role api: its trust in the cluster's OIDC provider stays for shop/api until they are retired",
      expect.stringMatching(/^shop\/api: no pod of it runs/),
    ]);
    expect(ids(plan)).toEqual(['trust:api', 'association:shop/api']);
  });

  test('a role that trusts Pod Identity already is not edited', () => {
    const both = role('api', policy(webStatement('shop:api'), podsStatement()));
    expect(ids(migrate({ ...api, roles: [both] }))).toEqual(['association:shop/api']);
  });

  test('a role that only lacks TagSession under its own conditions gets no more than that', () => {
    const narrow = {
      ...podsStatement({ StringEquals: { 'aws:SourceAccount': '111122223333' } }),
      Action: 'sts:AssumeRole',
    };
    const plan = migrate({ ...api, roles: [role('api', policy(webStatement('shop:api'), narrow))] });
    const { action } = node(plan, 'trust:api');
    const document = action.type === 'edit-trust' ? JSON.parse(action.request.PolicyDocument) : undefined;
    expect(document.Statement[2]).toMatchObject({ Action: 'sts:TagSession' });
  });

  test('a role that a stack owns is edited through its stack, with all tags, capabilities and parameters', () => {
    const owner = stack('api', {
      parameters: { Env: 'prod' },
      capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    });
    const { action, title } = node(migrate({ ...api, stacks: new Map([['api', owner]]) }), 'trust:api');
    expect(title).toBe('update trust policy for owned role "api"');
    expect(action).toMatchObject({
      type: 'edit-stack-trust',
      request: {
        StackName: owner.stackName,
        LogicalResourceId: 'Role1',
        Tags: { 'alpha.eksctl.io/cluster-name': 'prod', team: 'payments' },
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        KeepParameters: ['Env'],
      },
    });
  });
});

test('a stack without outputs owns its role all the same', () => {
  const plan = migrate({ ...api, stacks: new Map([['api', stack('api', { outputs: {} })]]) });
  const { action } = node(plan, 'trust:api');
  expect(action).toMatchObject({ type: 'edit-stack-trust' });
  expect(action.request).not.toHaveProperty('LogicalResourceId');
});

test('statements of other clusters and of CI stay as they are written', () => {
  const others = [webStatement('a:b', 'oidc.example/id/2'), webStatement('x:y', 'token.actions.githubusercontent.com')];
  const document = JSON.stringify(
    { Version: '2008-10-17', Id: 'mine', Statement: [webStatement('shop:api'), ...others] },
    null,
    4,
  );
  const { action } = node(
    migrate({ ...api, roles: [role('api', document)] }, { removeOidcProviderTrust: true }),
    'trust:api',
  );
  const edited = action.type === 'edit-trust' ? action.request.PolicyDocument : '';
  const [kept = '', added = ''] = edited.split(
    ',\n        {\n            "Effect": "Allow",\n            "Principal": {\n                "Service"',
  );
  expect(document.startsWith(kept)).toBe(true);
  expect(kept).toContain('token.actions.githubusercontent.com:sub');
  expect(added).toContain('pods.eks.amazonaws.com');
});

describe('the agent', () => {
  test.each([
    ['Auto Mode', { kind: 'auto-mode' }],
    [
      'a self-managed DaemonSet',
      { kind: 'daemonset', namespace: 'kube-system', name: 'agent', rollout: { desired: 2, ready: 2 } },
    ],
  ] as const)('%s counts as installed', (_, agent) => {
    expect(ids(migrate({ ...api, agent }))).not.toContain('agent');
  });

  test.each([
    ['CREATE_FAILED', { kind: 'addon', version: 'v1', status: 'CREATE_FAILED', issues: ['no nodes'] }],
    ['DEGRADED', { kind: 'addon', version: 'v1', status: 'DEGRADED', issues: [] }],
    [
      'not ready on node-1, where its next pod may run',
      { kind: 'addon', version: 'v1', status: 'ACTIVE', issues: [], rollout: { desired: 3, ready: 1 } },
    ],
    ['not ready on node-1', { kind: 'addon', version: 'v1', status: 'ACTIVE', issues: [] }],
    [
      'not ready on node-1',
      { kind: 'daemonset', namespace: 'kube-system', name: 'agent', rollout: { desired: 0, ready: 0 } },
    ],
  ] as const)('%s does not count as installed: everything is held', (text, agent) => {
    const plan = migrate({ ...api, agent });
    expect(ids(plan)).toEqual([]);
    expect(said(plan.held)).toEqual([expect.stringContaining(text)]);
  });

  test('is installed only if something moves', () => {
    expect(ids(migrate({ agent: { kind: 'missing' } }))).toEqual([]);
  });

  test('unread holds everything', () => {
    expect(said(migrate(api, {}, { agent: failedReading }).held)).toEqual([
      expect.stringContaining('not allowed to look'),
    ]);
  });
});

describe('what is odd is one remark, and the rest goes on', () => {
  const skippedWith = (odd: Partial<Facts>, change: Partial<Snapshot> = {}) => {
    const good = { serviceAccounts: [serviceAccount('zoo/ok', roleArn('good'))], roles: [irsaRole('good', 'zoo:ok')] };
    const world = {
      ...odd,
      serviceAccounts: [...(odd.serviceAccounts ?? []), ...good.serviceAccounts],
      roles: [...(odd.roles ?? []), ...good.roles],
    };
    const plan = migrate(world, {}, change);
    expect(ids(plan)).toEqual(['trust:good', 'association:zoo/ok']);
    return said(plan.skipped);
  };

  test.each([
    ['a malformed ARN', 'role/api', /is not a role ARN/],
    ['a role that is missing', roleArn('gone'), /does not exist/],
    ['a role of another account', roleArn('api', '999900001111'), /999900001111.*111122223333.*--target-role-arn/],
    ['a role of another partition', 'arn:aws-cn:iam::111122223333:role/api', /partition/],
    ['an ARN without the path that the role has', roleArn('pathed'), /the role of that name is .*role\/team\/pathed/],
  ])('%s', (_, arn, reason) => {
    const roles = [irsaRole('api', 'shop:api'), role('pathed', policy(webStatement('shop:api')), '/team/')];
    const skipped = skippedWith({ serviceAccounts: [serviceAccount('shop/api', arn)], roles });
    expect(skipped).toEqual([expect.stringMatching(reason)]);
    expect(skipped[0]).toMatch(/^shop\/api: /);
  });

  test.each([
    ['a policy that is not JSON', '{', /cannot be understood: it is not valid JSON/],
    [
      'a deleted principal',
      policy(webStatement('shop:api'), { ...podsStatement(), Principal: { AWS: 'AIDAEXAMPLEEXAMPLE12' } }),
      /AIDAEXAMPLE/,
    ],
    [
      'a policy that would be too long',
      policy({ ...webStatement('shop:api'), Sid: 'x'.repeat(1_500) }),
      /would have 2\d{3} characters, and IAM's quota is 2048/,
    ],
    [
      'conditions that are not met',
      policy(webStatement('shop:api'), podsStatement({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'x' } })),
      /statement 2 asks for aws:RequestTag.*not met/,
    ],
    [
      'conditions that cannot be checked',
      policy(webStatement('shop:api'), podsStatement({ StringEquals: { 'aws:SourceOrgID': 'o' } })),
      /cannot be checked/,
    ],
    ['a Deny', policy(webStatement('shop:api'), { ...podsStatement(), Effect: 'Deny' }), /Deny has to go first/],
    ['a policy that does not let it in today', policy(webStatement('shop:other')), /does not let it in today/],
  ])('a role with %s', (_, document, reason) => {
    const skipped = skippedWith({ ...api, roles: [role('api', document)] });
    expect(skipped).toEqual([expect.stringMatching(reason)]);
  });

  test('a role that could not be read, and a stack that takes no update', () => {
    expect(
      skippedWith({ ...api, stacks: new Map([['api', stack('api', { status: 'UPDATE_ROLLBACK_FAILED' })]]) }),
    ).toEqual([expect.stringContaining('UPDATE_ROLLBACK_FAILED')]);
    const world = facts({ ...api, roles: [...api.roles, irsaRole('good', 'zoo:ok')] });
    const known = snapshotOf(world);
    const roles = new Map([...known.roles, [roleArn('api'), failedReading]]);
    expect(skippedWith(api, { roles })).toEqual([expect.stringContaining('not allowed to look')]);
    const roleStacks = new Map([...known.roleStacks, [roleArn('api'), failedReading]]);
    expect(skippedWith(api, { roleStacks })).toEqual([
      expect.stringContaining('whether a CloudFormation stack owns role api'),
    ]);
  });

  test('pods on Fargate or Windows', () => {
    const pods = [pod('shop/api', { platform: 'fargate' })];
    expect(skippedWith({ ...api, pods })).toEqual([expect.stringContaining('1 pod on Fargate')]);
    expect(skippedWith({ ...api, pods: [...pods, pod('shop/api')] })).toEqual([
      expect.stringContaining('1 pod of 2 on Fargate'),
    ]);
  });

  test('an association with another role is a conflict, never success', () => {
    const associations = [association('shop/api', roleArn('other'))];
    expect(skippedWith({ ...api, associations, roles: [...api.roles, podRole('other')] })).toEqual([
      expect.stringMatching(/conflict: association a-shopapi.* gives it role .*other.*annotation names .*api/),
    ]);
  });

  test('associations or add-ons that could not be read leave every account as it is', () => {
    for (const change of [{ associations: failedReading }, { addons: failedReading }])
      expect(ids(migrate(api, {}, change))).toEqual([]);
    expect(said(migrate(api, {}, { serviceAccounts: failedReading }).skipped)[0]).toContain(
      'service accounts: they could not',
    );
  });
});

test('a pathed role moves like any other', () => {
  const pathed = role('api', policy(webStatement('shop:api')), '/team/payments/');
  const plan = migrate({ serviceAccounts: [serviceAccount('shop/api', pathed.arn)], roles: [pathed] });
  expect(node(plan, 'trust:api').action.request).toMatchObject({ RoleName: 'api' });
  expect(node(plan, 'association:shop/api').action.request).toMatchObject({ roleArn: pathed.arn });
});

test('a second migration has nothing to do', () => {
  const roles = [role('api', policy(webStatement('shop:api'), podsStatement()))];
  const plan = migrate({ ...api, roles, associations: [association('shop/api', roleArn('api'))] });
  expect(ids(plan)).toEqual([]);
  expect(said(plan.same)).toEqual([expect.stringContaining('gives it this role already')]);
});

test('trust without an annotation is said: such an account is not lost from sight', () => {
  const plan = migrate({
    ...api,
    roles: [irsaRole('api', 'shop:api', 'shop:lost')],
    serviceAccounts: [...api.serviceAccounts, serviceAccount('shop/lost')],
  });
  expect(plan.notes.join()).toContain(
    'Role api lets shop/lost in by web identity, but it has no annotation: not moved.',
  );
});

test('scope: namespaces and single subjects', () => {
  const world = {
    serviceAccounts: [
      serviceAccount('a/x', roleArn('r')),
      serviceAccount('b/x', roleArn('r')),
      serviceAccount('b/y', roleArn('r')),
    ],
    roles: [role('r', policy(podsStatement(), webStatement('a:x'), webStatement('b:x'), webStatement('b:y')))],
  };
  expect(ids(migrate(world, { namespaces: ['a'] }))).toEqual(['association:a/x']);
  expect(ids(migrate(world, { subjects: [{ namespace: 'b', serviceAccount: 'y' }] }))).toEqual(['association:b/y']);
  const missing = migrate(world, { subjects: [{ namespace: 'b', serviceAccount: 'z' }], namespaces: ['nowhere'] });
  expect(said(missing.skipped)).toEqual([
    'b/z: the cluster has no such service account',
    'namespace nowhere: the cluster has no such namespace',
  ]);
});

describe('add-ons', () => {
  const csi = (change = {}) =>
    addon('aws-ebs-csi-driver', {
      serviceAccountRoleArn: roleArn('csi'),
      podIdentityServiceAccounts: ['ebs-csi-controller-sa'],
      configurationValues: '{"a":1}',
      ...change,
    });
  const world = (change = {}): Partial<Facts> => ({
    addons: [csi(change)],
    serviceAccounts: [serviceAccount('kube-system/ebs-csi-controller-sa', roleArn('csi'))],
    roles: [irsaRole('csi', 'kube-system:ebs-csi-controller-sa')],
  });

  test('move through UpdateAddon with version and configuration kept', () => {
    const plan = migrate(world());
    expect(ids(plan)).toEqual(['trust:csi', 'addon:aws-ebs-csi-driver']);
    expect(node(plan, 'addon:aws-ebs-csi-driver')).toMatchObject({
      needs: ['trust:csi'],
      action: {
        request: {
          addonVersion: 'v1.0.0',
          configurationValues: '{"a":1}',
          podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('csi') }],
        },
      },
    });
  });

  test.each([
    ['not supported', { podIdentityServiceAccounts: [] }, /does not support Pod Identity/],
    ['support not read', { podIdentityServiceAccounts: undefined }, /was not read/],
    ['not ACTIVE', { status: 'UPDATING' }, /it is UPDATING/],
  ])('%s: skipped, and its account is not moved behind its back', (_, change, reason) => {
    const plan = migrate(world(change));
    expect(ids(plan)).toEqual([]);
    expect(said(plan.skipped)).toEqual([expect.stringMatching(reason)]);
  });

  test('a workload that shares the role of an add-on moves by itself, with the one trust edit', () => {
    const shared = world();
    const plan = migrate({
      ...shared,
      serviceAccounts: [...(shared.serviceAccounts ?? []), serviceAccount('shop/backup', roleArn('csi'))],
      roles: [irsaRole('csi', 'kube-system:ebs-csi-controller-sa', 'shop:backup')],
    });
    expect(ids(plan)).toEqual(['trust:csi', 'addon:aws-ebs-csi-driver', 'association:shop/backup']);
  });

  test('two add-ons on one role both move, after one edit', () => {
    const efs = addon('efs', { serviceAccountRoleArn: roleArn('csi'), podIdentityServiceAccounts: ['efs-sa'] });
    const plan = migrate({ ...world(), addons: [csi(), efs] });
    expect(ids(plan)).toEqual(['trust:csi', 'addon:aws-ebs-csi-driver', 'addon:efs']);
  });

  test('with associations already: as wanted; with a foreign association in the way: skipped', () => {
    expect(said(migrate(world({ associationArns: ['arn:x'] })).same)[0]).toContain('uses Pod Identity already');
    const associations = [association('kube-system/ebs-csi-controller-sa', roleArn('csi'))];
    expect(said(migrate({ ...world(), associations }).skipped)[0]).toContain('stands in the way');
  });

  test('nothing that is asked for by name goes without a word, also when its add-on cannot be moved', () => {
    const subjects = [{ namespace: 'kube-system', serviceAccount: 'ebs-csi-controller-sa' }];
    const plan = migrate(world({ podIdentityServiceAccounts: undefined }), { subjects });
    expect(said(plan.skipped)).toEqual([expect.stringContaining('addon aws-ebs-csi-driver: ')]);
    expect(ids(migrate(world(), { namespaces: ['elsewhere'] }, {}))).toEqual([]);
  });

  test('associations that could not be read leave it as it is', () => {
    const plan = migrate(world(), {}, { associations: failedReading });
    expect([ids(plan), said(plan.skipped)]).toEqual([[], [expect.stringContaining('not allowed to look')]]);
  });

  test('the subject may be a list or a pattern in the trust policy', () => {
    const list = {
      ...webStatement('x:y'),
      Condition: {
        StringLike: { [`${issuer}:sub`]: ['system:serviceaccount:kube-system:ebs-*', 'system:serviceaccount:a:b'] },
      },
    };
    expect(ids(migrate({ ...world(), serviceAccounts: [], roles: [role('csi', policy(list))] }))).toContain(
      'addon:aws-ebs-csi-driver',
    );
  });
});

/** Worlds with everything in them; the planner must neither throw nor depend on the order of facts. */
const worlds: fc.Arbitrary<Facts> = fc
  .record({
    users: fc.uniqueArray(
      fc.record({
        namespace: fc.constantFrom('a', 'b', 'kube-system'),
        name: fc.constantFrom('x', 'y', 'z'),
        role: fc.constantFrom(
          roleArn('r1'),
          roleArn('r2'),
          roleArn('r3'),
          roleArn('r1', '999900001111'),
          'odd',
          undefined,
        ),
        associated: fc.option(fc.constantFrom('r1', 'r2')),
      }),
      { selector: ({ namespace, name }) => `${namespace}/${name}` },
    ),
    documents: fc.array(
      fc.constantFrom(
        policy(podsStatement()),
        policy(webStatement('a:x'), webStatement('b:x')),
        policy({ ...webStatement('a:x'), Condition: {} }),
        '{',
      ),
      { maxLength: 3 },
    ),
    agent: fc.constantFrom<Facts['agent']>({ kind: 'missing' }, { kind: 'auto-mode' }),
  })
  .map(({ users, documents, agent }) =>
    facts({
      agent,
      serviceAccounts: users.map(({ namespace, name, role: arn }) => serviceAccount(`${namespace}/${name}`, arn)),
      associations: users.flatMap(({ namespace, name, associated }) =>
        associated ? [association(`${namespace}/${name}`, roleArn(associated))] : [],
      ),
      roles: documents.map((document, index) => role(`r${index + 1}`, document)),
    }),
  );

test('property: every annotated account is planned, the same, skipped or held, exactly once', () => {
  fc.assert(
    fc.property(worlds, world => {
      const plan = migrate(world);
      for (const { namespace, serviceAccount: name, roleArn: arn } of world.serviceAccounts) {
        if (!arn) continue;
        const subject = `${namespace}/${name}`;
        const places = [
          ...actions(plan.root).map(({ action }) => action.subject),
          ...[plan.skipped, plan.held, plan.same].flat().map(each => each.subject),
        ];
        expect(places.filter(place => place === subject)).toHaveLength(1);
      }
    }),
    runs,
  );
});

test('property: the order of facts does not matter; needs exist and come first; edits are never repeated', () => {
  fc.assert(
    fc.property(worlds, world => {
      const plan = migrate(world);
      const turned = facts({
        ...world,
        serviceAccounts: world.serviceAccounts.toReversed(),
        associations: world.associations.toReversed(),
      });
      expect(JSON.stringify(migrate(turned))).toBe(JSON.stringify(plan));
      const order = ids(plan);
      expect(new Set(order).size).toBe(order.length);
      for (const { id, needs } of actions(plan.root))
        for (const need of needs) expect(order.slice(0, order.indexOf(id))).toContain(need);
    }),
    runs,
  );
});

test('property: after its edits a role trusts all pods, and the same plan is empty in the world it makes', () => {
  fc.assert(
    fc.property(worlds, world => {
      const plan = migrate(world);
      const made = actions(plan.root).map(({ action }) => action);
      const roles = world.roles.map(each => {
        const edit = made.find(action => action.type === 'edit-trust' && action.roleArn === each.arn);
        return edit?.type === 'edit-trust' ? { ...each, trustPolicy: edit.request.PolicyDocument } : each;
      });
      for (const { trustPolicy, arn } of roles)
        if (made.some(action => action.type === 'edit-trust' && action.roleArn === arn))
          expect(addPodIdentityStatement(trustPolicy)).toMatchObject({ ok: true, value: { changed: false } });
      const created = made.flatMap(action =>
        action.type === 'create-association' ? [association(action.subject, String(action.request.roleArn))] : [],
      );
      const after = facts({
        ...world,
        agent: { kind: 'auto-mode' },
        roles,
        associations: [...world.associations, ...created],
      });
      expect(ids(migrate(after))).toEqual([]);
    }),
    runs,
  );
});
