import { afterEach, describe, expect, it } from 'vitest';
import { demoModel, FakeModel, prod, source, staging } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const everyLineIsWhole = (columns: number) => {
  const borders = screen.lines().filter(line => line.startsWith('│'));
  expect(borders.length).toBeGreaterThan(0);
  for (const line of borders) expect(line).toHaveLength(columns);
};

describe('the shell', () => {
  it('is full at 100x30: four rows of header, hints from the key table, the strip', async () => {
    screen = await openScreen({ app: { sandbox: true, profileName: 'prod-admin' } });
    await screen.see('clusters(all)');
    await screen.see('<enter> open ');
    expect(screen.lines()[0]).toContain('<enter> open');
    expect(screen.text()).toContain('SANDBOX');
    expect(screen.text()).toContain('Account 111122223333');
    expect(screen.lines()[4]).toMatch(/^╭─ clusters\(all\)\[3\] ─+╮$/);
    expect(screen.lines()[27]).toMatch(/─ 1-3\/3 ─╯$/);
    expect(screen.lines()[28]).toContain('<clusters>');
    everyLineIsWhole(100);
  });

  it('is compact at 80x24 and drops the least columns', async () => {
    screen = await openScreen({ columns: 80, rows: 24 });
    await screen.see('clusters(all)');
    expect(screen.lines()[1]).toMatch(/^╭─ clusters/);
    expect(screen.text()).toContain('HEALTH');
    expect(screen.text()).not.toContain('OIDC');
    everyLineIsWhole(80);
  });

  it('survives a walk of sizes and keeps the cursor on its row', async () => {
    screen = await openScreen();
    await screen.press('a', 'G');
    await screen.until('on the last row', () => screen.cursorLine().includes('indexer'));
    for (const [columns, rows] of [
      [80, 24],
      [61, 16],
      [130, 40],
      [97, 29],
      [100, 30],
    ] as const) {
      screen.resize(columns, rows);
      await screen.until(
        `${columns}x${rows} is drawn`,
        () => (screen.lines().find(line => line.startsWith('╭'))?.length ?? 0) === columns,
      );
      await screen.until('the cursor is on its row', () => screen.cursorLine().includes('indexer'));
      everyLineIsWhole(columns);
    }
  });

  it('says what it needs when it is too small, and q quits', async () => {
    screen = await openScreen({ columns: 52, rows: 12 });
    await screen.see('60x15 needed, now 52x12');
    await screen.press('q');
    expect(await screen.exited).toMatchObject({ exitCode: 0 });
  });

  it('tells everything without colour', async () => {
    screen = await openScreen({ environment: { NO_COLOR: '1' } });
    await screen.press('a', 'j', 'j', 'j');
    await screen.see('✗ TRUST');
    expect(screen.hasColour()).toBe(false);
    expect(screen.cursorLine()).toContain('▌');
    expect(screen.text()).toContain('! BOTH');
    expect(screen.text()).toContain('? unknown');
    expect(screen.text()).toContain('PROD');
    await screen.press('ctrl-d');
    await screen.see('[ Cancel ]   < Delete >');
  });

  it('asks once more before it quits from the root, and gives the code', async () => {
    screen = await openScreen();
    await screen.press('q');
    await screen.see('q again to quit');
    screen.clock.advance(3000);
    await screen.press('q');
    await screen.see('q again to quit');
    await screen.press('q');
    expect(await screen.exited).toEqual({ exitCode: 0, lines: [] });
  });

  it('quits with 130 on ctrl-c twice', async () => {
    screen = await openScreen();
    await screen.press('ctrl-c');
    await screen.see('ctrl-c again to quit');
    await screen.press('ctrl-c');
    expect(await screen.exited).toMatchObject({ exitCode: 130 });
  });

  it('ignores pastes over a table', async () => {
    screen = await openScreen();
    screen.send('\u001b[200~qq:q\r\u001b[201~');
    await screen.see('pasted text is ignored here');
    expect(screen.text()).toContain('clusters(all)');
  });

  it('writes little for a move of the cursor', async () => {
    screen = await openScreen({ columns: 99 });
    await screen.press('a', 'j');
    await screen.until('on the second row', () => /payments\s+api/.test(screen.cursorLine()));
    screen.clock.advance(1000);
    await screen.see(/EKS|LIVE/);
    const before = screen.bytes();
    await screen.press('j');
    await screen.until('on the third row', () => screen.cursorLine().includes('ledger'));
    // The cells of two rows; a whole screen is some 3,000.
    expect(screen.bytes() - before).toBeLessThan(300);
  });
});

