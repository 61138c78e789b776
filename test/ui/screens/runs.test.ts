import { afterEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../../source/plan/plan.ts';
import type { JournalRecord } from '../../../source/run/journal.ts';
import {
  account,
  createAction,
  deleteAction,
  editTrust,
  FakeWorkbench,
  journalOf,
  node,
  planOf,
  staging,
  start,
  trustOf,
} from '../fakes.ts';
import { openScreen, type Screen, startMigration } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const plan: Plan = planOf('migrate', staging, [
  node('t1', 'let Pod Identity use role payments-webhook', editTrust(staging, 'payments-webhook')),
  node('a1', 'associate payments/webhook', createAction(staging, 'payments', 'webhook', 'payments-webhook'), ['t1']),
]);

const before = (id: string, prior: Extract<JournalRecord, { type: 'before' }>['prior']): JournalRecord => ({
  type: 'before',
  at: start + 1000,
  id,
  token: `token-${id}`,
  prior,
});
const after = (id: string): JournalRecord => ({
  type: 'after',
  at: start + 3000,
  id,
  outcome: 'done',
  requestIds: [`request-${id}`],
});
const trustEdit = before('t1', { kind: 'trust', roleArn: 'r', document: trustOf(false) });
const nothing = before('a1', { kind: 'association', described: null });

const whole = journalOf('20261124100000-aaaaaa', plan, [
  trustEdit,
  after('t1'),
  nothing,
  after('a1'),
  { type: 'end', at: start + 4000, stopped: false },
]);
const cutOff = journalOf('20261124110000-bbbbbb', plan, [trustEdit, after('t1'), nothing], { torn: true });

async function opened(contents: FakeWorkbench['contents']): Promise<void> {
  const workbench = new FakeWorkbench();
  workbench.contents = contents;
  screen = await openScreen({ workbench });
}

async function listed(contents: FakeWorkbench['contents']): Promise<void> {
  await opened(contents);
  if (contents.includes(cutOff)) {
    await screen.see('was cut off');
    await screen.press('esc');
  }
  await screen.press(...':runs', 'enter');
  await screen.see(`runs[${contents.length}]`);
}

describe('the runs', () => {
  it('are listed with what became of them, newest first', async () => {
    await listed([cutOff, whole, { run: '20261123-cccccc', unreadable: 'permission denied' }]);
    await screen.see(/2026-11-24 10:00Z +migrate +staging-eu-1 +open, torn +1\/2 {2}1 unknown/);
    expect(screen.text()).toMatch(/migrate +staging-eu-1 +finished +2\/2/);
    expect(screen.text()).toMatch(/20261123-cccccc +unreadable: permission denied/);
    expect(screen.cursorLine()).toContain('open, torn');
    await screen.press('j');
    await screen.until('the cursor moved', () => screen.cursorLine().includes('finished'));
  });

  it.each([':history', ':hist'])('are found by %s too', async word => {
    await opened([whole]);
    await screen.press(...word, 'enter');
    await screen.see('runs[1]');
  });

  it('say so when there are none', async () => {
    await listed([]);
    await screen.see('No runs here yet');
  });

  it('show what each did: who, when, before and after', async () => {
    await listed([whole]);
    await screen.see('finished');
    await screen.press('enter');
    await screen.see('run 20261124100000-aaaaaa');
    await screen.see('finished: 2 of 2 done, 0 failed, 0 held, 0 unknown');
    expect(screen.text()).toContain(`2026-11-24 10:00Z by arn:aws:sts::${account}:assumed-role/platform/jo`);
    expect(screen.text()).toMatch(/✓ let Pod Identity use role payments-webhook +iam:UpdateAssumeRolePolicy {2}done/);
    expect(screen.text()).toContain('request request-t1');
    expect(screen.text()).toContain(`trust policy, ${trustOf(false).length} -> ${trustOf(true).length} characters`);
    expect(screen.text()).toMatch(/\+ +"Service": "pods\.eks\.amazonaws\.com"/);
    await screen.press('G');
    await screen.see('associate payments/webhook');
    await screen.press('esc');
    await screen.see('runs[1]');
  });

  it('are undone by a plan that is shown first', async () => {
    await listed([whole]);
    screen.workbench.wayBack = planOf('undo', staging, [
      node('u1', 'delete the association', deleteAction(staging, 'payments', 'webhook', 'payments-webhook')),
    ]);
    await screen.see('finished');
    await screen.press('u');
    await screen.see('review: undo run 20261124100000-aaaaaa');
    await screen.see('eks:DeletePodIdentityAssociation');
    expect(screen.workbench.runs).toHaveLength(0);
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('it runs', () => screen.workbench.runs.length === 1);
    screen.workbench.push(
      { type: 'done', at: start, id: 'u1', outcome: 'done', outputs: {} },
      {
        type: 'finished',
        at: start,
        result: { writes: 1, done: 1, failed: [], skipped: [], held: [], milliseconds: 1 },
      },
    );
    await screen.see('✓ the run is undone');
    await screen.see('runs[1]');
  });

  it('keep what an undo could not do on screen', async () => {
    await listed([whole]);
    screen.workbench.wayBack = planOf('undo', staging, [
      node('u1', 'delete the association', deleteAction(staging, 'payments', 'webhook', 'payments-webhook')),
    ]);
    await screen.see('finished');
    await screen.press('u');
    await screen.see('Apply 1 call');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('it runs', () => screen.workbench.runs.length === 1);
    const held = [{ id: 'u1', subject: 'payments/webhook', reason: 'its pods use Pod Identity' }];
    screen.workbench.push(
      { type: 'held', at: start, id: 'u1', reason: 'its pods use Pod Identity' },
      { type: 'finished', at: start, result: { writes: 0, done: 0, failed: [], skipped: [], held, milliseconds: 1 } },
    );
    await screen.see('not all is done: payments/webhook: its pods use Pod Identity');
    await screen.see('done; enter leads back');
  });

  it('that are open are shown as they stand and go on when approved', async () => {
    await listed([cutOff]);
    await screen.see('open, torn');
    await screen.press('e');
    await screen.see('take up migrate');
    expect(screen.text()).toContain('AS IT STANDS');
    expect(screen.text()).toContain('✓ trust  role payments-webhook');
    expect(screen.text()).toContain('? associate  payments/webhook');
    expect(screen.text()).toContain('taken up again: 1 of 2 done so far');
    await screen.press('T');
    await screen.see('retire IRSA: a run that is taken up again stays as it was approved');
    expect(screen.workbench.planned).toEqual([]);
    await screen.press('a');
    await screen.see('[ Cancel ]');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('it goes on', () => screen.workbench.resumed.length === 1);
    expect(screen.workbench.resumed).toEqual(['20261124110000-bbbbbb']);
    await screen.see('1/2  50%');
  });

  it('that another process has in hand are running, and told by it', async () => {
    const workbench = new FakeWorkbench();
    workbench.contents = [cutOff];
    workbench.inHand = new Map([[cutOff.run, { pid: 4711, host: 'ci-runner', since: start }]]);
    screen = await openScreen({ workbench, columns: 160 });
    await screen.see('clusters(all)');
    expect(screen.text()).not.toContain('was cut off');
    await screen.press(...':runs', 'enter');
    await screen.see('running, torn');
    await screen.see('process 4711 on ci-runner');
    await screen.press('e');
    await screen.see('it is going on: process 4711 on ci-runner carries it out');
    expect(workbench.resumed).toEqual([]);
  });

  it('that are finished have nothing to go on with', async () => {
    await listed([whole]);
    await screen.see('finished');
    await screen.press('e');
    await screen.see('it is finished: nothing is left to do');
  });
});

describe('a run that was cut off', () => {
  it('is asked about when the app starts, and can wait', async () => {
    await opened([cutOff, whole]);
    await screen.see('a run in staging-eu-1 was cut off');
    await screen.see('· 1 of 2 done');
    await screen.see('· 1 in flight: whether they happened is asked of AWS and Kubernetes first');
    expect(screen.text()).toContain('[ Later ]');
    screen.clock.advance(400);
    await screen.press('enter');
    await screen.until('the dialog is gone', () => !screen.text().includes('was cut off'));
    expect(screen.workbench.resumed).toEqual([]);
  });

  it('goes on by one key, with the plan that was approved', async () => {
    await opened([cutOff]);
    await screen.see('was cut off');
    await screen.press('e');
    await screen.see('take up migrate');
    await screen.until('it goes on', () => screen.workbench.resumed.length === 1);
    expect(screen.workbench.resumed).toEqual([cutOff.run]);
    expect(screen.workbench.planned).toEqual([]);
  });

  it('stays as it is where nothing may be changed, by key and by button', async () => {
    const workbench = new FakeWorkbench();
    workbench.contents = [cutOff];
    screen = await openScreen({ workbench, app: { readOnly: true } });
    await screen.see('was cut off');
    await screen.press('e');
    await screen.see('read-only: :set rw allows changes again');
    screen.clock.advance(10_000);
    await screen.press('tab');
    await screen.see('[ Take up <e> ]');
    await screen.press('enter');
    await screen.see('read-only: :set rw allows changes again');
    expect(screen.text()).toContain('was cut off');
    expect(workbench.resumed).toEqual([]);
  });

  it('is not told of when all are at their end', async () => {
    await opened([whole]);
    await screen.press(...':runs', 'enter');
    await screen.see('finished');
    expect(screen.text()).not.toContain('was cut off');
  });
});

describe('quitting while a run is on', () => {
  it('asks first, and ends the app when the run has stopped at once', async () => {
    await opened([]);
    await startMigration(screen);
    await screen.press('esc', 'q');
    await screen.see('The app ends with the run.');
    expect(screen.workbench.runs[0]?.stopNow?.aborted).toBe(false);
    await screen.press('ctrl-c');
    const report = await screen.exited;
    expect(screen.workbench.runs[0]?.stopNow?.aborted).toBe(true);
    expect(report.lines).toEqual(['migrate in staging-eu-1: 0 done, 0 failed']);
  });

  it('can go on instead, or end the app after what is in flight', async () => {
    await opened([]);
    await startMigration(screen);
    await screen.press('esc', 'q');
    await screen.see('The app ends with the run.');
    screen.clock.advance(400);
    await screen.press('enter');
    await screen.lose('The app ends with the run.');
    expect(screen.workbench.runs[0]?.signal?.aborted).toBe(false);
    await screen.press('q');
    await screen.see('The app ends with the run.');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.see('stopping after what is in flight, then the app ends');
    expect(screen.workbench.runs[0]?.signal?.aborted).toBe(true);
    expect(screen.workbench.runs[0]?.stopNow?.aborted).toBe(false);
    screen.workbench.push({
      type: 'finished',
      at: start,
      result: { writes: 1, done: 1, failed: [], skipped: [], held: [], milliseconds: 1 },
    });
    expect((await screen.exited).exitCode).toBe(0);
  });
});
