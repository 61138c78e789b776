/** Annotations, restarts and the gate that looks at pods; edits of trust by what they are for. */
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../source/identity/facts.ts';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import type { Action, RestartWorkload, VerifyPods } from '../../source/plan/action.ts';
import { noFindings, planOf, root } from '../../source/plan/nodes.ts';
import type { ActionNode, Plan } from '../../source/plan/plan.ts';
import { execute } from '../../source/run/executor.ts';
import { account, cluster, podsStatement, policy, webStatement } from '../identity/policies.ts';
import { association, type Facts, facts, irsaRole, pod, role, roleArn, serviceAccount } from '../plan/world.ts';
import { FakeClock } from './fake-clock.ts';
import { collect, FakeWorld, problem } from './fakes.ts';
import { beginRecord, MemoryJournal } from './memory-journal.ts';

const key = 'eks.amazonaws.com/role-arn';
const target = { namespace: 'shop', serviceAccount: 'api' };
const place = { account, region: cluster.region, cluster: cluster.arn, subject: 'shop/api', command: '' };

const node = (action: Action, id: string, needs: readonly string[] = []): ActionNode => ({
  id,
  title: id,
  kind: 'action',
  needs,
  action,
});

const planWith = (nodes: readonly ActionNode[], readAt: number): Plan =>
  planOf({ command: 'migrate', cluster, readAt, root: root('sequence', 'test', nodes) }, noFindings());

const world = (change: Partial<Facts> = {}) =>
  new FakeWorld(
    facts({
      serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
      associations: [association('shop/api', roleArn('api'))],
      ...change,
    }),
    new FakeClock(),
  );

async function run(on: FakeWorld, ...nodes: readonly ActionNode[]) {
  const plan = planWith(nodes, on.clock.now());
  const journal = new MemoryJournal([beginRecord(plan)]);
  await on.clock.sleep(1_000);
  const outcome = await collect(execute(plan, on.ports(), { clock: on.clock, runId: 'run-1', journal }));
  return { ...outcome, journal, again: () => collect(execute(plan, on.ports(), { clock: on.clock, runId: 'run-1' })) };
}

describe('annotate', () => {
  const annotate = (
    annotations: Readonly<Record<string, string | null>>,
    expects: Readonly<Record<string, string | null>>,
  ) =>
    node(
      {
        ...place,
        type: 'annotate',
        service: 'kubernetes',
        operation: 'PatchServiceAccount',
        target,
        expects,
        request: { annotations },
      },
      'annotation',
    );
  const remove = annotate({ [key]: null }, { [key]: roleArn('api') });
  const annotationsIn = (on: FakeWorld) => on.facts.serviceAccounts[0]?.annotations;

  test('removes one annotation and no other, keeps what was there, and does so once', async () => {
    const account = {
      ...serviceAccount('shop/api', roleArn('api')),
      annotations: { [key]: roleArn('api'), team: 'x' },
    };
    const on = world({ serviceAccounts: [account] });
    const { result, journal, again } = await run(on, remove);
    expect(result).toMatchObject({ writes: 1, done: 1 });
    expect(annotationsIn(on)).toEqual({ team: 'x' });
    expect(journal.records[1]).toMatchObject({
      prior: { kind: 'annotations', resourceVersion: '1', annotations: { [key]: roleArn('api') } },
    });
    expect((await again()).result).toMatchObject({ writes: 0, done: 1 });
  });

  test('puts one back that was not there', async () => {
    const on = world({ serviceAccounts: [serviceAccount('shop/api')] });
    const { journal } = await run(on, annotate({ [key]: roleArn('api') }, { [key]: null }));
    expect(annotationsIn(on)).toEqual({ [key]: roleArn('api') });
    expect(journal.records[1]).toMatchObject({ prior: { annotations: { [key]: null } } });
  });

  test('looks again when the account changed in between, and stops when it is about this annotation', async () => {
    const change = (on: FakeWorld, annotations: Record<string, string>) => {
      let left = 1;
      on.fault = ({ operation }) => {
        if (operation !== 'PatchServiceAccount' || left === 0) return undefined;
        left -= 1;
        on.facts.serviceAccounts = on.facts.serviceAccounts.map(each => ({
          ...each,
          resourceVersion: '7',
          annotations: { ...each.annotations, ...annotations },
        }));
        return undefined;
      };
    };
    const on = world();
    change(on, { team: 'x' });
    expect((await run(on, remove)).result).toMatchObject({ done: 1, failed: [] });
    expect(annotationsIn(on)).toEqual({ team: 'x' });

    const other = world();
    change(other, { [key]: roleArn('other') });
    const { result } = await run(other, remove);
    expect(result.failed[0]?.reason).toContain(`${key} of service account shop/api changed since`);
    expect(annotationsIn(other)).toEqual({ [key]: roleArn('other') });
  });

  test('of an account that is gone fails', async () => {
    const { result } = await run(world({ serviceAccounts: [] }), remove);
    expect(result.failed[0]?.reason).toContain('is gone');
  });
});