describe('the command line', () => {
  const run = async (command: string) => {
    await screen.press(':');
    screen.send(command);
    await screen.see(` :${command}`);
    await screen.press('enter');
  };

  it('jumps, in the cluster that is on screen', async () => {
    screen = await openScreen();
    await screen.press('G', 'enter');
    await screen.see('namespaces(staging-eu-1)');
    await run('sa payments');
    await screen.see('serviceaccounts(staging-eu-1/payments)[4]');
    await run('roles');
    await screen.see('roles(staging-eu-1)[6]');
    await run('a /ledger');
    await screen.see('associations(staging-eu-1/all)[1 of 5] </ledger>');
    await run('a @all');
    await screen.see('associations(@all/all)[10]');
    await run('ns @prod-eu-1');
    await screen.see('namespaces(prod-eu-1)');
    await run('log');
    await screen.see('kubernetes staging-eu-1');
    await run('cl');
    await screen.see('clusters(all)[3]');
  });

  it('offers the embedded world to whoever has no credentials', async () => {
    const model = new FakeModel();
    const failure = {
      kind: 'no-credentials' as const,
      message: 'no credentials: looked in the environment and ~/.aws',
    };
    model.sourceStates = [
      source('sts', 'eu-west-1', { state: 'failed', failure }),
      source('eks', 'eu-west-1', { state: 'failed', failure }),
    ];
    screen = await openScreen({ model });
    await screen.see('✗ Cannot read clusters');
    await screen.see('open the sandbox <X>');
    await run('sandbox');
    expect(await screen.exited).toMatchObject({ exitCode: 0, next: 'sandbox' });
  });

  it('suggests and completes', async () => {
    screen = await openScreen();
    await screen.press(':');
    screen.send('n');
    await screen.see('namespaces  [@cluster]');
    expect(screen.text()).toContain('a new association');
    expect(screen.text()).not.toContain('keys that work here');
    await screen.press('down', 'down');
    await screen.until('the second one is picked', () => /▌ ns/.test(screen.text()));
    await screen.press('tab');
    await screen.see(' :ns▏');
    await screen.press('esc');
    await screen.lose(' :ns');
  });

  it('offers the nearest command for one that does not exist', async () => {
    screen = await openScreen();
    await run('rols');
    await screen.see('no command "rols"   <tab> :roles');
    await screen.press('tab');
    await screen.see(' :roles▏');
  });

  it('lists the keys that work here', async () => {
    screen = await openScreen();
    await screen.press('a', '?');
    await screen.see('help: associations');
    expect(screen.text()).toMatch(/KEYS in associations/);
    expect(screen.text()).not.toContain('approve');
    await screen.press('/');
    screen.send('delete');
    await screen.see(/ctrl-d\s+delete/);
    await screen.press('enter');
    await screen.press('?');
    await screen.see('associations(prod-eu-1');
  });

  it('opens a detail with its tabs', async () => {
    screen = await openScreen();
    await screen.press('a', 'j', 'j', 'enter');
    await screen.see('Chain of credentials');
    expect(screen.text()).toContain('! irsa annotation  the same role');
    await screen.press('tab');
    await screen.see('"Version": "2012-10-17"');
    await screen.press('tab');
    await screen.see('The pods of its cluster are being read');
  });

  it('refreshes what is on screen', async () => {
    screen = await openScreen({ model: demoModel() });
    await screen.press('ctrl-r', 'enter', 'ctrl-r');
    await screen.see('reading prod-eu-1 again');
    expect(screen.model.refreshed).toEqual([undefined, prod]);
    expect(screen.model.refreshed).not.toContain(staging);
  });
});
