import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PreferencesStore } from '../../../source/ui/app.tsx';
import { Preferences } from '../../../source/ui/controller/preferences.ts';
import { parseLooks, storedLooks } from '../../../source/ui/state/looks.ts';
import { initialState } from '../../../source/ui/state/state.ts';
import { Store } from '../../../source/ui/state/store.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;

/** A file in memory. */
class Memory implements PreferencesStore {
  values: Readonly<Record<string, unknown>> = {};
  failure: Error | undefined;
  attempts = 0;
  read = async () => this.#answer(this.values);
  save = async (patch: Readonly<Record<string, unknown>>) => {
    this.#answer(undefined);
    this.values = { ...this.values, ...patch };
  };
  #answer<T>(value: T): T {
    this.attempts += 1;
    if (this.failure) throw this.failure;
    return value;
  }
}

describe('preferences', () => {
  afterEach(() => screen.close());

  it('bring order and width of a table into the next sitting, each kind its own', async () => {
    const preferences = new Memory();
    preferences.values = { other: 1 };
    screen = await openScreen({ preferences, columns: 160 });
    await screen.press('a', 'S', 'S', 'w');
    await screen.see('by health, reversed');
    await screen.see('TARGET');
    await screen.until('it is kept', () => JSON.stringify(preferences.values).includes('"wide":true'));
    await screen.close();
    expect(preferences.values).toEqual({
      other: 1,
      tables: { associations: { sort: 'health', descending: true, wide: true, hidden: [] } },
    });
    screen = await openScreen({ preferences, columns: 160 });
    await screen.see('clusters(all)[3]');
    expect(screen.text()).not.toContain('by health');
    await screen.press('a');
    await screen.see('by health, reversed');
    await screen.see('TARGET');
  });

  it('reach the table that is open when they arrive', async () => {
    const preferences = new Memory();
    preferences.values = { tables: { clusters: { sort: 'name', descending: true, wide: false } } };
    screen = await openScreen({ preferences });
    await screen.see('by name, reversed');
  });

  it('that cannot be read or written are said once and stop nothing', async () => {
    const preferences = new Memory();
    preferences.failure = new Error('config.json is broken');
    screen = await openScreen({ preferences });
    await screen.see('preferences are not kept in this sitting: config.json is broken');
    await screen.press('S');
    await screen.see('by health');
    screen.clock.advance(9000);
    await screen.lose('preferences are not kept');
    await screen.press('w', 'N');
    await screen.see('by name');
    expect(screen.text()).not.toContain('preferences are not kept');
    expect(preferences.attempts).toBe(1);
  });
});

describe('what is kept of accounts and profiles', () => {
  it('stands beside what another sitting has kept meanwhile', async () => {
    const memory = new Memory();
    const ui = new Store(initialState({ kind: 'clusters' }, 0, { columns: 100, rows: 30 }));
    const preferences = new Preferences(ui, memory, () => {}, { sandbox: false });
    preferences.load();
    await vi.waitFor(() => expect(memory.attempts).toBe(1));
    memory.values = { readOnlyAccounts: ['222233334444'], regions: { theirs: ['eu-west-1'] } };
    ui.update(state => ({
      ...state,
      readOnlyAccounts: new Set(['111122223333']),
      keptRegions: { ours: ['us-east-1'] },
    }));
    preferences.keepReadOnly('111122223333');
    preferences.keepRegions('ours');
    const both = { theirs: ['eu-west-1'], ours: ['us-east-1'] };
    await vi.waitFor(() => expect(memory.values.regions).toEqual(both));
    expect(memory.values.readOnlyAccounts).toEqual(['222233334444', '111122223333']);
    ui.update(state => ({ ...state, readOnlyAccounts: new Set() }));
    preferences.keepReadOnly('111122223333');
    await vi.waitFor(() => expect(memory.values.readOnlyAccounts).toEqual(['222233334444']));
  });
});

describe('stored looks', () => {
  it('come back as they were', () => {
    const looks = { roles: { sort: { by: 'name', descending: true }, wide: true, hidden: [] } } as const;
    expect(parseLooks(storedLooks(looks))).toEqual(looks);
  });

  it('that nobody understands are the default', () => {
    for (const odd of [
      undefined,
      null,
      [],
      'x',
      3,
      { clusters: 'x', roles: [] },
      { unknown: { wide: true, hidden: [] } },
    ])
      expect(parseLooks(odd)).toEqual({});
    expect(parseLooks({ clusters: { sort: '__proto__', descending: 'yes', wide: 1 } })).toEqual({
      clusters: { sort: { by: 'default', descending: false }, wide: false, hidden: [] },
    });
  });
});
