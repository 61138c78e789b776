/** What an account is called: asked once, and not to be told is not the same as having no name. */
import { afterEach, expect, test } from 'vitest';
import { aCluster, account } from './facts.ts';
import { closeRigs, rig } from './rig.ts';

afterEach(closeRigs);

const asked = (world: ReturnType<typeof rig>['world']) => world.called('ListAccountAliases').length;

test('it is unread until told, and asked once for all the sitting', async () => {
  const { model, clock, world } = rig(made => {
    made.alias = 'acme-prod';
    made.held.add('ListAccountAliases');
  });
  await clock.pass(1_000);
  expect(model.accountAlias(account)).toEqual({ state: 'unread' });
  world.release('ListAccountAliases');
  await clock.pass(1_000);
  expect(model.accountAlias(account)).toMatchObject({ state: 'read', value: 'acme-prod' });
  await clock.pass(24 * 3_600_000);
  expect(asked(world)).toBe(1);
});

test('an account without a name is read, one that may not be asked is failed, and its source is none the worse', async () => {
  const { model, clock } = rig();
  await clock.pass(1_000);
  expect(model.accountAlias(account)).toMatchObject({ state: 'read', value: undefined });

  const other = rig(world => {
    world.add(aCluster('one'));
    world.failures.set('ListAccountAliases', { kind: 'denied', message: 'not authorized.' });
  });
  await other.clock.pass(1_000);
  expect(other.model.accountAlias(account)).toMatchObject({ state: 'failed', failure: { kind: 'denied' } });
  expect(other.model.sources().filter(({ state }) => state === 'failed')).toEqual([]);
  await other.clock.pass(3_600_000);
  expect(asked(other.world)).toBe(1);
  other.world.failures.clear();
  other.world.alias = 'acme';
  other.model.refresh();
  await other.clock.pass(1_000);
  expect(other.model.accountAlias(account)).toMatchObject({ state: 'read', value: 'acme' });
});

test('what cannot be reached is asked again by itself', async () => {
  const { model, clock, world } = rig(made => {
    made.failures.set('ListAccountAliases', { kind: 'unreachable', message: 'no answer.' });
  });
  await clock.pass(500);
  expect(model.accountAlias(account)).toMatchObject({ state: 'failed' });
  world.failures.clear();
  await clock.pass(5_000);
  expect(model.accountAlias(account)).toMatchObject({ state: 'read' });
});
