import { afterEach, describe, expect, it } from 'vitest';
import type { ClusterRef } from '../../../source/identity/scope.ts';
import type { Action } from '../../../source/plan/action.ts';
import type { ActionNode, Plan, Stage } from '../../../source/plan/plan.ts';
import type { PlanRequest } from '../../../source/plan/request.ts';
import {
  account,
  createAction,
  deleteAction,
  editTrust,
  group,
  node,
  planFor,
  planOf,
  prod,
  roleArn,
  staging,
  start,
  trustOf,
} from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const target = { namespace: 'payments', serviceAccount: 'webhook' };
const kubernetes = {
  account,
  region: 'eu-west-1',
  cluster: staging,
  subject: 'payments/webhook',
  command: 'kubectl',
  target,
};
const restart: Action = {
  ...kubernetes,
  type: 'restart-workload',
  service: 'kubernetes',
  operation: 'PatchWorkload',
  workload: { kind: 'Deployment', name: 'hooks' },
  scope: 'rollout',
  wants: 'pod-identity',
  request: { namespace: 'payments', name: 'hooks' },
};
const verify: Action = {
  ...kubernetes,
  type: 'verify-pods',
  service: 'kubernetes',
  operation: 'ListPods',
  wants: 'pod-identity',
  request: target,
};
const annotate: Action = {
  ...kubernetes,
  type: 'annotate',
  service: 'kubernetes',
  operation: 'PatchServiceAccount',
  expects: { 'eks.amazonaws.com/role-arn': roleArn('payments-webhook') },
  request: { annotations: { 'eks.amazonaws.com/role-arn': null } },
};
const retire: Action = {
  ...(editTrust(staging, 'payments-webhook') as Extract<Action, { type: 'edit-trust' }>),
  intent: 'retire',
};

const staged = (stage: Stage, id: string, action: Action): ActionNode => ({ ...node(id, id, action), stage });

/** A plan with every stage that the request asks for, and something held. */
function planner(cluster: ClusterRef, request: PlanRequest): Plan {
  if (request.command !== 'migrate') return planFor(cluster, request);
  const left = request.exclude?.includes('search/indexer') ?? false;
  return planOf(
    'migrate',
    cluster.arn,
    [
      staged('trust', 't1', editTrust(staging, 'payments-webhook')),
      group('associate', 'create the associations', [
        staged('associate', 'a1', createAction(staging, 'payments', 'webhook', 'payments-webhook')),
        ...(left ? [] : [staged('associate', 'a2', createAction(staging, 'search', 'indexer', 'search-indexer'))]),
      ]),
      ...(request.restartWorkloads ? [staged('restart', 'r1', restart)] : []),
      ...(request.removeOidcProviderTrust
        ? [staged('retire', 'v1', verify), staged('retire', 'n1', annotate), staged('retire', 'x1', retire)]
        : []),
    ],
    {
      evidence: [
        { gate: 'agent', subject: 'cluster staging-eu-1', verdict: 'ok', detail: 'ready on 2 of 2 nodes' },
        { gate: 'platform', subject: 'ml/trainer', verdict: 'held', detail: 'node ip-10-0-0-9 could not be read' },
        { gate: 'session-tags', subject: 'payments/webhook', verdict: 'unknown', detail: 'policies could not be read' },
      ],
      held: [
        {
          subject: 'ml/trainer',
          reason: 'its nodes could not be read',
          command: 'podid-tui migrate --cluster staging-eu-1 --assume-agent-ready',
        },
      ],
      skipped: left
        ? [{ subject: 'search/indexer', reason: 'left out by --exclude search/indexer', chosen: true }]
        : [],
    },
  );
}

async function planned(size: Parameters<typeof openScreen>[0] = {}): Promise<void> {
  screen = await openScreen(size);
  screen.workbench.planner = planner;
  await screen.press('G', 'm');
  await screen.see('PLAN (nothing written)');
}

