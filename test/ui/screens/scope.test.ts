/** The scope, changed from the list of profiles, with a world that tests own. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../source/identity/reading.ts';
import { PortError } from '../../../source/run/ports.ts';
import type { ContextSource, ScopeControl } from '../../../source/ui/app.tsx';
import type { ScopeSession } from '../../../source/ui/state/contexts.ts';
import { parseAccounts, parseRegions } from '../../../source/ui/state/kept-scope.ts';
import { account, demoModel, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

const screens: Screen[] = [];
afterEach(async () => {
  for (const screen of screens.splice(0)) await screen.close();
});

const refusal = (kind: Failure['kind'], code: string, message: string) => new PortError({ kind, code, message });

/** Sessions that come and go, and regions that answer or refuse. */
function world(refusals: Readonly<Record<string, PortError>> = {}) {
  const asked: string[] = [];
  let sessions: readonly ScopeSession[] = [];
  const add = (profile: string, region: string) => {
    sessions = [...sessions, { id: `${profile} ${region}`, profile, region, account }];
  };
  add('prod', 'eu-west-1');
  const control: ScopeControl = {
    choices: async () => ['ap-south-2', 'eu-west-1', 'us-east-1', 'us-west-2'],
    join: async (id, region) => {
      const refused = refusals[`join ${region}`];
      if (refused) throw refused;
      add(id, region);
    },
    leave: async id => {
      sessions = sessions.filter(each => each.id !== id);
    },
    tryRegion: async (_, region) => {
      asked.push(region);
      const refused = refusals[region];
      if (refused) throw refused;
    },
  };
  const contexts: ContextSource = {
    profiles: async () => [
      { name: 'dev', sso: false, mfa: false, signIn: 'static', region: 'us-west-2' },
      { name: 'prod', sso: false, mfa: false, signIn: 'static', region: 'eu-west-1' },
    ],
    sessions: () => sessions,
    regions: () => [],
    control,
  };
  return { contexts, asked, ids: () => sessions.map(({ id }) => id) };
}

async function open(contexts: ContextSource, more: Parameters<typeof openScreen>[0] = {}): Promise<Screen> {
  const model = demoModel();
  model.sourceStates = (['sts', 'eks'] as const).map(source => ({
    id: `${source}|prod eu-west-1`,
    source,
    covers: 'eu-west-1',
    state: 'live',
    at: start,
  }));
  const screen = await openScreen({ app: { contexts }, model, ...more });
  screens.push(screen);
  await screen.press(...':ctx');
  await screen.press('enter');
  await screen.see('Regions of prod');
  return screen;
}

const regionLine = (screen: Screen, region: string): string =>
  screen.lines().find(line => line.includes(`] ${region} `)) ?? '';

describe('regions', () => {
  test('have the keys after r, and give them back by r, enter and esc', async () => {
    const screen = await open(world().contexts);
    for (const back of ['r', 'enter', 'esc']) {
      await screen.press('r');
      await screen.see('all that are on');
      expect(regionLine(screen, 'eu-west-1')).toMatch(/▌ \[x\] eu-west-1/);
      await screen.press(back);
      await screen.see('changes them');
    }
    expect(screen.text()).toContain('contexts[2]');
  });

  test('come and go by space; the last one stays', async () => {
    const made = world();
    const screen = await open(made.contexts);
    await screen.press('r');
    await screen.see('[ ] us-west-2');
    await screen.press('G', 'space');
    await screen.see('[x] us-west-2');
    expect(made.ids()).toEqual(['prod eu-west-1', 'prod us-west-2']);
    await screen.press('g', 'down', 'space');
    await screen.see('[ ] eu-west-1');
    await screen.press('G', 'space');
    await screen.see('something has to stay in scope');
    expect(made.ids()).toEqual(['prod us-west-2']);
  });

  test('what each says when all are asked is a row, never a dialog', async () => {
    const invalid = 'The security token included in the request is invalid.';
    const made = world({
      'ap-south-2': refusal('no-credentials', 'UnrecognizedClientException', invalid),
      'us-east-1': refusal('denied', 'AccessDeniedException', 'eks:ListClusters is denied by a policy.'),
    });
    const screen = await open(made.contexts);
    await screen.press('r', '+');
    await screen.see('1 more region read, 1 off in this account, 1 refused or did not answer');
    expect(made.asked.toSorted()).toEqual(['ap-south-2', 'us-east-1', 'us-west-2']);
    expect(made.ids()).toEqual(['prod eu-west-1', 'prod us-west-2']);
    expect(regionLine(screen, 'ap-south-2')).toContain('[ ] ap-south-2      off in this account');
    expect(regionLine(screen, 'us-east-1')).toContain('[ ] us-east-1       ✗ denied');
    await screen.press('g', 'down', 'down');
    await screen.see('eks:ListClusters is denied by a policy.');
  });

  test('are asked once by whoever presses twice', async () => {
    const made = world({ 'ap-south-2': refusal('denied', 'AccessDeniedException', 'denied.') });
    const listed = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const { control } = made.contexts;
    if (!control) throw new Error('the scope can be changed');
    const slow: ScopeControl = {
      ...control,
      choices: async region => listed.promise.then(() => control.choices(region)),
      tryRegion: async (...asked) => answered.promise.then(() => control.tryRegion(...asked)),
    };
    const screen = await open({ ...made.contexts, control: slow });
    await screen.press('+', '+');
    listed.resolve();
    await screen.see('the regions are being asked');
    answered.resolve();
    await screen.see('2 more regions read, 1 refused or did not answer');
    expect(made.asked.toSorted()).toEqual(['ap-south-2', 'us-east-1', 'us-west-2']);
  });

  test('that answer and cannot be read can be asked again', async () => {
    const made = world({ 'join us-east-1': refusal('invalid', 'ProfileError', 'us-east-1 cannot be read.') });
    const screen = await open(made.contexts);
    await screen.press('r', '+');
    await screen.see('2 more regions read, 1 refused or did not answer');
    expect(regionLine(screen, 'us-east-1')).toContain('[ ] us-east-1       ✗ failed');
    await screen.press('+');
    await screen.see('0 more regions read, 1 refused or did not answer');
    expect(made.asked.filter(region => region === 'us-east-1')).toHaveLength(2);
  });

  test('are not called off where nothing proves that the keys are good', async () => {
    const invalid = refusal('no-credentials', 'UnrecognizedClientException', 'invalid.');
    const made = world({ 'ap-south-2': invalid, 'us-east-1': invalid, 'us-west-2': invalid });
    const model = demoModel();
    model.sourceStates = [];
    const screen = await open(made.contexts, { model });
    await screen.press('r', '+');
    await screen.see('3 refused or did not answer');
    expect(screen.text()).not.toContain('off in this account');
  });

  test('are kept in the preferences, by profile', async () => {
    const saved: Record<string, unknown>[] = [];
    const preferences = {
      read: async () => ({ regions: { dev: ['eu-west-3'], odd: 'x' } }),
      save: async (patch: Readonly<Record<string, unknown>>) => {
        saved.push({ ...patch });
      },
    };
    const made = world();
    const screen = await open(made.contexts, { preferences });
    await screen.see(/dev .* eu-west-3/);
    await screen.press('r');
    await screen.see('[ ] us-west-2');
    await screen.press('G', 'space');
    await screen.see('[x] us-west-2');
    expect(saved.at(-1)).toEqual({ regions: { dev: ['eu-west-3'], prod: ['eu-west-1', 'us-west-2'] } });
  });
});

