import { afterEach, describe, expect, it } from 'vitest';
import { PortError } from '../../../source/run/ports.ts';
import { createOf, updateOf } from '../../plan/world.ts';
import { clusterArn, denied, finished, prod, roleArn, staging, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const guard = 400;

const policy = JSON.stringify(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] },
  null,
  2,
);

/** The new form over the associations of staging, with an account and a role typed in. */
async function filledForm(account = 'worker', role = 'payments-api'): Promise<void> {
  screen = await openScreen();
  await screen.press('G', 'enter', 'j', 'n');
  await screen.see('✓ exists, 3 service accounts');
  screen.send(account);
  await screen.press('tab');
  screen.send(role);
  await screen.see(role.slice(-12));
}

async function review(): Promise<void> {
  await screen.press('ctrl-s');
  await screen.see('review: create');
  await screen.see('in this order');
  screen.clock.advance(guard);
}

describe('the form', () => {
  it('starts with the cluster it was opened in and judges each field as it is typed', async () => {
    await filledForm('Worker_1', 'payments-refunds');
    expect(screen.text()).toMatch(/Cluster\s+staging-eu-1/);
    await screen.see('✗ lower-case letters, digits');
    await screen.see('! trust lacks pods.eks');
    await screen.press('ctrl-s');
    await screen.see('service account: lower-case letters');
    expect(screen.workbench.planned).toHaveLength(0);
  });

  it('refuses a second association for the pair', async () => {
    await filledForm('ledger');
    await screen.see('✗ already has association');
  });

  it('refuses a role of another account', async () => {
    await filledForm('worker', 'arn:aws:iam::999900001111:role/other');
    await screen.see('✗ in account 999900001111');
  });

  it('offers what the model knows, narrowed by what is typed', async () => {
    await filledForm('worker', 'ref');
    await screen.see('trust ✗, 1 association');
    expect(screen.text()).toContain('payments-refunds');
    expect(screen.text()).not.toContain('checkout-api');
    await screen.press('enter');
    await screen.see('! trust lacks pods.eks');
    expect(screen.text()).toMatch(/Role\s+payments-refunds/);
  });

  it('takes the highlighted choice on enter, and what was typed on tab', async () => {
    await filledForm('worker', 'pay');
    await screen.see('▌ payments-api');
    await screen.press('down', 'enter');
    await screen.see('arn:aws:iam::111122223333:role/payments-ledger');
    await screen.press('shift-tab', 'ctrl-u');
    screen.send('pay');
    await screen.see('▌ payments-api');
    await screen.press('tab');
    await screen.see('arn:aws:iam::111122223333:role/pay');
    await screen.lose('▌ payments-api');
    await screen.lose('role/payments-ledger');
  });

  it('closes the choices on escape before it leaves', async () => {
    await filledForm('worker', 'pay');
    await screen.see('▌ payments-api');
    await screen.press('esc');
    await screen.lose('▌ payments-api');
    expect(screen.text()).toContain('new association');
    screen.send('-nothing-like-it');
    await screen.see('nothing-like-it');
    await screen.press('esc');
    await screen.see('draft kept');
  });

  it('takes a pasted policy whole, and names the line that is wrong', async () => {
    await filledForm();
    await screen.press('tab', 'tab', 'tab');
    screen.send(
      '\u001b[200~{\n  "Version": "2012-10-17",\n  "Statement": {"Effect": "Allow" "Action": 1}\n}\u001b[201~',
    );
    await screen.see('a comma or } is missing (line 3, column 35)');
    await screen.see('3 │   "Statement": {"Effect": "Allow" "Action": 1}');
    await screen.press('ctrl-u');
    screen.send(`\u001b[200~${policy}\u001b[201~`);
    await screen.see('✗ needs session tags off');
    await screen.press('shift-tab', 'space');
    await screen.see('( ) on   (o) off');
    await screen.lose('needs session tags off');
    await screen.see(`✓ ${policy.replace(/\s/g, '').length} of 2048 characters`);
  });

  it('keeps the cluster it is about in the focus of the model, under review too', async () => {
    await filledForm();
    const focus = async () => {
      screen.clock.advance(200);
      await new Promise(resolve => setTimeout(resolve, 0));
      return screen.model.focused.at(-1)?.cluster;
    };
    expect(await focus()).toBe(staging);
    await screen.press('shift-tab', 'shift-tab', 'shift-tab', 'ctrl-u');
    screen.send('prod-eu-1');
    await screen.see('prod-eu-1▏');
    expect(await focus()).toBe(prod);
    await screen.press('ctrl-s');
    await screen.see('review: create');
    expect(await focus()).toBe(prod);
  });

  it('keeps the draft when it is left', async () => {
    await filledForm('kept-worker');
    await screen.press('tab', 'esc');
    await screen.see('draft kept');
    await screen.press('n');
    await screen.see('kept-worker');
  });

  it('begins anew on another row, and finds each draft where it was begun', async () => {
    await filledForm('kept-worker');
    await screen.press('tab', 'esc');
    await screen.see('draft kept: <n> here or :new');
    await screen.press('k', 'n');
    await screen.see('new association');
    expect(screen.text()).not.toContain('kept-worker');
    await screen.press('esc', 'j', 'n');
    await screen.see('kept-worker');
    await screen.press('esc', 'k', ...':new', 'enter');
    await screen.see('kept-worker');
  });
});

