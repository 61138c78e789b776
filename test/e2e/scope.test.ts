/** What is in scope, changed from inside the app while it runs: regions, profiles, signing in, accounts that are read-only. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, cli, type SandboxForTest, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

const homes: ReturnType<typeof temporaryHome>[] = [];
let sandbox: SandboxForTest;
let terminal: Terminal | undefined;

beforeAll(async () => {
  sandbox = await startTestSandbox(['--world', 'demo', '--seed', '7']);
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(async () => {
  await sandbox.stop();
  for (const home of homes.splice(0)) home.remove();
});

function newHome(): string {
  const made = temporaryHome();
  homes.push(made);
  return made.home;
}

function start(home: string, profile: string, more: Readonly<Record<string, string>> = {}): Terminal {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...environment } = sandbox.environment;
  terminal = new Terminal(process.execPath, [cli, '--profile', profile], {
    environment: cleanEnvironment(home, { ...environment, ...more }),
  });
  return terminal;
}

/** Types a command, each step once it is on the screen. */
async function command(at: Terminal, text: string, shown: Parameters<Terminal['until']>[0]): Promise<void> {
  await at.send(':').until(/^ :/m);
  await at.send(text).until(new RegExp(`^ :${text}`, 'm'));
  await at.send(keys.enter).until(shown);
}

async function quit(at: Terminal): Promise<void> {
  at.send(keys.ctrl('c'));
  await at.until('again');
  at.send(keys.ctrl('c'));
  expect(await at.exited).toBe(130);
}

/** Waits until the preferences say so: they are written while the app goes on. */
async function untilKept(home: string, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  const read = () => {
    try {
      return JSON.parse(readFileSync(path.join(home, '.config/podid-tui/config.json'), 'utf8'));
    } catch {
      return undefined;
    }
  };
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 20))) {
    const found = read();
    if (Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(found?.[name], value))) return;
  }
  expect(read()).toMatchObject(wanted);
}

