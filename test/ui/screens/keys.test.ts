/** What keys and the command line do wherever the user is: read-only, own keys, history, places, copying, bursts. */
import { afterEach, describe, expect, it } from 'vitest';
import type { PreferencesStore } from '../../../source/ui/app.tsx';
import { finished, prod, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const run = async (command: string) => {
  await screen.press(...`:${command}`);
  await screen.see(` :${command}`);
  await screen.press('enter');
};

/** Preferences that hold this, and what was saved since. */
function preferences(
  values: Readonly<Record<string, unknown>>,
): PreferencesStore & { values: Record<string, unknown> } {
  const store = {
    values: { ...values } as Record<string, unknown>,
    read: async () => store.values,
    save: async (patch: Readonly<Record<string, unknown>>) => {
      store.values = { ...store.values, ...patch };
    },
  };
  return store;
}

describe('a sitting that changes nothing', () => {
  it('greys what would change something, says why, and does not do it', async () => {
    screen = await openScreen({ app: { readOnly: true } });
    await screen.press('a');
    await screen.see('associations(prod-eu-1');
    await screen.see('(n) new');
    expect(screen.text()).toContain('Access  read-only');
    screen.resize(80, 24);
    await screen.until('the small header says it too', () => /read-only/.test(screen.lines()[0] ?? ''));
    screen.resize(100, 30);
    await screen.see('Access  read-only');
    await screen.press('n');
    await screen.see('new: read-only: :set rw allows changes again');
    await screen.press('ctrl-d');
    await screen.see('delete: read-only');
    expect(screen.text()).not.toContain('╔');
    await run('new');
    await screen.see('new: read-only');
    await screen.press('?');
    await screen.see(/n +new +- read-only/);
    expect(screen.workbench.planned).toHaveLength(0);
  });

  it('is left by typing the account where production is in scope', async () => {
    screen = await openScreen({ app: { readOnly: true } });
    await run('set rw');
    await screen.see('production is in scope: type :set rw 111122223333');
    await run('set rw 111122223333');
    await screen.see('changes are allowed now');
    await screen.press('a');
    await screen.see('<n> new');
    await run('set ro');
    await screen.see('(n) new');
  });

  it('lets a plan be made and read, and not be carried out', async () => {
    screen = await openScreen({ app: { readOnly: true } });
    await screen.press('m');
    await screen.see('PLAN (nothing written)');
    await screen.press('a');
    await screen.see('approve: read-only');
    expect(screen.workbench.runs).toHaveLength(0);
  });

  it('begins when a run is denied all that it tries', async () => {
    screen = await openScreen();
    await screen.press('G', 'a');
    await screen.see('associations(staging-eu-1');
    await screen.press('ctrl-d');
    await screen.see('1 call ready');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
    const failure = { kind: 'denied' as const, message: 'not allowed to call eks:DeletePodIdentityAssociation' };
    screen.workbench.push(
      { type: 'failed', at: start, id: 'delete-api', failure },
      finished(0, [{ id: 'delete-api', subject: 'checkout/api', reason: failure.message }]),
    );
    await screen.see('✗ not allowed to call');
    await screen.press('esc', 'n');
    await screen.see('new: read-only since a change was refused');
  });
});

describe("a user's own keys", () => {
  it('are shown and taken', async () => {
    screen = await openScreen({ preferences: preferences({ keys: { describe: 'K', roles: ['ctrl-o'] } }) });
    await screen.see('<K> describe');
    await screen.see('<ctrl-o> roles');
    await screen.press('ctrl-o');
    await screen.see('roles(prod-eu-1)');
  });

  it('that are wrong change nothing and are told, in the log too', async () => {
    screen = await openScreen({ preferences: preferences({ keys: { describe: 'j' } }) });
    await screen.see('config.json: keys: j would be "down" and "describe" in clusters; no key was changed');
    await screen.press('d');
    await screen.see('<clusters> <prod-eu-1>');
    await run('log');
    await screen.see('keys: j would be');
  });
});

describe('the history of places', () => {
  it('goes back and forward, and to the last place and again here', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1');
    await run('roles');
    await screen.see('roles(prod-eu-1)');
    await screen.press('[');
    await screen.see('associations(prod-eu-1');
    await screen.press('[');
    await screen.see('clusters(all)');
    await screen.press('[');
    await screen.see('there is nothing before this');
    await screen.press(']', ']');
    await screen.see('roles(prod-eu-1)');
    await screen.press(']');
    await screen.see('there is nothing after this');
    await screen.press('-');
    await screen.see('associations(prod-eu-1');
    await screen.press('-');
    await screen.see('roles(prod-eu-1)');
  });

  it('keeps a place under a name, with its filter, from sitting to sitting', async () => {
    const kept = preferences({});
    screen = await openScreen({ preferences: kept });
    await screen.press('a', '/');
    screen.send('payments | search');
    await screen.see('</payments | search>');
    await screen.press('enter');
    await run('save mine');
    await screen.see('kept: :view mine leads here');
    await screen.until('it is saved', () => 'views' in kept.values);
    expect(kept.values.views).toEqual({ mine: `a @${prod} /payments | search` });
    await screen.close();
    screen = await openScreen({ preferences: kept });
    await screen.see('clusters(all)[3]');
    await run('view mien');
    await screen.see('no place is kept as mien; there is mine');
    await run('view mine');
    await screen.see(/associations\(prod-eu-1.*<\/payments \| search>/);
  });
});

describe('the command line', () => {
  it('takes regions, accounts and all', async () => {
    screen = await openScreen();
    await run('a @eu-west-1');
    await screen.see('</region=eu-west-1>');
    await run('cl @111122223333');
    await screen.see(/clusters\(all\)\[3.*\] <\/account=111122223333>/);
    await run('sa payments @all /led');
    await screen.see(/serviceaccounts\(@all\/payments\).*<\/led>/);
    await run('roles @all');
    await screen.see(':roles is about one cluster at a time');
    await run('a @eu-west-2');
    await screen.see('no cluster, region or account eu-west-2; there is @eu-west-1');
  });

  it('offers a command that was typed before once', async () => {
    const lines = [':cl', ':a'];
    screen = await openScreen({ history: { read: async () => lines, add: async () => lines } });
    await screen.press(':');
    await screen.see(/▌? a +typed before/);
    await screen.see('apply');
    expect(screen.lines().filter(line => /^. {2}(a|cl) /.test(line))).toHaveLength(2);
  });

  it('offers what was typed before, searches it, and keeps it', async () => {
    const lines = ['/irsa:ledger', ':sa payments', ':roles'];
    const history = {
      read: async () => lines,
      add: async (line: string) => {
        lines.push(line);
        return lines;
      },
    };
    screen = await openScreen({ history });
    await screen.press(':');
    await screen.see(/roles +typed before/);
    await screen.press('ctrl-r', 'ctrl-r');
    await screen.until('the older one is picked', () => /▌ sa payments/.test(screen.text()));
    await screen.press('enter');
    await screen.see('serviceaccounts(prod-eu-1/payments)');
    await screen.press('/', 'ctrl-r');
    await screen.until('the filter is picked', () => /▌ irsa:ledger/.test(screen.text()));
    await screen.press('tab');
    await screen.see(' /irsa:ledger▏');
    await screen.press('enter');
    await screen.see('</irsa:ledger>');
    await screen.until('it is kept', () => lines.length === 5);
    expect(lines.slice(3)).toEqual([':sa payments', '/irsa:ledger']);
  });

  it('says what is wrong with a filter while it is typed', async () => {
    screen = await openScreen();
    await screen.press('a', '/');
    screen.send('health:tr nmae:x');
    await screen.see('no column nmae here');
    await screen.press('ctrl-u');
    screen.send('health:trust');
    await screen.see('[1 of 5] </health:trust>');
  });
});

describe('copying', () => {
  it('takes names, facts and commands of the row or of all that are marked', async () => {
    screen = await openScreen();
    await screen.press('a', 'c');
    await screen.see('copied');
    const [first = ''] = screen.copied().split('\n');
    expect(first).toMatch(/^[a-z-]+\/[a-z-]+$/);
    await screen.press('C');
    await screen.until('the command is copied', () => screen.copied().startsWith('aws eks create-pod-identity'));
    await screen.press('y');
    await screen.until('YAML is copied', () => /^roleArn: arn:aws:iam::/m.test(screen.copied()));
    await screen.press('Y');
    await screen.until('JSON is copied', () => screen.copied().startsWith('{'));
    expect(JSON.parse(screen.copied())).toMatchObject({ namespace: first.split('/')[0] });
    await screen.press('space', 'j', 'space', 'c');
    await screen.until('both are copied', () => screen.copied().split('\n').length === 2);
  });

  it('takes a plan as the commands that do the same', async () => {
    screen = await openScreen();
    await screen.press('G', 'm');
    await screen.see('PLAN (nothing written)');
    await screen.see('steps:');
    await screen.press('C');
    await screen.until('the commands are copied', () => /^aws \w/.test(screen.copied()));
  });

  it('saves the table as it is seen', async () => {
    const saved: [string, string][] = [];
    const saveExport = async (name: string, text: string) => {
      saved.push([name, text]);
      return `/state/${name}`;
    };
    screen = await openScreen({ saveExport });
    await screen.press('a', '/');
    screen.send('payments');
    await screen.see('</payments>');
    await screen.press('enter', 'ctrl-s');
    await screen.see(/\d rows in \/state\/associations-prod-eu-1-2026-11-24T10-00-00.csv/);
    const [titles = '', ...rows] = (saved[0]?.[1] ?? '').trimEnd().split('\r\n');
    expect(titles).toMatch(/NAMESPACE,SERVICE ACCOUNT,ROLE,.*,HEALTH$/);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toContain('payments');
  });
});

describe('keys that come in one piece', () => {
  it('move and do nothing else', async () => {
    screen = await openScreen();
    await screen.press('a');
    await screen.see('associations(prod-eu-1');
    screen.send('jj\u0004j');
    await screen.see('only movement was taken, not <ctrl-d> and 1 more');
    expect(screen.text()).not.toContain('╔');
    screen.send('j:q\r');
    await screen.see('not <:> and 2 more');
    await screen.press('/');
    // The rest was meant for the table, not for the filter.
    screen.send('pay\rn');
    await screen.see('</pay>');
    expect(screen.text()).toContain('associations(prod-eu-1');
  });

  it('may open a prompt and type into it, but not run it', async () => {
    screen = await openScreen();
    await screen.see('clusters(all)');
    screen.send(':roles\r');
    await screen.see(':roles');
    expect(screen.text()).toContain('clusters(all)');
  });
});

describe('undo of the last run', () => {
  it('says why it cannot be', async () => {
    screen = await openScreen();
    await screen.press('z');
    await screen.see(/runs are not written down here|nothing has been carried out yet/);
  });
});
