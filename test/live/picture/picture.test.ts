import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastKnown } from '../../../source/identity/reading.ts';
import { createLiveModel } from '../../../source/live/create.ts';
import type { LiveModel } from '../../../source/live/model.ts';
import type { LiveWorld } from '../../../source/live/world.ts';
import { aCluster, aNamespace, anAssociation, aRole, arnOf, aServiceAccount } from '../facts.ts';
import { FakeWorld } from '../fake-world.ts';
import { TestClock } from '../test-clock.ts';

const one = arnOf('one');
let directory: string;
let open: LiveModel[];

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'podid-picture-'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map(model => model.close()));
  await rm(directory, { recursive: true, force: true });
});

function shop(): FakeWorld {
  const world = new FakeWorld();
  const cluster = world.add(aCluster('one'));
  cluster.associate(anAssociation('one', 'shop/api', 'api'), anAssociation('one', 'shop/old', 'api'));
  cluster.namespaces.put(aNamespace('shop'));
  cluster.serviceAccounts.put({
    ...aServiceAccount('shop/api'),
    annotations: { note: 'token=s3cr3t' },
    labels: { app: 'api' },
  });
  world.roles.set('api', aRole('api'));
  return world;
}

function sit(world: LiveWorld | Promise<LiveWorld>, offline = false) {
  const clock = new TestClock();
  const model = createLiveModel(world, { clock, random: () => 0.5, picture: { directory, offline } });
  open.push(model);
  return { clock, model };
}

/** The files are read with the real file system, whose turns the test's clock does not know. */
async function until(condition: () => boolean, clock: TestClock): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end && !condition(); ) {
    await new Promise(resolve => setTimeout(resolve, 1));
    await clock.pass(1);
  }
  expect(condition()).toBe(true);
}

async function firstSitting(world = shop()): Promise<void> {
  const { clock, model } = sit(world);
  await clock.pass(2_000);
  await model.close();
}

const nobody = new Promise<LiveWorld>(() => {});