/** Open sockets of a process; Linux tells. */
function sockets(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter(each => {
    try {
      return readlinkSync(path.join(folder, each)).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

async function untilSockets(pid: number, holds: (count: number) => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !holds(sockets(pid)); ) {
    if (Date.now() > end) throw new Error(`${sockets(pid)} sockets are open`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Moves among the regions until the cursor is on this one. */
async function toRegion(at: Terminal, region: string, key: string): Promise<void> {
  await at.press(key, new RegExp(`▌ \\[.\\] ${region}`), 60);
}

describe('regions', () => {
  test('that are read show their clusters, that are left take them along, and the choice is kept', async () => {
    const home = newHome();
    const at = start(home, 'northwind-prod');
    await at.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
    expect(at.text()).not.toContain('prod-us-1');
    const before = sockets(at.pty.pid);

    await command(at, 'ctx', 'Regions of northwind-prod');
    await at.send('r').until('all that are on');
    await at.until(/▌ \[x\] eu-west-1 +2 clusters +\d+ associations +list \d+\.\ds +ok/);
    await toRegion(at, 'us-east-1', keys.down);
    await at.send(' ').until(/▌ \[x\] us-east-1 +1 cluster +\d+ associations +list \d+\.\ds +ok/);
    await command(at, 'cl', text => text.includes('prod-us-1') && text.includes('LIVE'));
    await untilSockets(at.pty.pid, count => count > before);
    await untilKept(home, { regions: { 'northwind-prod': ['eu-west-1', 'us-east-1'] } });

    await command(at, 'ctx', 'Regions of northwind-prod');
    await at.send('r').until('all that are on');
    await toRegion(at, 'us-east-1', keys.down);
    await at.send(' ').until(/▌ \[ \] us-east-1 +not read/);
    await command(at, 'cl', text => text.includes('stg-eu-1') && !text.includes('prod-us-1'));
    await untilSockets(at.pty.pid, count => count <= before);
    await untilKept(home, { regions: { 'northwind-prod': ['eu-west-1'] } });

    // The last one stays: nothing would be in scope any more.
    await command(at, 'ctx', 'Regions of northwind-prod');
    await at.send('r').until('all that are on');
    await at.send(' ').until('something has to stay in scope');
    await quit(at);
  });

  test('all that the account has turned on are found by asking them, and asked in the next sitting at once', async () => {
    const home = newHome();
    const at = start(home, 'northwind-prod');
    await at.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
    await command(at, 'ctx', 'Regions of northwind-prod');
    await at.send('+').until('16 more regions read, 19 off in this account');
    await at.send('r').until('all that are on');
    await toRegion(at, 'af-south-1', 'g');
    await at.until('the account has not turned this region on');
    await quit(at);

    const again = start(home, 'northwind-prod');
    await again.until(text => ['prod-us-1', 'batch-de-1', 'stg-eu-1', 'LIVE'].every(word => text.includes(word)));
    await quit(again);
  });
});

describe('profiles', () => {
  test('come into scope and leave it while the app runs', async () => {
    const at = start(newHome(), 'northwind-prod');
    await at.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
    await command(at, 'ctx', /▌ ● northwind-prod/);
    // A key before the profiles are read has nowhere to go.
    await at.until('contexts[3]');
    await at.send(keys.up).until(/▌ +northwind-data/);
    await at.send(' ').until(/▌ ● northwind-data +444455556666 .* ok/);
    await command(at, 'cl', text => text.includes('data-eu-1') && text.includes('stg-eu-1'));
    await command(at, 'ctx', '2 in scope');
    await at.press(keys.down, /▌ ● northwind-prod/);
    await at.send(' ').until('northwind-prod is out of scope');
    await at.until(/Profile +northwind-data /);
    await command(
      at,
      'cl',
      text => text.includes('data-eu-1') && !text.includes('stg-eu-1') && text.includes('444455556666'),
    );
    await quit(at);
  });
});

describe('an account that is read-only', () => {
  test('refuses changes with its reason, in the next sitting too, until that is taken back with its number', async () => {
    const home = newHome();
    const at = start(home, 'northwind-prod');
    await at.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
    await command(at, 'ctx', /▌ ● northwind-prod +111122223333/);
    await at.until('northwind-prod   in eu-west-1');
    await at.send('R').until(/▌ ● northwind-prod .* ok ro/);
    expect(at.text()).toContain('nothing is changed in account 111122223333 (northwind-prod)');
    await command(at, 'a @stg-eu-1', /associations\(stg-eu-1/);
    await at.until(text => text.includes('read-only') && text.includes('(n) new'));
    await at
      .send('n')
      .until('account 111122223333 (northwind-prod) is read-only here: <R> in :ctx allows changes again');
    await untilKept(home, { readOnlyAccounts: ['111122223333'] });
    await quit(at);

    const again = start(home, 'northwind-prod');
    await again.until(text => text.includes('LIVE') && text.includes('Access  read-only'));
    // Production is in the account: a key alone does not open it.
    await command(again, 'ctx', /▌ ● northwind-prod +111122223333 .* ok ro/);
    await again.send('R').until('production is in it: type :set rw 111122223333');
    await command(again, 'set rw 111122223333', 'changes are allowed in account 111122223333');
    await again.until(text => !text.includes('Access  read-only'));
    await untilKept(home, { readOnlyAccounts: [] });
    await quit(again);
  });
});

describe('signing in', () => {
  /** A HOME with a profile of IAM Identity Center, beside those of the sandbox. */
  function withCorp(): { readonly home: string; readonly environment: Readonly<Record<string, string>> } {
    const home = newHome();
    const config = path.join(home, 'config');
    const corp = [
      '[profile corp]',
      'region = eu-west-1',
      'sso_session = corp',
      'sso_account_id = 111122223333',
      'sso_role_name = admin',
      '[sso-session corp]',
      'sso_start_url = https://corp.example/start',
      'sso_region = eu-west-1',
    ].join('\n');
    const given = readFileSync(sandbox.environment.AWS_CONFIG_FILE ?? '', 'utf8');
    writeFileSync(config, `${given}\n${corp}\n`);
    return { home, environment: { AWS_CONFIG_FILE: config } };
  }

  async function onCorp(at: Terminal): Promise<void> {
    await at.until(text => text.includes('LIVE') && text.includes('stg-eu-1'));
    await command(at, 'ctx', /▌ ● northwind-prod/);
    await at.press('g', /▌ +corp +111122223333 +sso/);
  }

  test('hands the terminal to the AWS CLI, and takes it back however that ends', async () => {
    const { home, environment } = withCorp();
    const bin = path.join(home, 'bin');
    mkdirSync(bin);
    const stub = path.join(bin, 'aws');
    writeFileSync(
      stub,
      `#!/bin/sh\necho "browser please: $*"\nread answer\necho "$answer" >> ${home}/answers\n[ "$answer" = yes ]\n`,
    );
    chmodSync(stub, 0o755);
    const at = start(home, 'northwind-prod', { ...environment, PATH: `${bin}:${process.env.PATH}` });
    await onCorp(at);

    await at.send('a').until('browser please: sso login --profile corp');
    expect(at.alternate).toBe(false);
    await at.send('yes\r').until('signed in for corp: reading anew');
    expect(at.alternate).toBe(true);
    expect(at.text()).toMatch(/▌ +corp/);

    await at.send('a').until(text => text.split('browser please').length === 3);
    await at.send('no\r').until('aws sso login --profile corp: it ended with exit code 1');

    // Ctrl-c is the other program's: the app is there afterwards.
    await at.send('a').until(text => text.split('browser please').length === 4);
    await at.send(keys.ctrl('c')).until('aws sso login --profile corp: broken off');
    expect(at.exitCode).toBeUndefined();
    expect(readFileSync(path.join(home, 'answers'), 'utf8')).toBe('yes\nno\n');
    await quit(at);
  });

  test('without the AWS CLI, or for a profile that has keys, says so in a sentence', async () => {
    const { home, environment } = withCorp();
    const at = start(home, 'northwind-prod', { ...environment, PATH: path.join(home, 'nothing') });
    await onCorp(at);
    await at.send('a').until('the AWS CLI is not on the PATH: install it, or run aws sso login --profile corp');
    await at.press('G', /▌ ● northwind-prod/);
    await at.send('a').until('northwind-prod does not sign in through IAM Identity Center: it signs in by static');
    await quit(at);
  });
});
