import { describe, expect, test } from 'vitest';
import { known, read } from '../../source/identity/reading.ts';
import { parseTemplate, setTemplateTrust } from '../../source/identity/template.ts';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import type { Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import type { RunEvent } from '../../source/run/event.ts';
import { execute } from '../../source/run/executor.ts';
import { podsStatement, policy, webStatement } from '../identity/policies.ts';
import {
  addon,
  association,
  createOf,
  type Facts,
  facts,
  irsaRole,
  podRole,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from '../plan/world.ts';
import { FakeClock } from './fake-clock.ts';
import { collect, FakeWorld, problem } from './fakes.ts';

const world = (change: Partial<Facts> = {}) => new FakeWorld(facts(change), new FakeClock());

const subject = { namespace: 'shop', serviceAccount: 'api' };
const create = createOf('shop/api', roleArn('api'));

const planIn = (on: FakeWorld, request: PlanRequest): Plan => planFor(snapshotOf(on.facts), request);
const run = (plan: Plan, on: FakeWorld) => collect(execute(plan, on.ports(), { clock: on.clock, runId: 'run-1' }));

const reasons = ({ result }: Awaited<ReturnType<typeof run>>) => result.failed.map(({ reason }) => reason);
const outcomes = (events: readonly RunEvent[]) =>
  events.flatMap(event => (event.type === 'done' ? [`${event.id} ${event.outcome}`] : []));
/** Fails the first `count` calls of an operation. */
const failing = (on: FakeWorld, operation: string, count: number, error = problem('unreachable'), after = false) => {
  let left = count;
  on.fault = call => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return { error, after };
  };
};

describe('edit-trust', () => {
  const plain = () => world({ roles: [irsaRole('api', 'shop:api')] });
  const wanted = policy(webStatement('shop:api'), podsStatement());

  test('writes once, waits until IAM and EKS see it, and then associates', async () => {
    const on = plain();
    on.propagation = 20_000;
    const { events, result } = await run(planIn(on, create), on);
    expect(on.role('api')?.trustPolicy).toBe(wanted);
    expect(result).toMatchObject({ writes: 2, done: 2, failed: [] });
    const waits = events.flatMap(event => (event.type === 'waiting' ? [event.reason] : []));
    expect(waits).toContain('Trust policy of the role provided is invalid.');
  });

  test('gives up on propagation after a minute', async () => {
    const on = plain();
    on.propagation = 600_000;
    const outcome = await run(planIn(on, create), on);
    expect(reasons(outcome)).toEqual(['Trust policy of the role provided is invalid.']);
    expect(outcome.result.milliseconds).toBeLessThanOrEqual(61_000);
  });

  test('finds its statement there already: nothing is written', async () => {
    const on = plain();
    const plan = planIn(on, create);
    on.setTrust('api', policy(podsStatement(), webStatement('shop:api')));
    const { events } = await run(plan, on);
    expect(outcomes(events)).toEqual(['trust:api already', 'association:shop/api done']);
    expect(on.writes).toEqual(['CreatePodIdentityAssociation shop/api']);
  });

  test('stops its branch when the document changed, was deleted, or belongs to another role since', async () => {
    for (const change of [
      (on: FakeWorld) => on.setTrust('api', policy(webStatement('shop:other'))),
      (on: FakeWorld) => {
        on.facts.roles = [];
      },
      (on: FakeWorld) => {
        on.facts.roles = on.facts.roles.map(role => ({ ...role, arn: roleArn('x/api') }));
      },
    ]) {
      const on = plain();
      const plan = planIn(on, create);
      change(on);
      const outcome = await run(plan, on);
      expect(reasons(outcome)).toEqual([expect.stringMatching(/plan again$/)]);
      expect(outcome.result.skipped).toHaveLength(1);
      expect(on.writes).toEqual([]);
    }
  });

  test('a lost answer is not guessed about: the world tells', async () => {
    for (const [after, writes] of [
      [true, 1],
      [false, 2],
    ] as const) {
      const on = plain();
      failing(on, 'UpdateAssumeRolePolicy', 1, problem('unreachable'), after);
      const { events } = await run(planIn(on, create), on);
      expect(outcomes(events)[0]).toBe('trust:api done');
      expect(on.writes.filter(write => write.startsWith('UpdateAssume'))).toHaveLength(writes);
      expect(on.role('api')?.trustPolicy).toBe(wanted);
    }
  });

  test('a read that fails after the write does not fail the action', async () => {
    const on = plain();
    let reads = 0;
    on.fault = ({ operation }) =>
      operation === 'GetRole' && ++reads === 2 ? { error: problem('throttled') } : undefined;
    expect((await run(planIn(on, create), on)).result.failed).toEqual([]);
  });

  test('a refusal is final, with the words of IAM', async () => {
    const on = plain();
    failing(on, 'UpdateAssumeRolePolicy', 1, problem('invalid', 'Cannot exceed quota for ACLSizePerRole: 2048'));
    expect(reasons(await run(planIn(on, create), on))).toEqual(['Cannot exceed quota for ACLSizePerRole: 2048']);
  });
});

describe('edit-stack-trust', () => {
  const template = `{ "Description": "x", "Resources" : { "Role1": {"Type":"AWS::IAM::Role", "Properties": {
    "MaxSessionDuration": 7200.0, "AssumeRolePolicyDocument": ${policy(webStatement('shop:api'))},
    "Tags":[{"Key":"a","Value":"b"}] } }, "Policy1": {"Type":"AWS::IAM::Policy"} },
  "Metadata": {"keep": 1e3} }`;
  const owned = (change = {}) => {
    const on = world({ roles: [irsaRole('api', 'shop:api')], stacks: new Map([['api', stack('api', change)]]) });
    on.templates.set(stack('api').stackName, template);
    return on;
  };

  test('changes the trust policy in the template and nothing else; tags, capabilities and parameters stay', async () => {
    const on = owned({ parameters: { Env: 'prod' } });
    const { result } = await run(planIn(on, create), on);
    expect(result).toMatchObject({ done: 2, failed: [] });
    expect(on.writes[0]).toMatch(/^UpdateStack/);
    expect(on.writes.join()).not.toContain('UpdateAssumeRolePolicy');
    const [update] = on.updates;
    expect(update?.templateBody).toBe(
      template.replace(policy(webStatement('shop:api')), policy(webStatement('shop:api'), podsStatement())),
    );
    expect(update).toMatchObject({
      capabilities: ['CAPABILITY_IAM'],
      tags: { 'alpha.eksctl.io/cluster-name': 'prod', team: 'payments' },
      keepParameters: ['Env'],
    });
    expect(Object.keys(update?.tags ?? {})).not.toContain('aws:cloudformation:stack-id');
    expect(result.milliseconds).toBeLessThan(10_000);
  });

  test('a roll-back is a failure with the reason of CloudFormation', async () => {
    const on = owned();
    on.stackFailure = 'no permission to touch it';
    expect(reasons(await run(planIn(on, create), on))).toEqual([
      expect.stringMatching(/rolled the update back: Role1: no permission to touch it$/),
    ]);
    expect(on.associationOf('shop/api')).toBeUndefined();
  });

  test('a roll-back is noticed even if the stack had been rolled back before', async () => {
    const on = owned({ status: 'UPDATE_ROLLBACK_COMPLETE' });
    on.stackFailure = 'again';
    expect(reasons(await run(planIn(on, create), on))[0]).toContain('rolled the update back: Role1: again');
  });

  test('a busy stack is waited for', async () => {
    const on = owned();
    const plan = planIn(on, create);
    const idle = on.facts.stacks.get('api');
    on.facts.stacks.set('api', stack('api', { status: 'UPDATE_IN_PROGRESS' }));
    void on.clock.sleep(7_000).then(() => idle && on.facts.stacks.set('api', idle));
    expect((await run(plan, on)).result.failed).toEqual([]);
  });

  test.each([
    ['tags', { tags: { ...stack('api').tags, team: 'others' } }],
    ['capabilities', { capabilities: ['CAPABILITY_NAMED_IAM'] }],
    ['parameters', { parameters: { Env: 'prod' } }],
  ])('other %s than the plan saw stop the branch before anything is sent', async (what, change) => {
    const on = owned();
    const plan = planIn(on, create);
    on.facts.stacks.set('api', stack('api', change));
    expect(reasons(await run(plan, on))).toEqual([expect.stringContaining(`the ${what} of stack`)]);
    expect(on.writes).toEqual([]);
  });

  test('another template than the plan was made from stops the branch before anything is sent', async () => {
    const on = owned();
    const { stackName } = stack('api');
    const templates = new Map([[stackName, read(template, 0)]]);
    const planned = planFor({ ...snapshotOf(on.facts), templates }, create);
    on.templates.set(stackName, template.replace('1e3', '2e3'));
    expect(reasons(await run(planned, on))).toEqual([
      expect.stringContaining(`the template of stack ${stackName} changed`),
    ]);
    expect(on.writes).toEqual([]);
    on.templates.set(stackName, template);
    expect((await run(planned, on)).result).toMatchObject({ done: 2, failed: [] });
  });

  test('a template in YAML keeps its comments and short forms', async () => {
    const yaml = owned();
    const rest = '      Tags: # who pays\n        - {Key: a, Value: !Ref Team}\n';
    const role = '    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        ';
    const head = `# mine\nParameters: {Team: {Type: String}}\nResources:\n  Role1:\n${role}`;
    yaml.templates.set(stack('api').stackName, `${head}Version: 2012-10-17\n        Statement: []\n${rest}`);
    expect((await run(planIn(yaml, create), yaml)).result.failed).toEqual([]);
    const body = yaml.updates[0]?.templateBody ?? '';
    expect(body.startsWith(head) && body.endsWith(`\n${rest}`)).toBe(true);
    expect(sameDocument(body.slice(head.length, -rest.length), yaml.role('api')?.trustPolicy ?? '')).toBe(true);
  });

  test('a template that is neither, or has this trust already while the role has not, is left alone', async () => {
    const odd = owned();
    odd.templates.set(stack('api').stackName, 'Resources: [\n');
    expect(reasons(await run(planIn(odd, create), odd))[0]).toContain('neither JSON nor YAML');
    const drifted = owned();
    const plan = planIn(drifted, create);
    const edited = template.replace(
      policy(webStatement('shop:api')),
      policy(webStatement('shop:api'), podsStatement()),
    );
    drifted.templates.set(stack('api').stackName, edited);
    expect(reasons(await run(plan, drifted))[0]).toContain('has this trust policy already, but the role does not');
  });

  test('templates without the role, or too long ones, are refused', () => {
    const edit = (text: string, document = '{}') => {
      const parsed = parseTemplate(text);
      return parsed.ok ? setTemplateTrust(parsed.value, 'Role1', document) : parsed;
    };
    expect(edit('{"Resources":{}}')).toMatchObject({ ok: false, reason: expect.stringContaining('no resource Role1') });
    expect(edit('{"Resources":{"Role1":{"Type":"AWS::S3::Bucket"}}}')).toMatchObject({ ok: false });
    expect(edit('{"Resources":{"Role1":{"Type":"AWS::IAM::Role"}}}')).toMatchObject({ ok: false });
    expect(edit(template, JSON.stringify({ long: 'x'.repeat(51_200) }))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('51200'),
    });
  });
});

