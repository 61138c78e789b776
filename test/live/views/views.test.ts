import { expect, it } from 'vitest';
import { Store } from '../../../source/live/store/store.ts';
import { Views } from '../../../source/live/views/views.ts';
import { aCluster, anAssociation, arnOf, aServiceAccount } from '../facts.ts';
import { TestClock } from '../test-clock.ts';

it('shows a cluster that was forgotten and found again between two looks as it is now', () => {
  const store = new Store(new TestClock());
  const views = new Views(store);
  const before = store.addCluster(aCluster('one'));
  before.putSummary(anAssociation('one', 'shop/old', 'api'));
  before.putServiceAccount(aServiceAccount('shop/old'));
  store.notifier.flush();
  expect(views.of(arnOf('one'))?.associations()).toHaveLength(1);

  store.removeCluster(arnOf('one'));
  store.addCluster(aCluster('one')).putServiceAccount(aServiceAccount('shop/new'));
  store.notifier.flush();
  expect(
    views
      .of(arnOf('one'))
      ?.serviceAccounts()
      .map(({ name }) => name),
  ).toEqual(['new']);
  expect(views.of(arnOf('one'))?.associations()).toEqual([]);
});
