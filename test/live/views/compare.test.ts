import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reading, read, unread } from '../../../source/identity/reading.ts';
import type { ServiceAccountRow } from '../../../source/live/model.ts';
import { acrossClusters, compareSubject, type Drift, FleetDrift } from '../../../source/live/views/compare.ts';
import { byText } from '../../../source/live/views/row-table.ts';
import { anAssociation, arnOf, roleArn } from '../facts.ts';

type Given = {
  readonly role?: string;
  readonly irsa?: string;
  readonly target?: string;
  readonly tagsOff?: boolean;
  readonly policy?: string;
  /** The association, or the cluster's own service accounts, were not read. */
  readonly blind?: 'association' | 'cluster';
};

function row(cluster: string, given: Given, subject = 'payments/api'): ServiceAccountRow {
  const [namespace = '', name = ''] = subject.split('/');
  const { role, irsa, target, tagsOff = false, policy, blind } = given;
  const association: Reading<ReturnType<typeof anAssociation> | undefined> =
    blind === 'association'
      ? unread
      : read(
          role === undefined
            ? undefined
            : anAssociation(cluster, subject, role, {
                disableSessionTags: tagsOff,
                ...(target ? { targetRoleArn: roleArn(target) } : {}),
                ...(policy ? { policy } : {}),
              }),
          1,
        );
  return {
    id: `${arnOf(cluster)}|${subject}`,
    cluster: arnOf(cluster),
    clusterName: cluster,
    namespace,
    name,
    inCluster: blind === 'cluster' ? undefined : true,
    ...(irsa ? { irsaRoleArn: roleArn(irsa) } : {}),
    association,
    pods: undefined,
    podsOnIrsa: undefined,
    health: { level: 'ok', code: 'OK', detail: '', more: 0 },
  };
}

const rows = (...givens: Given[]) => givens.map((given, index) => row(`c${index}`, given));

/** Drift by the cluster's number. */
function drift(...givens: Given[]): Record<number, Drift> {
  const { drift: found } = compareSubject(rows(...givens));
  return Object.fromEntries(
    givens.flatMap((_, index) => {
      const each = found.get(`${arnOf(`c${index}`)}|payments/api`);
      return each ? [[index, each]] : [];
    }),
  );
}