describe('create-association', () => {
  const ready = (change: Partial<Facts> = {}) => world({ roles: [podRole('api')], ...change });

  test('one that appeared since with the same role is fine; with another role it is a conflict and stays', async () => {
    const same = ready();
    const plan = planIn(same, create);
    same.facts.associations.push(association('shop/api', roleArn('api')));
    expect(outcomes((await run(plan, same)).events)).toEqual(['association:shop/api already']);
    const other = ready();
    other.facts.associations.push(association('shop/api', roleArn('other')));
    expect(reasons(await run(plan, other))).toEqual([expect.stringContaining(`conflict: association`)]);
    expect(other.associationOf('shop/api')?.roleArn).toBe(roleArn('other'));
    const settings = ready();
    settings.facts.associations.push(association('shop/api', roleArn('api'), { disableSessionTags: true }));
    expect(reasons(await run(plan, settings))[0]).toContain('with other settings');
    expect([same, other, settings].flatMap(({ writes }) => writes)).toEqual([]);
  });

  test('one that only the refusal of EKS shows is read by the id in its message', async () => {
    const on = ready();
    const plan = planIn(on, create);
    on.listsLag = true;
    on.fault = ({ operation }) => {
      if (operation !== 'CreatePodIdentityAssociation' || on.associationOf('shop/api')) return undefined;
      on.facts.associations.push(association('shop/api', roleArn('other')));
      return undefined;
    };
    expect(reasons(await run(plan, on))[0]).toContain('conflict: association a-shopapi');
    expect(on.calls.at(-1)).toMatchObject({ operation: 'DescribePodIdentityAssociation' });
  });

  test('an answer that was lost does not make a second one; the token stays the same', async () => {
    const on = ready();
    failing(on, 'CreatePodIdentityAssociation', 1, problem('server'), true);
    const { events } = await run(planIn(on, create), on);
    expect(outcomes(events)).toEqual(['association:shop/api done']);
    const early = ready();
    failing(early, 'CreatePodIdentityAssociation', 2, problem('server'));
    await run(planIn(early, create), early);
    expect(new Set([...on.tokens, ...early.tokens]).size).toBe(1);
    expect([on, early].map(({ facts: { associations } }) => associations.length)).toEqual([1, 1]);
  });

  test('without a trust edit of ours an invalid trust policy is not waited for as long', async () => {
    const on = ready();
    const plan = planIn(on, create);
    on.setTrust('api', policy(webStatement('a:b')));
    const outcome = await run(plan, on);
    expect(reasons(outcome)).toEqual(['Trust policy of the role provided is invalid.']);
    expect(outcome.result.milliseconds).toBeLessThanOrEqual(15_000);
  });
});

