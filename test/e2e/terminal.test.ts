/** The built app in a pseudo-terminal, treated badly: the terminal is always given back, and nothing is done by accident. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { cleanEnvironment, cli, runProgram, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal, type TerminalOptions } from '../helpers/terminal.ts';

const home = temporaryHome();
const open: Terminal[] = [];
// Some tests go side by side, so all are closed when all are done.
afterAll(async () => {
  for (const terminal of open.splice(0)) await terminal.close();
  home.remove();
});

type Extra = TerminalOptions & { readonly extra?: Record<string, string>; readonly node?: readonly string[] };

function start(args: readonly string[], options: Extra = {}): Terminal {
  const terminal = new Terminal(process.execPath, [...(options.node ?? []), cli, ...args], {
    ...options,
    environment: cleanEnvironment(home.home, options.extra ?? {}),
  });
  open.push(terminal);
  return terminal;
}

const sandbox = ['--sandbox', '--seed', '7'];

/** The end of a process and its last bytes come by different ways, in either order. */
const isGivenBack = async (terminal: Terminal): Promise<number> => {
  const code = await terminal.exited;
  await vi.waitFor(() => expect(terminal.alternate).toBe(false), 5_000);
  expect(terminal.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\u001b[?25l'));
  return code;
};

/** A key, once, and what it brings: keys that toggle or type must not be pressed again. */
const on = (terminal: Terminal, key: string, what: string | RegExp | ((text: string) => boolean)) =>
  terminal.send(key).until(what);

/** Filters, and waits until the keys are the table's again. */
async function filter(terminal: Terminal, words: string): Promise<void> {
  await on(terminal, '/', /^ \//m);
  await on(terminal, words, `</${words}>`);
  await on(terminal, keys.enter, text => !/^ \//m.test(text));
}

/** Until bytes that contain this have come, however they are drawn. */
async function untilRaw(terminal: Terminal, what: string): Promise<void> {
  await terminal.until(() => terminal.raw.includes(what));
}

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'])(
    '%s between the first paint and the app gives the terminal back',
    async signal => {
      const terminal = start(sandbox);
      // The frame is there before anything that could hear a signal has been loaded.
      await untilRaw(terminal, '\u001b[?1049h');
      terminal.pty.kill(signal);
      await isGivenBack(terminal);
    },
  );

  test.each(['SIGINT', 'SIGTERM'])('%s later does, too', async signal => {
    const terminal = start(sandbox);
    await terminal.until('LIVE');
    terminal.pty.kill(signal);
    await isGivenBack(terminal);
  });
});

/** Throws from a timer, outside every handler, once a file is there. */
function throwing(name: string): { readonly script: string; throwNow(): void } {
  const script = path.join(home.home, `${name}.mjs`);
  const now = path.join(home.home, `${name}.now`);
  const source = `import { existsSync } from 'node:fs';
    setInterval(() => { if (existsSync(${JSON.stringify(now)})) throw new Error('planted in ${name}'); }, 20);\n`;
  writeFileSync(script, source);
  return { script, throwNow: () => writeFileSync(now, '') };
}

type Way = readonly [place: string, walk: (terminal: Terminal) => Promise<unknown>];

const toAccounts = async (terminal: Terminal) => {
  await terminal.until(text => text.includes('LIVE') && text.includes('prod-eu-1'));
  await on(terminal, 's', /serviceaccounts\(/);
};

/** Goes to the accounts, and on by a key. */
const by = (key: string, what: string | RegExp) => async (terminal: Terminal) => {
  await toAccounts(terminal);
  await on(terminal, key, what);
};

async function toRuns(terminal: Terminal): Promise<void> {
  await by(':', /^ :/m)(terminal);
  terminal.send('runs');
  await terminal.until(' :runs');
  await on(terminal, keys.enter, /─ runs/);
}

const ways: readonly Way[] = [
  ['a table', toAccounts],
  ['help', by('?', 'KEYS in')],
  ['the command line', by(':', /^ :/m)],
  ['the form', by('n', 'new association')],
  ['a plan', by('m', /PLAN|planning|reading/)],
  ['the runs', toRuns],
];

describe('what nobody caught', () => {
  test.concurrent.each(ways)('in %s gives the terminal back, and says where the report is', async (place, walk) => {
    const { script, throwNow } = throwing(place.replaceAll(' ', '-'));
    const terminal = start(sandbox, { node: ['--import', script], columns: 160 });
    await walk(terminal);
    throwNow();
    expect(await isGivenBack(terminal)).toBe(1);
    const said = terminal.text().replaceAll('\n', '');
    expect(said).toMatch(/podid-tui: the app crashed: planted in .*; what led to it is in \//);
    const file = /(\/\S+\/crashes\/\S+\.txt)/.exec(said)?.[1] ?? '';
    const report = readFileSync(file, 'utf8');
    expect(report).toContain('Error: planted in');
    expect(report).toContain('lines of the log');
    expect(report).not.toMatch(/k8s-aws-v1\.|AKIA|ASIA|X-Amz-Signature/);
  });
});

describe('a shell’s job', () => {
  const stopped = (pid: number) => / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''));

  test.skipIf(!existsSync('/proc/self/stat')).each(['ctrl-z', 'SIGTSTP'])(
    'is stopped by %s and comes back as it was',
    async how => {
      const terminal = start(sandbox);
      await toAccounts(terminal);
      if (how === 'ctrl-z') terminal.send(keys.ctrl('z'));
      else terminal.pty.kill(how);
      await vi.waitFor(() => expect(stopped(terminal.pty.pid)).toBe(true), 10_000);
      await vi.waitFor(() => expect(terminal.alternate).toBe(false), 5_000);
      terminal.resize(90, 26);
      process.kill(terminal.pty.pid, 'SIGCONT');
      await terminal.until(text => text.includes('serviceaccounts(') && terminal.alternate);
      await on(terminal, '?', 'KEYS in');
      expect(Math.max(...terminal.lines().map(line => line.length))).toBeLessThanOrEqual(90);
    },
  );
});

describe('a dialog', () => {
  test('survives every size, and asks for the same', async () => {
    const terminal = start([...sandbox, '--region', 'eu-west-1']);
    await terminal.until(text => text.includes('LIVE') && text.includes('prod-eu-1'));
    await filter(terminal, 'prod');
    await on(terminal, 'a', /associations\(prod-eu-1/);
    await filter(terminal, 'ns:payments');
    await terminal.until(/▌ +payments /);
    await on(terminal, keys.ctrl('d'), '╔');
    for (const [columns, rows] of [
      [80, 24],
      [61, 16],
      [52, 12],
      [120, 40],
      [100, 30],
    ] as const) {
      terminal.resize(columns, rows);
      await terminal.until(text => {
        const widest = Math.max(...text.split('\n').map(line => line.length));
        if (columns < 60) return text.includes('60x15 needed') && widest <= columns;
        return text.includes('╔') && text.includes('[ Cancel ]') && widest === columns;
      });
    }
    await terminal.until('Type  prod-eu-1  to confirm');
    await on(terminal, keys.escape, text => !text.includes('╔'));
  });
});

test('held keys, pastes and chunks move and do nothing else', async () => {
  const world = await startTestSandbox(['--world', 'demo', '--seed', '7']);
  try {
    const terminal = start(['--region', 'us-east-1'], { extra: { ...world.environment } });
    await terminal.until(text => text.includes('LIVE') && text.includes('prod-us-1'));
    await on(terminal, 'a', /associations\(prod-us-1/);
    await terminal.until(/▌ +\S+ +\S+ +[a-z]\S+/);
    terminal.send('j'.repeat(200));
    terminal.send(`jj${keys.ctrl('d')}${keys.tab}${keys.enter}`);
    await terminal.until('only movement was taken');
    terminal.send('\u001b[200~n\rprod-us-1\r\u001b[201~');
    await terminal.until('pasted text is ignored here');
    await on(terminal, '/', /^ \//m);
    terminal.send('\u001b[200~two\nlines\u001b[201~');
    await terminal.until('/two lines');
    const { counts } = (await world.control('requests')) as { counts: Record<string, { writes: number }> };
    for (const [operation, { writes }] of Object.entries(counts)) expect(writes, operation).toBe(0);
  } finally {
    await world.stop();
  }
});

describe('without a terminal', () => {
  test('what was asked for once is printed once, and nothing else is said', async () => {
    const environment = cleanEnvironment(home.home);
    const once = await runProgram(['--once', ...sandbox], environment);
    expect(once).toMatchObject({ code: 0, stderr: '' });
    expect(once.stdout).toContain('prod-eu-1');
    const unasked = await runProgram(sandbox, environment);
    expect(unasked.stderr).toContain('no terminal');
  });

  test('a terminal that was left behind is given back', async () => {
    const terminal = start(['--reset-terminal']);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw).toContain('\u001b[?1049l');
    expect(terminal.raw).toContain('\u001b[?25h');
    expect(terminal.raw).not.toContain('\u001b[?1049h');
  });
});

test('what was typed is there again in the next sitting', async () => {
  const first = start(sandbox);
  await first.until('LIVE');
  await on(first, ':', /^ :/m);
  first.send('log');
  await first.until(' :log');
  await on(first, keys.enter, /─ log/);
  await on(first, keys.ctrl('c'), 'again');
  first.send(keys.ctrl('c'));
  expect(await isGivenBack(first)).toBe(130);
  const state = path.join(home.home, '.local', 'state', 'podid-tui');
  expect(readdirSync(state)).toContain('history');
  const second = start(sandbox);
  await second.until('LIVE');
  await on(second, ':', /log +typed before/);
});
