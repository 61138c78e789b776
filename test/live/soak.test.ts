import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveModel } from '../../source/live/create.ts';
import type { LiveModel } from '../../source/live/model.ts';
import { aCluster, anAssociation, arnOf, aServiceAccount } from './facts.ts';
import { FakeWorld } from './fake-world.ts';
import { TestClock } from './test-clock.ts';

let model: LiveModel | undefined;
afterEach(() => model?.close());

const subjects = Array.from({ length: 40 }, (_, index) => `team-${index % 4}/app-${index}`);

describe('an hour of others’ changes', () => {
  it('ends with the facts of the world, and leaves no timer, call or port behind', async () => {
    const world = new FakeWorld();
    const clock = new TestClock();
    for (const name of ['one', 'two', 'three']) {
      const cluster = world.add(aCluster(name));
      for (const subject of subjects) {
        cluster.associate(anAssociation(name, subject, 'api'));
        cluster.serviceAccounts.put(aServiceAccount(subject));
      }
    }
    const before = process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length;
    model = createLiveModel(world, { clock, random: () => 0.5 });
    model.focus({ cluster: arnOf('two') });
    for (let minute = 0; minute < 60; minute += 1) {
      for (const [index, name] of ['one', 'two', 'three'].entries()) {
        const cluster = world.clusters.get(name);
        const subject = subjects[(minute * 7 + index) % subjects.length] ?? '';
        cluster?.associate(anAssociation(name, subject, `role-${minute}`));
        cluster?.serviceAccounts.put(aServiceAccount(subject, minute % 2 ? 'api' : undefined, `${minute}`));
        if (minute % 3 === 0) cluster?.associations.delete(`a-${(subjects[minute % 40] ?? '').replace('/', '-')}`);
      }
      model.focus({ cluster: arnOf(['one', 'two', 'three'][minute % 3] ?? 'one') });
      await clock.pass(60_000);
      world.calls.length = 0;
    }
    await clock.pass(400_000);
    for (const name of ['one', 'two', 'three']) {
      const { associations, serviceAccounts } = world.clusters.get(name) ?? new FakeWorld().add(aCluster('none'));
      const rows = model.associations(arnOf(name));
      expect(rows.map(row => row.associationId).sort()).toEqual([...associations.keys()].sort());
      for (const { association, associationId } of rows)
        expect(association).toMatchObject({ state: 'read', value: associations.get(associationId) });
      expect(model.serviceAccounts(arnOf(name)).filter(row => row.inCluster)).toHaveLength(serviceAccounts.items.size);
      expect(rows.some(row => row.mark)).toBe(false);
    }
    expect(model.log().length).toBeLessThanOrEqual(500);
    await model.close();
    await turn();
    expect([
      world.active,
      clock.sleeping,
      [...world.clusters.values()].reduce((sum, { open }) => sum + open, 0),
    ]).toEqual([0, 0, 0]);
    expect(process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length).toBeLessThanOrEqual(before);
  });
});