describe('update-association and tag-association', () => {
  const there = association('shop/api', roleArn('api'), {
    targetRoleArn: roleArn('t'),
    disableSessionTags: true,
    policy: '{}',
    tags: { team: 'a', old: 'x' },
  });
  const ready = () => world({ roles: [podRole('api'), podRole('next')], associations: [there] });
  const update = updateOf('shop/api', {
    roleArn: roleArn('next'),
    targetRoleArn: null,
    policy: null,
    tags: { team: 'b' },
  });

  test('changes, clears and tags, and a second run writes nothing', async () => {
    const on = ready();
    const plan = planIn(on, update);
    expect((await run(plan, on)).result).toMatchObject({ done: 2, writes: 2 });
    const { targetRoleArn: _, policy: __, ...rest } = there;
    expect(on.associationOf('shop/api')).toEqual({ ...rest, roleArn: roleArn('next'), tags: { team: 'b' } });
    expect((await run(plan, on)).result).toMatchObject({ done: 2, writes: 0 });
  });

  test('stops when a field that it changes was changed by somebody else, or the association is gone', async () => {
    const plan = planIn(ready(), update);
    const changed = ready();
    changed.facts.associations = [{ ...there, roleArn: roleArn('third') }];
    expect(reasons(await run(plan, changed))).toEqual([expect.stringContaining('roleArn of association')]);
    const gone = ready();
    gone.facts.associations = [];
    expect(reasons(await run(plan, gone))[0]).toContain('is gone');
    expect([...changed.writes, ...gone.writes].filter(write => !write.includes('agResource'))).toEqual([]);
  });

  test('another field that somebody changed is neither in the way nor touched', async () => {
    const on = ready();
    const plan = planIn(on, updateOf('shop/api', { roleArn: roleArn('next') }));
    on.facts.associations = [{ ...there, targetRoleArn: roleArn('theirs') }];
    expect((await run(plan, on)).result.failed).toEqual([]);
    expect(on.associationOf('shop/api')).toMatchObject({ roleArn: roleArn('next'), targetRoleArn: roleArn('theirs') });
  });
});