const owner = { kind: 'Deployment', name: 'api' };
const old = (name: string, change: Partial<Pod> = {}) =>
  pod('shop/api', { name, uid: name, owner, ready: true, createdAt: 0, ...change });

const restart = (scope: RestartWorkload['scope'], wants: RestartWorkload['wants'] = 'pod-identity') =>
  node(
    {
      ...place,
      type: 'restart-workload',
      service: 'kubernetes',
      operation: scope === 'one-pod' ? 'DeletePod' : 'PatchWorkload',
      target,
      workload: { kind: 'Deployment', name: 'api' },
      scope,
      wants,
      request: { namespace: 'shop', name: 'api' },
    },
    scope,
  );

const verify = (needs: readonly string[] = [], wants: VerifyPods['wants'] = 'pod-identity') =>
  node(
    {
      ...place,
      type: 'verify-pods',
      service: 'kubernetes',
      operation: 'ListPods',
      target,
      wants,
      request: target,
    },
    'verify',
    needs,
  );

function withPods(pods: Pod[], change: Partial<Facts> = {}): FakeWorld {
  const on = world({ pods, ...change });
  on.workloads.set('Deployment/api', {
    kind: 'Deployment',
    namespace: 'shop',
    name: 'api',
    serviceAccount: 'api',
    generation: 1,
    paused: false,
    onDelete: false,
  });
  return on;
}

const mechanisms = (on: FakeWorld) => on.facts.pods.map(({ mechanism }) => mechanism).toSorted();

describe('restart-workload, one pod', () => {
  test('deletes one pod of the old way and is done when the one in its place is ready', async () => {
    const on = withPods([old('api-1'), old('api-2'), old('api-3')]);
    const { result, again } = await run(on, restart('one-pod'));
    expect(result).toMatchObject({ done: 1, writes: 1, failed: [] });
    expect(on.writes).toEqual(['DeletePod shop/api-1']);
    await on.rest();
    expect(mechanisms(on)).toEqual(['irsa', 'irsa', 'pod-identity']);
    expect((await again()).result).toMatchObject({ writes: 0 });
    expect(on.writes).toHaveLength(1);
  });

  test('is proved by a pod that is on the new way already, and by no pods at all', async () => {
    const on = withPods([old('api-1'), old('api-2', { mechanism: 'pod-identity' })]);
    expect((await run(on, restart('one-pod'))).result).toMatchObject({ done: 1, writes: 0 });
    expect((await run(withPods([]), restart('one-pod'))).result).toMatchObject({ done: 1, writes: 0 });
  });

  test('leaves pods of other owners alone', async () => {
    const on = withPods([old('job-1', { owner: { kind: 'Job', name: 'api' } })]);
    expect((await run(on, restart('one-pod'))).result).toMatchObject({ done: 1, writes: 0 });
    expect(on.writes).toEqual([]);
  });

  test('tries again while EKS does not give the new way yet, but not for ever', async () => {
    const on = withPods([old('api-1'), old('api-2')]);
    const until = on.clock.now() + 15_000;
    on.webhook = () => (on.clock.now() < until ? 'irsa' : 'pod-identity');
    expect((await run(on, restart('one-pod'))).result).toMatchObject({ done: 1, failed: [] });

    const never = withPods([old('api-1'), old('api-2')]);
    never.webhook = () => 'irsa';
    const { result } = await run(never, restart('one-pod'));
    expect(result.failed[0]?.reason).toMatch(/was born with irsa instead of Pod Identity, 3 times/);
    expect(never.writes).toHaveLength(3);
  });

  test('names a pod that was born with neither, and what follows is skipped', async () => {
    const on = withPods([old('api-1'), old('api-2')]);
    on.webhook = () => 'none';
    const rollout = restart('rollout');
    const { result, again } = await run(on, restart('one-pod'), { ...rollout, needs: ['one-pod'] });
    expect(result.failed[0]?.reason).toMatch(/^pod shop\/api-1x was born without credentials/);
    expect(result.skipped.map(({ id }) => id)).toEqual(['rollout']);
    // Trying again deletes no further pod while that one is there.
    expect((await again()).result.failed[0]?.reason).toMatch(/api-1x was born without credentials/);
    expect(on.writes).toEqual(['DeletePod shop/api-1']);
  });

  test('does not take a pod for another of the same name', async () => {
    const on = withPods([old('api-1'), old('api-2', { uid: 'second' })]);
    let left = 1;
    on.fault = ({ operation }) => {
      if (operation !== 'DeletePod' || left === 0) return undefined;
      left -= 1;
      on.facts.pods = on.facts.pods.map(each => (each.name === 'api-1' ? { ...each, uid: 'another' } : each));
      return undefined;
    };
    expect((await run(on, restart('one-pod'))).result).toMatchObject({ done: 1 });
    expect(on.facts.pods.filter(({ mechanism }) => mechanism === 'pod-identity')).toHaveLength(1);
  });
});

