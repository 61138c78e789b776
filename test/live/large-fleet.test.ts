/** What a fleet costs while it is read must not grow with what others of its clusters say. */
import { afterEach, describe, expect, it } from 'vitest';
import { Store } from '../../source/live/store/store.ts';
import { Views } from '../../source/live/views/views.ts';
import { aCluster, anAssociation, aRole, arnOf, aServiceAccount, roleArn } from './facts.ts';
import { closeRigs, rig } from './rig.ts';
import { TestClock } from './test-clock.ts';

afterEach(closeRigs);

/** A store with one cluster for each name, whose one service account has the role by an association. */
function twoClusters() {
  const clock = new TestClock();
  const store = new Store(clock);
  const views = new Views(store);
  const associate = (name: string) => {
    const facts = store.addCluster(aCluster(name));
    facts.putCluster(aCluster(name), clock.now());
    facts.putServiceAccount(aServiceAccount('shop/api'));
    facts.putSummary(anAssociation(name, 'shop/api', 'shared'));
    facts.putAssociation(anAssociation(name, 'shop/api', 'shared'), clock.now());
    facts.serviceAccountsListed(clock.now());
    facts.associationsListed(clock.now());
  };
  associate('one');
  store.roles.put(roleArn('shared'), { exists: true, role: aRole('shared') }, clock.now());
  store.notifier.flush();
  return { clock, store, views, associate };
}

describe('a role that another cluster comes to name', () => {
  it('leaves the rows of those that name it already as they are', () => {
    const { store, views, associate } = twoClusters();
    const before = views.of(arnOf('one'))?.serviceAccounts()[0];
    associate('two');
    store.notifier.flush();
    expect(views.of(arnOf('one'))?.serviceAccounts()[0]).toBe(before);
  });

  it('tells in its own row how many clusters name it, within a second', async () => {
    const { clock, store, views, associate } = twoClusters();
    const named = () => views.of(arnOf('one'))?.roles()[0]?.clusters;
    expect(named()).toBe(1);
    const stop = new AbortController();
    const running = store.notifier.run(stop.signal).catch(() => undefined);
    for (const name of ['two', 'three']) {
      associate(name);
      await clock.pass(300);
    }
    await clock.pass(1_000);
    expect(named()).toBe(3);
    store.removeCluster(arnOf('three'));
    await clock.pass(1_000);
    expect(named()).toBe(2);
    stop.abort();
    await running;
  });

  it('tells what is read of it in the rows of all of them', () => {
    const { clock, store, views, associate } = twoClusters();
    associate('two');
    store.notifier.flush();
    const codes = () => ['one', 'two'].map(name => views.of(arnOf(name))?.serviceAccounts()[0]?.health.code);
    expect(codes()).not.toContain('ROLE');
    store.roles.put(roleArn('shared'), { exists: false }, clock.now());
    store.notifier.flush();
    expect(codes()).toEqual(['ROLE', 'ROLE']);
  });
});

describe('a large fleet', () => {
  const many = 6_000;
  const large = (opened: boolean) => {
    const made = rig(world => {
      world.add(aCluster('other'));
      const cluster = world.add(aCluster('large'));
      for (let n = 0; n < many; n += 1) {
        const association = anAssociation('large', `shop/sa-${n}`, 'shared');
        cluster.associations.set(association.id, association);
      }
    });
    made.model.focus(opened ? { cluster: arnOf('large') } : {});
    return made;
  };
  const changes = async ({ world, clock, notified }: ReturnType<typeof rig>) => {
    await clock.pass(120_000);
    const before = notified();
    const accounts = world.clusters.get('large')?.serviceAccounts;
    for (let n = 0; n < 100; n += 1) {
      accounts?.put(aServiceAccount(`shop/sa-${n}`));
      await clock.pass(20);
    }
    return notified() - before;
  };

  it('is shown a few times a second where nobody looks inside', async () => {
    expect(await changes(large(false))).toBeLessThanOrEqual(10);
  });

  it('is shown twenty times a second where somebody does', async () => {
    expect(await changes(large(true))).toBeGreaterThanOrEqual(30);
  });
});
