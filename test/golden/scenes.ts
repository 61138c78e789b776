/** Every screen and state of the app, and the keys that lead to it. */
import { unread } from '../../source/identity/reading.ts';
import type { Action } from '../../source/plan/action.ts';
import {
  account,
  createAction,
  demoModel,
  denied,
  editTrust,
  FakeModel,
  FakeWorkbench,
  finished,
  journalOf,
  node,
  planOf,
  source,
  staging,
  start,
  trustOf,
} from '../ui/fakes.ts';
import type { openScreen, Screen } from '../ui/screen.ts';

type Options = Exclude<Parameters<typeof openScreen>[0], undefined>;

export type Scene = {
  readonly name: string;
  readonly options?: () => Options;
  /** Leads there, and waits until it is shown. */
  readonly act: (screen: Screen) => Promise<void>;
  /** A size that only this one has. */
  readonly size?: readonly [columns: number, rows: number];
};

const see =
  (keys: readonly string[], ...what: readonly (string | RegExp)[]) =>
  async (screen: Screen): Promise<void> => {
    await screen.see('clusters(all)[3]');
    await screen.press(...keys);
    for (const each of what) await screen.see(each);
  };

const typed =
  (text: string, ...what: readonly (string | RegExp)[]) =>
  async (screen: Screen) => {
    screen.send(text);
    for (const each of what) await screen.see(each);
  };

const then =
  (...steps: readonly ((screen: Screen) => Promise<void>)[]) =>
  async (screen: Screen) => {
    for (const step of steps) await step(screen);
  };

/** Until what explains the row under the cursor has followed it. */
const rested = async ({ clock }: Screen) => clock.advance(1000);

/** Past the moment in which a dialog takes no enter. */
const later = async ({ clock }: Screen) => clock.advance(400);

const press =
  (keys: readonly string[], ...what: readonly (string | RegExp)[]) =>
  async (screen: Screen) => {
    await screen.press(...keys);
    for (const each of what) await screen.see(each);
  };

const planned = see(['G', 'm'], 'PLAN (nothing written)');
const running = then(planned, press(['a'], '[ Cancel ]'), later, press(['tab', 'enter'], 'RUNNING'));

const done = (id: string) => ({ type: 'done' as const, at: start + 2000, id, outcome: 'done' as const, outputs: {} });
const request = (service: Action['service'], operation: string, subject: string, status: number) => ({
  type: 'request' as const,
  at: start,
  note: {
    at: start + 1000,
    service,
    operation,
    account,
    subject,
    status,
    milliseconds: 31,
    attempts: status === 400 ? 2 : 1,
    write: true,
  },
});

const half = async ({ workbench }: Screen) => {
  workbench.push(
    { type: 'started', at: start, id: 't1' },
    { type: 'started', at: start, id: 't2' },
    request('iam', 'UpdateAssumeRolePolicy', 'payments-webhook', 200),
    done('t1'),
    { type: 'started', at: start, id: 'a1' },
    { type: 'waiting', at: start, id: 'a1', attempt: 2, reason: 'EKS does not see the new trust yet' },
    request('eks', 'CreatePodIdentityAssociation', 'payments/webhook', 400),
  );
};

const journal = journalOf(
  '20261124100000-aaaaaa',
  planOf('migrate', staging, [
    node('t1', 'let Pod Identity use role payments-webhook', editTrust(staging, 'payments-webhook')),
    node('a1', 'associate payments/webhook', createAction(staging, 'payments', 'webhook', 'payments-webhook'), ['t1']),
  ]),
  [
    {
      type: 'before',
      at: start + 1000,
      id: 't1',
      token: 'token-t1',
      prior: { kind: 'trust', roleArn: 'r', document: trustOf(false) },
    },
    { type: 'after', at: start + 3000, id: 't1', outcome: 'done', requestIds: ['5e1f'] },
    { type: 'before', at: start + 3000, id: 'a1', token: 'token-a1', prior: { kind: 'association', described: null } },
  ],
);
const whole = {
  ...journal,
  records: [
    ...journal.records,
    { type: 'after', at: start + 4000, id: 'a1', outcome: 'done', requestIds: ['90ab'] },
    { type: 'end', at: start + 5000, stopped: false },
  ],
} as const satisfies typeof journal;

