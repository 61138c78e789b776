import { execFile } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { cleanEnvironment, cli, runProgram, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

const { home, remove } = temporaryHome();
const environment = cleanEnvironment(home);
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
});

const open = (words: readonly string[], more: Readonly<Record<string, string | undefined>> = {}) => {
  terminal = new Terminal(process.execPath, [cli, '--sandbox', '--world', 'docs', ...words], {
    environment: { ...environment, ...more },
  });
  return terminal;
};

test('a dumb terminal gets lines: nothing is drawn, a migration is asked for by name and told in tenths', {
  timeout: 60_000,
}, async () => {
  const at = open([], { TERM: 'dumb', COLORTERM: undefined });
  await at.until('podid>');
  expect(at.text()).toMatch(/1\. my-cluster: /);
  at.send('migrate my-cluster\r');
  await at.until('type my-cluster to carry it out>');
  at.send('my-cluster\r');
  await at.until('100 %: ');
  await at.until(/migration of my-cluster: \d+ done, 0 failed; undo takes it back\s+podid>/);
  at.send('quit\r');
  expect(await at.exited).toBe(0);
  expect(at.raw).not.toContain('\u001b');
});

/** The program with all of its input there before it starts. */
const piped = (
  input: string,
  world: readonly string[] = ['--sandbox', '--world', 'demo'],
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> =>
  new Promise(resolve => {
    const words = [cli, '--linear', ...world];
    const child = execFile(process.execPath, words, { env: environment }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

test('what is piped in is done in order, a new association included, and the exit code tells how it went', {
  timeout: 60_000,
}, async () => {
  const create = ['new stg-eu-1', 'checkout', 'web-v2', 'stg-checkout-web', '', '', '', 'team=x', '', 'apply'];
  const made = await piped([...create, 'a stg-eu-1', 'delete checkout/web-v2', 'delete'].join('\n'));
  expect(made.stdout).toMatch(/type apply to carry it out> apply\nRun \S+ begins\.\n100 %: 1 of 1 step\./);
  expect(made.stdout).toContain('3. checkout/web-v2: ROLE stg-checkout-web');
  expect(made.stdout).toContain('1 association deleted; undo takes it back');
  expect(made.code).toBe(0);
  expect(made.stdout + made.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  const wrong = await piped('new stg-eu-1\ncheckout\n');
  expect(wrong.stdout).toContain('nothing was written');
  expect(wrong.code).toBe(2);
});

test('a world that cannot be opened is one sentence, and one that is not asked for ends nothing', {
  timeout: 60_000,
}, async () => {
  const unknown = await piped('clusters\nquit\n', ['--profile', 'nobody']);
  expect(unknown.stderr).toMatch(/^podid-tui: There is no profile "nobody" [^\n]+\n$/);
  expect(unknown.code).toBe(1);
  const offline = await piped('clusters\nquit\n', ['--offline']);
  expect(offline).toMatchObject({ code: 0, stderr: '' });
});

test('ctrl-c ends it, and a screen reader is enough to ask for it', { timeout: 60_000 }, async () => {
  const at = open([], { INK_SCREEN_READER: 'true' });
  await at.until('podid>');
  at.send(keys.ctrl('c'));
  expect(await at.exited).toBe(130);
  expect(at.raw).not.toContain('\u001b');
});

test('with --ascii nothing else is written, from the first paint on', { timeout: 60_000 }, async () => {
  const at = open(['--ascii']);
  await at.until(/> +my-cluster/);
  await at.press('m', /\d+ steps?:/);
  await at.press(keys.ctrl('c'), 'again to quit');
  at.send(keys.ctrl('c'));
  await at.exited;
  expect(at.raw).not.toMatch(/[^\u0000-\u007f]/);
});

test('a theme is in the colours that the terminal has, whatever Ink thinks of it', { timeout: 60_000 }, async () => {
  const at = open(['--theme', 'light'], { TERM: 'xterm-256color', COLORTERM: undefined });
  await at.until(/▌ +my-cluster/);
  expect(at.raw).toContain('\u001b[38;5;');
  expect(at.raw).not.toContain('\u001b[38;2;');
  await at.press('q', 'again to quit');
  at.send('q');
  await at.exited;
});

test('a pipe gets a view once, and is told how to open the app only where that was not asked for', {
  timeout: 60_000,
}, async () => {
  const plain = await runProgram(['--sandbox', '--world', 'docs'], environment);
  expect(plain.code).toBe(0);
  expect(plain.stdout).toMatch(/^NAME .*HEALTH\nmy-cluster /);
  expect(plain.stderr).toContain('run podid-tui in one to open the app');
  const words = ['--sandbox', '--world', 'docs', '--once', '--view', 'associations', '-o', 'json'];
  const json = await runProgram([...words, '--cluster', 'my-cluster'], environment);
  expect(json.stderr).toBe('');
  expect(Object.keys(JSON.parse(json.stdout))).toEqual(['rows', 'sources']);
  const wrong = await runProgram(['--once', '--view', 'roles'], environment);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--view roles is of one cluster')]);
  remove();
});
