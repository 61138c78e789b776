import { afterEach, describe, expect, it } from 'vitest';
import { read } from '../../../source/identity/reading.ts';
import type { Snapshot } from '../../../source/identity/snapshot.ts';
import { roleTemplate } from '../../../source/plan/role-stack/template.ts';
import { PortError } from '../../../source/run/ports.ts';
import { updateOf } from '../../plan/world.ts';
import { clusterRow, denied, FakeWorkbench, roleArn, staging, start } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const s3 = { arn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess', name: 'AmazonS3ReadOnlyAccess' };
const own = { arn: 'arn:aws:iam::111122223333:policy/payments-api', name: 'payments-api' };

/** The form of a new association for payments/worker, with the fields of a role to be made. */
async function making(workbench = new FakeWorkbench(), size: { columns?: number; rows?: number } = {}): Promise<void> {
  if (workbench.policyPages.length === 0) workbench.policyPages = [[own], [s3]];
  screen = await openScreen({ workbench, ...size });
  await screen.press('G', 'enter', 'j', 'n');
  await screen.see('✓ exists, 3 service');
  screen.send('worker');
  await screen.press('tab', 'down');
  await screen.see('▌ + create a role…');
  await screen.press('enter');
  await screen.see('· role name');
}

/** Tabs to a field, one frame at a time. */
async function tabTo(label: string): Promise<void> {
  const there = new RegExp(`${label} +>`);
  for (let tabs = 0; tabs < 20 && !there.test(screen.text()); tabs++) {
    const before = screen.text();
    await screen.press('tab');
    await screen.until('the focus moves', () => screen.text() !== before);
  }
  expect(screen.text()).toMatch(there);
}

describe('a role that is made', () => {
  it('needs a permission, and asks for what was picked', async () => {
    await making();
    expect(screen.text()).toContain('○ needed: these, well-known or inline');
    await screen.press('tab');
    screen.send('s3');
    await screen.see('[ ] AmazonS3ReadOnlyAccess');
    expect(screen.text()).not.toContain('[ ] payments-api');
    await screen.press('space');
    await screen.see('✓ AmazonS3ReadOnlyAccess');
    await screen.press('tab', 'down', 'down', 'space');
    await screen.see('[x] autoScaler');
    await screen.press('ctrl-s');
    await screen.see('review: create payments/worker');
    expect(screen.workbench.planned.at(-1)?.request).toMatchObject({
      associations: [
        { role: { kind: 'made', recipe: { permissionPolicyArns: [s3.arn], wellKnownPolicies: ['autoScaler'] } } },
      ],
    });
  });

  it('says when policies cannot be listed, and takes an ARN all the same', async () => {
    const workbench = new FakeWorkbench();
    workbench.policyPages = [new PortError(denied)];
    await making(workbench);
    await screen.see('? no list: jo may not call');
    await screen.press('tab');
    screen.send(own.arn);
    await screen.see('payments-api▏');
    await screen.press('enter');
    await screen.see('✓ payments-api  this account');
    workbench.policyPages = [[own], [s3]];
    await screen.press('down');
    await screen.see('✓ 1 policy');
  });

  it('is given up for a role that is named', async () => {
    await making();
    await screen.press('shift-tab');
    screen.send('payments-api');
    await screen.see('payments-api▏');
    await screen.lose('· policies');
    expect(screen.text()).toContain('✓ trusts pods.eks.amazonaws.com');
  });

  it('shows the command that asks for the same, and hides it again', async () => {
    await making();
    await screen.press('tab');
    screen.send('s3');
    await screen.see('[ ] AmazonS3');
    await screen.press('enter');
    await screen.see('✓ AmazonS3');
    await screen.press('ctrl-t');
    await screen.see('podid-tui create --cluster staging-eu-1');
    expect(screen.text()).toContain(`--permission-policy-arns`);
    await screen.press('ctrl-t');
    await screen.see('preflight');
    expect(screen.text()).not.toContain('podid-tui create');
  });

  it('has every field within reach on the smallest screens', async () => {
    await making(new FakeWorkbench(), { columns: 60, rows: 15 });
    for (const label of ['policies', 'well-known', 'inline policy', 'boundary', 'Target role', 'Create account']) {
      await tabTo(label);
    }
    await screen.press('tab');
    await screen.see('[ Cancel ]');
  });

  it('says in a sentence that there is no editor', async () => {
    await making();
    await screen.press('tab', 'tab', 'tab', 'ctrl-e');
    await screen.see('no editor: set $VISUAL or $EDITOR');
  });
});

describe('a change of a role that a stack made', () => {
  const stackName = 'eksctl-staging-eu-1-podidentityrole-checkout-api';
  const stack = {
    stackId: `arn:aws:cloudformation:eu-west-1:111122223333:stack/${stackName}/1`,
    stackName,
    status: 'CREATE_COMPLETE',
    logicalId: 'Role1',
    capabilities: [],
    parameters: [],
    outputs: { Role1: roleArn('checkout-api') },
    tags: {
      'alpha.eksctl.io/cluster-name': 'staging-eu-1',
      'alpha.eksctl.io/podidentityassociation-name': 'checkout/api',
    },
  };
  const template = roleTemplate({ roleName: 'checkout-api', permissionPolicyArns: [s3.arn], wellKnownPolicies: [] });
  const cluster = clusterRow('staging-eu-1').cluster;

  async function changing(): Promise<void> {
    const workbench = new FakeWorkbench();
    workbench.policyPages = [[own, s3]];
    workbench.facts = {
      ...(cluster.state === 'read' ? { cluster: cluster.value } : {}),
      roleStacks: new Map([[roleArn('checkout-api'), read(stack, start)]]),
      stacks: new Map(),
      templates: new Map([[stackName, read(template, start)]]),
    } as unknown as Partial<Snapshot>;
    screen = await openScreen({ workbench });
    await screen.press('G', 'a', 'e');
    await screen.see('the role of its own stack');
  }

  it('shows what it is made of, and sends the parts that differ', async () => {
    await changing();
    expect(screen.text()).toContain(`stack ${stackName}`);
    expect(screen.text()).toContain('✓ AmazonS3ReadOnlyAccess');
    await screen.press('tab', 'tab');
    screen.send('payments');
    await screen.see('[ ] payments-api');
    await screen.press('enter');
    await screen.see('was AmazonS3ReadOnlyAccess');
    await screen.press('ctrl-s');
    await screen.see('review: update');
    expect(screen.workbench.planned.at(-1)).toMatchObject({
      cluster: { arn: staging },
      request: updateOf('checkout/api', { role: { permissionPolicyArns: [s3.arn, own.arn] } }),
    });
  });

  it('offers to recreate only for what cannot be changed in place, and names the gap', async () => {
    await changing();
    expect(screen.text()).not.toContain('Recreate');
    await screen.press('tab');
    screen.send('-v2');
    await screen.see('✗ another name replaces the role');
    expect(screen.text()).toMatch(/Recreate +\[ \] no/);
    await tabTo('Recreate');
    await screen.press('space');
    await screen.see('pods that start in between get no role');
    await screen.press('ctrl-s');
    await screen.see('review: update');
    expect(screen.workbench.planned.at(-1)?.request).toEqual(
      updateOf('checkout/api', { role: { roleName: 'checkout-api-v2' }, recreate: true }),
    );
  });

  it('names another role instead, keeps what was changed for later, and goes back to the own one', async () => {
    await changing();
    screen.send('payments-api');
    await screen.see('its stack stays');
    await screen.press('esc', 'esc');
    await screen.see('draft kept');
    await screen.press('e');
    await screen.see('its stack stays');
    await screen.press('ctrl-u', 'down');
    await screen.see('▌ + the role of its own stack…');
    await screen.press('enter');
    await screen.see('✓ AmazonS3ReadOnlyAccess');
  });
});
