import { afterEach, describe, expect, it } from 'vitest';
import {
  accountRow,
  association,
  associationRow,
  clusterRow,
  demoModel,
  denied,
  FakeModel,
  health,
  ok,
  prod,
  source,
  start,
} from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

describe('a table', () => {
  it('shows clusters with their health in words and signs', async () => {
    screen = await openScreen();
    await screen.see('clusters(all)[3]');
    expect(screen.text()).toMatch(/prod-eu-1\s+eu-west-1\s+1\.33\s+ACTIVE\s+v1\.3\.9 12\/12\s+4\s+2\s+1\s+✗3 !4/);
    expect(screen.text()).toMatch(/prod-us-1.*…/);
    expect(screen.lines()).toHaveLength(30);
  });

  it('goes down, up and back, one layer a press', async () => {
    screen = await openScreen();
    await screen.press('enter');
    await screen.see('namespaces(prod-eu-1)[3]');
    await screen.press('j', 'enter');
    await screen.see('serviceaccounts(prod-eu-1/payments)[4]');
    await screen.press('esc');
    await screen.see('namespaces(prod-eu-1)[3]');
    expect(screen.cursorLine()).toContain('payments');
    await screen.press('q');
    await screen.see('clusters(all)[3]');
  });

  it('counts every key of a burst', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1/all)');
    screen.send('jjj');
    await screen.until('the cursor is on the fourth row', () => screen.cursorLine().includes('refunds'));
  });

  it('keeps the cursor on its row while rows come and go above it', async () => {
    screen = await openScreen();
    await screen.press('a', 'j', 'j');
    await screen.until('on ledger', () => screen.cursorLine().includes('ledger'));
    const { model } = screen;
    model.associationRows = [associationRow(prod, association('aaa', 'first', 'x')), ...model.associationRows];
    model.commit();
    await screen.see('first');
    expect(screen.cursorLine()).toContain('ledger');
    model.associationRows = model.associationRows.filter(
      row => row.namespace !== 'checkout' && row.namespace !== 'aaa',
    );
    model.commit();
    await screen.see(/ - aaa +first/);
    const line = screen.lines().indexOf(screen.cursorLine());
    screen.clock.advance(5_000);
    await screen.lose('first');
    expect(screen.cursorLine()).toContain('ledger');
    expect(line - screen.lines().indexOf(screen.cursorLine())).toBe(2);
  });

  it('stays at the top while rows arrive, until it is used', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1/all)[5]');
    const { model } = screen;
    const add = async (name: string) => {
      model.associationRows = [associationRow(prod, association('aaa', name, 'x')), ...model.associationRows];
      model.commit();
      await screen.see(name);
    };
    await add('first');
    expect(screen.cursorLine()).toContain('first');
    await screen.press('enter');
    await screen.see('aaa/first');
    model.associationRows = [associationRow(prod, association('aaa', 'earlier', 'x')), ...model.associationRows];
    model.commit();
    await screen.press('esc');
    await screen.see('earlier');
    expect(screen.cursorLine()).toContain('first');
  });

  it('leaves a ghost where the row vanished, on which nothing acts', async () => {
    screen = await openScreen();
    await screen.press('a', 'j', 'j');
    await screen.until('on ledger', () => screen.cursorLine().includes('ledger'));
    const { model } = screen;
    model.associationRows = model.associationRows.filter(row => row.serviceAccount !== 'ledger');
    model.commit();
    await screen.see('payments/ledger is gone');
    await screen.press('ctrl-d');
    await screen.see('delete: that row is gone');
    expect(screen.text()).not.toContain('╔');
    await screen.press('j');
    await screen.until('on the row after it', () => screen.cursorLine().includes('refunds'));
    expect(screen.text()).not.toContain('is gone;');
  });

  it('filters while it is typed, says what is wrong, and gives up one layer a press', async () => {
    screen = await openScreen();
    await screen.press('a', '/');
    screen.send('pay !ledger');
    await screen.see('[2 of 5] </pay !ledger>');
    await screen.press('enter', '/');
    await screen.see(' /pay !ledger');
    screen.send(' /(');
    await screen.see('/(/: a ( without its )');
    expect(screen.text()).toContain('[2 of 5]');
    await screen.press('esc');
    await screen.lose('without its');
    expect(screen.text()).toContain('</pay !ledger>');
    await screen.press('esc');
    await screen.see('associations(prod-eu-1/all)[5]');
    await screen.press('esc');
    await screen.see('clusters(all)');
  });

  it('says when a filter hides everything', async () => {
    screen = await openScreen();
    await screen.press('/');
    screen.send('nothing-like-this');
    await screen.see('No row matches');
    expect(screen.text()).toContain('3 without the filter');
  });

  it('explains the row under the cursor in the strip', async () => {
    screen = await openScreen();
    await screen.press('a', 'G');
    screen.clock.advance(80);
    await screen.see('the role could not be read');
    await screen.press('k');
    screen.clock.advance(80);
    await screen.see('role payments-refunds does not trust pods.eks.amazonaws.com');
  });

  it('explains it when the cursor rests, while a key is held', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('checkout/api  ok');
    screen.send('jjj');
    await screen.until('on the fourth row', () => screen.cursorLine().includes('refunds'));
    expect(screen.text()).not.toContain('role payments-refunds does not trust');
    screen.clock.advance(80);
    await screen.see('role payments-refunds does not trust pods.eks.amazonaws.com');
  });

  it('sorts by health and by name and keeps the cursor on its row', async () => {
    screen = await openScreen();
    await screen.press('a', 'S');
    await screen.see('by health');
    const rows = screen.lines().filter(line => /payments|search|checkout/.test(line));
    expect(rows[0]).toContain('TRUST');
    expect(rows[1]).toContain('? unknown');
    expect(screen.cursorLine()).toContain('checkout');
    await screen.press('N');
    await screen.see('by name');
  });

  it('windows long lists and pages through them', async () => {
    const model = demoModel();
    model.accountRows = Array.from({ length: 1000 }, (_, index) =>
      accountRow(prod, 'bulk', `sa-${String(index).padStart(4, '0')}`),
    );
    screen = await openScreen({ model });
    await screen.press('s');
    await screen.see('1-18/1,000  ▾ 982 more');
    await screen.press('G');
    await screen.see('983-1000/1,000');
    expect(screen.cursorLine()).toContain('sa-0999');
    await screen.press('pageup');
    await screen.until('a page up', () => screen.cursorLine().includes('sa-0982'));
    await screen.press('g');
    await screen.until('at the top', () => screen.cursorLine().includes('sa-0000'));
  });

  it('tells the model what is on screen', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1');
    screen.clock.advance(200);
    await screen.until('the focus was told', () =>
      screen.model.focused.some(focus => focus.cluster === prod && focus.rows?.length === 5),
    );
  });

  it('lets ages move with the clock', async () => {
    screen = await openScreen();
    await screen.see(/EKS 4s/);
    screen.clock.advance(10_000);
    await screen.see(/EKS 14s/);
  });

  it('never lets text from outside drive the terminal', async () => {
    const model = demoModel();
    model.clusterRows = [clusterRow('evil\u001b[2J\u202Ename')];
    screen = await openScreen({ model });
    await screen.see('clusters(all)[1]');
    expect(screen.text()).toContain('evil\ufffd[2J\ufffdname');
    expect(screen.lines()[4]).toContain('╭─ clusters');
  });
});

