/** From one account to another from inside the app, in a pseudo-terminal, without asking those that were not chosen. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnvironment, cli, type SandboxForTest, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

const home = temporaryHome();
let sandbox: SandboxForTest;
let terminal: Terminal;

beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'demo', '--seed', '7']);
});
afterAll(async () => {
  await terminal?.close();
  await sandbox.stop();
  home.remove();
});

/** Opens the list of profiles, each step once it is on the screen. */
async function openContexts(): Promise<void> {
  await terminal.send(':').until(/^ :/m);
  await terminal.send('ctx').until(/^ :ctx/m);
  await terminal.send(keys.enter).until('contexts[3]');
}

async function identitiesAsked(): Promise<number> {
  const { counts } = (await sandbox.control('requests')) as { counts: Record<string, { reads: number }> };
  return counts['sts:GetCallerIdentity']?.reads ?? 0;
}

test('another profile, then both', async () => {
  terminal = new Terminal(process.execPath, [cli, '--profile', 'northwind-prod'], {
    environment: cleanEnvironment(home.home, { ...sandbox.environment }),
  });
  await terminal.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
  expect(terminal.text()).toContain('111122223333');

  await openContexts();
  await terminal.until(/● northwind-prod +111122223333 +static +- +eu-west-1 +2 +ok/);
  // Nobody has asked who the other one is.
  expect(terminal.text()).toMatch(/northwind-data +\? +static +\? +eu-west-1 +\? +\? not asked/);
  expect(await identitiesAsked()).toBe(1);

  await terminal.send(keys.up).until(/▌ +northwind-data/);
  terminal.send(keys.enter);
  await terminal.until(text => text.includes('LIVE') && text.includes('data-eu-1') && text.includes('444455556666'));
  expect(terminal.text()).not.toContain('stg-eu-1');
  expect(terminal.text()).toContain('northwind-data');
  expect(terminal.alternate).toBe(true);

  // The other one comes along without this sitting's end.
  await openContexts();
  await terminal.until(/▌ ● northwind-data +444455556666/);
  await terminal.send(keys.down).until(/▌ +northwind-prod/);
  await terminal.send(' ').until('2 in scope');
  await terminal.send(':').until(/^ :/m);
  await terminal.send('cl').until(/^ :cl/m);
  terminal.send(keys.enter);
  await terminal.until(text => ['data-eu-1', 'prod-eu-1', 'stg-eu-1', 'LIVE'].every(word => text.includes(word)));

  terminal.send(keys.ctrl('c'));
  await terminal.until('again');
  terminal.send(keys.ctrl('c'));
  expect(await terminal.exited).toBe(130);
});
