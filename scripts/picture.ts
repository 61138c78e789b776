/**
 * Renders the pictures of the readme and of docs/tour.md from real runs on the sandbox: `npm run picture`, or with the
 * names of some. Each picture is a list of keys to press and of what must be on screen before the next one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pngOf } from '../test/helpers/picture.ts';
import { cleanEnvironment, cli, temporaryHome } from '../test/helpers/program.ts';
import { keys, Terminal } from '../test/helpers/terminal.ts';

type Step = { readonly press?: string; readonly until: string | RegExp };

/** The cursor is on the production cluster: filtering leaves one row. */
const prodEu: readonly Step[] = [
  { until: /LIVE/ },
  { press: '/', until: /\n ?\/[^\n]*$/ },
  { press: 'prod-eu', until: /\/prod-eu▏/ },
  { press: keys.enter, until: /^(?![\s\S]*▏)/ },
];

/** Filters the table on screen. */
const filtered = (words: string): readonly Step[] => [
  { press: '/', until: /\n ?\/[^\n]*$/ },
  { press: words, until: new RegExp(`/${words}▏`) },
  { press: keys.enter, until: /^(?![\s\S]*▏)/ },
];

/** Goes somewhere by its command. */
const command = (words: string, until: Step['until']): readonly Step[] => [
  { press: ':', until: /\n ?:[^\n]*$/ },
  { press: words, until: new RegExp(`:${words}▏`) },
  { press: keys.enter, until },
];

const cardVault: readonly Step[] = [
  ...prodEu,
  { press: 's', until: 'serviceaccounts(prod-eu-1' },
  ...filtered('card-vault'),
  { until: /▌ +payments +card-vault .*irsa/ },
  { press: 'n', until: /trust lacks pods\.eks/ },
];

const approved: readonly Step[] = [
  ...prodEu,
  { press: 'm', until: /\d+ steps:/ },
  { press: 'a', until: 'to confirm' },
  { press: 'prod-eu-1', until: /prod-eu-1▏? +✓/ },
  { press: keys.tab, until: /\[ Approve \]/ },
  { press: keys.enter, until: 'FINISHED' },
];

const pictures: Readonly<Record<string, readonly Step[]>> = {
  'service-accounts': [
    ...prodEu,
    { press: keys.enter, until: 'namespaces(prod-eu-1)' },
    { press: '/', until: /\n ?\/[^\n]*$/ },
    { press: 'payments', until: /\/payments▏/ },
    { press: keys.enter, until: /<\/payments>/ },
    { press: 's', until: 'serviceaccounts(prod-eu-1/payments)' },
    { press: 'j', until: /▌ +payments +card-vault/ },
    { press: 'j', until: /▌ +payments +default/ },
    { press: 'j', until: /▌ +payments +fraud/ },
    { until: /payments\/fraud +✗/ },
  ],
  clusters: [{ until: /LIVE/ }, { press: 'j', until: /▌ +prod-eu-1/ }, { until: /prod-eu-1 +✗/ }],
  form: cardVault,
  review: [...cardVault, { press: keys.ctrl('s'), until: /\+ .*pods\.eks\.amazonaws\.com/ }],
  plan: [...prodEu, { press: 'm', until: /\d+ steps:/ }],
  migrate: approved,
  runs: [...approved, ...command('runs', /runs\[1\]/), { press: keys.enter, until: /\+ +"sts:AssumeRole"/ }],
  fleet: [{ until: /LIVE/ }, ...command('a @all', 'associations(@all'), ...filtered('external-dns')],
  contexts: [{ until: /LIVE/ }, ...command('ctx', /contexts\[\d+\]/)],
};

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(folder, { recursive: true });
const home = temporaryHome();
const asked = process.argv.slice(2);
for (const [name, steps] of Object.entries(pictures)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const terminal = new Terminal(process.execPath, [cli, '--sandbox', '--seed', '7'], {
    environment: cleanEnvironment(home.home, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }),
  });
  for (const { press, until } of steps) {
    if (press) await terminal.press(press, until);
    else await terminal.until(until);
  }
  writeFileSync(`${folder}${name}.png`, pngOf(terminal.screen));
  console.log(`docs/images/${name}.png`);
  terminal.send(keys.ctrl('c')).send(keys.ctrl('c'));
  await terminal.close();
}
home.remove();