describe('the last seen picture', () => {
  it('is shown before anything is read, as not fresh and with its age', async () => {
    await firstSitting();
    const { clock, model } = sit(nobody);
    await until(() => model.associations(one).length === 2, clock);
    const row = model.associations(one)[0];
    expect(row?.association).toMatchObject({ state: 'failed', last: { value: { roleArn: expect.any(String) } } });
    expect(lastKnown(row?.association ?? { state: 'unread' })?.at).toBeGreaterThan(0);
    expect(row?.health.level).not.toBe('ok');
    expect(model.clusters()[0]).toMatchObject({ name: 'one', associations: 2 });
  });

  it('is replaced by what is read, without marks or lines for what is the same', async () => {
    await firstSitting();
    const world = shop();
    world.clusters.get('one')?.associations.delete('a-shop-old');
    world.held.add('ListClusters');
    const { clock, model } = sit(world);
    await until(() => model.associations(one).length === 2, clock);
    world.release('ListClusters');
    await until(() => model.clusters()[0]?.health.level === 'ok', clock);
    expect(model.associations(one).map(row => [row.serviceAccount, row.association.state, row.mark])).toEqual([
      ['api', 'read', undefined],
    ]);
    expect(model.serviceAccounts(one).every(row => row.mark === undefined)).toBe(true);
    expect(model.log().map(line => line.text)).toEqual(['association of shop/old is gone (a-shop-old)']);
  });

  it('forgets a cluster that the account has no more', async () => {
    await firstSitting();
    const world = new FakeWorld();
    world.add(aCluster('two'));
    const { clock, model } = sit(world);
    await until(
      () =>
        model
          .clusters()
          .map(row => row.name)
          .join() === 'two',
      clock,
    );
  });

  it('forgets clusters that nobody reads any more, as when a profile now names another region', async () => {
    await firstSitting();
    const elsewhere = new FakeWorld();
    elsewhere.add(aCluster('two', { region: 'us-east-1', arn: 'arn:aws:eks:us-east-1:111122223333:cluster/two' }));
    const sessions = elsewhere.sessions.map(session => ({ ...session, region: 'us-east-1' }));
    elsewhere.held.add('ListClusters');
    const kubernetesFor = elsewhere.kubernetesFor.bind(elsewhere);
    const { clock, model } = sit({ sessions, kubernetesFor });
    const names = () => model.clusters().map(row => row.name);
    await until(() => names().join() === 'one', clock);
    elsewhere.release('ListClusters');
    await until(() => names().join() === 'two', clock);
  });

  it('of another account is taken away once it is known who calls', async () => {
    await firstSitting();
    const index = path.join(directory, 'index.json');
    const { encode } = await import('../../../source/live/picture/file.ts');
    const body = JSON.parse((await readFile(index, 'utf8')).split('\n')[1] ?? '');
    await writeFile(index, encode({ ...body, account: '999999999999' }));
    const world = shop();
    world.clusters.clear();
    world.held.add('ListClusters');
    const { clock, model } = sit(world);
    await until(() => model.caller().state === 'read', clock);
    await until(() => model.clusters().length === 0, clock);
  });

  it('is shown alone when offline: nothing is called, and it stays as it is', async () => {
    await firstSitting();
    const before = await readFile(path.join(directory, 'index.json'), 'utf8');
    const world = shop();
    world.calls.length = 0;
    const { clock, model } = sit(world, true);
    await until(() => model.associations(one).length === 2, clock);
    await until(() => model.sources()[0]?.state === 'stale', clock);
    await clock.pass(200_000);
    expect(world.calls).toEqual([]);
    expect(model.sources()).toMatchObject([{ state: 'stale', at: expect.any(Number) }]);
    await model.close();
    expect(await readFile(path.join(directory, 'index.json'), 'utf8')).toBe(before);
  });

  it('is written again only where something else is known', async () => {
    const world = shop();
    world.add(aCluster('two'));
    const { clock, model } = sit(world);
    /** The next saving is over, and these are the times of its files. */
    const saved = async () => {
      const index = () => readFile(path.join(directory, 'index.json'), 'utf8').catch(() => '');
      const before = await index();
      while ((await index()) === before) await clock.pass(1_000);
      const names = (await readdir(directory)).filter(name => /^(roles|cluster-\w+)\.json$/.test(name));
      const timeOf = async (name: string) => (await stat(path.join(directory, name), { bigint: true })).mtimeNs;
      return new Map(await Promise.all(names.map(async name => [name, await timeOf(name)] as const)));
    };
    await saved();
    const first = await saved();
    const again = await saved();
    expect(first.size).toBe(3);
    expect(again).toEqual(first);
    world.clusters.get('two')?.serviceAccounts.put(aServiceAccount('shop/new'));
    const second = await saved();
    const changed = [...second.keys()].filter(name => second.get(name) !== first.get(name));
    expect(changed).toEqual([expect.stringMatching(/^cluster-/)]);
    world.roles.set('api', aRole('api', '{}'));
    model.refresh();
    expect((await saved()).get('roles.json')).not.toBe(first.get('roles.json'));
  });

  it('holds no annotation that decides nothing, and no label', async () => {
    await firstSitting();
    const texts = await Promise.all(
      (await readdir(directory)).map(name => readFile(path.join(directory, name), 'utf8')),
    );
    expect(texts.join()).toContain('a-shop-api');
    expect(texts.join()).not.toMatch(/s3cr3t|"app"/);
  });

  it('never keeps a sitting from starting, whatever is in its files', async () => {
    await firstSitting();
    const files = await readdir(directory);
    const { encode } = await import('../../../source/live/picture/file.ts');
    const spoiled = ['', '{', '\u0000'.repeat(50), encode(null), encode({ clusters: [null] }), encode([]), encode(7)];
    for (const text of [...spoiled, encode({ ref: { arn: one }, associations: { value: [null], at: 'x' } })]) {
      for (const name of files) {
        const whole = await readFile(path.join(directory, name), 'utf8');
        await writeFile(path.join(directory, name), text);
        const { clock, model } = sit(shop());
        await until(() => model.associations(one).length === 2, clock);
        await model.close();
        await writeFile(path.join(directory, name), whole);
      }
    }
  });

  it('is kept again in a sitting that could not show the one before', async () => {
    await firstSitting();
    const { encode } = await import('../../../source/live/picture/file.ts');
    const index = path.join(directory, 'index.json');
    await writeFile(index, encode({ account: '111122223333', clusters: [null] }));
    const { clock, model } = sit(shop());
    await until(() => model.associations(one).length === 2, clock);
    await until(() => readFileSync(index, 'utf8').includes(one), clock);
    await model.close();
  });
});
