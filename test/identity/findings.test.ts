import { describe, expect, test } from 'vitest';
import { effectiveIdentity, type IdentityInput } from '../../source/identity/effective-identity.ts';
import type { AgentState, Role, RoleFact } from '../../source/identity/facts.ts';
import {
  type AssociationInput,
  agentFindings,
  associationFindings,
  associationHealth,
  clusterFindings,
  clusterHealth,
  roleFindings,
  rollUp,
  type ServiceAccountInput,
  serviceAccountFindings,
  serviceAccountHealth,
} from '../../source/identity/findings.ts';
import type { Finding } from '../../source/identity/health.ts';
import { failed, type Reading, read, unread } from '../../source/identity/reading.ts';
import { association, healthyAgent, irsaRole, pod, podRole, role, roleArn, serviceAccount } from '../plan/world.ts';
import { cluster, podsStatement, policy, webStatement } from './policies.ts';

const at = 1;
const denied = failed<never>({ kind: 'denied', message: 'not allowed' }, at);
const codes = (findings: readonly Finding[]) => findings.map(({ level, code }) => `${level} ${code}`);

const lookup =
  (...roles: readonly Role[]) =>
  (arn: string): Reading<RoleFact> => {
    const found = roles.find(each => each.arn === arn);
    return read(found ? { exists: true, role: found } : { exists: false }, at);
  };

const account = serviceAccount('shop/api');
const annotated = serviceAccount('shop/api', roleArn('api'));
const there = association('shop/api', roleArn('pods'));

const associationInput = (change: Partial<AssociationInput> = {}): AssociationInput => ({
  cluster,
  association: read(there, at),
  serviceAccount: read(account, at),
  namespace: read({ name: 'shop', phase: 'Active', labels: {} }, at),
  role: lookup(podRole('pods')),
  agent: read(healthyAgent, at),
  ...change,
});

describe('an association', () => {
  test('is OK only if everything was checked', () => {
    expect(codes(associationFindings(associationInput()))).toEqual(['ok OK']);
    const gaps: Partial<AssociationInput>[] = [
      { role: () => denied },
      { agent: denied },
      { serviceAccount: denied },
      { namespace: denied },
      { association: failed({ kind: 'denied', message: 'x' }, at, read(there, at)) },
      { agent: read({ ...healthyAgent, rollout: undefined } as unknown as AgentState, at) },
    ];
    for (const gap of gaps) expect(associationHealth(associationInput(gap)).level).toBe('unknown');
    for (const gap of [{ role: () => unread }, { agent: unread }, { association: unread }, { serviceAccount: unread }])
      expect(associationHealth(associationInput(gap)).level).toBe('pending');
  });

  const withTrust = (document: string) => ({ role: lookup(role('pods', document)) });
  const other = (change: object) => ({ association: read({ ...there, ...change }, at) });
  test.each<[string, Partial<AssociationInput>, string]>([
    ['no role', { role: lookup() }, 'error ROLE'],
    ['no trust', withTrust(policy(webStatement('shop:api'))), 'error TRUST'],
    ['trust that is not JSON', withTrust('{'), 'error TRUST'],
    [
      'trust without TagSession',
      withTrust(policy({ ...podsStatement(), Action: 'sts:AssumeRole' })),
      'warning TAG-SESSION',
    ],
    [
      'trust in another cluster',
      withTrust(policy(podsStatement({ StringEquals: { 'aws:SourceArn': 'x' } }))),
      'error TRUST-COND',
    ],
    [
      'trust that is not checked',
      withTrust(policy(podsStatement({ StringEquals: { 'x:y': 'x' } }))),
      'unknown UNKNOWN',
    ],
    ['a malformed role ARN', other({ roleArn: 'role/pods' }), 'error ARN'],
    ['a role of another account', other({ roleArn: roleArn('pods', '999900001111') }), 'error ACCOUNT'],
    ['a session policy with session tags', other({ policy: '{}' }), 'error POLICY'],
    ['a target role elsewhere', other({ targetRoleArn: roleArn('t', '999900001111') }), 'error TARGET'],
    ['a malformed target', other({ targetRoleArn: 'x' }), 'error TARGET'],
    ['an owner', other({ ownerArn: 'arn:aws:eks:eu-west-1:1:addon/prod/csi/1' }), 'info OWNED'],
    ['no service account', { serviceAccount: read(undefined, at) }, 'warning SA'],
    ['no namespace', { namespace: read(undefined, at) }, 'warning NS'],
    ['no agent', { agent: read({ kind: 'missing' }, at) }, 'error AGENT'],
  ])('with %s', (_, change, expected) => {
    expect(codes(associationFindings(associationInput(change)))).toEqual([expected]);
  });

  test('a target role that was not looked up is not checked, and not healthy', () => {
    const target = roleArn('t', '999900001111');
    const reader = lookup(podRole('pods'));
    const input = {
      ...other({ targetRoleArn: target }),
      role: (arn: string) => (arn === target ? unread : reader(arn)),
    };
    expect(codes(associationFindings(associationInput(input)))).toEqual(['info TARGET']);
  });
});

