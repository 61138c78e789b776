/**
 * Records the readme's opening from a real run on the sandbox: `npm run record`. A cluster is migrated, the app is killed
 * in the middle, taken up again by one key, and all of it is taken back.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, cli, temporaryHome } from '../test/helpers/program.ts';
import { Recording } from '../test/helpers/recording.ts';
import { keys, Terminal } from '../test/helpers/terminal.ts';

const { home, remove } = temporaryHome();
const recording = new Recording();

/** Milliseconds for a reader to see what a key did. */
const reading = 900;

function open(): Terminal {
  const terminal = new Terminal(process.execPath, [cli, '--sandbox', '--seed', '7', '--latency', '150'], {
    environment: cleanEnvironment(home, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }),
  });
  recording.follow(terminal);
  return terminal;
}

/** Types as a person does, and presses again what a dialog's first moments ignore. */
async function step(terminal: Terminal, press: string, until: string | RegExp): Promise<void> {
  await pause(reading);
  await terminal.press(press, until);
}

async function type(terminal: Terminal, text: string, until: string | RegExp): Promise<void> {
  for (const sign of text) {
    terminal.send(sign);
    await pause(60);
  }
  await terminal.until(until);
}

let terminal = open();
await terminal.until(/LIVE/);
await step(terminal, '/', /\n ?\/[^\n]*$/);
await type(terminal, 'prod-eu', /▌ +prod-eu-1/);
await step(terminal, keys.enter, /^(?![\s\S]*▏)/);
await step(terminal, 'm', /\d+ steps:/);
await step(terminal, 'R', 'restarts on');
await terminal.until(/\d+ steps:/);
await step(terminal, 'a', 'to confirm');
await type(terminal, 'prod-eu-1', /prod-eu-1▏? +✓/);
await step(terminal, keys.enter, '[ Approve ]');
await step(terminal, keys.enter, 'RUNNING');
await terminal.until(/ [12]\d\/\d+ /);
terminal.send('K');
await terminal.exited;
await pause(reading * 2);
await terminal.close();

terminal = open();
await terminal.until('was cut off');
await pause(reading * 2);
await step(terminal, 'e', 'take up migrate');
await terminal.until('FINISHED', 180_000);
await pause(reading * 2);
await step(terminal, 'b', 'review: undo run');
await terminal.until(/Apply \d+ calls?/);
await step(terminal, keys.tab, '[ ');
await pause(reading);
terminal.send(keys.ctrl('c')).send(keys.ctrl('c'));
await terminal.close();

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
const svg = recording.svg();
writeFileSync(`${folder}tour.svg`, svg);
console.log(`docs/images/tour.svg: ${Math.round(svg.length / 1024)} kB`);
remove();
