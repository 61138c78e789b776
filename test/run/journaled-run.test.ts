/** What a run writes down, and how a run that was cut short is taken up again. */
import { describe, expect, test } from 'vitest';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { noteForAction } from '../../source/run/attribution.ts';
import type { RunEvent } from '../../source/run/event.ts';
import { execute, type RunOptions } from '../../source/run/executor.ts';
import type { JournalRecord } from '../../source/run/journal.ts';
import { requestToken } from '../../source/run/request-token.ts';
import { resumeRun } from '../../source/run/resume.ts';
import { summarise } from '../../source/run/summary.ts';
import { type Facts, facts, irsaRole, roleArn, serviceAccount, snapshotOf, stack } from '../plan/world.ts';
import { FakeClock } from './fake-clock.ts';
import { type Call, collect, FakeWorld, problem } from './fakes.ts';
import { beginRecord, MemoryJournal, place } from './memory-journal.ts';

const request = { command: 'migrate', removeOidcProviderTrust: false, assumeAgentReady: true } as const;

/** Three service accounts on two roles, one of which a stack owns; the agent is missing. */
function scene(change: Partial<Facts> = {}): { readonly on: FakeWorld; readonly plan: Plan } {
  const roles = [irsaRole('shared', 'shop:a', 'shop:b'), irsaRole('owned', 'shop:c')];
  const on = new FakeWorld(
    facts({
      agent: { kind: 'missing' },
      serviceAccounts: ['a', 'b', 'c'].map(name =>
        serviceAccount(`shop/${name}`, roleArn(name === 'c' ? 'owned' : 'shared')),
      ),
      roles,
      stacks: new Map([['owned', stack('owned')]]),
      ...change,
    }),
    new FakeClock(),
  );
  on.templates.set(
    stack('owned').stackName,
    JSON.stringify({
      Resources: {
        Role1: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: JSON.parse(roles[1]?.trustPolicy ?? '') },
        },
      },
    }),
  );
  const plan = planFor(snapshotOf(on.facts), request);
  if (actions(plan.root).length !== 6) throw new Error(`the plan has ${actions(plan.root).length} actions`);
  return { on, plan };
}

const run = (plan: Plan, on: FakeWorld, journal: MemoryJournal, options: Partial<RunOptions> = {}) =>
  execute(plan, on.ports(), { clock: on.clock, runId: 'run-1', journal, ...options });

const again = (on: FakeWorld, journal: MemoryJournal, length = journal.records.length) => {
  const next = new MemoryJournal(journal.records.slice(0, length));
  return { next, events: resumeRun(next.content(), on.ports(), { clock: on.clock, place, journal: next }) };
};

const idsOf = (records: readonly JournalRecord[], type: 'before' | 'after') =>
  records.flatMap(record => (record.type === type ? [record.id] : []));

/** What the world has at last, whoever brought it about. */
const stateOf = ({ facts: has }: FakeWorld) => ({
  agent: has.agent.kind,
  roles: has.roles.map(({ name, trustPolicy }) => [name, JSON.parse(trustPolicy)]),
  associations: has.associations.map(each => `${each.namespace}/${each.serviceAccount} ${each.roleArn}`).toSorted(),
});