test.each<[AgentState, string[]]>([
  [{ kind: 'auto-mode' }, []],
  [{ ...healthyAgent, status: 'DEGRADED' } as AgentState, ['error AGENT-BAD']],
  [{ ...healthyAgent, status: 'CREATING' } as AgentState, ['warning AGENT-BAD']],
  [{ kind: 'daemonset', namespace: 'x', name: 'y', rollout: { desired: 3, ready: 1 } }, ['warning AGENT-PART']],
  [{ kind: 'daemonset', namespace: 'x', name: 'y', rollout: { desired: 3, ready: 0 } }, ['error AGENT-BAD']],
  [{ kind: 'daemonset', namespace: 'x', name: 'y', rollout: { desired: 0, ready: 0 } }, ['info AGENT-PART']],
])('the agent %j', (state, expected) => {
  expect(codes(agentFindings(read(state, at), true))).toEqual(expected);
});

describe('a service account', () => {
  const input = (change: Partial<ServiceAccountInput> = {}): ServiceAccountInput => ({
    cluster,
    subject: { namespace: 'shop', serviceAccount: 'api' },
    serviceAccount: read(annotated, at),
    association: read(undefined, at),
    role: lookup(irsaRole('api', 'shop:api'), podRole('pods')),
    agent: read(healthyAgent, at),
    oidcProvider: read(true, at),
    ...change,
  });
  const found = (change: Partial<ServiceAccountInput>) => codes(serviceAccountFindings(input(change)));

  test('with neither annotation nor association asks for nothing; unless something was not read', () => {
    expect(found({ serviceAccount: read(account, at) })).toEqual(['ok NONE']);
    expect(found({ serviceAccount: read(account, at), association: unread })).toEqual(['pending PENDING']);
    expect(found({ serviceAccount: denied })).toEqual(['unknown UNKNOWN']);
  });

  test('on IRSA: a candidate, or broken', () => {
    expect(found({})).toEqual(['info IRSA']);
    expect(found({ oidcProvider: read(false, at) })).toEqual(['error OIDC', 'info IRSA']);
    expect(found({ role: lookup(irsaRole('api', 'shop:web')) })).toEqual(['error OIDC', 'info IRSA']);
    expect(found({ role: lookup() })).toEqual(['error ROLE', 'info IRSA']);
    expect(found({ serviceAccount: read(serviceAccount('shop/api', 'x'), at) })).toEqual(['error ARN']);
    expect(found({ serviceAccount: read(serviceAccount('shop/api', roleArn('api', '999900001111')), at) })).toEqual([
      'info ACCOUNT',
    ]);
  });

  test('with both: the same role or another one', () => {
    const same = association('shop/api', roleArn('api'));
    const both = role('api', policy(podsStatement()));
    expect(found({ association: read(same, at), role: lookup(both) })).toEqual(['warning BOTH']);
    expect(found({ association: read(there, at) })).toEqual(['error DIFFER']);
  });

  test('whose pods run elsewhere, or from before', () => {
    const pods = (...list: ReturnType<typeof pod>[]) => ({
      serviceAccount: read(account, at),
      association: read(there, at),
      pods: read(list, at),
    });
    expect(found(pods(pod('shop/api', { mechanism: 'pod-identity' })))).toEqual(['ok OK']);
    expect(found(pods(pod('shop/api'), pod('shop/api', { phase: 'Succeeded' })))).toEqual(['warning RESTART']);
    expect(found(pods(pod('shop/api', { platform: 'windows' })))).toEqual(['warning PLATFORM']);
    expect(found({ ...pods(), pods: denied })).toEqual(['unknown UNKNOWN']);
  });

  test('the health column shows the worst and how many more', () => {
    const health = serviceAccountHealth(
      input({ association: read(there, at), agent: read({ kind: 'missing' }, at), pods: read([pod('shop/api')], at) }),
    );
    expect(health).toMatchObject({ level: 'error', code: 'DIFFER', more: 2 });
  });

  describe('identity of a new pod', () => {
    const identity = (change: Partial<IdentityInput>) => effectiveIdentity(input(change));

    test('the association wins over the annotation, whatever the agent does; the annotation is what remains', () => {
      for (const agent of [healthyAgent, { kind: 'missing' } as const]) {
        const found = identity({ association: read(there, at), agent: read(agent, at) });
        expect(found).toMatchObject({
          kind: 'role',
          path: {
            mechanism: 'pod-identity',
            roleArn: roleArn('pods'),
            verdict: agent.kind === 'missing' ? 'no' : 'yes',
          },
          shadowed: { mechanism: 'irsa', roleArn: roleArn('api'), verdict: 'yes' },
        });
      }
    });

    test('by annotation, with the evidence of each check', () => {
      const found = identity({});
      expect(found).toMatchObject({ kind: 'role', path: { mechanism: 'irsa', verdict: 'yes' } });
      expect(found.kind === 'role' && found.path.checks.map(({ evidence }) => evidence)).toEqual([
        'IAM has the OIDC provider of the cluster',
        'statement 1 allows it',
      ]);
      expect(identity({ role: () => denied })).toMatchObject({ path: { verdict: 'unchecked' } });
      expect(identity({ oidcProvider: read(false, at), role: () => denied })).toMatchObject({
        path: { verdict: 'no' },
      });
    });

    test('what could not be read again proves nothing', () => {
      const stale = failed({ kind: 'denied', message: 'x' }, at, read(true, at));
      expect(identity({ oidcProvider: stale })).toMatchObject({ path: { verdict: 'unchecked' } });
      const staleRole = failed(
        { kind: 'denied', message: 'x' },
        at,
        lookup(irsaRole('api', 'shop:api'))(roleArn('api')),
      );
      expect(identity({ role: () => staleRole })).toMatchObject({ path: { verdict: 'unchecked' } });
    });

    test('none, or not known', () => {
      expect(identity({ serviceAccount: read(account, at) })).toEqual({ kind: 'none' });
      expect(identity({ association: unread }).kind).toBe('unknown');
      expect(identity({ serviceAccount: denied }).kind).toBe('unknown');
    });
  });
});

