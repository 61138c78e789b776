import { afterEach, describe, expect, it } from 'vitest';
import { accountRow, association, associationRow, demoModel, health, prod, roleArn } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

async function openAssociation(model = demoModel()) {
  screen = await openScreen({ model });
  await screen.press('a', 'j', 'j', 'd');
  await screen.see('association payments/ledger');
}

describe('a detail screen', () => {
  it('has numbered tabs', async () => {
    await openAssociation();
    expect(screen.text()).toContain('[1 summary]   2 trust    3 pods    4 used by    5 facts    6 events');
    expect(screen.text()).toContain('Chain of credentials');
    await screen.press('4');
    await screen.see('[4 used by]');
    await screen.press('5');
    await screen.see('"roleArn"');
    expect(screen.text()).toMatch(/Read \d+s ago/);
    await screen.press('9');
    await screen.press('1');
    await screen.see('Chain of credentials');
  });

  it('tells what was seen of the thing, and of nothing else', async () => {
    const model = demoModel();
    model.logLines = [
      { at: 0, level: 'info', source: 'eks prod-eu-1', text: 'association payments/ledger: role changed' },
      { at: 1, level: 'info', source: 'eks prod-eu-1', text: 'association payments/api: role changed' },
      { at: 2, level: 'info', source: 'eks staging-eu-1', text: 'association payments/ledger: role changed' },
    ];
    await openAssociation(model);
    await screen.press('6');
    await screen.see('payments/ledger: role changed');
    expect(screen.text()).not.toContain('payments/api');
    expect(screen.text()).not.toContain('staging');
  });

  it('wraps a long finding, and calls roles by their names in it', async () => {
    const model = demoModel();
    const detail = `the annotation names ${roleArn('a-role-with-a-long-name-of-its-own')}, the association ${roleArn('service/another-role-with-a-long-name')}: new pods get the latter`;
    model.associationRows = model.associationRows.map(row =>
      row.cluster === prod && row.serviceAccount === 'ledger'
        ? associationRow(prod, association('payments', 'ledger', 'x'), { health: health('error', 'DIFFER', detail) })
        : row,
    );
    model.accountRows = [];
    await openAssociation(model);
    expect(screen.text()).toMatch(/✗ DIFFER +the annotation names a-role-with-a-long-name-of-its-own, the/);
    expect(screen.text()).toContain('another-role-with-a-long-name');
    expect(screen.text()).toMatch(/the\s+│?[\s│]*latter/);
    expect(screen.text()).not.toContain('annotation names arn:');
  });

  it('claims nothing of what Kubernetes did not tell', async () => {
    const model = demoModel();
    const failure = { kind: 'unreachable', message: 'Nobody answers.' } as const;
    model.accountRows = model.accountRows.map(row =>
      row.cluster === prod && row.name === 'ledger'
        ? accountRow(prod, 'payments', 'ledger', {
            association: row.association,
            inCluster: undefined,
            pods: undefined,
          })
        : row,
    );
    model.namespaceRows = model.namespaceRows.map(({ namespace: _unread, ...row }) => ({
      ...row,
      inCluster: undefined,
    }));
    model.podList = { state: 'failed', failure, at: 0 };
    await openAssociation(model);
    expect(screen.text()).toMatch(/\? namespace +could not be checked/);
    expect(screen.text()).toMatch(/\? service account +could not be checked/);
    expect(screen.text()).toMatch(/\? irsa annotation +could not be checked/);
    await screen.press('3');
    await screen.see('? Pods could not be read: Nobody answers.');
  });

  it('of a cluster names the sources that it comes from, and no others', async () => {
    const model = demoModel();
    screen = await openScreen({ model });
    await screen.press('d');
    await screen.press('2');
    await screen.see(/kubernetes +prod-eu-1/);
    expect(screen.text()).not.toContain('staging-eu-1');
  });
});