describe('the journal of a run', () => {
  test('has the state before each write before it is sent, then what came of it, then the end', async () => {
    const { on, plan } = scene();
    const journal = new MemoryJournal([beginRecord(plan)]);
    const shared = on.role('shared')?.trustPolicy;
    const owned = on.role('owned')?.trustPolicy;
    const template = on.templates.get(stack('owned').stackName);
    const sentBefore: number[] = [];
    on.fault = ({ write }) => {
      if (write) sentBefore.push(idsOf(journal.records, 'before').length);
      return undefined;
    };
    const { result } = await collect(run(plan, on, journal));
    expect(result).toMatchObject({ done: 6, failed: [], held: [] });
    expect(result.unknown).toBeUndefined();
    sentBefore.forEach((count, index) => {
      expect(count).toBeGreaterThan(index);
    });
    const ids = actions(plan.root).map(({ id }) => id);
    expect(idsOf(journal.records, 'before').toSorted()).toEqual(ids.toSorted());
    expect(idsOf(journal.records, 'after').toSorted()).toEqual(ids.toSorted());
    for (const id of ids) {
      const at = (type: string) =>
        journal.records.findIndex(each => each.type === type && 'id' in each && each.id === id);
      expect(at('before')).toBeLessThan(at('after'));
      expect(journal.records[at('before')]).toMatchObject({ token: requestToken('run-1', id) });
    }
    expect(journal.records.at(-1)).toMatchObject({ type: 'end', stopped: false });
    expect(journal.closed).toBe(true);
    const priors = journal.records.flatMap(record => (record.type === 'before' ? [record.prior] : []));
    expect(priors).toContainEqual({ kind: 'trust', roleArn: roleArn('shared'), document: shared });
    expect(priors).toContainEqual({
      kind: 'stack',
      stackName: stack('owned').stackName,
      roleArn: roleArn('owned'),
      document: owned,
      template,
      parameters: {},
      capabilities: ['CAPABILITY_IAM'],
      tags: stack('owned').tags,
    });
    expect(priors.filter(prior => prior.kind === 'association' && prior.described === null)).toHaveLength(3);
    expect(JSON.stringify(journal.records)).not.toMatch(/secret|AKIA/i);
  });

  test('has no state before for what was so already', async () => {
    const { on, plan } = scene();
    await collect(run(plan, on, new MemoryJournal([beginRecord(plan)])));
    const journal = new MemoryJournal([beginRecord(plan)]);
    const writes = on.writes.length;
    await collect(run(plan, on, journal));
    expect(on.writes).toHaveLength(writes);
    expect(idsOf(journal.records, 'before')).toEqual([]);
  });

  test('that cannot be written stops the run: nothing more is sent', async () => {
    const { on, plan } = scene();
    for (const kept of [1, 2, 4, 7]) {
      const world = scene().on;
      const journal = new MemoryJournal([beginRecord(plan)]);
      journal.onAppend = () => {
        if (journal.records.length > kept) journal.failure = new Error('ENOSPC');
      };
      let after = 0;
      world.fault = ({ write }) => {
        if (write && journal.failure) after += 1;
        return undefined;
      };
      const { result } = await collect(run(plan, world, journal, { concurrency: 1 }));
      expect(after, `after ${kept} records`).toBeLessThanOrEqual(1);
      expect([...result.failed, ...result.skipped].some(({ reason }) => reason.includes('ENOSPC'))).toBe(true);
    }
    expect(on.writes).toEqual([]);
  });

  test('has the request ids of an action with the action, however many run at once', async () => {
    const { on, plan } = scene();
    const journal = new MemoryJournal([beginRecord(plan)]);
    on.fault = ({ write, operation, subject }: Call) => {
      const note = { at: 0, service: 'eks', operation, status: 200, milliseconds: 1, attempts: 1 } as const;
      noteForAction({ ...note, write, requestId: `${operation} ${subject}` });
      return undefined;
    };
    await collect(run(plan, on, journal));
    const ids = new Map(journal.records.flatMap(each => (each.type === 'after' ? [[each.id, each.requestIds]] : [])));
    expect(ids.get('association:shop/a')).toEqual(['CreatePodIdentityAssociation shop/a']);
    expect(ids.get('trust:shared')).toEqual(['UpdateAssumeRolePolicy shared']);
  });
});

