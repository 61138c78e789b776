import { afterEach, describe, expect, it } from 'vitest';
import { read } from '../../../source/identity/reading.ts';
import {
  accountRow,
  association,
  associationRow,
  clusterArn,
  clusterRow,
  FakeModel,
  roleArn,
  start,
} from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const clusters = ['stg-a', 'stg-b', 'stg-c', 'stg-d', 'stg-e'] as const;
const given: Readonly<Record<string, string | undefined>> = { 'stg-a': 'api', 'stg-b': 'api', 'stg-c': 'api-c' };

/** `payments/api` with a role in three clusters, in one of them another; in the fourth without one; the fifth lacks it. */
function fleet(more: Parameters<typeof association>[3] = {}): FakeModel {
  const model = new FakeModel();
  model.clusterRows = clusters.map(name => clusterRow(name));
  for (const cluster of clusters.slice(0, 4)) {
    const arn = clusterArn(cluster);
    const role = given[cluster];
    const found = role === undefined ? undefined : association('payments', 'api', role, more);
    if (found) {
      const id = `${found.id.slice(0, -1)}${cluster.at(-1)}`;
      model.associationRows = [...model.associationRows, associationRow(arn, { ...found, id })];
    }
    model.accountRows = [
      ...model.accountRows,
      accountRow(arn, 'payments', 'api', { inCluster: true, association: read(found, start) }),
    ];
  }
  return model;
}

async function compared(more: Parameters<typeof openScreen>[0] = {}): Promise<void> {
  screen = await openScreen({ model: fleet(), ...more });
  await screen.press('A', '=');
  await screen.see('compare  payments/api across 4 clusters');
}

describe('what would make clusters agree', () => {
  it('is said beside the comparison', async () => {
    await compared({ columns: 120, rows: 40 });
    expect(screen.text()).toMatch(/next +<\+> stg-c: set role: api/);
    expect(screen.text()).toMatch(/<\+> stg-d: create like stg-a: api +and 1 cluster without it/);
  });

  it('is a list of clusters, by its own key and by that of something new', async () => {
    await compared();
    for (const key of ['+', 'n']) {
      await screen.press(key);
      await screen.see('copy to payments/api[3]');
      expect(screen.text()).toMatch(/stg-c +eu-west-1 +3333 +api-c +set role: api/);
      expect(screen.text()).toMatch(/stg-d +eu-west-1 +3333 +\(none\) +create like stg-a: api/);
      expect(screen.text()).toMatch(/stg-e +eu-west-1 +3333 +- +create like stg-a: api/);
      await screen.press('esc');
      await screen.see('compare  payments/api');
    }
  });

  it('drafts an association like the other, to be reviewed as any', async () => {
    const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
    await compared({ model: fleet({ policy, disableSessionTags: true, tags: { team: 'pay', 'aws:x': 'y' } }) });
    await screen.press('+');
    await screen.see('copy to payments/api[3]');
    await screen.press('j');
    await screen.see(/▌ stg-d/);
    await screen.press('enter');
    await screen.see('new association');
    await screen.press('ctrl-s');
    await screen.see('review: ');
    expect(screen.workbench.planned).toEqual([
      {
        cluster: expect.objectContaining({ arn: clusterArn('stg-d') }),
        request: {
          command: 'create',
          associations: [
            {
              namespace: 'payments',
              serviceAccount: 'api',
              role: { kind: 'existing', roleArn: roleArn('api') },
              disableSessionTags: true,
              policy,
              tags: { team: 'pay' },
            },
          ],
        },
      },
    ]);
    expect(screen.workbench.runs).toEqual([]);
  });

  it('drafts a change of the one that differs, of what differs alone', async () => {
    await compared();
    await screen.press('+');
    await screen.see(/▌ stg-c/);
    await screen.press('e');
    await screen.see('change association payments/api');
    await screen.press('ctrl-s');
    await screen.see('review: ');
    // Who made its role is read by a plan of its own, sooner or later.
    expect(screen.workbench.planned).toContainEqual({
      cluster: expect.objectContaining({ arn: clusterArn('stg-c') }),
      request: {
        command: 'update',
        changes: [{ namespace: 'payments', serviceAccount: 'api', roleArn: roleArn('api') }],
      },
    });
  });

  it('is where what was applied from it can be undone', async () => {
    await compared();
    await screen.press('+');
    await screen.see('copy to payments/api[3]');
    await screen.press('z');
    await screen.see('undo last: nothing has been carried out yet');
  });

  it("warns of production's role in what is not production", async () => {
    const model = fleet();
    model.clusterRows = model.clusterRows.map(row =>
      row.name === 'stg-a' ? clusterRow('stg-a', { tags: { env: 'prod' } }) : row,
    );
    await compared({ model });
    await screen.press('+');
    await screen.see("! stg-a is production and stg-c is not: its pods would get production's role");
  });

  it('opens nothing where nothing may be changed, or something stands in the way, and says so', async () => {
    const model = fleet();
    model.clusterRows = model.clusterRows.filter(({ name }) => name !== 'stg-e');
    const blind = { ...clusterRow('stg-e'), associations: undefined };
    model.clusterRows = [...model.clusterRows, blind];
    await compared({ model });
    await screen.press('+');
    await screen.see('copy to payments/api[3]');
    await screen.press('G');
    await screen.see('✗ its associations have not been read');
    await screen.press('enter');
    await screen.see('stg-e: its associations have not been read');
    screen.close();
    await compared({ app: { readOnly: true } });
    await screen.press('+');
    await screen.see('copy to payments/api[3]');
    await screen.press('enter');
    await screen.see('draft it: read-only: :set rw allows changes again');
  });

  it('says that nothing is to be done where all agree, and where nobody has an association', async () => {
    const model = fleet();
    model.clusterRows = model.clusterRows.slice(0, 2);
    model.accountRows = model.accountRows.slice(0, 2);
    screen = await openScreen({ model });
    await screen.press('A', '+');
    await screen.see('Every cluster in scope gives it the same');
    await screen.press('enter');
    await screen.see('there is no cluster to copy to');
    screen.close();
    const bare = fleet();
    bare.accountRows = bare.accountRows.slice(3);
    screen = await openScreen({ model: bare });
    await screen.press(':');
    screen.send('sa @all');
    await screen.press('enter');
    await screen.see('serviceaccounts(@all/all)[1]');
    await screen.press('+');
    await screen.see('No cluster has an association of it that could be copied');
  });
});