/** Waits out what guards against keys typed ahead, and presses the button that is focused after `keys`. */
async function confirm(...keys: string[]): Promise<void> {
  screen.clock.advance(400);
  await screen.press(...keys, 'enter');
}

describe('the stages of a migration', () => {
  it('shows each with its title, its gates and what it does', async () => {
    await planned();
    expect(screen.text()).toMatch(/▾ ‖ agent and platform +1 held, 1 passed/);
    expect(screen.text()).toContain('✓ cluster staging-eu-1  ready on 2 of 2 nodes');
    expect(screen.text()).toContain('‖ ml/trainer  node ip-10-0-0-9 could not be read');
    expect(screen.text()).toMatch(/▾ ○ trust policies +1 step\b/);
    expect(screen.text()).toMatch(/▾ ○ associations +2 steps/);
    expect(screen.text()).toContain('? checks: 1 not checked');
    expect(screen.text()).toContain('? payments/webhook  policies could not be read');
    expect(screen.text()).not.toContain('restart and verify');
  });

  it('shows what is held with the command that frees it, in full on x', async () => {
    await planned();
    expect(screen.text()).toContain('▾ ‖ held: 1 gate not passed, <x> in full');
    expect(screen.text()).toContain('‖ ml/trainer  its nodes could not be read');
    expect(screen.text()).toContain('$ podid-tui migrate --cluster staging-eu-1 --assume-agent-ready');
    await screen.press('x');
    await screen.see('Held: wanted, but a gate is not passed');
    expect(screen.text()).toContain('podid-tui migrate --cluster staging-eu-1 --assume-agent-ready');
    expect(screen.text()).toContain('platform, held: ml/trainer: node ip-10-0-0-9 could not be read');
  });

  it('folds the gates of a stage', async () => {
    await planned();
    await screen.press('left');
    await screen.lose('ready on 2 of 2 nodes');
    await screen.press('right');
    await screen.see('ready on 2 of 2 nodes');
  });
});

describe('options before approval', () => {
  it('restarts, retirement and session tags plan again at once', async () => {
    await planned();
    expect(screen.text()).toContain('<R> restarts off  <T> retire off  <s> tags auto  <P> 32 at once');
    await screen.press('R');
    await screen.see('<R> restarts on');
    await screen.see(/○ restart and verify/);
    await screen.press('T');
    await screen.see('<T> retire on');
    await screen.see(/○ retire IRSA/);
    expect(screen.text()).toContain('ends IRSA in 2 steps');
    await screen.press('s');
    await screen.see('<s> tags on');
    await screen.press('P');
    await screen.see('<P> 1 at once');
    expect(screen.workbench.planned.at(-1)?.request).toEqual({
      command: 'migrate',
      removeOidcProviderTrust: true,
      restartWorkloads: true,
      sessionTags: 'on',
    });
  });

  it('keeps how many go at once for the next sitting, and takes no other number than it offers', async () => {
    let values: Readonly<Record<string, unknown>> = { other: 1 };
    const preferences = {
      read: async () => values,
      save: async (patch: typeof values) => {
        values = { ...values, ...patch };
      },
    };
    await planned({ preferences });
    await screen.see('<P> 32 at once');
    await screen.press('P', 'P');
    await screen.see('<P> 2 at once');
    await screen.until('it is kept', () => values.concurrency === 2);
    await screen.close();
    expect(values).toEqual({ other: 1, concurrency: 2 });
    await planned({ preferences });
    await screen.see('<P> 2 at once');
    await screen.close();
    values = { concurrency: 1_000_000 };
    await planned({ preferences });
    await screen.see('<P> 32 at once');
  });

  it('leaves a service account out with space, and takes it in again', async () => {
    await planned();
    const down = async (what: string) => {
      await screen.press('g');
      for (let step = 0; step < 20 && !screen.cursorLine().includes(what); step += 1) {
        const before = screen.cursorLine();
        await screen.press('j');
        await screen.until('the cursor moved', () => screen.cursorLine() !== before);
      }
    };
    await down('search/indexer');
    await screen.press('space');
    await screen.see('left out: 1, <space> takes it in again');
    expect(screen.workbench.planned.at(-1)?.request).toMatchObject({ exclude: ['search/indexer'] });
    expect(screen.text()).not.toContain('associate  search/indexer');
    await down('– search/indexer');
    await screen.press('space');
    await screen.see('associate  search/indexer');
    expect(screen.workbench.planned.at(-1)?.request).not.toHaveProperty('exclude');
  });

  it('are keys of a plan alone, and say so afterwards', async () => {
    await planned();
    await screen.press('a');
    await screen.see('[ Cancel ]');
    await confirm('tab');
    await screen.see('RUNNING');
    await screen.press('R');
    await screen.see('restarts: the plan is running');
    expect(screen.workbench.planned).toHaveLength(1);
    expect(screen.workbench.runs[0]?.concurrency).toBe(32);
  });
});

