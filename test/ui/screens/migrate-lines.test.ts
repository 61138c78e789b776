import { describe, expect, it } from 'vitest';
import type { AgentState, Rollout } from '../../../source/identity/facts.ts';
import { failed, read, unread } from '../../../source/identity/reading.ts';
import type { Action } from '../../../source/plan/action.ts';
import { agentLine } from '../../../source/ui/screens/migrate/agent-line.ts';
import { optionsLine, streamLine } from '../../../source/ui/screens/migrate/lines.ts';
import { treeLine } from '../../../source/ui/screens/migrate/tree-line.ts';
import { lineText } from '../../../source/ui/state/lines.ts';
import { advance, newProgress } from '../../../source/ui/state/run-progress.ts';
import { cells } from '../../../source/ui/text/pad.ts';
import { account, createAction, denied, editTrust, node, planOf, prod, roleArn, start } from '../fakes.ts';

const base = { account, region: 'eu-west-1', cluster: prod, subject: 's', command: 'aws' };
const stackTrust: Action = {
  ...base,
  type: 'edit-stack-trust',
  service: 'cloudformation',
  operation: 'UpdateStack',
  roleArn: roleArn('eksctl-prod-eu-1-addon-iamserviceaccount-payments-Role1-ABCDEFGHIJKL'),
  intent: 'admit',
  expects: '{}',
  trustPolicy: '{}',
  request: {
    StackName: 'eksctl-prod-eu-1-addon-iamserviceaccount-payments-api',
    StackId: 'arn:aws:cloudformation:eu-west-1:1:stack/x/y',
    Tags: {},
    Capabilities: [],
  },
};
const install: Action = {
  ...base,
  type: 'install-addon',
  service: 'eks',
  operation: 'CreateAddon',
  request: { clusterName: 'prod-eu-1', addonName: 'eks-pod-identity-agent' },
};
const updateAddon: Action = {
  ...base,
  type: 'update-addon',
  service: 'eks',
  operation: 'UpdateAddon',
  request: { clusterName: 'prod-eu-1', addonName: 'vpc-cni', addonVersion: 'v1', podIdentityAssociations: [] },
};

const shown = (action: Action, width: number, depth = 1): string =>
  lineText(
    treeLine(
      { kind: 'node', id: 'n', node: node('n', 'a long sentence', action), depth, open: false },
      undefined,
      start,
      width,
    ),
  ).trimEnd();

describe('a line of the tree', () => {
  it('names its subject first and its call last', () => {
    expect(shown(editTrust(prod, 'payments-api'), 95)).toMatch(
      /○ trust {2}role payments-api {2,}iam:UpdateAssumeRolePolicy$/,
    );
    expect(shown(createAction(prod, 'payments', 'api', 'payments-api'), 95)).toMatch(
      /○ associate {2}payments\/api -> payments-api {2,}eks:CreatePodIdentityAssociation$/,
    );
    expect(shown(install, 95)).toMatch(/○ install agent add-on {2,}eks:CreateAddon$/);
    expect(shown(updateAddon, 95)).toMatch(/○ add-on vpc-cni {2,}eks:UpdateAddon$/);
  });

  it('loses the call first, then the aside, and the role never, where there is little room', () => {
    const role = 'role eksctl-prod-eu-1-addon-iamserviceaccount-payments-Role1-ABCDEFGHIJKL';
    expect(shown(stackTrust, 200)).toContain('(owned by stack eksctl-prod-eu-1-addon-iamserviceaccount-payments-api)');
    expect(shown(stackTrust, 200)).toContain('cloudformation:UpdateStack');
    const narrow = shown(stackTrust, 95);
    expect(narrow).toContain(role);
    expect(narrow).not.toContain('cloudformation:');
    expect(cells(narrow)).toBeLessThanOrEqual(95);
  });

  it('gives way to what is happening to it, and to nothing else', () => {
    const action = createAction(
      prod,
      'kube-system',
      'aws-load-balancer-controller',
      'a-role-with-a-rather-long-name-of-its-own',
    );
    const item = { kind: 'node', id: 'n', node: node('n', 'a long sentence', action), depth: 1, open: false } as const;
    const run = newProgress(planOf('migrate', prod, [item.node]), start);
    const waiting = lineText(treeLine(item, run, start, 95));
    expect(waiting).toContain('-> a-role-with-a-rather-long');
    const failing = advance(run, {
      type: 'waiting',
      at: start,
      id: 'n',
      attempt: 2,
      reason: 'EKS does not see the role yet',
    });
    expect(lineText(treeLine(item, failing, start, 95))).toMatch(
      /balancer-controller {2}attempt 2, EKS does not see the role yet/,
    );
  });

  it('is never wider than it may be', () => {
    for (const action of [stackTrust, install, updateAddon, createAction(prod, 'payments', 'api', 'payments-api')])
      for (const width of [30, 57, 77, 97, 140])
        expect(cells(shown(action, width, 2)), `${action.type} at ${width}`).toBeLessThanOrEqual(width);
  });
});