describe('states of a table', () => {
  it('counts its sources while loading, and shows rows as they come', async () => {
    const model = new FakeModel();
    model.sourceStates = [
      source('eks', 'eu-west-1', { state: 'loading' }),
      source('eks', 'us-east-1', { state: 'waiting' }),
    ];
    screen = await openScreen({ model });
    await screen.see('Reading clusters');
    expect(screen.text()).toContain('◌ LOADING 0/2');
    expect(screen.text()).toMatch(/EKS us-east-1\s+○ {2}waiting/);
    model.clusterRows = [clusterRow('first')];
    model.commit();
    await screen.see('clusters(all)[1]');
  });

  it('proves that it is empty', async () => {
    const model = new FakeModel();
    model.sourceStates = [source('eks', 'eu-west-1')];
    screen = await openScreen({ model });
    await screen.see('No clusters in scope');
    expect(screen.text()).toMatch(/EKS eu-west-1\s+answered 4s ago/);
    expect(screen.text()).toContain('<ctrl-r>');
  });

  it('says in the pane why it cannot be read, with a remedy', async () => {
    const model = new FakeModel();
    model.sourceStates = [source('eks', 'eu-west-1', { state: 'failed', failure: denied })];
    screen = await openScreen({ model });
    await screen.see('✗ Cannot read clusters');
    expect(screen.text()).toContain('jo may not call eks:ListPodIdentityAssociations');
    expect(screen.text()).toContain('AccessDeniedException');
    expect(screen.text()).toContain('✗ DENIED');
  });

  it('offers the sandbox to someone without credentials, and goes there on its key', async () => {
    const model = new FakeModel();
    model.sourceStates = [
      source('eks', 'eu-west-1', { state: 'failed', failure: { kind: 'no-credentials', message: 'no profile' } }),
    ];
    screen = await openScreen({ model });
    await screen.see('open the sandbox <X>');
    await screen.press('X');
    expect(await screen.exited).toMatchObject({ exitCode: 0, next: 'sandbox' });
  });

  it('keeps rows that went stale and says how old they are', async () => {
    const model = demoModel();
    model.sourceStates = [
      source('eks', 'eu-west-1', {
        state: 'failed',
        at: start - 3_720_000,
        failure: { kind: 'unreachable', message: 'timed out' },
      }),
      source('iam', '1'),
    ];
    screen = await openScreen({ model });
    await screen.see('STALE');
    expect(screen.text()).toContain('timed out');
    expect(screen.text()).toContain('incomplete: 1 of 1 sources cannot be read; what is shown of them is old');
    expect(screen.text()).toMatch(/✗ EKS eu-west-1 +timed out +rows are 1h old/);
    expect(screen.text()).toContain('prod-eu-1');
    expect(screen.text()).toContain('◐ PARTIAL 1/2');
  });

  it('never shows what was not checked as healthy', async () => {
    const model = demoModel();
    model.associationRows = [
      associationRow(prod, association('a', 'unread', 'r'), {
        association: { state: 'unread' },
        pods: undefined,
        health: health('pending', 'PENDING'),
      }),
      associationRow(prod, association('a', 'denied', 'r'), {
        association: { state: 'failed', failure: denied, at: start },
        health: health('unknown', 'UNKNOWN', 'denied'),
      }),
      associationRow(prod, association('a', 'fine', 'r'), { health: ok }),
    ];
    screen = await openScreen({ model });
    await screen.press('a');
    await screen.see('fine');
    const row = (name: string) => screen.lines().find(line => line.includes(`${name} `)) ?? '';
    expect(row('unread')).toMatch(/…\s+…/);
    expect(row('unread')).not.toMatch(/\bok\b/);
    expect(row('denied')).toMatch(/\?/);
    expect(row('denied')).not.toMatch(/\bok\b/);
  });
});