describe('restart-workload, all of it', () => {
  test('restarts once, waits until it is through, and keeps when it was restarted before', async () => {
    const on = withPods([old('api-1'), old('api-2')]);
    const { result, journal, again } = await run(on, restart('rollout'));
    expect(result).toMatchObject({ done: 1, writes: 1 });
    await on.rest();
    expect(mechanisms(on)).toEqual(['pod-identity', 'pod-identity']);
    expect(journal.records[1]).toMatchObject({ prior: { kind: 'workload', restartedAt: null } });
    await again();
    expect(on.writes).toEqual(['PatchWorkload Deployment/api']);
  });

  test('that was sent and lost is not sent again', async () => {
    const on = withPods([old('api-1'), old('api-2')]);
    let left = 1;
    on.fault = ({ operation }) => {
      if (operation !== 'PatchWorkload' || left === 0) return undefined;
      left -= 1;
      return { error: problem('unreachable'), after: true };
    };
    expect((await run(on, restart('rollout'))).result).toMatchObject({ done: 1, writes: 1, failed: [] });
    expect(on.writes).toHaveLength(1);
  });

  test.each([
    ['paused', { paused: true }, /is paused/],
    ['updated only by hand', { onDelete: true }, /OnDelete/],
  ])('is not begun when it is %s', async (_how, change, reason) => {
    const on = withPods([old('api-1')]);
    const fake = on.workloads.get('Deployment/api');
    if (fake) on.workloads.set('Deployment/api', { ...fake, ...change });
    expect((await run(on, restart('rollout'))).result.failed[0]?.reason).toMatch(reason);
    expect(on.writes).toEqual([]);
  });

  test('names a pod that was born with neither', async () => {
    const on = withPods([old('api-1'), old('api-2')]);
    on.webhook = () => 'none';
    expect((await run(on, restart('rollout'))).result.failed[0]?.reason).toMatch(/born without credentials/);
  });

  test('that leaves pods on the old way is no success', async () => {
    const on = withPods([old('api-1')]);
    on.webhook = () => 'irsa';
    expect((await run(on, restart('rollout'))).result.failed[0]?.reason).toMatch(/is restarted, but api-1x has no Pod/);
  });

  test('goes back to web identity as well', async () => {
    const on = withPods([old('api-1', { mechanism: 'pod-identity' })], { associations: [] });
    expect((await run(on, restart('rollout', 'irsa'))).result).toMatchObject({ done: 1 });
    await on.rest();
    expect(mechanisms(on)).toEqual(['irsa']);
  });
});

