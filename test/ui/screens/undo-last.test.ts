import { afterEach, describe, expect, it } from 'vitest';
import type { ActionNode } from '../../../source/plan/plan.ts';
import { actions } from '../../../source/plan/plan.ts';
import type { JournalContent, JournalRecord } from '../../../source/run/journal.ts';
import { deleteAction, FakeWorkbench, finished, journalOf, node, planOf, staging, start } from '../fakes.ts';
import { openScreen, type Screen, startMigration } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const wayBack = planOf('undo', staging, [
  node('u1', 'delete the association', deleteAction(staging, 'payments', 'webhook', 'payments-webhook')),
]);

const older = journalOf('20261123090000-aaaaaa', planOf('delete', staging, wayBack.root.children), [
  { type: 'after', at: start, id: 'u1', outcome: 'done' },
  { type: 'end', at: start, stopped: false },
]);

/** The journal of the run that the workbench was last asked for, as if all that `done` accepts had been done. */
function journaled(done: (node: ActionNode) => boolean): JournalContent {
  const { plan, runId } = screen.workbench.runs.at(-1) ?? {};
  if (!plan || runId === undefined) throw new Error('nothing was run');
  const records = actions(plan.root)
    .filter(done)
    .map(({ id }): JournalRecord => ({ type: 'after', at: start, id, outcome: 'done' }));
  return journalOf(runId, plan, [...records, { type: 'end', at: start + 1000, stopped: false }]);
}

async function running(workbench = new FakeWorkbench()): Promise<void> {
  workbench.wayBack = wayBack;
  screen = await openScreen({ workbench });
  await startMigration(screen);
}

async function migrated(done: (node: ActionNode) => boolean = () => true): Promise<void> {
  await running();
  screen.workbench.contents = [journaled(done), older];
  screen.workbench.push(finished(4));
  await screen.see('FINISHED');
}

describe('z on the screen of a migration', () => {
  it('shows the way back from the run that has just ended, which says so', async () => {
    await migrated();
    await screen.see('✓ migration of staging-eu-1: 4 done, 0 failed   <z> undo');
    const run = screen.workbench.runs[0]?.runId ?? '';
    await screen.press('z');
    await screen.see(`review: undo run ${run}`);
    expect(screen.workbench.undone).toEqual([{ run, restartWorkloads: false }]);
    expect(screen.workbench.runs).toHaveLength(1);
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('it runs', () => screen.workbench.runs.length === 2);
    screen.workbench.push(finished(1));
    await screen.see('✓ the run is undone');
    await screen.see('FINISHED');
  });

  it('never takes an older run for the last one, however soon it is pressed', async () => {
    await running();
    const listed = screen.workbench.journals.list;
    let release = () => {};
    // The list that is being read when the run ends is of before it.
    screen.workbench.contents = [older];
    Object.assign(screen.workbench.journals, {
      list: async () => {
        const before = await listed();
        await new Promise<void>(resolve => {
          release = resolve;
        });
        return before;
      },
    });
    screen.workbench.push(finished(4));
    await screen.see('FINISHED');
    Object.assign(screen.workbench.journals, { list: listed });
    screen.workbench.contents = [journaled(() => true), older];
    await screen.press('z');
    release();
    await screen.see(`review: undo run ${screen.workbench.runs[0]?.runId}`);
    expect(screen.workbench.undone.map(({ run }) => run)).not.toContain(older.run);
  });

  it.each([
    ['the run goes on', async () => running(), 'undo last: the last run is still going on'],
    ['it changed nothing', async () => migrated(() => false), 'undo last: the last run changed nothing'],
    [
      'nothing was ever carried out',
      async () => {
        screen = await openScreen();
        await screen.press('G', 'm');
        await screen.see('PLAN (nothing written)');
      },
      'undo last: nothing has been carried out yet',
    ],
    [
      'the last run was a way back',
      async () => {
        const workbench = new FakeWorkbench();
        workbench.contents = [
          journalOf('20261124090000-cccccc', wayBack, [{ type: 'end', at: start, stopped: false }]),
        ];
        screen = await openScreen({ workbench });
        await screen.press('G', 'm');
        await screen.see('PLAN (nothing written)');
      },
      'undo last: the last run was a way back itself: plan anew instead',
    ],
    [
      'nothing may be changed',
      async () => {
        screen = await openScreen({ app: { readOnly: true } });
        await screen.press('G', 'm');
        await screen.see('PLAN (nothing written)');
      },
      'undo last: read-only: :set rw allows changes again',
    ],
  ])('says why it cannot be when %s', async (_, reach, reason) => {
    await reach();
    if (screen.text().includes('RUNNING')) screen.workbench.contents = [journaled(() => false)];
    await screen.press('z');
    await screen.see(reason);
    expect(screen.workbench.undone).toEqual([]);
  });
});