const withRuns = (...contents: FakeWorkbench['contents']) => {
  const workbench = new FakeWorkbench();
  workbench.contents = contents;
  return { workbench };
};

const bare = (state: Parameters<typeof source>[2]): { model: FakeModel } => {
  const model = new FakeModel();
  model.sourceStates = [source('eks', 'eu-west-1', state), source('eks', 'us-east-1', state)];
  return { model };
};

const changed = (change: (model: FakeModel) => void) => (): Options => {
  const model = demoModel();
  change(model);
  return { model };
};

const inForm = see(['G', 'enter', 'j', 'n'], '✓ exists, 3 service accounts');
const filled = then(inForm, typed('worker'), press(['tab']), typed('payments-api', 'trusts pods'));
const reviewed = then(filled, press(['esc', 'ctrl-s'], 'review: create', 'in this order'));
const contexts = (): Options => ({
  app: {
    contexts: {
      profiles: async () => [
        { name: 'data', signIn: 'assume-role', sso: false, mfa: false, region: 'eu-west-1', account: '222233334444' },
        { name: 'nowhere', signIn: 'process', sso: false, mfa: false },
        { name: 'prod', signIn: 'sso', sso: true, mfa: false, region: 'eu-west-1', account },
      ],
      sessions: () => [
        { id: 'prod eu-west-1', profile: 'prod', region: 'eu-west-1', account, expiresAt: start + 11_520_000 },
      ],
      regions: () => [],
    },
  },
});

const associations = see(['a'], 'associations(prod-eu-1/all)[5]');