describe('delete-association', () => {
  const there = association('shop/api', roleArn('api'));
  const remove = { command: 'delete', subjects: [subject] } as const;

  test('waits until EKS does not show it; gone already is fine', async () => {
    const on = world({ associations: [there] });
    const plan = planIn(on, remove);
    const first = await run(plan, on);
    expect([on.facts.associations, outcomes(first.events)]).toEqual([[], ['association:shop/api done']]);
    expect(first.result.milliseconds).toBeGreaterThanOrEqual(1_500);
    expect(outcomes((await run(plan, on)).events)).toEqual(['association:shop/api already']);
  });

  test('one with another role by now stays', async () => {
    const on = world({ associations: [there] });
    const plan = planIn(on, remove);
    on.facts.associations = [{ ...there, roleArn: roleArn('other') }];
    expect(reasons(await run(plan, on))[0]).toContain('changed since the plan was made');
    expect(on.writes).toEqual([]);
  });
});

describe('add-ons', () => {
  const migrate = { command: 'migrate', removeOidcProviderTrust: false } as const;
  const bare = () =>
    world({
      agent: { kind: 'missing' },
      serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
      roles: [irsaRole('api', 'shop:api')],
    });
  const csi = addon('csi', {
    serviceAccountRoleArn: roleArn('csi'),
    podIdentityServiceAccounts: ['sa'],
    configurationValues: '{}',
  });
  const withCsi = () => world({ addons: [csi], roles: [irsaRole('csi', 'kube-system:sa')] });

  test("the agent is installed in the version for the cluster's own Kubernetes, and waited for", async () => {
    const on = bare();
    const { events, result } = await run(planIn(on, migrate), on);
    expect(result).toMatchObject({ done: 3, failed: [] });
    expect(on.facts.addons[0]).toMatchObject({ version: 'v1-for-1.33', status: 'ACTIVE' });
    const order = events.map(event => `${event.type} ${'id' in event ? event.id : ''}`);
    expect(order.indexOf('started association:shop/api')).toBeGreaterThan(order.indexOf('done agent'));
  });

  test('an agent that is ACTIVE but not yet on every node is waited for too', async () => {
    const on = bare();
    let ready = 0;
    on.agentNodes = () => ({ desired: 3, ready });
    void on.clock.sleep(30_000).then(() => {
      ready = 3;
    });
    const { events, result } = await run(planIn(on, migrate), on);
    expect(result).toMatchObject({ done: 3, failed: [] });
    const waits = events.filter(event => event.type === 'waiting' && event.id === 'agent');
    expect(waits).toContainEqual(expect.objectContaining({ reason: expect.stringContaining('ready on 0 of 3 nodes') }));
    const began = events.find(event => event.type === 'started' && event.id === 'association:shop/api');
    const done = events.find(event => event.type === 'done' && event.id === 'agent');
    expect((began as { at: number }).at).toBeGreaterThanOrEqual((done as { at: number }).at);
  });

  test('an agent that cannot be installed stops the associations, not the trust', async () => {
    const on = bare();
    on.addonResult = { status: 'CREATE_FAILED', issues: ['InsufficientNumberOfReplicas: no nodes'] };
    const outcome = await run(planIn(on, migrate), on);
    expect(reasons(outcome)).toEqual([expect.stringContaining('CREATE_FAILED: InsufficientNumberOfReplicas')]);
    expect(outcome.result.skipped.map(({ id }) => id)).toEqual(['association:shop/api']);
    expect(on.writes.some(write => write.startsWith('CreatePodIdentity'))).toBe(false);
  });

  test('an agent that somebody else is installing is waited for, not installed twice', async () => {
    const on = bare();
    const plan = planIn(on, migrate);
    on.facts.addons.push(addon('eks-pod-identity-agent', { status: 'CREATING' }));
    void on.clock.sleep(9_000).then(() => {
      on.facts.addons = [addon('eks-pod-identity-agent')];
    });
    expect(outcomes((await run(plan, on)).events)).toContain('agent already');
  });

  test('an add-on gets its association and is waited for; a second run finds it so', async () => {
    const on = withCsi();
    const plan = planIn(on, migrate);
    expect((await run(plan, on)).result).toMatchObject({ done: 2, writes: 2, failed: [] });
    expect(on.facts.addons[0]).toMatchObject({ status: 'ACTIVE', associationArns: [expect.any(String)] });
    expect((await run(plan, on)).result).toMatchObject({ done: 2, writes: 0 });
  });

  test('an add-on that fails or changed since says so', async () => {
    const failed = withCsi();
    failed.addonResult = { status: 'UPDATE_FAILED', issues: ['ConfigurationConflict: x'] };
    expect(reasons(await run(planIn(failed, migrate), failed))[0]).toContain('UPDATE_FAILED: ConfigurationConflict');
    for (const change of [{ version: 'v2' }, { status: 'UPDATE_FAILED' }]) {
      const on = withCsi();
      const plan = planIn(on, migrate);
      on.facts.addons = [{ ...csi, ...change }];
      expect(reasons(await run(plan, on))).toHaveLength(1);
      expect(on.writes.join()).not.toContain('UpdateAddon');
    }
  });
});

test('the trust policies that a run leaves are those that the plan showed', async () => {
  const on = world({
    serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
    roles: [irsaRole('api', 'shop:api')],
  });
  const plan = planIn(on, { command: 'migrate', removeOidcProviderTrust: true });
  await run(plan, on);
  const live = known(snapshotOf(on.facts).roles.get(roleArn('api')) ?? { state: 'unread' });
  expect(live?.exists && sameDocument(live.role.trustPolicy, policy(webStatement('shop:api'), podsStatement()))).toBe(
    true,
  );
});
