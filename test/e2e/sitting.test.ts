/**
 * One sitting in front of the built app, with real keys in a pseudo-terminal, read through a terminal emulator: start,
 * watch the clusters fill in, drill to a service account, create and update an association, migrate, quit.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { cleanEnvironment, cli, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal, type TerminalOptions } from '../helpers/terminal.ts';

const home = temporaryHome();
const open: Terminal[] = [];

afterEach(async () => {
  for (const terminal of open.splice(0)) await terminal.close();
});
afterAll(home.remove);

function start(
  args: readonly string[],
  options: TerminalOptions & { readonly extra?: Record<string, string>; readonly node?: readonly string[] } = {},
): Terminal {
  const terminal = new Terminal(process.execPath, [...(options.node ?? []), cli, ...args], {
    ...options,
    environment: cleanEnvironment(home.home, options.extra ?? {}),
  });
  open.push(terminal);
  return terminal;
}

const sandbox = ['--sandbox', '--seed', '7'];

/** Apply was pressed: pressing again would already be for the table that comes back. */
const applied = /applying|serviceaccounts\(prod-eu-1/;

/** Narrows the table to what is named, so that the cursor is on it whatever else is there. */
async function pick(terminal: Terminal, words: string, row: RegExp): Promise<void> {
  terminal.send('/');
  // Keys that arrive in one piece are not taken: the prompt must be there before it is typed into.
  await terminal.until(/^ \//m);
  terminal.send(words);
  await terminal.until(row);
  terminal.send(keys.enter);
  // The prompt on the bottom line is gone: keys are the table's again.
  await terminal.until(
    text => text.includes(`</${words}>`) && row.test(text) && !/^ ?\/\S*/m.test(text.split('\n').at(-1) ?? ''),
  );
}

async function toServiceAccounts(terminal: Terminal): Promise<void> {
  await terminal.until(text => text.includes('LIVE') && text.includes('prod-eu-1'));
  await pick(terminal, 'prod-eu', /▌ +prod-eu-1 /);
  terminal.send('s');
  await terminal.until('serviceaccounts(prod-eu-1');
}

async function quit(terminal: Terminal): Promise<void> {
  terminal.send(keys.ctrl('c'));
  await terminal.until('again');
  terminal.send(keys.ctrl('c'));
  await terminal.exited;
  expect(terminal.alternate).toBe(false);
}

describe('a sitting', () => {
  test('drills from the clusters to one service account and back', async () => {
    const terminal = start(sandbox);
    await terminal.until(text =>
      ['batch-de-1', 'prod-eu-1', 'prod-us-1', 'stg-eu-1'].every(name => text.includes(name)),
    );
    await terminal.until('LIVE');
    expect(terminal.text()).toContain('SANDBOX');
    await pick(terminal, 'prod-eu', /▌ +prod-eu-1 /);
    terminal.send(keys.enter);
    await terminal.until('namespaces(prod-eu-1)');
    await pick(terminal, 'payments', /▌ +payments /);
    terminal.send(keys.enter);
    await terminal.until('serviceaccounts(prod-eu-1/payments)');
    await pick(terminal, 'fraud', /▌ +payments +fraud .*DIFFER/);
    terminal.send(keys.enter);
    await terminal.until(/payments\/fraud/);
    await terminal.until(/payments-fraud-irsa/);
    terminal.send(keys.escape);
    await terminal.until('</fraud>');
    terminal.send(keys.escape);
    await terminal.until(text => !text.includes('</fraud>') && text.includes('serviceaccounts(prod-eu-1/payments)'));
    terminal.send(keys.escape);
    await terminal.until('namespaces(prod-eu-1)');
    await quit(terminal);
  });

  test('creates an association, trust first, and updates it; the rows follow without a reload', async () => {
    const terminal = start(sandbox);
    await toServiceAccounts(terminal);
    await pick(terminal, 'card-vault', /▌ +payments +card-vault .*irsa/);
    terminal.send('n');
    await terminal.until(/trust lacks pods\.eks/);
    terminal.send(keys.ctrl('s'));
    await terminal.until('review: create payments/card-vault in prod-eu-1');
    await terminal.until(/iam:UpdateAssumeRolePolicy/);
    await terminal.until(/\+ .*pods\.eks\.amazonaws\.com/);
    terminal.send('prod-eu-1');
    await terminal.until(/prod-eu-1▏? +✓/);
    await terminal.press(keys.tab, /\[ Apply/);
    await terminal.press(keys.enter, applied);
    await terminal.until(/▌ +payments +card-vault +payment\S*vault +payment\S*vault .*BOTH/);

    terminal.send('e');
    await terminal.until(text => text.includes('Session tags') && /fixed/.test(text));
    await terminal.until(/Session tags +\(o\) on/);
    for (let tabs = 0; tabs < 12 && !/Session tags +>/.test(terminal.text()); tabs++) {
      const before = terminal.text();
      terminal.send(keys.tab);
      await terminal.until(text => text !== before);
    }
    terminal.send(' ');
    await terminal.until(/Session tags +> +\( \) on +\(o\) off/);
    terminal.send(keys.ctrl('s'));
    await terminal.until('review: update payments/card-vault in prod-eu-1');
    await terminal.until(/eks:UpdatePodIdentityAssociation/);
    terminal.send('prod-eu-1');
    await terminal.until(/prod-eu-1▏? +✓/);
    await terminal.press(keys.tab, /\[ Apply/);
    await terminal.press(keys.enter, applied);
    await terminal.until(/✓ update.*<z> undo/);
    terminal.send('a');
    await terminal.until('associations(prod-eu-1');
    await pick(terminal, 'card-vault', /▌ +payments +card-vault +payment\S*vault +off /);
    await quit(terminal);
  });

  test('reads a migration plan, approves it by name, and watches it to the end', async () => {
    const terminal = start(sandbox);
    await terminal.until(text => text.includes('LIVE') && text.includes('prod-eu-1'));
    await pick(terminal, 'prod-eu', /▌ +prod-eu-1 /);
    terminal.send('m');
    await terminal.until(/PLAN \(nothing written\)/);
    const plan = await terminal.until(/\d+ steps:/);
    expect(plan).toMatch(/payments-shared/);
    expect(plan).toMatch(/4 skipped/);
    terminal.send('a');
    await terminal.until(/Type +prod-eu-1 +to confirm/);
    terminal.send('prod-eu-1');
    await terminal.until(/prod-eu-1▏? +✓/);
    await terminal.press(keys.tab, /\[ Approve \]/);
    await terminal.press(keys.enter, /RUNNING|FINISHED/);
    await terminal.until('FINISHED');
    const result = terminal.text();
    expect(result).toMatch(/(\d+)\/\1 +100%/);
    expect(result).toMatch(/17 done, 0 failed/);
    terminal.send('p');
    await terminal.until(/nothing to do[\s\S]*0 steps/);
    await quit(terminal);
  });
});

describe('the terminal', () => {
  async function isGivenBack(terminal: Terminal): Promise<void> {
    await terminal.exited;
    // The end of a process and its last bytes come by different ways, in either order.
    await expect.poll(() => terminal.alternate, { timeout: 5_000 }).toBe(false);
    expect(terminal.raw).toMatch(/\u001b\[\?25h/);
  }

  test.each(['SIGTERM', 'SIGHUP'])('is given back on %s', async signal => {
    const terminal = start(sandbox);
    await terminal.until('LIVE');
    expect(terminal.alternate).toBe(true);
    terminal.pty.kill(signal);
    await isGivenBack(terminal);
  });

  test('is given back when something throws outside every handler', async () => {
    const script = path.join(home.home, 'throws.mjs');
    const now = path.join(home.home, 'now');
    writeFileSync(
      script,
      `import { existsSync } from 'node:fs';
       setInterval(() => { if (existsSync(${JSON.stringify(now)})) throw new Error('planted'); }, 20);\n`,
    );
    const terminal = start(sandbox, { node: ['--import', script] });
    await terminal.until('LIVE');
    expect(terminal.alternate).toBe(true);
    writeFileSync(now, '');
    await isGivenBack(terminal);
    expect(await terminal.exited).toBe(1);
  });

  test('too small is said, and is enough again after a resize', async () => {
    const terminal = start(sandbox, { columns: 50, rows: 12 });
    await terminal.until(/60x15/);
    terminal.resize(80, 24);
    await terminal.until(text => text.includes('prod-eu-1') && text.includes('HEALTH'));
    expect(Math.max(...terminal.lines().map(line => line.length))).toBeLessThanOrEqual(80);
    await quit(terminal);
  });
});

describe('without credentials', () => {
  test('the app says what it looked for and opens the sandbox on one key', async () => {
    const terminal = start([]);
    await terminal.until(/credentials/i);
    await terminal.until(/<X>/);
    terminal.send('X');
    await terminal.until(text => text.includes('SANDBOX') && text.includes('prod-eu-1'));
    await quit(terminal);
  });
});
