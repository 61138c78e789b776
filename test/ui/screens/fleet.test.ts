import { afterEach, describe, expect, it } from 'vitest';
import { read } from '../../../source/identity/reading.ts';
import {
  accountRow,
  association,
  associationRow,
  clusterArn,
  clusterRow,
  denied,
  FakeModel,
  prod,
  roleRow,
  source,
  start,
} from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const clusters = ['prod-eu-1', 'prod-eu-2', 'prod-us-1'] as const;

/** `payments/api` in three clusters, in one of them with another role; `payments/web` alike in two. */
function fleet(): FakeModel {
  const model = new FakeModel();
  const give = (cluster: string, name: string, role: string) => {
    const arn = clusterArn(cluster);
    const found = association('payments', name, role);
    const id = `${found.id.slice(0, -1)}${cluster.at(-1)}`;
    model.associationRows = [...model.associationRows, associationRow(arn, { ...found, id })];
    model.accountRows = [
      ...model.accountRows,
      accountRow(arn, 'payments', name, { inCluster: true, association: read(found, start) }),
    ];
  };
  model.clusterRows = clusters.map(name => clusterRow(name));
  for (const cluster of clusters) give(cluster, 'api', cluster === 'prod-us-1' ? 'api-us' : 'api');
  for (const cluster of clusters.slice(0, 2)) give(cluster, 'web', 'web');
  model.sourceStates = [source('eks', 'eu-west-1'), source('iam', '1')];
  return model;
}

async function openFleet(more: Parameters<typeof openScreen>[0] = {}) {
  screen = await openScreen({ model: fleet(), ...more });
  await screen.press('A');
  await screen.see('associations(@all/all)[5]');
}

describe('the rows of every cluster', () => {
  it('name their cluster, and say where a service account differs from the others', async () => {
    await openFleet();
    expect(screen.text()).toMatch(/CLUSTER +REGION +ACCT +NAMESPACE/);
    expect(screen.text()).toMatch(/prod-us-1 +eu-west-1 +3333 +payments +api +api-us .*≠ ROLE/);
    expect(screen.text()).not.toMatch(/prod-eu-1 .*≠/);
  });

  it('compare the service account under the cursor', async () => {
    await openFleet();
    await screen.press('=');
    await screen.see('compare  payments/api across 3 clusters');
    expect(screen.text()).toMatch(/role +api x2 +api-us x1 +majority: api/);
    expect(screen.text()).toMatch(/prod-us-1 +eu-west-1 +3333 +api-us +tags +≠ ROLE/);
    await screen.press('=');
    await screen.lose('compare  payments/api');
  });

  it('show only what differs when asked, and say so when nothing does', async () => {
    await openFleet();
    await screen.press('D');
    await screen.see('associations(@all/all)[3 of 5]');
    expect(screen.text()).not.toMatch(/payments +web/);
    await screen.press('D');
    await screen.see('associations(@all/all)[5]');
    const { model } = screen;
    model.accountRows = model.accountRows.filter(row => row.cluster !== clusterArn('prod-us-1'));
    model.commit();
    await screen.press('D');
    await screen.see('No service account differs between clusters');
  });

  it('can be grouped otherwise', async () => {
    await openFleet();
    const order = () =>
      screen
        .lines()
        .flatMap(line => /prod-\S+ +eu-west-1 +3333 +payments +(\w+)/.exec(line)?.[1] ?? [])
        .join(' ');
    await screen.press('b');
    await screen.see('grouped by service account');
    await screen.until('api first', () => order() === 'api api api web web');
    await screen.press('b');
    await screen.see('grouped by cluster');
    await screen.until('clusters together', () => order() === 'api web api web api');
  });

  it('are what these keys are for', async () => {
    screen = await openScreen({ model: fleet() });
    await screen.press('a');
    await screen.see('associations(prod-eu-1/all)');
    await screen.press('D');
    await screen.see('drift only: that is of the rows of all clusters; <A> shows them');
  });

  it('list under them what could not be read, why, and when it is tried again', async () => {
    const model = fleet();
    model.sourceStates = [
      source('eks', 'eu-west-1'),
      { id: 'west', source: 'eks', covers: 'us-west-2', state: 'failed', failure: denied, retryAt: start + 24_000 },
    ];
    await openFleet({ model });
    await screen.see('INCOMPLETE');
    await screen.see('incomplete: 1 of 2 sources cannot be read; what they hold is missing, not empty');
    expect(screen.text()).toMatch(
      /✗ EKS us-west-2 +jo may not call eks:ListPodIdentityAssociations[\s│]+never read +again in 24s/,
    );
  });

  it('lead to everybody who has the role', async () => {
    const model = fleet();
    model.roleRows = [roleRow(prod, 'api', true)];
    await openFleet({ model });
    await screen.press('u');
    await screen.see('2 service accounts in 2 clusters');
    expect(screen.text()).toMatch(/prod-eu-2 +eu-west-1[\s\S]*association +payments\/api/);
  });

  it('of service accounts are reached by name too', async () => {
    screen = await openScreen({ model: fleet() });
    await screen.press(':');
    screen.send('sa @all');
    await screen.press('enter');
    await screen.see('serviceaccounts(@all/all)[5]');
    expect(screen.text()).toMatch(/prod-us-1 .*api-us .*≠ ROLE/);
  });
});

