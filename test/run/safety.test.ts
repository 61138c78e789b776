import fc from 'fast-check';
import { expect, test } from 'vitest';
import { effectiveIdentity } from '../../source/identity/effective-identity.ts';
import { read } from '../../source/identity/reading.ts';
import { type Subject, subjectText } from '../../source/identity/scope.ts';
import { actions } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { execute } from '../../source/run/executor.ts';
import { cluster, podsStatement, policy, runs, seed, webStatement } from '../identity/policies.ts';
import { type Facts, facts, readAt, role, roleArn, serviceAccount, snapshotOf, stack } from '../plan/world.ts';
import { FakeClock } from './fake-clock.ts';
import { collect, FakeWorld, problem } from './fakes.ts';

console.log(`safety properties: seed ${seed}`);

const migrate = { command: 'migrate', removeOidcProviderTrust: true } as const;

/** What a new pod of the service account gets, and whether it gets it. */
function identityIn(world: Facts, subject: Subject): string {
  const snapshot = snapshotOf(world);
  const same = (each: Subject) => subjectText(each) === subjectText(subject);
  const identity = effectiveIdentity({
    cluster,
    subject,
    serviceAccount: read(world.serviceAccounts.find(same), readAt),
    association: read(world.associations.find(same), readAt),
    role: arn => snapshot.roles.get(arn) ?? read({ exists: false }, readAt),
    agent: snapshot.agent,
    oidcProvider: snapshot.oidcProvider,
  });
  return identity.kind === 'role' ? `${identity.path.roleArn} ${identity.path.verdict}` : identity.kind;
}

/** Web identity is what pods live by that were started before: it must work all the time. */
const works = (text: string) => text.endsWith(' yes');

const worlds = fc.record({
  agent: fc.constantFrom<Facts['agent']>(
    { kind: 'missing' },
    { kind: 'auto-mode' },
    { kind: 'addon', version: 'v1', status: 'DEGRADED', issues: [] },
    { kind: 'daemonset', namespace: 'a', name: 'b', rollout: { desired: 3, ready: 2 } },
  ),
  users: fc.array(fc.constantFrom('r0', 'r1', 'r2', 'r3'), { minLength: 1, maxLength: 6 }),
  extra: fc.array(
    fc.constantFrom(
      podsStatement(),
      podsStatement({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'elsewhere' } }),
      { ...podsStatement(), Action: 'sts:AssumeRole' },
      { ...podsStatement(), Effect: 'Deny' },
      webStatement('x:y', 'oidc.example/other'),
    ),
    { maxLength: 2 },
  ),
  owned: fc.boolean(),
});

type Shape = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function build({ agent, users, extra, owned }: Shape): FakeWorld {
  const names = ['r0', 'r1', 'r2', 'r3'];
  const subjects = users.map((name, index) => ({ subject: `shop/s${index}`, name }));
  const mine = (name: string) =>
    subjects.filter(each => each.name === name).map(({ subject }) => webStatement(subject.replace('/', ':')));
  const roles = names.map((name, index) =>
    role(name, policy(...mine(name), ...(index % 2 === 0 ? extra : []), webStatement('filler:x'))),
  );
  const on = new FakeWorld(
    facts({
      agent,
      roles,
      serviceAccounts: subjects.map(({ subject, name }) => serviceAccount(subject, roleArn(name))),
      stacks: owned ? new Map([['r1', stack('r1')]]) : new Map(),
    }),
    new FakeClock(),
  );
  const trust = JSON.parse(roles[1]?.trustPolicy ?? '{}');
  const Role1 = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } };
  on.templates.set(stack('r1').stackName, JSON.stringify({ Resources: { Role1 } }));
  return on;
}

const kinds = fc.constantFrom('none', 'none', 'none', 'before', 'after', 'denied', 'throttled');

test('property: under any faults no service account loses its role, at no moment; and trying again completes it', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.infiniteStream(kinds), fc.boolean(), async (shape, faults, stops) => {
      const on = build(shape);
      const subjects = on.facts.serviceAccounts.map(({ namespace, serviceAccount: name }) => ({
        namespace,
        serviceAccount: name,
      }));
      const before = new Map(subjects.map(subject => [subject, identityIn(on.facts, subject)]));
      const watch = () => {
        for (const [subject, was] of before) {
          if (works(was)) expect(identityIn(on.facts, subject)).toBe(was);
          // Running pods: the web identity that they were born with goes on working.
          const bare = { ...on.facts, associations: [] };
          if (works(was)) expect(identityIn(bare, subject)).toBe(was);
        }
      };
      const stop = new AbortController();
      let calls = 0;
      on.fault = () => {
        watch();
        calls += 1;
        if (stops && calls === 7) stop.abort();
        const kind = faults.next().value;
        if (kind === 'none') return undefined;
        if (kind === 'before' || kind === 'after') return { error: problem('server'), after: kind === 'after' };
        return { error: problem(kind === 'denied' ? 'denied' : 'throttled') };
      };
      const run = async () => {
        const plan = planFor(snapshotOf(on.facts), migrate);
        return collect(execute(plan, on.ports(), { clock: on.clock, runId: 'r', signal: stop.signal }));
      };
      await run();
      await on.rest();
      watch();

      on.fault = () => {
        watch();
        return undefined;
      };
      const plan = planFor(snapshotOf(on.facts), migrate);
      const { result } = await collect(execute(plan, on.ports(), { clock: on.clock, runId: 'r2' }));
      expect(result.failed).toEqual([]);
      watch();
      const writes = on.writes.length;
      const last = planFor(snapshotOf(on.facts), migrate);
      expect(actions(last.root)).toEqual([]);
      await collect(execute(last, on.ports(), { clock: on.clock, runId: 'r3' }));
      expect(on.writes).toHaveLength(writes);
    }),
    { ...runs, numRuns: 200 },
  );
});
