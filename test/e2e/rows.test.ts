/**
 * Two people at work on one cluster: what the one takes away and makes anew with the commands, the other sees in the app
 * as it happens, on the row that is followed and beside it.
 */
import { afterAll, expect, test } from 'vitest';
import { cleanEnvironment, cli, runProgram, startTestSandbox, temporaryHome } from '../helpers/program.ts';
import { keys, Terminal } from '../helpers/terminal.ts';

const home = temporaryHome();
afterAll(home.remove);

const subject = (namespace: string, name: string) => [
  ...['podidentityassociation', '--cluster', 'prod-eu-1', '--namespace', namespace],
  ...['--service-account-name', name],
];

test('rows that somebody else takes away stay for a while, and one that is followed is found again', async () => {
  const world = await startTestSandbox(['--world', 'demo', '--seed', '7']);
  const environment = cleanEnvironment(home.home, { ...world.environment });
  const terminal = new Terminal(process.execPath, [cli, '--region', 'eu-west-1'], { environment });
  /** What the other person does; the app is told to look again, as it would by itself in some seconds. */
  const other = async (...args: readonly string[]) => {
    const { code, stderr } = await runProgram([...args], environment);
    expect(code, stderr).toBe(0);
    terminal.send(keys.ctrl('r'));
  };
  const struck = (text: string) => {
    const row = terminal.lines().findIndex(line => line.includes(text));
    const column = terminal.lines()[row]?.indexOf(text) ?? 0;
    return terminal.screen.buffer.active.getLine(row)?.getCell(column)?.isStrikethrough() !== 0;
  };
  try {
    // The app opens on the worst cluster.
    await terminal.until(text => text.includes('LIVE') && /▌ +prod-eu-1 /.test(text));
    terminal.send('a');
    await terminal.until(/associations\(prod-eu-1\/all\)\[17\]/);
    await terminal.until(/▌ +checkout +cart /);
    terminal.send('F');
    await terminal.until('following checkout/cart  <F> or <esc> ends');

    await other('delete', ...subject('checkout', 'promo'), '--approve');
    await terminal.until(/│ - checkout +promo .* gone/);
    expect(terminal.text()).toContain('associations(prod-eu-1/all)[16]');
    expect(struck('promo')).toBe(true);
    expect(struck('cart')).toBe(false);
    await terminal.until(text => !text.includes('promo'));

    await other('delete', ...subject('checkout', 'cart'), '--approve');
    await terminal.until('▌- checkout/cart is gone; nothing here acts on it');
    expect(terminal.text()).toContain('following checkout/cart: it is gone');
    terminal.send(keys.ctrl('d'));
    await terminal.until('delete: that row is gone');

    const role = 'arn:aws:iam::111122223333:role/checkout-web';
    await other('create', ...subject('checkout', 'cart'), '--role-arn', role);
    await terminal.until(/▌ +checkout +cart +checkout-web .* \+/);
    terminal.send('S');
    await terminal.until('by health');
    await terminal.until(/▌ +checkout +cart +checkout-web/);
    terminal.send('F');
    await terminal.until(text => !text.includes('following'));
  } finally {
    await terminal.close();
    await world.stop();
  }
}, 60_000);