export const scenes: readonly Scene[] = [
  { name: 'clusters', act: see([], '10+ accounts', '▌') },
  { name: 'clusters-sandbox', options: () => ({ app: { sandbox: true } }), act: see([], 'SANDBOX', '▌') },
  { name: 'namespaces', act: see(['enter'], 'namespaces(prod-eu-1)[3]') },
  { name: 'service-accounts', act: see(['s'], 'serviceaccounts(prod-eu-1/all)[6]') },
  { name: 'service-accounts-marked', act: then(see(['s', 'space', 'j', 'space'], '2 marked'), rested) },
  { name: 'roles', act: see(['r'], 'roles(prod-eu-1)[6]') },
  { name: 'associations', act: then(associations, press(['j', 'j', 'j']), rested, press([], 'payments/refunds')) },
  { name: 'associations-wide', act: then(associations, press(['w'], 'associations(')) },
  { name: 'all-clusters', act: see(['A'], 'associations(@all/all)[10]') },
  { name: 'compare', act: see(['A', '='], 'compare  ') },
  { name: 'preview', act: then(associations, press(['p'], '── ')) },
  ...['summary', 'trust', 'pods', 'used by', 'facts', 'events'].map((tab, index) => ({
    name: `association-${tab.replace(' ', '-')}`,
    act: then(associations, press(['j', 'j', 'enter', String(index + 1)], `[${index + 1} ${tab}]`)),
  })),
  { name: 'role-trust', act: see(['r', 'enter', '2'], '[2 trust]') },
  { name: 'role-policies', act: see(['r', 'enter', '3'], '[3 policies]') },
  { name: 'contexts', options: contexts, act: see([...':ctx', 'enter'], 'contexts[3]') },
  { name: 'cluster-summary', act: see(['d'], '[1 summary]', 'OIDC issuer') },
  { name: 'filter', act: then(associations, press(['/']), typed('ledger', '1 of 5')) },
  { name: 'filter-error', act: then(associations, press(['/']), typed('/[a/', '▏')) },
  { name: 'filter-none', act: then(associations, press(['/']), typed('nothing'), press(['enter'], 'No row matches')) },
  { name: 'command', act: see([':'], '▏', 'associations  [') },
  { name: 'command-unknown', act: then(see([':']), typed('clustres'), press(['enter'], 'no command')) },
  { name: 'help', act: see(['?'], 'help') },
  { name: 'form', act: filled },
  { name: 'form-error', act: then(inForm, typed('Worker_1', '✗ lower-case letters')) },
  {
    name: 'form-made-role',
    act: then(inForm, typed('worker'), press(['tab', 'down'], '▌ + create a role…'), press(['enter'], '· role name')),
  },
  { name: 'review', act: reviewed },
  {
    name: 'delete',
    act: see(['G', 'a', 'ctrl-d'], '1 call ready'),
  },
  { name: 'delete-production', act: then(associations, press(['ctrl-d'], '1 call ready')) },
  {
    name: 'migrate-discovery',
    act: async screen => {
      screen.workbench.hold = true;
      await see(['m'], 'DISCOVERY')(screen);
      screen.workbench.progress('associations', 31, 46);
      screen.workbench.progress('roles', 12, 12);
      await screen.see('31 of 46');
      await screen.see('✓ roles');
    },
  },
  { name: 'migrate-plan', act: planned },
  { name: 'migrate-diff', act: then(planned, press(['j', 'd'], '+ ')) },
  { name: 'migrate-reasons', act: then(planned, press(['x'], 'ml-batch/trainer')) },
  { name: 'migrate-approve', act: then(planned, press(['a'], '[ Cancel ]')) },
  { name: 'migrate-running', act: then(running, half, screen => screen.see('attempt 2')) },
  {
    name: 'migrate-finished',
    act: then(running, async screen => {
      screen.workbench.push(...['t1', 't2', 'a1', 'a2'].map(done), finished(4));
      await screen.see('FINISHED');
    }),
  },
  {
    name: 'migrate-failed',
    act: then(running, async screen => {
      screen.workbench.push(
        ...['t1', 't2', 'a2'].map(done),
        { type: 'failed', at: start + 2000, id: 'a1', failure: { ...denied, message: 'jo may not call iam:PassRole' } },
        finished(3, [{ id: 'a1', subject: 'payments/webhook', reason: 'jo may not call iam:PassRole' }]),
      );
      await screen.see('FINISHED');
      await screen.see('1 failed');
    }),
  },
  { name: 'runs', options: () => withRuns(whole), act: see([...':runs', 'enter'], 'finished') },
  { name: 'run', options: () => withRuns(whole), act: see([...':runs', 'enter', 'enter'], 'request 5e1f') },
  { name: 'runs-none', act: see([...':runs', 'enter'], 'No runs here yet') },
  { name: 'interrupted', options: () => withRuns(journal), act: see([], 'was cut off') },
  { name: 'log', act: see([...':log', 'enter'], 'Unauthorized') },
  { name: 'loading', options: () => bare({ state: 'loading' }), act: screen => screen.see('Reading clusters') },
  { name: 'empty', options: () => bare({}), act: screen => screen.see('No clusters') },
  {
    name: 'denied',
    options: () => bare({ state: 'failed', failure: denied, retryAt: start + 24_000 }),
    act: screen => screen.see('✗ Cannot read'),
  },
  {
    name: 'unreachable',
    options: () => bare({ state: 'failed', failure: { kind: 'unreachable', message: 'connect ECONNREFUSED' } }),
    act: screen => screen.see('✗ Cannot read'),
  },
  {
    name: 'no-credentials',
    options: () => bare({ state: 'failed', failure: { kind: 'no-credentials', message: 'no credentials were found' } }),
    act: screen => screen.see('open the sandbox'),
  },
  {
    name: 'stale',
    options: changed(model => {
      const failure = { kind: 'unreachable', message: 'connect ETIMEDOUT' } as const;
      model.sourceStates = model.sourceStates.map(each =>
        each.source === 'eks'
          ? { ...each, state: 'stale', failure, at: start - 180_000, retryAt: start + 12_000 }
          : each,
      );
      model.clusterRows = model.clusterRows.map(row => ({
        ...row,
        cluster:
          row.cluster.state === 'read'
            ? { state: 'failed', at: start, failure, last: { value: row.cluster.value, at: start - 180_000 } }
            : unread,
      }));
    }),
    act: see([], 'connect ETIMEDOUT'),
  },
  { name: 'too-small', size: [50, 12], act: screen => screen.see('needed') },
];
