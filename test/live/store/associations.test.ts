import { expect, it } from 'vitest';
import { Store } from '../../../source/live/store/store.ts';
import { aCluster, anAssociation } from '../facts.ts';
import { TestClock } from '../test-clock.ts';

const addon = 'arn:aws:eks:eu-west-1:111122223333:addon/one/ebs-csi/1';

it('tells of a new owner once, whether a list or a description tells of it first', () => {
  const facts = new Store(new TestClock()).addCluster(aCluster('one'));
  const before = anAssociation('one', 'shop/api', 'api');
  const owned = { ...before, ownerArn: addon };
  const listedAs = ({ id, arn, namespace, serviceAccount, ownerArn }: typeof before) =>
    facts.putSummary({ id, arn, namespace, serviceAccount, ...(ownerArn !== undefined && { ownerArn }) });
  listedAs(before);
  facts.putAssociation(before, 1);
  facts.associationsListed(1);

  expect([listedAs(owned), listedAs(owned), facts.putAssociation(owned, 2), listedAs(owned)]).toEqual([
    'changed',
    'same',
    'changed',
    'same',
  ]);
  expect(facts.associations.get(before.id)?.summary.ownerArn).toBe(addon);
  expect([facts.putAssociation(before, 3), listedAs(before), listedAs(before)]).toEqual(['changed', 'changed', 'same']);
  expect(facts.associations.get(before.id)?.summary.ownerArn).toBeUndefined();
});
