import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AppDependencies, ExitReport } from '../../../source/ui/app.tsx';
import { runLinear } from '../../../source/ui/linear/linear.ts';
import {
  account,
  deleteAction,
  demoModel,
  type FakeModel,
  FakeWorkbench,
  finished,
  journalOf,
  ManualClock,
  node,
  planOf,
  staging,
  start,
} from '../fakes.ts';

type Talk = {
  readonly model: FakeModel;
  readonly workbench: FakeWorkbench;
  readonly exited: Promise<ExitReport>;
  /** Everything that was said. */
  said(): string;
  /** What was said since the last line that was typed. */
  answer(): string;
  type(line: string): void;
  hear(what: string): Promise<void>;
  end(): void;
};

let open: Talk | undefined;

function talk(more: Partial<AppDependencies> = {}): Talk {
  const model = demoModel();
  const workbench = new FakeWorkbench();
  const clock = new ManualClock();
  let text = '';
  let from = 0;
  const stdin = new PassThrough();
  const stdout = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const exited = runLinear({
    model,
    workbench,
    clock,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    options: { sandbox: false, version: '0.0.0' },
    environment: {},
    ...more,
  });
  open = {
    model,
    workbench,
    exited,
    said: () => text,
    answer: () => text.slice(from),
    type: line => {
      from = text.length;
      stdin.write(`${line}\n`);
    },
    hear: async what => {
      for (let turn = 0; !text.slice(from).includes(what); turn += 1) {
        if (turn > 2000) throw new Error(`never said: ${what}\n${text}`);
        clock.advance(50);
        await new Promise(resolve => setImmediate(resolve));
      }
    },
    end: () => stdin.end(),
  };
  return open;
}

afterEach(async () => {
  open?.end();
  await open?.exited;
  open = undefined;
});