describe('looking at a table', () => {
  it('sorts by the column that is picked, both ways, and hides it', async () => {
    screen = await openScreen({ model: fleet() });
    await screen.press('A');
    for (const _ of [1, 2, 3, 4, 5, 6]) await screen.press('shift-right');
    await screen.see('[ROLE]');
    await screen.press('o');
    await screen.see('by ROLE');
    await screen.see('[ROLE]^');
    await screen.press('o');
    await screen.see('by ROLE, reversed');
    await screen.until(
      'web first',
      () => /▌|web/.test(screen.lines()[6] ?? '') && / web /.test(screen.lines()[6] ?? ''),
    );
    await screen.press('v');
    await screen.see('ROLE is hidden here');
    expect(screen.lines()[5]).not.toContain('ROLE');
    await screen.press('V');
    await screen.until('the column is back', () => (screen.lines()[5] ?? '').includes('ROLE'));
  });

  it('never hides what names a row', async () => {
    screen = await openScreen({ model: fleet() });
    await screen.press('shift-right', 'v');
    await screen.see('NAME says what a row is: it stays');
  });

  it('previews the row under the cursor below and, where there is room, to the right', async () => {
    screen = await openScreen({ model: fleet(), columns: 160, rows: 40 });
    await screen.press('A', 'p');
    await screen.see('── preview  payments/api');
    expect(screen.text()).toMatch(/Role +arn:aws:iam::111122223333:role\/api/);
    await screen.press('j');
    screen.clock.advance(80);
    await screen.press('p');
    await screen.until('beside the rows', () => /HEALTH +── preview/.test(screen.text()));
    await screen.press('p');
    await screen.lose('── preview');
  });

  it('marks a range, and clears all marks', async () => {
    await openFleet();
    await screen.press('space', 'j', 'j', 'ctrl-space');
    await screen.see('3 marked');
    await screen.press('ctrl-\\');
    await screen.lose('marked');
  });

  it('points at what others changed, for a while', async () => {
    await openFleet();
    const { model } = screen;
    const [first, ...others] = model.associationRows;
    if (!first) throw new Error('there are rows');
    const found = association('payments', 'api', 'api-new');
    model.associationRows = [
      { ...first, association: read(found, start), mark: { kind: 'changed', at: start } },
      ...others,
    ];
    model.commit();
    await screen.see(/api-new +Δ/);
    screen.clock.advance(10_001);
    model.commit();
    await screen.lose('Δ');
  });

  it('keeps one line about the row on a small screen, and none on the smallest', async () => {
    screen = await openScreen({ model: fleet(), columns: 80, rows: 24 });
    await screen.press('a');
    await screen.see('payments/api  ok');
    screen.resize(60, 15);
    await screen.lose('payments/api  ok');
    expect(screen.lines()).toHaveLength(15);
    expect(screen.text()).toContain('associations(prod-eu-1/all)[2]');
  });

  it('follows one cluster as before', async () => {
    screen = await openScreen({ model: fleet() });
    await screen.press('a');
    await screen.see('associations(prod-eu-1/all)[2]');
    expect(screen.text()).not.toMatch(/CLUSTER +REGION/);
    expect(prod).toContain('prod-eu-1');
  });
});
