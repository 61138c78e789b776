import { afterEach, describe, expect, it, vi } from 'vitest';
import { finished, start } from '../fakes.ts';
import { approvePlan, openScreen, type Screen } from '../screen.ts';

// Before Ink is loaded: its colours are decided once.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '3';
});

let screen: Screen;
afterEach(() => screen.close());

function kept(values: Record<string, unknown> = {}) {
  const store = { ...values };
  return {
    store,
    read: async () => store,
    save: async (patch: Readonly<Record<string, unknown>>) => {
      Object.assign(store, patch);
    },
  };
}

const truecolor = { COLORTERM: 'truecolor' };
/** The foreground of the title, in the border of the pane. */
const titleColour = () => {
  const { active } = screen.terminal.buffer;
  const row = screen.lines().findIndex(line => line.includes('clusters(all)'));
  return active
    .getLine(active.baseY + row)
    ?.getCell(3)
    ?.getFgColor();
};

describe('the theme', () => {
  it('is changed by :theme at once, and kept', async () => {
    const preferences = kept();
    screen = await openScreen({ preferences, environment: truecolor });
    await screen.see('clusters(all)');
    expect(titleColour()).toBe(0x56c8d8);
    await screen.press(...':theme light', 'enter');
    await screen.see('the theme is light from now on');
    await screen.until('the title has its colour', () => titleColour() === 0x006374);
    await screen.until('it is kept', () => preferences.store.theme === 'light');
  });
  it('that was kept is used, unless the command line names another', async () => {
    screen = await openScreen({ preferences: kept({ theme: 'safe' }), environment: truecolor });
    await screen.until('the title has its colour', () => titleColour() === 0xa8d4ff);
  });
  it('of a name that does not exist offers the nearest one', async () => {
    screen = await openScreen({ environment: truecolor });
    await screen.see('clusters(all)');
    await screen.press(...':theme drak', 'enter');
    await screen.see('no theme drak; there is dark');
  });
  it('says when this terminal shows none', async () => {
    screen = await openScreen({ environment: { NO_COLOR: '1' } });
    await screen.see('clusters(all)');
    await screen.press(...':theme light', 'enter');
    await screen.see('this terminal is asked to show no colour');
    expect(screen.hasColour()).toBe(false);
  });
});

describe('signs', () => {
  const signs = /[^\x00-\x7f]/;

  it('are of ASCII alone after :set ascii, at once and in the next sitting, until :set unicode', async () => {
    const preferences = kept();
    screen = await openScreen({ preferences });
    await screen.see('╭─ clusters(all)');
    await screen.press(...':set ascii', 'enter');
    await screen.see('drawn with ASCII alone from now on');
    expect(screen.text()).not.toMatch(signs);
    expect(screen.text()).toContain('+- clusters(all)');
    await screen.until('it is kept', () => preferences.store.ascii === true);
    await screen.close();

    screen = await openScreen({ preferences });
    await screen.see('+- clusters(all)');
    await screen.press(...':set unicode', 'enter');
    await screen.see('╭─ clusters(all)');
    await screen.until('it is kept', () => preferences.store.ascii === false);
  });

  it('that were kept count more than the locale, and less than the command line', async () => {
    const environment = { LC_ALL: 'C' };
    screen = await openScreen({ preferences: kept({ ascii: false }), environment });
    await screen.see('╭─ clusters(all)');
    await screen.close();
    screen = await openScreen({ preferences: kept({ ascii: false }), appearance: { ascii: true } });
    await screen.see('+- clusters(all)');
    await screen.press('j', 'k');
    expect(screen.text()).not.toMatch(signs);
  });

  it('are as the locale needs where the preferences hold something else than yes or no', async () => {
    screen = await openScreen({ preferences: kept({ ascii: 'maybe' }), environment: { LC_ALL: 'C' } });
    await screen.see('+- clusters(all)');
  });
});

describe('where nothing may move', () => {
  it.each([
    ['the environment says so', { environment: { NO_MOTION: '1' } }],
    ['the preferences say so', { preferences: kept({ noMotion: true }) }],
  ])('a run is told in tenths and no sign turns: %s', async (_, options) => {
    screen = await openScreen(options);
    await screen.see('clusters(all)');
    screen.workbench.hold = true;
    await screen.press('G', 'm');
    await screen.see('◌ Reading the cluster afresh');
    const still = screen.bytes();
    await new Promise(resolve => setTimeout(resolve, 400));
    expect(screen.bytes()).toBe(still);
    screen.workbench.release();
    await screen.see('PLAN (nothing written)');
    await approvePlan(screen);
    screen.workbench.push({ type: 'done', at: start, id: 't1', outcome: 'done', outputs: {} });
    await screen.see('1/4  20%');
    screen.workbench.push(finished(1));
    await screen.see('FINISHED');
  });
});