describe('a role', () => {
  const found = (document: string, change: object = {}) =>
    codes(
      roleFindings({
        cluster,
        arn: roleArn('api'),
        role: read({ exists: true, role: role('api', document) }, at),
        associated: [],
        annotated: [],
        ...change,
      }),
    );
  const shop = { namespace: 'shop', serviceAccount: 'api', disableSessionTags: false };

  test('is judged by those who use it, each finding once', () => {
    expect(found(policy(podsStatement()), { associated: [shop] })).toEqual(['ok OK']);
    expect(found(policy(webStatement('shop:api')), { associated: [shop, { ...shop, serviceAccount: 'web' }] })).toEqual(
      ['error TRUST'],
    );
    expect(found(policy(webStatement('shop:api')), { annotated: [shop] })).toEqual(['ok OK']);
    expect(found(policy(webStatement('shop:web')), { annotated: [shop] })).toEqual(['error OIDC']);
  });

  test('warns of what stands in the way of an edit', () => {
    const long = policy({ ...webStatement('shop:api'), Sid: 'x'.repeat(1_600) });
    expect(found(long, { annotated: [shop] })).toEqual(['warning TRUST-SIZE']);
    const orphan = policy(podsStatement(), { ...podsStatement(), Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } });
    expect(found(orphan, { associated: [shop] })).toEqual(['warning TRUST']);
  });

  test('of another account is not checked', () => {
    expect(found('{}', { arn: roleArn('api', '999900001111') })).toEqual(['info ACCOUNT']);
  });
});

describe('a cluster', () => {
  const active = { ...cluster, status: 'ACTIVE', version: '1.33', autoMode: false, tags: {} };
  const base = {
    cluster: read(active, at),
    agent: read<AgentState>({ kind: 'missing' }, at),
    associations: 0 as number | undefined,
    irsa: 0 as number | undefined,
    oidcProvider: read(true, at),
  };

  test('needs the agent once it has associations; while that is not known, so is whether it is missed', () => {
    expect(codes(clusterFindings(base))).toEqual(['info AGENT']);
    expect(codes(clusterFindings({ ...base, associations: 1 }))).toEqual(['error AGENT']);
    expect(codes(clusterFindings({ ...base, associations: undefined }))).toEqual(['unknown AGENT']);
  });

  test('needs the provider once it has IRSA, and should be ACTIVE', () => {
    const agent = read(healthyAgent, at);
    expect(codes(clusterFindings({ ...base, agent }))).toEqual(['ok OK']);
    expect(codes(clusterFindings({ ...base, agent, irsa: 2, oidcProvider: read(false, at) }))).toEqual(['error OIDC']);
    const failing = read({ ...active, status: 'FAILED' }, at);
    expect(codes(clusterFindings({ ...base, agent, cluster: failing }))).toEqual(['error CLUSTER']);
  });

  test('tells why little is known of it before that the pods of its agent were not checked', () => {
    const agent = read<AgentState>({ kind: 'addon', version: '1', status: 'ACTIVE', issues: [] }, at);
    const below: Finding[] = [{ level: 'unknown', code: 'UNKNOWN', detail: 'nobody answers' }];
    expect(clusterHealth({ ...base, agent }, below)).toMatchObject({ detail: 'nobody answers', more: 1 });
    expect(clusterHealth({ ...base, agent })).toMatchObject({
      level: 'unknown',
      detail: expect.stringContaining('not checked'),
    });
    const missing = clusterHealth({ ...base, associations: 1, irsa: 1, oidcProvider: read(false, at) }, below);
    expect(missing).toMatchObject({ code: 'AGENT', more: 2 });
  });

  test('is as ill as the worst below it', () => {
    const below: Finding[] = [{ level: 'error', code: 'TRUST', detail: 'x' }];
    expect(clusterHealth({ ...base, agent: read(healthyAgent, at) }, below)).toMatchObject({ code: 'TRUST', more: 0 });
  });
});

test('nothing checked is unknown, never ok', () => {
  expect(rollUp([])).toMatchObject({ level: 'unknown' });
});
