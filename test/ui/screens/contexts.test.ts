import { afterEach, describe, expect, test } from 'vitest';
import type { Failure } from '../../../source/identity/reading.ts';
import type { SourceState } from '../../../source/live/model.ts';
import type { ProfileChoice } from '../../../source/read/scopes.ts';
import type { ContextSource, DraftStore } from '../../../source/ui/app.tsx';
import { expiryText } from '../../../source/ui/screens/contexts/columns.ts';
import { contextRows, type ScopeSession } from '../../../source/ui/state/contexts.ts';
import { account, clusterRow, demoModel, FakeModel, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

const profile = (name: string, more: Partial<ProfileChoice> = {}): ProfileChoice => ({
  name,
  sso: false,
  mfa: false,
  signIn: 'static',
  region: 'eu-west-1',
  ...more,
});
const session = (name: string, more: Partial<ScopeSession> = {}): ScopeSession => ({
  id: `${name} eu-west-1`,
  profile: name,
  region: 'eu-west-1',
  ...more,
});
const sourcesOf = (name: string, state: SourceState['state'], failure?: Failure): readonly SourceState[] =>
  (['sts', 'eks'] as const).map(source => ({
    id: `${source}|${name} eu-west-1`,
    source,
    covers: 'eu-west-1',
    state,
    ...(failure ? { failure } : {}),
  }));

const profiles = [
  profile('data', { signIn: 'assume-role', roleArn: 'arn:aws:iam::222233334444:role/ops', account: '222233334444' }),
  profile('nowhere', { signIn: 'process' }),
  profile('prod', { signIn: 'sso', sso: true, source: 'corp', account }),
].map(({ region, ...rest }) => (rest.name === 'nowhere' ? rest : { ...rest, ...(region ? { region } : {}) }));

const inProd = [session('prod', { account, expiresAt: start + (3 * 60 + 12) * 60_000 })];

const contextsOf = (more: Partial<ContextSource> = {}): ContextSource => ({
  profiles: async () => profiles,
  sessions: () => inProd,
  regions: () => [],
  ...more,
});

const screens: Screen[] = [];
afterEach(async () => {
  for (const screen of screens.splice(0)) await screen.close();
});

async function open(options: Parameters<typeof openScreen>[0] = {}): Promise<Screen> {
  const screen = await openScreen({ app: { contexts: contextsOf() }, ...options });
  screens.push(screen);
  await screen.press(...':ctx');
  await screen.press('enter');
  await screen.see('contexts[');
  return screen;
}

const rowOf = (screen: Screen, name: string): string =>
  screen.lines().find(line => new RegExp(`[│▌*● ]+${name} `).test(line) && line.includes('│')) ?? '';

describe('rows', () => {
  const facts = {
    profiles,
    regions: [],
    clusters: [],
    sources: [],
    kept: {},
    readOnly: new Set<string>(),
    aliasOf: () => undefined,
  };
  const statusOf = (
    failure: Failure | undefined,
    more: Partial<ProfileChoice> = {},
    state: SourceState['state'] = 'failed',
  ) =>
    contextRows({
      ...facts,
      profiles: [profile('p', more)],
      sessions: [session('p', { account })],
      sources: sourcesOf('p', state, failure),
    })[0]?.status.word;

  test('say of what was not asked only what the files say', () => {
    const [data] = contextRows({ ...facts, sessions: inProd });
    expect(data).toMatchObject({ id: 'data', inScope: false, account: '222233334444', regions: ['eu-west-1'] });
    expect(data?.clusters).toBeUndefined();
    expect(data?.expiresAt).toBeUndefined();
    expect(data?.status).toMatchObject({ word: '? not asked' });
  });

  test.each([
    ['expired-credentials', '✗ expired'],
    ['no-credentials', '✗ no keys'],
    ['denied', '✗ denied'],
    ['unreachable', '✗ no answer'],
    ['throttled', '! slowed'],
    ['server', '✗ failed'],
  ] as const)('a failure of kind %s is a status', (kind, word) => {
    expect(statusOf({ kind, message: 'no.' })).toBe(word);
  });

  test('a role that asks for a code is told apart from missing keys', () => {
    expect(statusOf({ kind: 'no-credentials', message: 'no.' }, { mfa: true })).toBe('✗ mfa');
  });

  test('is ok only when every region has answered', () => {
    expect(statusOf(undefined, {}, 'loading')).toBe('◌ asking');
    expect(statusOf(undefined, {}, 'live')).toBe('ok');
    const two = contextRows({
      ...facts,
      sessions: [...inProd, session('prod', { id: 'prod us-east-1', region: 'us-east-1', account })],
      sources: sourcesOf('prod', 'live'),
      clusters: [clusterRow('a')],
    }).find(({ id }) => id === 'prod');
    expect(two?.status.word).toBe('◌ asking');
    expect(two?.clusters).toBeUndefined();
    expect(two?.regions).toEqual(['eu-west-1', 'us-east-1']);
  });

  test('a part that fails is said with how many', () => {
    const failure: Failure = { kind: 'denied', message: 'no.' };
    const rows = contextRows({
      ...facts,
      sessions: [...inProd, session('prod', { id: 'prod us-east-1', region: 'us-east-1', account })],
      sources: [
        ...sourcesOf('prod', 'live'),
        { id: 'eks|prod us-east-1', source: 'eks', covers: 'us-east-1', state: 'failed', failure },
      ],
    });
    expect(rows.find(({ id }) => id === 'prod')?.status.word).toBe('! 1 of 2');
  });

  test('clusters are counted by account and region', () => {
    const rows = contextRows({
      ...facts,
      sessions: inProd,
      sources: sourcesOf('prod', 'live'),
      clusters: [
        clusterRow('a'),
        clusterRow('b', { region: 'us-east-1' }),
        { account: '999999999999', region: 'eu-west-1' },
      ],
    });
    expect(rows.find(({ id }) => id === 'prod')?.clusters).toBe(1);
  });

  test('the default chain is a row where it is in scope and no profile of its name is there', () => {
    const { profile: _, ...nameless } = session('x');
    expect(contextRows({ ...facts, sessions: [nameless] })[0]).toMatchObject({ id: '', name: 'default chain' });
    expect(contextRows({ ...facts, sessions: [session('default')] })[0]).toMatchObject({ id: '' });
    const own = contextRows({ ...facts, profiles: [profile('default')], sessions: [session('default')] });
    expect(own.map(({ id, inScope }) => ({ id, inScope }))).toEqual([{ id: 'default', inScope: true }]);
  });

  test.each([
    [undefined, '?'],
    ['never', '-'],
    [start - 1, 'expired'],
    [start + 41 * 60_000, '41m'],
    [start + 192 * 60_000, '3h12m'],
    [start + 72 * 3_600_000, '3d'],
  ] as const)('expiry %s is %s', (at, text) => {
    expect(expiryText(at, start)).toBe(text);
  });
});

describe('the screen', () => {
  test('shows rows at once, what was asked filled in and the rest as unknown', async () => {
    const screen = await open();
    await screen.see('not asked');
    expect(rowOf(screen, 'prod')).toMatch(/● prod +111122223333 +sso +3h12m +eu-west-1/);
    expect(rowOf(screen, 'data')).toMatch(/data +222233334444 +assume-role +\? +eu-west-1 +\? +\? not asked/);
    expect(screen.cursorLine()).toContain('prod');
  });

  test('the row under the cursor is explained, with the command that signs in again', async () => {
    const model = demoModel();
    const failure: Failure = { kind: 'expired-credentials', message: 'The SSO session has expired.' };
    model.sources = () => sourcesOf('prod', 'failed', failure);
    const screen = await open({ model });
    await screen.see('✗ expired');
    await screen.see('The SSO session has expired.');
    await screen.see('aws sso login --profile prod');
    expect(screen.text()).not.toContain('╭─ ✗');
  });

  test('enter leaves for the profile under the cursor', async () => {
    const screen = await open();
    await screen.see('not asked');
    await screen.press('g', 'enter');
    expect(await screen.exited).toMatchObject({ exitCode: 0, next: { profiles: ['data'], readOnly: false } });
  });

  test('read-only goes along', async () => {
    const screen = await open({ app: { contexts: contextsOf(), readOnly: true } });
    await screen.see('not asked');
    await screen.press('g', 'enter');
    expect(await screen.exited).toMatchObject({ next: { profiles: ['data'], readOnly: true } });
  });

  const full: DraftStore = {
    read: async () => ({ drafts: [], aside: [] }),
    keep: async () => {
      throw new Error('ENOSPC: no space left on device');
    },
    drop: async () => {},
  };
  test.each([
    ['drafts are not kept', {}],
    ['the disk is full', { drafts: full }],
  ])('a draft that would be lost is asked about first: %s', async (_, more) => {
    const screen = await openScreen({ app: { contexts: contextsOf() }, ...more });
    screens.push(screen);
    await screen.press('a');
    await screen.see('associations(');
    await screen.press('n');
    await screen.see('draft');
    await screen.press(...'pay', 'esc');
    await screen.see('draft kept');
    screen.clock.advance(600);
    await screen.press(...':ctx');
    await screen.press('enter');
    await screen.see('not asked');
    await screen.press('g', 'enter');
    await screen.see('<enter> again leaves it behind');
    await screen.press('enter');
    expect(await screen.exited).toMatchObject({ next: { profiles: ['data'] } });
  });

  test('what is in scope already leads to its clusters', async () => {
    const screen = await open();
    await screen.see('not asked');
    await screen.press('enter');
    await screen.see('prod: in scope already');
    await screen.see('clusters(all)');
  });

  test('a profile without a region is refused, unless regions are named for all', async () => {
    const screen = await open();
    await screen.see('not asked');
    await screen.press('g', 'down', 'enter');
    await screen.see('nowhere names no region');
    const named = await open({ app: { contexts: contextsOf({ regions: () => ['us-east-1'] }) } });
    await named.see('not asked');
    await named.press('g', 'down', 'enter');
    expect(await named.exited).toMatchObject({ next: { profiles: ['nowhere'] } });
  });

  test('none at all: says where they were looked for and what makes one', async () => {
    const contexts = contextsOf({ profiles: async () => [], sessions: () => [] });
    const screen = await open({ model: new FakeModel(), app: { contexts } });
    await screen.see('No AWS profiles');
    for (const words of ['~/.aws/config', 'aws configure sso', 'aws configure']) expect(screen.text()).toContain(words);
  });

  test('none but what the environment holds: both are said', async () => {
    const { profile: _, ...nameless } = session('x');
    const contexts = contextsOf({ profiles: async () => [], sessions: () => [nameless] });
    const screen = await open({ app: { contexts } });
    await screen.see('No AWS profiles');
    expect(screen.cursorLine()).toContain('default chain');
    screen.resize(80, 24);
    await screen.see('aws configure sso');
    expect(screen.text()).toContain('/1 ─╯');
  });

  test('a filter without a match, and the way back', async () => {
    const screen = await open();
    await screen.see('not asked');
    await screen.press('/', ...'zzz', 'enter');
    await screen.see('No profile matches');
    await screen.press('esc');
    await screen.see('contexts[3]');
  });

  test('files that cannot be read are an error, and the screen goes on', async () => {
    const contexts = contextsOf({
      sessions: () => [],
      profiles: async () => {
        throw new Error('EACCES: permission denied');
      },
    });
    const screen = await open({ app: { contexts } });
    await screen.see('EACCES');
  });

  test('wide shows roles and sources, at 80 columns the name, the account and the status stay', async () => {
    const screen = await open();
    await screen.see('not asked');
    await screen.press('w');
    await screen.see('ROLE-ARN');
    expect(screen.text()).toContain('arn:aws:iam::2222');
    screen.resize(80, 24);
    await screen.lose('ROLE-ARN   ');
    expect(rowOf(screen, 'data')).toMatch(/data +222233334444 .*\? not asked/);
  });

  test('where profiles cannot be chosen the command says so', async () => {
    const screen = await openScreen();
    screens.push(screen);
    await screen.press(...':profiles');
    await screen.press('enter');
    await screen.see('profiles cannot be chosen here');
  });
});
