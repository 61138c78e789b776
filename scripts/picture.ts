/**
 * Renders the readme's pictures from a real run on the sandbox: `npm run picture`. Each picture is a list of keys to
 * press and of what must be on screen before the next one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pngOf } from '../test/helpers/picture.ts';
import { cleanEnvironment, cli, temporaryHome } from '../test/helpers/program.ts';
import { keys, Terminal } from '../test/helpers/terminal.ts';

type Step = { readonly press?: string; readonly until: string | RegExp };

const pictures: Readonly<Record<string, readonly Step[]>> = {
  'service-accounts': [
    { until: /LIVE/ },
    { press: 'j', until: /▌ +prod-eu-1/ },
    { press: 's', until: /serviceaccounts?\(prod-eu-1/i },
  ],
  migrate: [
    { until: /LIVE/ },
    { press: 'j', until: /▌ +prod-eu-1/ },
    { press: 'm', until: /create pod identity association|associations/i },
  ],
};

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
const home = temporaryHome();
for (const [name, steps] of Object.entries(pictures)) {
  const terminal = new Terminal(process.execPath, [cli, '--sandbox', '--seed', '7'], {
    environment: cleanEnvironment(home.home, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }),
  });
  for (const { press, until } of steps) {
    if (press) terminal.send(press);
    await terminal.until(until);
  }
  writeFileSync(`${folder}${name}.png`, pngOf(terminal.screen));
  console.log(`docs/images/${name}.png`);
  terminal.send(keys.ctrl('c')).send(keys.ctrl('c'));
  await terminal.close();
}
home.remove();
