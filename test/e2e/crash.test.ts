import { afterEach, expect, test } from 'vitest';
import { cleanEnvironment, cli, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

const { home, remove } = temporaryHome();
const environment = cleanEnvironment(home);
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
  remove();
});

const open = () =>
  new Terminal(process.execPath, [cli, '--sandbox', '--world', 'docs', '--latency', '60'], { environment });

test('a run that was killed in the middle is asked about by the next start, and goes on by one key', {
  timeout: 90_000,
}, async () => {
  terminal = open();
  await terminal.until(/▌ +my-cluster/);
  await terminal.press('m', /\d+ steps?:/);
  await terminal.press('a', '[ Cancel ]');
  await terminal.press(keys.tab, '[ Approve ]');
  await terminal.press(keys.enter, 'RUNNING');
  await terminal.until(/ [1-3]\/5 /);
  expect(terminal.text()).toContain('pods without credentials: 0');
  terminal.send('K');
  await terminal.exited;
  expect(terminal.alternate).toBe(false);
  expect(terminal.text()).toContain('podid-tui: killed (SIGKILL)');
  await terminal.close();

  terminal = open();
  await terminal.until('a run in my-cluster was cut off');
  await terminal.until(/· \d+ of \d+ done/);
  await terminal.until('pods without credentials: 0');
  await terminal.press('e', 'FINISHED');
  expect(terminal.text()).toMatch(/pods without credentials: 0/);
  expect(terminal.text()).toMatch(/(\d+)\/\1 {2}100%/);
  terminal.send(keys.ctrl('c')).send(keys.ctrl('c'));
  expect(await terminal.exited).toBe(130);
});