describe('the agent above a plan', () => {
  const text = (agent: AgentState, plan = planOf('migrate', prod, [])) =>
    lineText(agentLine(read(agent, start), plan)).trim();
  const addon = (status: string, rollout?: Rollout): AgentState => ({
    kind: 'addon',
    version: 'v1.3.10-eksbuild.2',
    status,
    issues: status === 'ACTIVE' ? [] : ['no permission'],
    ...(rollout ? { rollout } : {}),
  });

  it('says what stands for it', () => {
    expect(text(addon('ACTIVE', { desired: 6, ready: 6 }))).toBe('✓ agent: add-on v1.3.10, 6 of 6 nodes ready');
    expect(text({ kind: 'auto-mode' })).toBe('✓ agent: part of EKS Auto Mode');
    expect(
      text({ kind: 'daemonset', namespace: 'kube-system', name: 'agent', rollout: { desired: 2, ready: 2 } }),
    ).toBe('✓ agent: self-managed DaemonSet kube-system/agent, 2 of 2 nodes ready');
  });

  it('never shows what is not proven as well', () => {
    expect(text(addon('ACTIVE', { desired: 6, ready: 5 }))).toBe('! agent: add-on v1.3.10, 5 of 6 nodes ready');
    expect(text(addon('ACTIVE'))).toBe('? agent: add-on v1.3.10 is ACTIVE; its nodes were not checked');
    expect(text(addon('DEGRADED'))).toBe('✗ agent: add-on v1.3.10 is DEGRADED; no permission');
    expect(lineText(agentLine(unread)).trim()).toBe('? agent: not checked');
    expect(lineText(agentLine(failed(denied, start, read({ kind: 'auto-mode' }, start)))).trim()).toBe(
      `? agent: part of EKS Auto Mode when last read; now not checked: ${denied.message}`,
    );
  });

  it('tells an agent that the plan installs from one that is missing', () => {
    expect(text({ kind: 'missing' })).toBe('✗ agent: none in this cluster');
    expect(text({ kind: 'missing' }, planOf('migrate', prod, [node('agent', 'install', install)]))).toBe(
      '○ agent: none yet, to be installed first',
    );
  });
});

describe('a request of the run', () => {
  const request = (service: 'cloudformation' | 'eks', operation: string, subject: string) =>
    lineText(
      streamLine({
        at: start,
        service,
        operation,
        account,
        subject,
        status: 200,
        milliseconds: 31,
        attempts: 1,
        write: true,
      }),
    );
  it('keeps its columns apart and names what an ARN is about', () => {
    const stack = request('cloudformation', 'UpdateStack', 'arn:aws:cloudformation:eu-west-1:1:stack/eksctl-x/0a1b');
    expect(stack).toMatch(/200 {2}cfn {2}UpdateStack +eksctl-x +31 ms$/);
    expect(request('eks', 'CreatePodIdentityAssociation', 'payments/api')).toMatch(
      /200 {2}eks +Create\w+ +payments\/api /,
    );
    expect(request('eks', 'TagResource', 'arn:aws:eks:eu-west-1:1:podidentityassociation/c/a-12')).toMatch(/ a-12 /);
    expect(cells(stack)).toBeLessThanOrEqual(90);
  });
});

it('the key that approves stands among the options where the header has no room for hints', () => {
  const request = { command: 'migrate', removeOidcProviderTrust: false } as const;
  const textOf = (approvable: boolean) =>
    optionsLine(request, 32, approvable)
      .map(({ text }) => text)
      .join('');
  expect(textOf(true)).toBe(`<a> approve  ${textOf(false)}`);
});
