import { afterEach, describe, expect, it } from 'vitest';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

/** Opens help and narrows it to what is named. */
async function search(words: string): Promise<void> {
  await screen.press('?', '/');
  screen.send(words);
  await screen.see(` /${words}`);
  await screen.press('enter');
}

describe('help', () => {
  it('does what is chosen on the screen beneath', async () => {
    screen = await openScreen();
    await search('describe');
    await screen.see('help: clusters </describe>');
    await screen.until('the action is chosen', () => /▌ d +describe/.test(screen.text()));
    await screen.press('enter');
    await screen.see('<clusters> <prod-eu-1>');
    expect(screen.text()).not.toContain('help:');
  });

  it('greys what cannot be done now, says why, and does not do it either', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1');
    // Owned by an add-on.
    await screen.press('/');
    screen.send('aws-node');
    await screen.press('enter');
    if (!screen.text().includes('aws-node')) await screen.see('aws-node');
    await search('delete');
    await screen.see(/ctrl-d +delete +- .+/);
    await screen.press('enter');
    await screen.see(/! delete: .+/);
    expect(screen.text()).not.toContain('╔');
  });

  it('puts a command that is chosen into the command line', async () => {
    screen = await openScreen();
    await search(':roles');
    await screen.until('the command is chosen', () => /▌ :roles/.test(screen.text()));
    await screen.press('enter');
    await screen.see(' :roles ▏');
    await screen.press('enter');
    await screen.see('roles(prod-eu-1)');
  });

  it('moves among what can be chosen, to both ends', async () => {
    screen = await openScreen();
    await screen.press('?');
    await screen.see('KEYS in clusters');
    await screen.press('G');
    await screen.see('* marked');
    await screen.until('the last command is chosen', () => /▌ :view/.test(screen.text()));
    await screen.press('g');
    await screen.see('KEYS in clusters');
    await screen.press('?');
    await screen.lose('help:');
  });

  it('says so when nothing is called that', async () => {
    screen = await openScreen();
    await search('zzz');
    await screen.see('Nothing here is called that.');
    await screen.press('enter');
    await screen.see('help: clusters');
  });
});
