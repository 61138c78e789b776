import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Subject } from '../../source/identity/scope.ts';
import { createAssociation } from '../../source/plan/associations.ts';
import { noFindings, planOf, root } from '../../source/plan/nodes.ts';
import { type ActionNode, actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { RunEvent } from '../../source/run/event.ts';
import { EventLog } from '../../source/run/event-log.ts';
import { execute } from '../../source/run/executor.ts';
import { requestToken } from '../../source/run/request-token.ts';
import { runs, seed } from '../identity/policies.ts';
import { type Facts, facts, irsaRole, podRole, readAt, roleArn, serviceAccount, snapshotOf } from '../plan/world.ts';
import { FakeClock } from './fake-clock.ts';
import { collect, FakeWorld, problem } from './fakes.ts';

console.log(`executor properties: seed ${seed}`);

const subjectOf = (index: number): Subject => ({ namespace: 'n', serviceAccount: `s${index}` });

/** A plan of associations; `needs` by position. */
function planWith(
  needs: readonly (readonly number[])[],
  change: (node: ActionNode, index: number) => ActionNode = node => node,
): Plan {
  const snapshot = snapshotOf(facts());
  const id = (index: number) => `association:n/s${index}`;
  const nodes = needs.map((list, index) =>
    change(createAssociation(snapshot, subjectOf(index), { roleArn: roleArn('pods') }, list.map(id)), index),
  );
  const { cluster } = snapshot;
  return planOf({ command: 'migrate', cluster, readAt, root: root('parallel', 'test', nodes) }, noFindings());
}

const world = (change: Partial<Facts> = {}) =>
  new FakeWorld(facts({ roles: [podRole('pods')], ...change }), new FakeClock());

const run = (plan: Plan, on: FakeWorld, options: { signal?: AbortSignal; concurrency?: number } = {}) =>
  execute(plan, on.ports(), { clock: on.clock, runId: 'run-1', ...options });

const terminal = (events: readonly RunEvent[]) =>
  events.filter(({ type }) => type === 'done' || type === 'failed' || type === 'skipped') as Extract<
    RunEvent,
    { type: 'done' | 'failed' | 'skipped' }
  >[];

describe('the order of a run', () => {
  test('property: nothing starts before its needs are done, and each action ends exactly once', async () => {
    const shapes = fc
      .array(fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
      .map(lists => lists.map((list, index) => list.filter(need => need < index)));
    const faults = fc.infiniteStream(fc.constantFrom('none', 'none', 'none', 'before', 'after', 'denied'));
    await fc.assert(
      fc.asyncProperty(shapes, faults, fc.integer({ min: 1, max: 9 }), async (needs, stream, concurrency) => {
        const on = world();
        on.fault = () => {
          const kind = stream.next().value;
          if (kind === 'denied') return { error: problem('denied') };
          return kind === 'none' ? undefined : { error: problem('unreachable'), after: kind === 'after' };
        };
        const plan = planWith(needs);
        const { events, result } = await collect(run(plan, on, { concurrency }));
        const ended = new Map(terminal(events).map(event => [event.id, event.type]));
        expect(terminal(events)).toHaveLength(needs.length);
        expect(ended.size).toBe(needs.length);
        const done = new Set<string>();
        let running = 0;
        for (const event of events) {
          if (event.type === 'started') {
            running += 1;
            expect(running).toBeLessThanOrEqual(concurrency);
            const node = actions(plan.root).find(({ id }) => id === event.id);
            for (const need of node?.needs ?? []) expect(done).toContain(need);
          }
          if (event.type === 'done') done.add(event.id);
          if (event.type === 'done' || event.type === 'failed') running -= 1;
        }
        // What did not fail and had all it needed is done; nothing is skipped without a reason in the tree.
        for (const { id, needs: wanted } of actions(plan.root))
          expect(ended.get(id) === 'skipped').toBe(wanted.some(need => ended.get(need) !== 'done'));
        expect(result.done).toBe(done.size);
        expect(result.failed.length + result.skipped.length + result.done).toBe(needs.length);
        // Whatever was lost on the way, the world has what the run says it has.
        for (const id of done) expect(on.associationOf(id.slice('association:'.length))).toBeDefined();
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test('a failure stops only what needs it, down to the last', async () => {
    const on = world();
    on.fault = ({ write, subject }) => (write && subject === 'n/s0' ? { error: problem('denied', 'no') } : undefined);
    const { events, result } = await collect(run(planWith([[], [0], [1], []]), on));
    expect(result.failed).toEqual([{ id: 'association:n/s0', subject: 'n/s0', reason: 'no' }]);
    expect(result.skipped.map(({ id }) => id)).toEqual(['association:n/s1', 'association:n/s2']);
    expect(result.skipped[0]?.reason).toContain('which failed');
    expect(result.skipped[1]?.reason).toContain('which was skipped');
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(2);
    expect(on.associationOf('n/s3')).toBeDefined();
  });

  test('a clean-up runs if, and only if, its action fails', async () => {
    const cleanUp = (node: ActionNode, index: number) =>
      index === 0 ? node : { ...node, onlyIfFails: `association:n/s${index - 1}` };
    const fine = await collect(run(planWith([[], []], cleanUp), world()));
    expect(fine.result).toMatchObject({ done: 1, failed: [], skipped: [], held: [] });
    expect(fine.events).toContainEqual(
      expect.objectContaining({ type: 'skipped', reason: expect.stringContaining('not needed') }),
    );
    const on = world();
    on.fault = ({ write, subject }) => (write && subject === 'n/s0' ? { error: problem('denied') } : undefined);
    const failing = await collect(run(planWith([[], []], cleanUp), on));
    expect(on.associationOf('n/s1')).toBeDefined();
    expect(failing.result).toMatchObject({ done: 1, skipped: [] });
  });

  test('needs that go in circles or lead nowhere are skipped; two actions of one id are refused', async () => {
    const { result } = await collect(run(planWith([[1], [0], [7], []]), world()));
    expect(result.done).toBe(1);
    expect(result.skipped).toHaveLength(3);
    const twice = planWith([[], []], node => ({ ...node, id: 'same' }));
    expect(() => run(twice, world())).toThrow('two actions with the id "same"');
  });

  test('a value of an earlier action is filled in, and one that was never made is a failure', async () => {
    const refer = (output: string) => (node: ActionNode, index: number) =>
      index === 0 || node.action.type !== 'create-association'
        ? node
        : ({
            ...node,
            action: {
              ...node.action,
              request: { ...node.action.request, roleArn: { $from: 'association:n/s0', output } },
            },
          } as ActionNode);
    const on = world();
    await collect(run(planWith([[], [0]], refer('roleArn')), on));
    expect(on.associationOf('n/s1')?.roleArn).toBe(roleArn('pods'));
    const { result } = await collect(run(planWith([[], [0]], refer('nothing')), world()));
    expect(result.failed[0]?.reason).toContain('has made no nothing');
  });
});

describe('stopping', () => {
  test('starts nothing new, finishes what is in flight, and skips the rest', async () => {
    const on = world();
    const stop = new AbortController();
    on.fault = ({ write }) => {
      if (write) stop.abort();
      return undefined;
    };
    const { result } = await collect(run(planWith([[], [], [], []]), on, { signal: stop.signal, concurrency: 2 }));
    expect(result.done).toBe(2);
    expect(result.skipped.map(({ reason }) => reason)).toEqual(['the run was stopped', 'the run was stopped']);
    expect(on.writes).toHaveLength(2);
  });

  test('before it began: nothing is even looked at', async () => {
    const on = world();
    const { result } = await collect(run(planWith([[]]), on, { signal: AbortSignal.abort() }));
    expect([result.skipped.length, on.calls.length]).toEqual([1, 0]);
  });
});

describe('events', () => {
  test('reach a reader that comes late, and a run needs no reader', async () => {
    const on = world();
    const events = run(planWith([[], [0]]), on);
    while (!on.associationOf('n/s1')) await on.clock.sleep(1_000);
    await on.clock.sleep(60_000);
    const [one, other] = [await collect(events), await collect(events)];
    expect(one.events).toEqual(other.events);
    expect(one.events.map(({ type }) => type)).toEqual(['started', 'done', 'started', 'done', 'finished']);
  });

  test('a log gives all of it to each of its readers', async () => {
    const log = new EventLog<number>();
    const read = async () => {
      const seen: number[] = [];
      for await (const each of log) seen.push(each);
      return seen;
    };
    const early = read();
    for (const each of [1, 2, 3]) log.push(each);
    await Promise.resolve();
    log.push(4);
    log.close();
    expect([await early, await read()]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test('a fault of the program is one failed action without a stack trace', async () => {
    const on = world();
    on.fault = () => {
      throw new TypeError('oops');
    };
    const { result } = await collect(run(planWith([[]]), on));
    expect(result.failed[0]?.reason).toBe('unexpected: oops');
  });
});

test('request tokens depend on run and action alone, and suit EKS and CloudFormation', () => {
  const token = requestToken('run', 'association:a/b');
  expect(token).toBe(requestToken('run', 'association:a/b'));
  expect(new Set([token, requestToken('run2', 'association:a/b'), requestToken('run', 'x')]).size).toBe(3);
  expect(token).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]{0,63}$/);
});

test('a migration as planned: done once, and nothing is left for a second one', async () => {
  const subjects = Array.from({ length: 20 }, (_, index) => `shop/s${String(index).padStart(2, '0')}`);
  const on = world({
    agent: { kind: 'missing' },
    serviceAccounts: subjects.map((subject, index) => serviceAccount(subject, roleArn(`r${index % 3}`))),
    roles: ['r0', 'r1', 'r2'].map(wildcardRole),
  });
  on.propagation = 9_000;
  const request = { command: 'migrate', removeOidcProviderTrust: false } as const;
  const plan = planFor(snapshotOf(on.facts), request);
  const { result } = await collect(run(plan, on));
  expect(result).toMatchObject({ done: 24, writes: 24, failed: [], skipped: [] });
  expect(on.writes.filter(write => write.startsWith('UpdateAssumeRolePolicy'))).toHaveLength(3);
  expect(actions(planFor(snapshotOf(on.facts), request).root)).toEqual([]);

  const before = on.writes.length;
  const again = await collect(run(plan, on));
  expect(again.result).toMatchObject({ done: 24, writes: 0, failed: [] });
  expect(on.writes).toHaveLength(before);
});

/** Lets in every service account of the namespace by web identity. */
function wildcardRole(name: string) {
  const made = irsaRole(name, 'shop:*');
  return { ...made, trustPolicy: made.trustPolicy.replace('StringEquals', 'StringLike') };
}