describe('a run that was cut short', () => {
  test('at any record comes to the same end, and sends nothing twice', async () => {
    const whole = scene();
    const full = new MemoryJournal([beginRecord(whole.plan)]);
    await collect(run(whole.plan, whole.on, full));
    const goal = stateOf(whole.on);
    const writes = whole.on.writes.toSorted();
    for (let length = 1; length <= full.records.length; length += 1) {
      const { on, plan } = scene();
      const dead = new AbortController();
      const journal = new MemoryJournal([beginRecord(plan)]);
      journal.onAppend = () => {
        if (journal.records.length === length) dead.abort();
      };
      if (length === 1) dead.abort();
      await collect(run(plan, on, journal, { stopNow: dead.signal }));
      await on.rest();
      const { next, events } = again(on, journal, length);
      const { result } = await collect(events);
      expect(result, `cut after ${length} records`).toMatchObject({ done: 6, failed: [], skipped: [], held: [] });
      expect(stateOf(on)).toEqual(goal);
      expect(on.writes.toSorted()).toEqual(writes);
      expect(summarise(next.content()).state).toBe('complete');
      const finished = on.writes.length;
      await collect(again(on, next).events);
      expect(on.writes).toHaveLength(finished);
    }
  });

  test('after the world took a write, before its answer was written down, finds its own work', async () => {
    for (const lost of ['UpdateAssumeRolePolicy', 'UpdateStack', 'CreatePodIdentityAssociation', 'CreateAddon']) {
      const { on, plan } = scene();
      const journal = new MemoryJournal([beginRecord(plan)]);
      const dead = new AbortController();
      on.fault = ({ operation }) => {
        if (operation !== lost) return undefined;
        dead.abort();
        return { error: problem('aborted'), after: true };
      };
      const { result } = await collect(run(plan, on, journal, { stopNow: dead.signal }));
      expect(result.unknown?.length, lost).toBeGreaterThan(0);
      on.fault = () => undefined;
      await on.rest();
      const sent = on.writes.filter(write => write.startsWith(lost));
      const { next, events } = again(on, journal);
      expect((await collect(events)).result).toMatchObject({ done: 6, failed: [] });
      for (const write of sent) expect(on.writes.filter(each => each === write)).toHaveLength(1);
      // It was ours: undo has to know.
      const [unknown] = result.unknown ?? [];
      expect(next.records.findLast(each => each.type === 'after' && each.id === unknown?.id)).toMatchObject({
        outcome: 'done',
      });
    }
  });

  test('by a failure is tried again, and what needed it follows', async () => {
    const { on, plan } = scene();
    const journal = new MemoryJournal([beginRecord(plan)]);
    on.fault = ({ operation }) =>
      operation === 'UpdateAssumeRolePolicy' ? { error: problem('denied', 'not yours') } : undefined;
    const first = await collect(run(plan, on, journal));
    expect(first.result).toMatchObject({ done: 3 });
    expect(summarise(journal.content()).state).toBe('incomplete');
    on.fault = () => undefined;
    const { result, events } = await collect(again(on, journal).events);
    expect(result).toMatchObject({ done: 6, writes: 3 });
    expect(events.filter(({ type }) => type === 'started')).toHaveLength(3);
  });

  test('has outputs of earlier sittings at hand', async () => {
    const { on, plan } = scene();
    const journal = new MemoryJournal([beginRecord(plan)]);
    await collect(run(plan, on, journal));
    const { events } = await collect(again(on, journal, journal.records.length - 1).events);
    const done = events.flatMap(event => (event.type === 'done' ? [event] : []));
    expect(done.find(({ id }) => id === 'association:shop/a')?.outputs).toMatchObject({ roleArn: roleArn('shared') });
  });

  test('is taken up only where it took place', async () => {
    const { on, plan } = scene();
    const content = new MemoryJournal([beginRecord(plan)]).content();
    const elsewhere = (change: object) => () =>
      resumeRun(content, on.ports(), { clock: on.clock, place: { ...place, ...change } });
    expect(elsewhere({ account: '999988887777' })).toThrow(/its account is 111122223333, not 999988887777/);
    expect(elsewhere({ endpoint: 'http://127.0.0.1:1' })).toThrow(/its endpoint is AWS's own, not http/);
    expect(elsewhere({ cluster: { ...place.cluster, arn: 'arn:x' } })).toThrow(/its cluster is arn:aws/);
    expect(on.calls).toEqual([]);
  });

  test('to which a plan was smuggled in is refused', () => {
    const { on, plan } = scene();
    const other = { ...beginRecord(plan), plan: { ...plan, notes: ['another'] } };
    const resume = () => resumeRun(new MemoryJournal([other]).content(), on.ports(), { clock: on.clock, place });
    expect(resume).toThrow('not the approved one');
    expect(() => resumeRun({ run: 'x', records: [], torn: false }, on.ports(), { clock: on.clock, place })).toThrow(
      'does not begin with its plan',
    );
  });
});

describe('stopping at once', () => {
  test('tells what is in flight as unknown, sends nothing more, and is over without waiting', async () => {
    const { on, plan } = scene();
    const journal = new MemoryJournal([beginRecord(plan)]);
    const now = new AbortController();
    on.propagation = 50_000;
    on.fault = ({ operation }) => {
      if (operation === 'CreatePodIdentityAssociation') now.abort();
      return undefined;
    };
    const began = on.clock.now();
    const { result, events } = await collect(run(plan, on, journal, { stopNow: now.signal }));
    const writes = on.writes.length;
    expect(result.unknown?.map(({ id }) => id)).toContain('association:shop/a');
    expect(result.done + result.skipped.length + (result.unknown?.length ?? 0)).toBe(6);
    expect(events.at(-1)?.type).toBe('finished');
    expect(events.filter(({ type }) => type === 'unknown')).toHaveLength(result.unknown?.length ?? 0);
    expect(on.clock.now() - began).toBeLessThan(60_000);
    expect(journal.records.at(-1)).toMatchObject({ type: 'end', stopped: true });
    await on.rest();
    expect(on.writes).toHaveLength(writes);
  });

  test('before anything was written leaves nothing unknown', async () => {
    const { on, plan } = scene();
    const now = new AbortController();
    on.fault = () => {
      now.abort();
      return undefined;
    };
    const { result } = await collect(run(plan, on, new MemoryJournal([beginRecord(plan)]), { stopNow: now.signal }));
    expect(result).toMatchObject({ done: 0, failed: [] });
    expect(result.skipped).toHaveLength(6);
    expect(result.unknown).toBeUndefined();
    expect(on.writes).toEqual([]);
  });
});

describe('credentials that run out', () => {
  const expired = problem('expired-credentials', 'The security token included in the request is expired');
  const pauses = (events: readonly RunEvent[]) =>
    events.flatMap(event => (event.type === 'paused' ? [event.reason] : []));

  /** All calls are refused from the first write of `operation` on, for a minute. */
  function expireAt(on: FakeWorld, operation: string): void {
    let until: number | undefined;
    on.fault = call => {
      if (call.operation === operation) until ??= on.clock.now() + 60_000;
      return until !== undefined && on.clock.now() < until ? { error: expired } : undefined;
    };
  }

  test.each(['CreateAddon', 'UpdateAssumeRolePolicy', 'UpdateStack', 'CreatePodIdentityAssociation', 'GetRole'])(
    'at %s pause the run, which goes on by itself when they are back',
    async operation => {
      const { on, plan } = scene();
      expireAt(on, operation);
      const caller = on.caller.arn;
      // Another session of the same role is the same caller.
      on.caller = { ...on.caller, arn: caller.replace('/one', '/two') };
      const { result, events } = await collect(run(plan, on, new MemoryJournal([beginRecord(plan)]), { caller }));
      expect(result).toMatchObject({ done: 6, failed: [], skipped: [] });
      expect(pauses(events)[0]).toContain('waiting for credentials of account 111122223333');
      expect(result.milliseconds).toBeGreaterThanOrEqual(60_000);
    },
  );

  test('and come back for another account fail with a sentence, and nothing more is sent', async () => {
    const { on, plan } = scene();
    expireAt(on, 'UpdateAssumeRolePolicy');
    on.caller = { account: '999988887777', arn: 'arn:aws:sts::999988887777:assumed-role/deployer/one' };
    const { result } = await collect(run(plan, on, new MemoryJournal([beginRecord(plan)])));
    const [failed] = result.failed;
    expect(failed?.reason).toBe(
      'the credentials that came back are of account 999988887777, not 111122223333: nothing more was sent',
    );
    expect(on.role('shared')?.trustPolicy).toBe(irsaRole('shared', 'shop:a', 'shop:b').trustPolicy);
  });

  test('and come back as another role are waited for on', async () => {
    const { on, plan } = scene();
    expireAt(on, 'UpdateAssumeRolePolicy');
    const caller = on.caller.arn;
    on.caller = { ...on.caller, arn: caller.replace('deployer', 'reader') };
    const change = on.clock.sleep(200_000).then(() => {
      on.caller = { ...on.caller, arn: caller };
    });
    const { result, events } = await collect(run(plan, on, new MemoryJournal([beginRecord(plan)]), { caller }));
    await change;
    expect(result).toMatchObject({ done: 6, failed: [] });
    expect(pauses(events).some(reason => reason.includes('/reader/one, but the run began as'))).toBe(true);
    expect(result.milliseconds).toBeGreaterThanOrEqual(200_000);
  });

  test('do not keep a run that is asked to stop', async () => {
    const { on, plan } = scene();
    on.fault = ({ write, operation }) => (write || operation === 'GetCallerIdentity' ? { error: expired } : undefined);
    const stop = new AbortController();
    const events = run(plan, on, new MemoryJournal([beginRecord(plan)]), { signal: stop.signal });
    const seen: RunEvent[] = [];
    for await (const event of events) {
      seen.push(event);
      if (event.type === 'paused') stop.abort();
    }
    const last = seen.at(-1);
    expect(last).toMatchObject({ type: 'finished', result: { done: 0 } });
    expect(on.facts.associations).toEqual([]);
  });
});

test('a trust policy that was sent twice over is still one edit', async () => {
  const { on, plan } = scene();
  const journal = new MemoryJournal([beginRecord(plan)]);
  let left = 2;
  on.fault = ({ operation }) => {
    if (operation !== 'UpdateAssumeRolePolicy' || left === 0) return undefined;
    left -= 1;
    return { error: problem('unreachable') };
  };
  await collect(run(plan, on, journal));
  const priors = journal.records.filter(record => record.type === 'before' && record.id === 'trust:shared');
  expect(priors).toHaveLength(1);
  const edit = actions(plan.root).find(({ id }) => id === 'trust:shared')?.action;
  if (edit?.type !== 'edit-trust') throw new Error('no such edit');
  expect(sameDocument(on.role('shared')?.trustPolicy ?? '', edit.request.PolicyDocument)).toBe(true);
});