describe('profiles', () => {
  test('come into scope where they are asked, and leave it', async () => {
    const made = world();
    const screen = await open(made.contexts);
    await screen.press('g', 'space');
    await screen.see('dev is in scope, in 1 region');
    expect(made.ids()).toEqual(['prod eu-west-1', 'dev us-west-2']);
    expect(screen.text()).toContain('2 in scope');
    await screen.press('space');
    await screen.see('dev is out of scope');
    await screen.press('G', 'space');
    await screen.see('something has to stay in scope');
    expect(made.ids()).toEqual(['prod eu-west-1']);
  });

  test('that cannot come say why, and nothing else changes', async () => {
    const made = world({ 'join us-west-2': refusal('invalid', '', 'There is no profile "dev".') });
    const screen = await open(made.contexts);
    await screen.press('g', 'space');
    await screen.see('There is no profile "dev".');
    expect(made.ids()).toEqual(['prod eu-west-1']);
  });
});

describe('an account that is read-only', () => {
  test('is shown, and refuses what writes with its reason', async () => {
    const screen = await open(world().contexts);
    await screen.press('R');
    await screen.see('read-only here');
    await screen.see(/prod .* ok ro/);
    await screen.see('Access  read-only');
    await screen.press(...':a @staging-eu-1');
    await screen.press('enter');
    await screen.see('associations(staging-eu-1');
    await screen.press('n');
    await screen.see(`account ${account} is read-only here: <R> in :ctx allows changes again`);
  });

  test('is lifted by its number where nobody knows what is in it', async () => {
    const made = world();
    const contexts: ContextSource = {
      ...made.contexts,
      profiles: async () => [
        { name: 'other', sso: true, mfa: false, signIn: 'sso', region: 'eu-west-1', account: '444455556666' },
        ...(await made.contexts.profiles()),
      ],
    };
    const screen = await open(contexts);
    await screen.press('g', 'R');
    await screen.see('nothing is changed in account 444455556666 from now on');
    await screen.press('R');
    await screen.see('its clusters are not known: type :set rw 444455556666');
    await screen.press(...':set rw 444455556666');
    await screen.press('enter');
    await screen.see('changes are allowed in account 444455556666');
  });

  test('is lifted by R outside production, by its number where production is', async () => {
    const screen = await open(world().contexts);
    await screen.press('R');
    await screen.see('read-only here');
    // prod-eu-1 is in it.
    await screen.press('R');
    await screen.see(`production is in it: type :set rw ${account}`);
    await screen.press(...':set rw');
    await screen.press('enter');
    await screen.see(`type :set rw ${account}`);
    await screen.press(...`:set rw ${account}`);
    await screen.press('enter');
    await screen.see(`changes are allowed in account ${account}`);
  });
});

describe('what is kept', () => {
  test('is taken over only where it can be what it should', () => {
    expect(parseRegions({ a: ['eu-west-1', 'eu-west-1', 7, '../x'], b: 'eu-west-1', c: [] })).toEqual({
      a: ['eu-west-1'],
    });
    for (const odd of [undefined, null, 'x', ['eu-west-1'], 7]) expect(parseRegions(odd)).toEqual({});
    expect([...parseAccounts([account, '12', 7, account])]).toEqual([account]);
    expect([...parseAccounts('111122223333')]).toEqual([]);
  });
});