describe('the review', () => {
  it('shows the exact calls, the statement the trust lacks, who is affected and the commands', async () => {
    await filledForm();
    await review();
    expect(screen.text()).toContain('2 calls, in this order; nothing has been sent');
    expect(screen.text()).toContain('iam:UpdateAssumeRolePolicy   payments-api');
    expect(screen.text()).toMatch(/\+ +"Service": "pods\.eks\.amazonaws\.com"/);
    await screen.press('pagedown');
    await screen.see('eks:CreatePodIdentityAssociation   payments/worker');
    await screen.see('1 other association uses this role');
    await screen.see('aws eks create-pod-identity-association');
    expect(screen.workbench.planned[0]).toMatchObject({
      cluster: { arn: staging },
      request: createOf('payments/worker', roleArn('payments-api')),
    });
    expect(screen.workbench.runs).toHaveLength(0);
  });

  it('starts on Cancel: enter sends nothing', async () => {
    await filledForm();
    await review();
    await screen.press('enter');
    await screen.see('new association');
    expect(screen.workbench.runs).toHaveLength(0);
  });

  it('does not take what was typed ahead for a yes', async () => {
    await filledForm();
    await screen.press('ctrl-s');
    await screen.see('in this order');
    await screen.press('tab', 'enter');
    await screen.see('[ Apply 2 calls ]');
    expect(screen.workbench.runs).toHaveLength(0);
    screen.clock.advance(guard);
    screen.send('\t\r');
    await screen.see('[ Cancel ]');
    expect(screen.workbench.runs).toHaveLength(0);
  });

  it('applies, streams progress, and comes back to the list', async () => {
    await filledForm();
    await review();
    await screen.press('tab', 'enter');
    await screen.see('applying');
    screen.workbench.push(
      { type: 'started', at: start, id: 'trust' },
      { type: 'done', at: start, id: 'trust', outcome: 'done', outputs: {} },
      { type: 'waiting', at: start, id: 'create', attempt: 2, reason: 'EKS does not see the role yet' },
    );
    await screen.see('attempt 2  EKS does not see the role yet');
    screen.workbench.push({ type: 'done', at: start, id: 'create', outcome: 'done', outputs: {} }, finished(2));
    await screen.see('✓ associate payments/worker');
    await screen.see('namespaces(staging-eu-1)');
    expect(screen.model.refreshed).toContain(staging);
    await screen.press('n');
    await screen.see('new association');
    expect(screen.text()).not.toMatch(/Service account .*worker/);
  });

  it('brings a refusal back to the field it concerns, the draft kept', async () => {
    await filledForm();
    await review();
    await screen.press('tab', 'enter');
    const failure = {
      kind: 'exists' as const,
      message: 'Association already exists: a-1',
      code: 'ResourceInUseException',
    };
    screen.workbench.push(
      { type: 'failed', at: start, id: 'create', failure },
      finished(1, [{ id: 'create', subject: 'payments/worker', reason: failure.message }]),
    );
    await screen.see('new association');
    await screen.see('✗ Association already exists: a-1');
    expect(screen.text()).toMatch(/Service account > worker/);
  });

  it('asks for the name of a production cluster', async () => {
    screen = await openScreen();
    await screen.press('enter', 'j', 'n');
    await screen.see('✓ exists, 3 service accounts');
    screen.send('worker');
    await screen.press('tab');
    screen.send('payments-api');
    await screen.see('payments-api');
    await screen.press('ctrl-s');
    await screen.see('Type  prod-eu-1  to confirm');
    screen.clock.advance(guard);
    await screen.press('shift-tab', 'enter');
    await screen.see('type prod-eu-1 first');
    screen.send('prod-eu-1');
    await screen.see('prod-eu-1▏');
    await screen.press('enter');
    await screen.see('[ Apply 2 calls ]');
    await screen.press('enter');
    await screen.until('the run began', () => screen.workbench.runs.length === 1);
    expect(screen.workbench.runs[0]?.plan.cluster.arn).toBe(prod);
  });

  it('says why nothing could be planned', async () => {
    await filledForm();
    screen.workbench.failure = new PortError(denied);
    await screen.press('ctrl-s');
    await screen.see('jo may not call');
    await screen.see('Nothing was changed');
  });
});

describe('a change', () => {
  it('fixes what EKS cannot change and sends only what differs', async () => {
    screen = await openScreen();
    await screen.press('G', 'a', 'e');
    await screen.see('change association checkout/api');
    expect(screen.text()).toContain('fixed: cannot be changed later');
    await screen.press('ctrl-s');
    await screen.see('nothing differs from what is there');
    await screen.press('tab', 'tab', 'tab', 'tab');
    screen.send('team=shop');
    await screen.see('✓ 1 of 50');
    await screen.press('ctrl-s');
    await screen.see('review: update');
    // Who made the role is asked with a plan, too.
    expect(screen.workbench.planned).toContainEqual({
      cluster: expect.objectContaining({ arn: clusterArn('staging-eu-1') }),
      request: updateOf('checkout/api', { tags: { team: 'shop' } }),
    });
  });
});
