import { afterEach, describe, expect, test } from 'vitest';
import { PortError } from '../../../source/run/ports.ts';
import { FakeWorkbench } from '../fakes.ts';
import { openScreen, type Screen } from '../screen.ts';

let screen: Screen;
afterEach(() => screen.close());

const document = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: action, Resource: '*' } });
const managed = {
  name: 'reads',
  arn: 'arn:aws:iam::aws:policy/service-role/reads',
  document: document('s3:GetObject'),
};

/** The detail of the first role of the first cluster, on its policies. */
async function openPolicies(workbench: FakeWorkbench): Promise<string> {
  screen = await openScreen({ workbench });
  await screen.press('r');
  await screen.see('roles(');
  await screen.press('d');
  await screen.see('[1 summary]');
  expect(workbench.policiesAsked).toEqual([]);
  await screen.press('3');
  await screen.see('[3 policies]');
  return /role ([\w-]+)/.exec(screen.text())?.[1] ?? '';
}

describe('policies of a role', () => {
  test('are read when their tab is opened, once, and shown with their documents', async () => {
    const workbench = new FakeWorkbench();
    workbench.rolePolicyItems = [{ name: 'mine', document: document('sqs:SendMessage') }, managed];
    const role = await openPolicies(workbench);
    await screen.see('2 permission policies');
    await screen.see(/mine +inline/);
    await screen.see('"sqs:SendMessage"');
    expect(screen.text()).toContain(`reads   ${managed.arn}`);
    await screen.press('1', '3');
    await screen.see('2 permission policies');
    expect(workbench.policiesAsked).toEqual([role]);
    await screen.press('ctrl-r');
    await screen.until('it is read again', () => workbench.policiesAsked.length === 2);
  });

  test('denied: what was read before stays, and it says what is lacking', async () => {
    const workbench = new FakeWorkbench();
    workbench.rolePolicyItems = [
      managed,
      new PortError({
        kind: 'denied',
        message: 'You may not iam:GetPolicyVersion.',
        operation: 'iam:GetPolicyVersion',
      }),
    ];
    await openPolicies(workbench);
    await screen.see('? You may not iam:GetPolicyVersion.');
    await screen.see('What was read before that: 1.');
    await screen.see('"s3:GetObject"');
  });

  test('none is said as such, and not as unread', async () => {
    await openPolicies(new FakeWorkbench());
    await screen.see('No permission policy');
  });
});
