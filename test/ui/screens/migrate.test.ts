import { afterEach, describe, expect, it } from 'vitest';
import { account, finished, prod, staging, start } from '../fakes.ts';
import { approvePlan, openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

async function planned(): Promise<void> {
  screen = await openScreen();
  await screen.press('G', 'm');
  await screen.see('PLAN (nothing written)');
}

async function running(): Promise<void> {
  await planned();
  await approvePlan(screen);
}

const request = (operation: string, subject: string, status: number) => ({
  type: 'request' as const,
  at: start,
  note: {
    at: start,
    service: 'eks' as const,
    operation,
    account,
    subject,
    status,
    milliseconds: 31,
    attempts: 1,
    write: true,
  },
});

describe('the migration', () => {
  it('tells how far reading is before there is a plan', async () => {
    screen = await openScreen();
    screen.workbench.hold = true;
    await screen.press('m');
    await screen.see('DISCOVERY');
    screen.clock.advance(200);
    await screen.until('the focus was told', () => screen.model.focused.at(-1)?.cluster === prod);
    screen.workbench.progress('associations', 31, 46);
    await screen.see(/associations\s+31 of 46/);
    expect(screen.text()).toContain('✓ agent: add-on v1.3.9, 12 of 12 nodes ready');
    screen.workbench.release();
    await screen.see('PLAN (nothing written)');
    expect(screen.workbench.planned[0]).toMatchObject({
      cluster: { arn: prod },
      request: { command: 'migrate', removeOidcProviderTrust: false },
    });
  });

  it('shows the tree, its calls, and what it will not do with the reason', async () => {
    await planned();
    expect(screen.text()).toContain('○ trust  role payments-webhook');
    expect(screen.text()).toContain('✓ agent: part of EKS Auto Mode');
    expect(screen.text()).toContain('4 steps: iam 2  eks 2   1 skipped   0 held   1 already there');
    expect(screen.text()).toContain('skipped  ml-batch/trainer: its role does not exist');
    expect(screen.text()).toContain('same     payments/ledger: already associated with the same role');
    expect(screen.text()).toContain('! role search-indexer is shared with 2 clusters');
  });

  it('folds and unfolds', async () => {
    await planned();
    await screen.press('left');
    await screen.lose('role payments-webhook');
    expect(screen.text()).toContain('▸ ○ trust policies');
    await screen.press('right', 'j', 'left');
    await screen.until('left on a leaf goes to its group', () => screen.cursorLine().includes('trust policies'));
    await screen.press('enter');
    await screen.see('▸ ○ trust policies');
  });

  it('shows the trust change of the node under the cursor', async () => {
    await planned();
    await screen.press('j', 'd');
    await screen.see(/\+ +"Service": "pods\.eks\.amazonaws\.com"/);
    await screen.press('esc');
    await screen.see('4 steps: iam 2');
  });

  it('is limited to a namespace or a service account where it is opened', async () => {
    screen = await openScreen();
    await screen.press('enter', 'j', 'm');
    await screen.see('prod-eu-1 / payments');
    await screen.press('esc', 'enter', 'G', 'm');
    await screen.see('prod-eu-1 / payments/webhook');
    expect(screen.workbench.planned.map(item => item.request)).toEqual([
      { command: 'migrate', removeOidcProviderTrust: false, namespaces: ['payments'] },
      {
        command: 'migrate',
        removeOidcProviderTrust: false,
        subjects: [{ namespace: 'payments', serviceAccount: 'webhook' }],
      },
    ]);
  });

  it('asks for the name of a production cluster before it runs', async () => {
    screen = await openScreen();
    await screen.press('m');
    await screen.see('PLAN (nothing written)');
    await screen.press('a');
    await screen.see('Type  prod-eu-1  to confirm');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.see('type prod-eu-1 first');
    expect(screen.workbench.runs).toHaveLength(0);
    screen.send('prod-eu-1');
    await screen.see('prod-eu-1▏');
    await screen.press('enter');
    await screen.lose('▏');
    await screen.press('enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
  });

  it('streams states, attempts, requests and the result', async () => {
    await running();
    screen.workbench.push(
      { type: 'started', at: start, id: 't1' },
      request('UpdateAssumeRolePolicy', 'payments-webhook', 200),
      { type: 'done', at: start + 600, id: 't1', outcome: 'done', outputs: {} },
      { type: 'started', at: start, id: 'a1' },
      { type: 'waiting', at: start, id: 'a1', attempt: 2, reason: 'EKS does not see the new trust yet' },
      { type: 'failed', at: start, id: 't2', failure: { kind: 'denied', message: 'no iam:UpdateAssumeRolePolicy' } },
      { type: 'skipped', at: start, id: 'a2', reason: 'needs t2' },
    );
    await screen.see('attempt 2, EKS does not see the new trust yet');
    await screen.see(/3\/4 {2}75%/);
    expect(screen.text()).toContain('1 failed');
    expect(screen.text()).toContain('✗ trust  role search-indexer');
    expect(screen.text()).toContain('no iam:UpdateAssumeRolePolicy');
    expect(screen.text()).toMatch(/200\s+eks\s+UpdateAssumeRolePolicy\s+payments-webhook\s+31 ms/);
    screen.workbench.push(
      { type: 'done', at: start, id: 'a1', outcome: 'done', outputs: {} },
      {
        type: 'finished',
        at: start,
        result: {
          writes: 2,
          done: 2,
          failed: [{ id: 't2', subject: 'search-indexer', reason: 'no iam:UpdateAssumeRolePolicy' }],
          skipped: [{ id: 'a2', subject: 'search/indexer', reason: 'needs t2' }],
          held: [],
          milliseconds: 48_000,
        },
      },
    );
    await screen.see('FINISHED');
    await screen.see('migration of staging-eu-1: 2 done, 1 failed, 1 not attempted');
    expect(screen.text()).toContain('elapsed 0:48');
    expect(screen.text()).toMatch(/not done\s+search\/indexer: needs t2/);
    expect(screen.model.refreshed).toContain(staging);
  });

  it('goes on when it is left; the header counts, m leads back', async () => {
    await running();
    screen.workbench.push({ type: 'done', at: start, id: 't1', outcome: 'done', outputs: {} });
    await screen.see('RUNNING 1/4');
    await screen.press('esc');
    await screen.see('clusters(all)');
    expect(screen.text()).toContain('RUNNING 1/4');
    expect(screen.workbench.runs[0]?.signal?.aborted).toBe(false);
    await screen.press('m');
    await screen.see('1/4  25%');
    expect(screen.workbench.planned).toHaveLength(1);
  });

  it('asks on ctrl-c how to stop: after what is in flight', async () => {
    await running();
    await screen.press('ctrl-c');
    await screen.see('[ Go on ]');
    expect(screen.workbench.runs[0]?.signal?.aborted).toBe(false);
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.see('STOPPING');
    expect(screen.workbench.runs[0]?.signal?.aborted).toBe(true);
    expect(screen.workbench.runs[0]?.stopNow?.aborted).toBe(false);
    screen.workbench.push(finished(1));
    await screen.see('FINISHED');
  });

  it('stops at once on a second ctrl-c, and shows what is not known', async () => {
    await running();
    screen.workbench.push({ type: 'started', at: start, id: 't1' });
    await screen.press('ctrl-c');
    await screen.see('0 of 4 ended, 1 in flight');
    screen.workbench.push({ type: 'unknown', at: start, id: 't1' });
    await screen.press('ctrl-c');
    await screen.until('it was stopped at once', () => screen.workbench.runs[0]?.stopNow?.aborted === true);
    await screen.see('FINISHED');
    expect(screen.text()).toContain('? trust  role payments-webhook');
    expect(screen.text()).toContain('1 unknown');
  });
});