describe('the app line by line', () => {
  it('says the clusters, numbered, and writes nothing that moves a cursor', async () => {
    const { hear, said } = talk();
    await hear('podid> ');
    expect(said()).toContain('Clusters in scope: 3, 1 error.');
    expect(said()).toMatch(/1\. prod-eu-1: .*error TRUST: a role does not trust pods/);
    expect(said()).not.toContain('\u001b');
  });
  it('opens by number, goes back, and says the row with its reason', async () => {
    const { hear, type, answer } = talk();
    await hear('podid> ');
    type('sa prod-eu-1');
    await hear('podid> ');
    expect(answer()).toContain('Service accounts in prod-eu-1: 6, 1 error, 1 not checked.');
    expect(answer()).toMatch(
      /\d\. payments\/refunds: .*error TRUST: role payments-refunds does not trust pods\.eks\.amazonaws\.com/,
    );
    type('filter refunds');
    await hear('podid> ');
    expect(answer()).toContain('1 of 6, filtered by refunds');
    type('1');
    await hear('podid> ');
    expect(answer()).toContain('service account payments/refunds: summary. There are: summary, trust');
    type('back');
    await hear('podid> ');
    expect(answer()).toContain('filtered by refunds');
    type('7');
    await hear('There is no 7.');
  });
  it('means by a number the row that it was said with, whatever comes or goes meanwhile', async () => {
    const { hear, type, answer, model } = talk();
    await hear('podid> ');
    type('sa prod-eu-1');
    await hear('podid> ');
    const [, first = ''] = /1\. (\S+):/.exec(answer()) ?? [];
    const [, second = ''] = /2\. (\S+):/.exec(answer()) ?? [];
    model.accountRows = model.accountRows.filter(({ namespace, name }) => `${namespace}/${name}` !== first);
    model.commit();
    type('2');
    await hear('podid> ');
    expect(answer()).toContain(`service account ${second}: summary`);
    type('back');
    await hear('podid> ');
    type('list');
    await hear('podid> ');
    expect(answer()).toContain(`1. ${second}:`);
    model.accountRows = model.accountRows.filter(({ namespace, name }) => `${namespace}/${name}` !== second);
    model.commit();
    type('describe 1');
    await hear('What was 1 is not here any more: list.');
  });
  it('offers the nearest word', async () => {
    const { hear, type } = talk();
    await hear('podid> ');
    type('clustres');
    await hear('there is clusters');
  });
  it('asks for the cluster where none is meant, and says a place again', async () => {
    const { hear, type, answer, workbench } = talk();
    await hear('podid> ');
    type('migrate');
    await hear('Of which cluster? migrate CLUSTER');
    expect(workbench.planned).toEqual([]);
    type('cl');
    await hear('podid> ');
    expect(answer()).toContain('Clusters in scope: 3');
  });
  it('carries out nothing unless the name of the cluster is typed', async () => {
    const { hear, type, workbench } = talk();
    await hear('podid> ');
    type('migrate prod-eu-1');
    await hear('type prod-eu-1 to carry it out> ');
    expect(workbench.planned.map(({ cluster }) => cluster.name)).toEqual(['prod-eu-1']);
    type('yes');
    await hear('Nothing was carried out.');
    expect(workbench.runs).toEqual([]);
  });
  it('tells of a run in tenths, with what failed', async () => {
    const { hear, type, workbench } = talk();
    await hear('podid> ');
    type('migrate prod-eu-1');
    await hear('type prod-eu-1 to carry it out> ');
    type('prod-eu-1');
    await hear('begins.');
    const at = start;
    workbench.push({ type: 'done', at, id: 't1', outcome: 'done', outputs: {} });
    await hear('20 %: 1 of 4 steps.');
    workbench.push({ type: 'failed', at, id: 't2', failure: { kind: 'denied', message: 'not allowed' } });
    await hear('Failed: let pods.eks.amazonaws.com assume search-indexer: not allowed.');
    await hear('50 %: 2 of 4 steps.');
    workbench.push(finished(1, [{ id: 't2', subject: 'search-indexer', reason: 'not allowed' }]));
    await hear('1 done, 1 failed');
    await hear('podid> ');
  });
  it('plans but asks for nothing where nothing may be changed', async () => {
    const { hear, type } = talk({ options: { sandbox: false, version: '0.0.0', readOnly: true } });
    await hear('podid> ');
    type('migrate prod-eu-1');
    await hear('Nothing can be carried out now: read-only');
    await hear('podid> ');
  });
  it('names words where the screens name keys', async () => {
    const preferences = { read: async () => ({ readOnlyAccounts: [account] }), save: async () => {} };
    const { hear, type, answer, workbench } = talk({ preferences });
    await hear('podid> ');
    for (const line of ['new staging-eu-1', 'migrate staging-eu-1']) {
      type(line);
      await hear('podid> ');
      expect(answer()).toContain(`account ${account} is read-only here: read-only-account in ctx allows changes again`);
    }
    expect(workbench.runs).toEqual([]);
  });
  it('says what changed since the last answer', async () => {
    const { hear, type, model } = talk();
    await hear('podid> ');
    model.logLines = [...model.logLines, { at: start, level: 'info', source: 'prod-eu-1', text: 'a new association' }];
    type('list');
    await hear('prod-eu-1: a new association');
  });
  it('takes back what was done last, and no way back', async () => {
    const { hear, type, workbench } = talk();
    await hear('podid> ');
    const steps = [node('d1', 'delete', deleteAction(staging, 'payments', 'webhook', 'payments-webhook'))];
    const journal = (run: string, command: 'delete' | 'undo') =>
      journalOf(run, planOf(command, staging, steps), [
        { type: 'after', at: start, id: 'd1', outcome: 'done' },
        { type: 'end', at: start, stopped: false },
      ]);
    const deletion = journal('20261123090000-aaaaaa', 'delete');
    workbench.wayBack = planOf('undo', staging, steps);
    workbench.contents = [journal('20261123100000-bbbbbb', 'undo'), deletion];
    type('undo');
    await hear('Not undone: the last run was a way back itself: plan anew instead.');
    expect(workbench.undone).toEqual([]);
    workbench.contents = [deletion];
    type('undo');
    await hear('type staging-eu-1 to carry it out> ');
    expect(workbench.undone).toEqual([{ run: '20261123090000-aaaaaa', restartWorkloads: false }]);
  });
  it('goes on with the run that is named, whichever is looked at', async () => {
    const { hear, type, answer, workbench } = talk();
    await hear('podid> ');
    const steps = [node('d1', 'delete', deleteAction(staging, 'payments', 'webhook', 'payments-webhook'))];
    const cutOff = (run: string) => journalOf(run, planOf('delete', staging, steps), []);
    workbench.contents = [cutOff('20261123100000-bbbbbb'), cutOff('20261123090000-aaaaaa')];
    type('runs');
    await hear('podid> ');
    type('2');
    await hear('podid> ');
    expect(answer()).toContain('Run 20261123090000-aaaaaa.');
    type('resume 20261123100000-bbbbbb');
    await hear('type staging-eu-1 to carry it out> ');
    type('staging-eu-1');
    await hear('Run 20261123100000-bbbbbb begins.');
    expect(workbench.resumed).toEqual(['20261123100000-bbbbbb']);
    workbench.push(finished(1));
    await hear('podid> ');
  });
  it('stops what runs before it gives way to a signal that ends it', async () => {
    const before = process.listeners('SIGTERM');
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const { hear, type, workbench } = talk();
    await hear('podid> ');
    type('migrate staging-eu-1');
    await hear('type staging-eu-1 to carry it out> ');
    type('staging-eu-1');
    await hear('begins.');
    const [own] = process.listeners('SIGTERM').filter(listener => !before.includes(listener));
    own?.('SIGTERM');
    expect(workbench.runs[0]?.stopNow?.aborted).toBe(true);
    expect(kill).not.toHaveBeenCalled();
    workbench.push(finished(0));
    await vi.waitFor(() => expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGTERM'));
    kill.mockRestore();
    expect(process.listeners('SIGTERM')).toEqual(before);
    await hear('podid> ');
  });
  it('ends with quit', async () => {
    const { hear, type, exited } = talk();
    await hear('podid> ');
    type('quit');
    expect((await exited).exitCode).toBe(0);
  });
  it('speaks ASCII where there is nothing else', async () => {
    const { hear, type, said } = talk({ appearance: { ascii: true } });
    await hear('podid> ');
    type('log');
    await hear('podid> ');
    expect(said()).toMatch(/^[\n\x20-\x7e]*$/);
  });
});
