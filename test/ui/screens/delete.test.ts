import { afterEach, describe, expect, it } from 'vitest';
import { account, finished, node, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

async function openIn(cluster: 'prod' | 'staging'): Promise<void> {
  screen = await openScreen();
  if (cluster === 'staging') await screen.press('G');
  await screen.press('a');
  await screen.see(`associations(${cluster}-eu-1/all)`);
}

describe('delete', () => {
  it('lists the victim with role, pods and fallback, and starts on Cancel', async () => {
    await openIn('staging');
    await screen.press('ctrl-d');
    await screen.see('1 call ready');
    expect(screen.text()).toMatch(/checkout\/api\s+checkout-api\s+4 pods\s+! no fallback/);
    expect(screen.text()).toContain('[ Cancel ]');
    expect(screen.text()).not.toContain('to confirm');
    screen.clock.advance(400);
    await screen.press('enter');
    await screen.lose('╔');
    expect(screen.workbench.runs).toHaveLength(0);
  });

  it('deletes when it is told to, and says so', async () => {
    await openIn('staging');
    await screen.press('ctrl-d');
    await screen.see('1 call ready');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
    screen.workbench.push({ type: 'done', at: start, id: 'delete-api', outcome: 'done', outputs: {} }, finished(1));
    await screen.see('✓ 1 association deleted');
    expect(screen.text()).not.toContain('╔');
    expect(screen.workbench.planned[0]?.request).toEqual({
      command: 'delete',
      subjects: [{ namespace: 'checkout', serviceAccount: 'api' }],
    });
  });

  it('lists what goes besides, what was not named, who loses what and what is left behind', async () => {
    await openIn('staging');
    const { planner } = screen.workbench;
    screen.workbench.planner = (cluster, request) => {
      const plan = planner(cluster, request);
      const stack = node('stack', 'delete IAM resources stack "eksctl-c-podidentityrole-checkout-api"', {
        account,
        region: 'eu-west-1',
        cluster: cluster.arn,
        subject: 'checkout/api',
        type: 'delete-role-stack',
        service: 'cloudformation',
        operation: 'DeleteStack',
        request: { StackName: 'eksctl-c-podidentityrole-checkout-api' },
        command: 'aws cloudformation delete-stack',
      });
      return {
        ...plan,
        root: { ...plan.root, children: [...plan.root.children, stack] },
        notes: ['Left behind: namespace checkout; the agent.'],
        beyond: [{ subject: 'checkout/api', reason: 'the service account is deleted: 3 pods run with it' }],
      };
    };
    await screen.press('ctrl-d');
    await screen.see('2 calls ready');
    expect(screen.text()).toContain('! not named, but lost: checkout/api: the service account is deleted: 3 pods');
    expect(screen.text()).toContain('- delete IAM resources stack "eksctl-c-podidentityrole-checkout-api"');
    expect(screen.text()).toContain('· Left behind: namespace checkout; the agent.');
    screen.resize(80, 24);
    await screen.see('Left behind');
    expect(screen.text()).toContain('[ Cancel ]');
  });

  it('wants the phrase typed for more than one, and names marks that a filter hides', async () => {
    await openIn('staging');
    await screen.press('space', 'j', 'j', 'space');
    await screen.see('2 marked');
    await screen.press('/');
    screen.send('checkout');
    await screen.press('enter', 'ctrl-d');
    await screen.see('delete 2 associations in staging-eu-1');
    expect(screen.text()).toMatch(/payments\/ledger.*falls back to IRSA payments-ledger/);
    expect(screen.text()).toContain('1 marked row of these hidden by the filter');
    await screen.see('2 calls ready');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    await screen.see('type delete 2 first');
    expect(screen.workbench.runs).toHaveLength(0);
    screen.send('delete 2');
    await screen.see('delete 2▏');
    await screen.press('enter', 'enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
  });

  it('wants the name of a production cluster', async () => {
    await openIn('prod');
    await screen.press('ctrl-d');
    await screen.see('Type  prod-eu-1  to confirm');
    expect(screen.text()).toContain(' PROD ');
  });

  it('freezes the table beneath it', async () => {
    await openIn('staging');
    await screen.press('G', 'ctrl-d');
    await screen.see('delete 1 association');
    const { model } = screen;
    model.associationRows = model.associationRows.filter(row => row.serviceAccount !== 'refunds');
    model.commit();
    await screen.press('tab');
    await screen.see('[ Delete ]');
    expect(screen.text()).toContain('[5]');
    await screen.press('esc');
    await screen.see('[4]');
  });

  it('shows what failed and stays open', async () => {
    await openIn('staging');
    await screen.press('ctrl-d');
    await screen.see('1 call ready');
    screen.clock.advance(400);
    await screen.press('tab', 'enter');
    screen.workbench.push(
      finished(0, [
        { id: 'delete-api', subject: 'checkout/api', reason: 'AccessDenied: eks:DeletePodIdentityAssociation' },
      ]),
    );
    await screen.see('✗ AccessDenied: eks:DeletePodIdentityAssociation');
    expect(screen.text()).toContain('╔');
  });
});