describe('the second approval', () => {
  it('names what is retired and must be typed', async () => {
    await planned();
    await screen.press('T');
    await screen.see('ends IRSA in 2 steps');
    await screen.press('a');
    await screen.see('2 of them take IRSA away');
    await confirm('tab');
    await screen.see('Second approval');
    expect(screen.text()).toContain('- annotation of payments/webhook');
    expect(screen.text()).toContain('- OIDC trust in role payments-webhook');
    await confirm('tab');
    await screen.see('type retire 2 first');
    expect(screen.workbench.runs).toHaveLength(0);
    screen.send('retire 2');
    await screen.see('retire 2▏');
    await confirm();
    await screen.lose('▏');
    await screen.press('enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
  });

  it('takes back the first one when it is cancelled', async () => {
    await planned();
    await screen.press('T');
    await screen.see('ends IRSA in 2 steps');
    await screen.press('a');
    await screen.see('carry out in');
    await confirm('tab');
    await screen.see('Second approval');
    await screen.press('esc');
    await screen.lose('Second approval');
    await screen.see('PLAN (nothing written)');
    expect(screen.workbench.runs).toHaveLength(0);
  });
});

describe('a run on the migration screen', () => {
  async function running(): Promise<void> {
    await planned();
    await screen.press('a');
    await screen.see('[ Cancel ]');
    await confirm('tab');
    await screen.see('RUNNING');
  }

  it('shows what waits for credentials, what is held, and how often it was tried', async () => {
    await running();
    screen.workbench.push(
      { type: 'started', at: start, id: 't1' },
      { type: 'paused', at: start, id: 't1', reason: 'the session of platform ran out' },
      {
        type: 'request',
        at: start,
        note: {
          at: start,
          service: 'iam',
          operation: 'GetRole',
          account,
          status: 200,
          milliseconds: 31,
          attempts: 4,
          write: false,
        },
      },
    );
    await screen.see('paused: the session of platform ran out');
    expect(screen.text()).toContain('◇ trust  role payments-webhook');
    expect(screen.text()).toContain('1 paused');
    expect(screen.text()).toContain('3 retried');
    screen.workbench.push(
      { type: 'done', at: start + 2000, id: 't1', outcome: 'done', outputs: {} },
      { type: 'held', at: start, id: 'a2', reason: 'no pod of it runs' },
    );
    await screen.see('no pod of it runs');
    await screen.lose('paused');
    expect(screen.text()).toContain('‖ associate  search/indexer');
    expect(screen.text()).toContain('1 held');
  });

  it('tries again what failed, as the same run', async () => {
    await running();
    const { runId } = screen.workbench.runs[0] ?? {};
    const failed = [{ id: 'a1', subject: 'payments/webhook', reason: 'throttled' }];
    screen.workbench.push(
      { type: 'done', at: start, id: 't1', outcome: 'done', outputs: {} },
      { type: 'done', at: start, id: 'a2', outcome: 'done', outputs: {} },
      { type: 'failed', at: start, id: 'a1', failure: { kind: 'throttled', message: 'throttled' } },
      { type: 'finished', at: start, result: { writes: 2, done: 2, failed, skipped: [], held: [], milliseconds: 1 } },
    );
    await screen.see('FINISHED');
    await screen.press('e');
    await screen.see('RUNNING');
    expect(runId).toMatch(/^\d{14}-[0-9a-f]{6}$/);
    expect(screen.workbench.resumed).toEqual([runId]);
    await screen.see('2/3  67%');
    screen.workbench.push(
      { type: 'done', at: start, id: 't1', outcome: 'already', outputs: {} },
      { type: 'done', at: start, id: 'a1', outcome: 'done', outputs: {} },
      {
        type: 'finished',
        at: start,
        result: { writes: 1, done: 3, failed: [], skipped: [], held: [], milliseconds: 1 },
      },
    );
    await screen.see('migration of staging-eu-1: 3 done, 0 failed');
    await screen.press('e');
    await screen.see('retry: nothing of it is left to do');
  });

  it('rolls back by a plan that is shown first', async () => {
    await running();
    screen.workbench.wayBack = planOf('undo', staging, [
      node('u1', 'delete the association', deleteAction(staging, 'payments', 'webhook', 'payments-webhook')),
    ]);
    const { runId } = screen.workbench.runs[0] ?? {};
    screen.workbench.push({
      type: 'finished',
      at: start,
      result: { writes: 0, done: 0, failed: [], skipped: [], held: [], milliseconds: 1 },
    });
    await screen.see('FINISHED');
    await screen.press('b');
    await screen.see(`review: undo run ${runId}`);
    await screen.see('1 call, in this order; nothing has been sent');
    expect(screen.workbench.undone).toEqual([{ run: runId, restartWorkloads: false }]);
    await screen.press('ctrl-r');
    await screen.see('<ctrl-r> restarts on');
    await screen.until('it was planned again', () => screen.workbench.undone.at(-1)?.restartWorkloads === true);
    await screen.see('Apply 1 call');
    await confirm('tab');
    await screen.until('it runs', () => screen.workbench.runs.length === 2);
    expect(screen.workbench.runs[1]?.plan.command).toBe('undo');
  });
});

describe('ctrl-c on a plan', () => {
  it('quits when pressed twice: nothing runs', async () => {
    await planned();
    await screen.press('ctrl-c');
    await screen.see('ctrl-c again to quit');
    await screen.press('ctrl-c');
    expect((await screen.exited).exitCode).toBe(130);
  });
});

describe('small screens', () => {
  it('keep the options and the counts', async () => {
    await planned({ columns: 80, rows: 24 });
    expect(screen.text()).toContain('<R> restarts off  <T> retire off');
    expect(screen.text()).toContain('3 steps');
    for (const line of screen.lines()) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('still show what a trust policy becomes', async () => {
    await planned();
    await screen.press('j', 'j', 'j', 'j', 'd');
    await screen.see(`trust policy, ${trustOf(false).length} -> ${trustOf(true).length} characters`);
  });
});

describe('a production cluster', () => {
  it('asks for its name and then for what is retired', async () => {
    screen = await openScreen();
    screen.workbench.planner = (cluster, request) => ({ ...planner(cluster, request) });
    await screen.press('m');
    await screen.see('PLAN (nothing written)');
    expect(screen.workbench.planned[0]?.cluster.arn).toBe(prod);
    await screen.press('T');
    await screen.see('ends IRSA in 2 steps');
    await screen.press('a');
    await screen.see('Type  prod-eu-1  to confirm');
    screen.clock.advance(400);
    screen.send('prod-eu-1');
    await screen.see('prod-eu-1▏');
    await screen.press('enter');
    await screen.lose('▏');
    await screen.press('enter');
    await screen.see('Type  retire 2  to confirm');
    expect(screen.workbench.runs).toHaveLength(0);
  });
});