describe('verify-pods', () => {
  const fresh = (name: string, change: Partial<Pod> = {}) => old(name, { mechanism: 'pod-identity', ...change });
  const after = { ...verify(['verify']), id: 'after' };

  test('passes when every running pod is on the new way, and writes nothing', async () => {
    const on = withPods([fresh('api-1'), fresh('api-2'), old('done', { phase: 'Succeeded' })]);
    const { result, journal } = await run(on, verify(), after);
    expect(result).toMatchObject({ done: 2, writes: 0, held: [] });
    expect(journal.records.filter(({ type }) => type === 'before')).toEqual([]);
  });

  test.each([
    ['a pod holds web identity', [fresh('api-1'), old('api-2')], /1 of 2 pods .* \(api-2\): re-create them/],
    ['a pod has both', [fresh('api-1'), old('api-2', { mechanism: 'both' })], /1 of 2 pods/],
    ['no pod runs', [], /no pod of shop\/api runs/],
    ['a pod is only pending', [fresh('api-1', { phase: 'Pending' })], /no pod of shop\/api runs/],
  ])('holds, and what needs it with it, when %s', async (_why, pods, reason) => {
    const { result, events, journal } = await run(withPods(pods), verify(), after);
    expect(result).toMatchObject({ done: 0, failed: [], skipped: [] });
    expect(result.held.map(({ id }) => id)).toEqual(['verify', 'after']);
    expect(result.held[0]?.reason).toMatch(reason);
    expect(result.held[1]?.reason).toBe('it waits for "verify", which is held');
    expect(events.filter(({ type }) => type === 'held')).toHaveLength(2);
    expect(journal.records.filter(each => each.type === 'after').map(({ outcome }) => outcome)).toEqual([
      'held',
      'held',
    ]);
  });

  test('waits for pods that are ending with the old credentials', async () => {
    const on = withPods([fresh('api-1'), old('api-2', { terminating: true })]);
    on.later(40_000, () => {
      on.facts.pods = on.facts.pods.filter(({ name }) => name !== 'api-2');
    });
    const { result } = await run(on, verify());
    expect(result).toMatchObject({ done: 1, held: [] });
    expect(result.milliseconds).toBeGreaterThanOrEqual(36_000);
    const stuck = withPods([fresh('api-1'), old('api-2', { terminating: true })]);
    expect((await run(stuck, verify())).result.held[0]?.reason).toContain('still ending');
  });

  test('takes both for web identity on the way back', async () => {
    const on = withPods([old('api-1'), old('api-2', { mechanism: 'both' })]);
    expect((await run(on, verify([], 'irsa'))).result).toMatchObject({ done: 1 });
  });
});

describe('edits of trust by what they are for', () => {
  const both = policy(webStatement('shop:api'), podsStatement());
  const pods = policy(podsStatement());
  const edit = (intent: 'admit' | 'retire' | 'restore', expects: string, wants: string) =>
    node(
      {
        ...place,
        type: 'edit-trust',
        service: 'iam',
        operation: 'UpdateAssumeRolePolicy',
        roleArn: roleArn('api'),
        intent,
        expects,
        request: { RoleName: 'api', PolicyDocument: wants },
      },
      'trust',
    );

  test('retire takes the issuer out once, and restore brings the bytes back', async () => {
    const on = world({ roles: [role('api', both)] });
    expect((await run(on, edit('retire', both, pods))).result).toMatchObject({ done: 1, writes: 1 });
    expect(on.role('api')?.trustPolicy).toBe(pods);
    expect((await run(on, edit('retire', both, pods))).result).toMatchObject({ done: 1, writes: 0 });
    const bytes = JSON.stringify(JSON.parse(both), null, 4);
    await run(on, edit('restore', pods, bytes));
    expect(on.role('api')?.trustPolicy).toBe(bytes);
  });

  test('only an edit that admits is content with what somebody else did in its place', async () => {
    const before = irsaRole('api', 'shop:api');
    const theirs = policy(webStatement('shop:api'), { ...podsStatement(), Sid: 'theirs' });
    const admitted = world({ roles: [role('api', theirs)] });
    expect((await run(admitted, edit('admit', before.trustPolicy, both))).result).toMatchObject({ done: 1, writes: 0 });
    for (const intent of ['retire', 'restore'] as const) {
      const on = world({ roles: [role('api', theirs)] });
      const { result } = await run(on, edit(intent, before.trustPolicy, both));
      expect(result.failed[0]?.reason).toContain('the trust policy of role api changed since');
      expect(sameDocument(on.role('api')?.trustPolicy ?? '', theirs)).toBe(true);
    }
  });
});
