import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterFacts } from '../../../source/live/store/cluster.ts';
import { Store } from '../../../source/live/store/store.ts';
import { Views } from '../../../source/live/views/views.ts';
import {
  aCluster,
  account,
  aNamespace,
  anAssociation,
  aPod,
  aRole,
  arnOf,
  aServiceAccount,
  providerOf,
  roleArn,
  webTrust,
} from '../facts.ts';
import { TestClock } from '../test-clock.ts';

const at = 1_000;
const one = aCluster('one');
const subjects = ['a/x', 'a/y', 'b/x', 'b/y'] as const;
const roles = ['r1', 'r2'] as const;

/** What there is in the end, for each thing that can be; undefined: nothing. */
type World = {
  readonly accounts: readonly (string | null | undefined)[];
  readonly associations: readonly (string | undefined)[];
  readonly doubles: readonly (string | undefined)[];
  readonly pods: readonly ('none' | 'irsa' | 'pod-identity' | undefined)[];
  readonly namespaces: readonly boolean[];
  readonly roles: readonly ('pods' | 'web' | 'missing')[];
  readonly provider: boolean;
};

const perSubject = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.array(arbitrary, { minLength: subjects.length, maxLength: subjects.length });

const worlds: fc.Arbitrary<World> = fc.record({
  accounts: perSubject(fc.constantFrom(undefined, null, ...roles)),
  associations: perSubject(fc.constantFrom(undefined, ...roles)),
  doubles: perSubject(fc.constantFrom(undefined, undefined, ...roles)),
  pods: perSubject(fc.constantFrom('none' as const, 'irsa' as const, 'pod-identity' as const, undefined)),
  namespaces: fc.tuple(fc.boolean(), fc.boolean()),
  roles: fc.tuple(...roles.map(() => fc.constantFrom('pods' as const, 'web' as const, 'missing' as const))),
  provider: fc.boolean(),
});

type Step = (store: Store, facts: ClusterFacts) => void;

/** Independent steps that bring a model, whatever it knows, to know `world`. */
function steps(world: World): readonly (readonly Step[])[] {
  return [
    ...subjects.map((subject, n) => [account_(subject, world.accounts[n])]),
    ...subjects.map((subject, n) => association(subject, `a-1-${n}`, world.associations[n])),
    ...subjects.map((subject, n) => association(subject, `a-0-${n}`, world.doubles[n])),
    ...subjects.map((subject, n) => [pod(subject, world.pods[n])]),
    ...['a', 'b'].map((name, n) => [namespace(name, world.namespaces[n] === true)]),
    [oidc(world.provider)],
    [(_, facts) => void facts.putCluster(one, at)],
    [(_, facts) => void facts.putAgent({ kind: 'auto-mode' }, at)],
  ];
}

const account_ = (subject: string, role: string | null | undefined): Step => {
  if (role === undefined) return (_, facts) => void facts.deleteServiceAccount(subject);
  return (_, facts) => void facts.putServiceAccount(aServiceAccount(subject, role ?? undefined));
};

/** Listed before described, as in life. */
function association(subject: string, id: string, role: string | undefined): Step[] {
  if (role === undefined) return [(_, facts) => void facts.deleteAssociation(id)];
  const whole = anAssociation('one', subject, role, { id });
  const { namespace, serviceAccount, arn } = whole;
  return [
    (_, facts) => void facts.putSummary({ id, arn, namespace, serviceAccount }),
    (_, facts) => void facts.putAssociation(whole, at),
  ];
}

const pod = (subject: string, mechanism: World['pods'][number]): Step => {
  if (mechanism === undefined) return (_, facts) => facts.deletePod(`uid-${subject}`);
  return (_, facts) => facts.putPod(aPod(subject, subject, mechanism));
};

const namespace = (name: string, there: boolean): Step =>
  there ? (_, facts) => void facts.putNamespace(aNamespace(name)) : (_, facts) => void facts.deleteNamespace(name);

const oidc =
  (there: boolean): Step =>
  store =>
    store.putOidcProviders(account, there ? [providerOf('one')] : [], at);

/** Roles can only be told once somebody names them. */
function tellRoles(store: Store, world: World): void {
  roles.forEach((name, n) => {
    const state = world.roles[n];
    const arn = roleArn(name);
    if (state === 'missing') store.roles.put(arn, { exists: false }, at);
    else {
      const trust = state === 'web' ? webTrust('one', 'a/x') : undefined;
      store.roles.put(arn, { exists: true, role: aRole(name, trust) }, at);
    }
  });
}

function listAll(facts: ClusterFacts): void {
  facts.namespacesListed(at);
  facts.serviceAccountsListed(at);
  facts.associationsListed(at);
  facts.podsListed(at);
}

function rowsOf(store: Store, views: Views) {
  // Marks of what changed tell a history; they are shown for a while only.
  for (const facts of store.clusters()) facts.forgetOldMarks(Number.POSITIVE_INFINITY);
  store.notifier.flush();
  const view = views.of(arnOf('one'));
  return {
    clusters: views.clusters(),
    fleet: views.associations(undefined),
    namespaces: view?.namespaces(),
    serviceAccounts: view?.serviceAccounts(),
    associations: view?.associations(),
    roles: view?.roles(),
    inA: view?.serviceAccounts('a'),
  };
}

/** A model told the facts once, in a fixed order, and asked once. */
function fresh(world: World) {
  const store = new Store(new TestClock());
  const facts = store.addCluster(one);
  for (const sequence of steps(world)) for (const step of sequence) step(store, facts);
  tellRoles(store, world);
  listAll(facts);
  return rowsOf(store, new Views(store));
}

/** Sequences interleaved as `choices` say; the order within each is kept. */
function interleaved(sequences: readonly (readonly Step[])[], choices: readonly number[]): Step[] {
  const left = sequences.map(sequence => [...sequence]).filter(sequence => sequence.length > 0);
  const order: Step[] = [];
  for (let n = 0; left.length > 0; n += 1) {
    const index = (choices[n % choices.length] ?? 0) % left.length;
    const step = left[index]?.shift();
    if (step) order.push(step);
    if (left[index]?.length === 0) left.splice(index, 1);
  }
  return order;
}

describe('the rows', () => {
  it('follow from the facts, in whatever order these came and whatever was there before', () => {
    fc.assert(
      fc.property(
        worlds,
        worlds,
        fc.array(fc.nat(50), { minLength: 5, maxLength: 60 }),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 20 }),
        (before, after, choices, looks) => {
          const store = new Store(new TestClock());
          const views = new Views(store);
          const facts = store.addCluster(one);
          for (const world of [before, after]) {
            interleaved(steps(world), choices).forEach((step, n) => {
              step(store, facts);
              // Rows are asked for at odd times, with changes that are not committed yet.
              if (looks[n % looks.length]) rowsOf(store, views);
            });
            tellRoles(store, world);
            listAll(facts);
          }
          expect(rowsOf(store, views)).toEqual(fresh(after));
        },
      ),
      { numRuns: 150 },
    );
  });
});
