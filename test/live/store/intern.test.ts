import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactAssociation, compactServiceAccount, compactSummary } from '../../../source/live/store/compact.ts';
import { Pool } from '../../../source/live/store/intern.ts';
import { anAssociation, aServiceAccount } from '../facts.ts';

describe('the pool', () => {
  it('gives one object for equal records and never confuses others', () => {
    const record = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 3 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (records, roundSize) => {
        const pool = new Pool(roundSize);
        for (const each of records) expect(pool.record(each)).toEqual(each);
      }),
    );
    const pool = new Pool();
    expect(pool.record({ a: '1' })).toBe(pool.record({ a: '1' }));
    expect(pool.record({})).toBe(pool.record({}));
  });

  it('forgets what was not seen for two rounds, so that it stays small', () => {
    const pool = new Pool(10);
    const kept = pool.record({ team: 'a' });
    for (let n = 0; n < 30; n += 1) pool.record({ n: `${n}` });
    expect(pool.record({ team: 'a' })).not.toBe(kept);
  });
});

describe('facts as they are kept', () => {
  it('say what was told', () => {
    const pool = new Pool();
    const association = anAssociation('one', 'shop/api', 'api', { tags: { a: 'b' }, createdAt: 1, policy: '{}' });
    const { id, arn, namespace, serviceAccount } = association;
    const summary = compactSummary({ id, arn, namespace, serviceAccount }, pool);
    expect(summary).toEqual({ id, arn, namespace, serviceAccount });
    expect(compactAssociation(association, summary, pool)).toEqual(association);
    const account = aServiceAccount('shop/api', 'api');
    expect(compactServiceAccount(account, pool)).toEqual(account);
  });

  it('leave out the copy of itself that kubectl apply keeps in an account', () => {
    const account = aServiceAccount('shop/api');
    const annotations = { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{"long":"text"}' };
    expect(compactServiceAccount({ ...account, annotations }, new Pool()).annotations).toEqual({ team: 'a' });
  });
});