describe('comparing one service account across clusters', () => {
  it('names the majority and who differs from it', () => {
    const found = compareSubject(rows({ role: 'api' }, { role: 'api' }, { role: 'api-us' }, {}, { role: 'api' }));
    expect(found.majority).toBe('api');
    expect(found.roles).toEqual([
      { value: 'api', count: 3 },
      { value: 'api-us', count: 1 },
    ]);
    expect(found.none).toBe(1);
    expect([...found.drift.values()]).toEqual(['ROLE', 'NONE']);
  });

  it('finds nothing where all agree, or there is only one', () => {
    expect(drift({ role: 'api' })).toEqual({});
    expect(drift({ role: 'api' }, { role: 'api' })).toEqual({});
    expect(drift({}, {})).toEqual({});
  });

  it('takes all for different when no role has a majority', () => {
    expect(drift({ role: 'a' }, { role: 'b' })).toEqual({ 0: 'ROLE', 1: 'ROLE' });
  });

  it('counts having none only where most have a role', () => {
    expect(drift({ role: 'a' }, {}, {}, {})).toEqual({});
    expect(drift({ role: 'a' }, {})).toEqual({});
    expect(drift({ role: 'a' }, { role: 'a' }, {})).toEqual({ 2: 'NONE' });
  });

  it('compares names of roles, so that accounts may differ', () => {
    const other = row('c1', { role: 'api' });
    const association = {
      ...anAssociation('c1', 'payments/api', 'api'),
      roleArn: 'arn:aws:iam::444455556666:role/api',
    };
    const found = compareSubject([row('c0', { role: 'api' }), { ...other, association: read(association, 1) }]);
    expect(found.drift.size).toBe(0);
  });

  it('takes roles that are named after their clusters for the same', () => {
    expect(drift({ role: 'c0-dns' }, { role: 'c1-dns' })).toEqual({});
    expect(drift({ role: 'c0-dns' }, { role: 'c0-dns' })).toEqual({ 0: 'ROLE', 1: 'ROLE' });
    expect(compareSubject(rows({ role: 'c0-dns' }, { role: 'c1-dns' })).majority).toBe('(cluster)-dns');
  });

  it('takes no letters of a word for the name of a cluster', () => {
    const found = compareSubject([row('a', { role: 'api' }), row('b', { role: 'bpi' })]);
    expect(found.roles.map(({ value }) => value)).toEqual(['api', 'bpi']);
  });

  it('tells the same role by annotation from one by association', () => {
    expect(drift({ role: 'a' }, { role: 'a' }, { irsa: 'a' })).toEqual({ 2: 'IRSA' });
    expect(drift({ role: 'a' }, { irsa: 'a' })).toEqual({});
  });

  it('looks at target, policy and session tags too', () => {
    const same = { role: 'a', target: 't', policy: '{}' };
    expect(drift(same, same, { role: 'a', policy: '{}' })).toEqual({ 2: 'TARGET' });
    expect(drift(same, same, { role: 'a', target: 't' })).toEqual({ 2: 'POLICY' });
    expect(drift(same, same, { ...same, tagsOff: true })).toEqual({ 2: 'TAGS' });
  });

  it('never takes what was not read for none', () => {
    const found = compareSubject(rows({ role: 'a' }, { role: 'a' }, { blind: 'association' }, { blind: 'cluster' }));
    expect(found.unknown).toBe(2);
    expect(found.none).toBe(0);
    expect(found.drift.size).toBe(0);
  });

  it('does not depend on the order of the clusters', () => {
    const given = fc.record(
      { role: fc.constantFrom('a', 'b'), irsa: fc.constantFrom('a', 'b'), tagsOff: fc.boolean() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(given, { maxLength: 6 }), givens => {
        const all = rows(...givens);
        const sorted = (found: ReadonlyMap<string, Drift>) => [...found].sort(([a], [b]) => byText(a, b));
        expect(sorted(compareSubject([...all].reverse()).drift)).toEqual(sorted(compareSubject(all).drift));
      }),
    );
  });
});

describe('drift of a fleet', () => {
  it('is what comparing each service account finds, and is kept while its rows are the same', () => {
    const drifts = new FleetDrift();
    const one = [row('c0', { role: 'a' }), row('c1', { role: 'b' })];
    const two = [row('c0', { role: 'a' }, 'x/y'), row('c1', { role: 'a' }, 'x/y')];
    const first = drifts.of([...one, ...two]);
    expect([...first.keys()]).toEqual(['payments/api']);
    const changed = row('c1', { role: 'c' }, 'x/y');
    const second = drifts.of([...one, two[0] ?? changed, changed]);
    expect([...second.keys()]).toEqual(['payments/api', 'x/y']);
    expect(second.get('payments/api')).toBe(first.get('payments/api'));
  });

  it('finds a service account in each cluster by its order', () => {
    const subjects = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z', 'é')), {
      selector: pair => pair.join('/'),
    });
    fc.assert(
      fc.property(fc.array(subjects, { minLength: 1, maxLength: 3 }), clusters => {
        const tables = clusters.map((pairs, index) =>
          pairs
            .map(pair => row(`c${index}`, {}, pair.join('/')))
            .sort((a, b) => byText(a.name, b.name) || byText(a.namespace, b.namespace)),
        );
        const model = {
          clusters: () => tables.map((_, index) => ({ id: arnOf(`c${index}`) })) as never,
          serviceAccounts: (cluster?: string) => tables.find((_, index) => arnOf(`c${index}`) === cluster) ?? [],
        };
        for (const namespace of ['a', 'b', 'c']) {
          for (const name of ['x', 'y', 'z', 'é']) {
            const expected = tables.flat().filter(each => each.namespace === namespace && each.name === name);
            expect(acrossClusters(model, namespace, name)).toEqual(expected);
          }
        }
      }),
    );
  });
});
