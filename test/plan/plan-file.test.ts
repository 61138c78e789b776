import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actionNode, place } from '../../source/plan/nodes.ts';
import { type ActionNode, actions, type Plan } from '../../source/plan/plan.ts';
import { parsePlanFile, planFileText } from '../../source/plan/plan-file.ts';
import { planFor } from '../../source/plan/planner.ts';
import { planUndo } from '../../source/plan/undo.ts';
import { planHash } from '../../source/run/plan-hash.ts';
import { cluster, podsStatement, policy } from '../identity/policies.ts';
import { apply } from './apply.ts';
import {
  addon,
  association,
  createOf,
  facts,
  irsaRole,
  pod,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from './world.ts';

const target = { namespace: 'shop', serviceAccount: 'api' };
const base = () =>
  facts({
    agent: { kind: 'missing' },
    addons: [addon('csi', { serviceAccountRoleArn: roleArn('csi'), podIdentityServiceAccounts: ['csi-sa'] })],
    serviceAccounts: [serviceAccount('shop/api', roleArn('api')), serviceAccount('kube-system/csi-sa', roleArn('csi'))],
    roles: [irsaRole('api', 'shop:api'), irsaRole('csi', 'kube-system:csi-sa')],
    stacks: new Map([['csi', stack('csi')]]),
    pods: [pod('shop/api', { owner: { kind: 'Deployment', name: 'api' } })],
  });
const whole = { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true } as const;

/** Between them every kind of action. */
const plans = (): readonly Plan[] => {
  const existing = facts({
    roles: [role('api', policy(podsStatement())), role('new', policy(podsStatement()))],
    associations: [association('shop/api', roleArn('api'))],
  });
  const simple = facts({ ...base(), addons: [], agent: { kind: 'auto-mode' } });
  const run = apply(facts({ ...simple, pods: [] }), planFor(snapshotOf(facts({ ...simple, pods: [] })), whole));
  return [
    planFor(snapshotOf(base()), whole),
    planFor(snapshotOf(existing), updateOf('shop/api', { roleArn: roleArn('new'), policy: null, tags: { a: 'b' } })),
    planFor(snapshotOf(existing), { command: 'delete', subjects: [target] }),
    planUndo({ records: run.records }, snapshotOf(run.facts)),
    ...madePlans(),
  ];
};

/** A role that is made, changed, and taken away again. */
function madePlans(): readonly Plan[] {
  const role = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] } } as const;
  const create = planFor(snapshotOf(facts()), createOf('shop/api', '', { role, createServiceAccount: true }));
  const made = apply(facts(), create).facts;
  const update = updateOf('shop/api', { role: { wellKnownPolicies: ['certManager'] } });
  return [
    create,
    planFor(snapshotOf(made), update),
    planFor(snapshotOf({ ...made, pods: [pod('shop/api')] }), { command: 'delete', subjects: [target] }),
  ];
}

const text = (plan: Plan) => planFileText(plan, planHash);
const parse = (content: string) => parsePlanFile(content, planHash);
const reasonOf = (content: string) => {
  const parsed = parse(content);
  return parsed.ok ? undefined : parsed.reason;
};

test('a plan comes back as it was written, whatever its actions', () => {
  const types = new Set(plans().flatMap(plan => actions(plan.root).map(({ action }) => action.type)));
  expect([...types].toSorted()).toEqual([
    'annotate',
    'create-association',
    'create-namespace',
    'create-role-stack',
    'create-service-account',
    'delete-association',
    'delete-role-stack',
    'delete-service-account',
    'edit-stack-trust',
    'edit-trust',
    'install-addon',
    'restart-workload',
    'tag-association',
    'update-addon',
    'update-association',
    'update-role-stack',
    'verify-pods',
  ]);
  for (const plan of plans()) expect(parse(text(plan))).toEqual({ ok: true, value: plan });
});

describe('a file is refused', () => {
  const [plan] = plans() as readonly [Plan];
  /** A plan that was changed by somebody who knows how to make the hash fit. */
  const forged = (change: (node: ActionNode) => ActionNode): string => {
    const [first, ...rest] = plan.root.children;
    const root = { ...plan.root, children: [change(first as ActionNode), ...rest] };
    return text({ ...plan, root });
  };

  test.each<[string, string, RegExp]>([
    ['that is not JSON', '{', /not JSON/],
    ['that is something else', '{"a":1}', /format is missing/],
    ['of another version', text(plan).replace('"version": 1', '"version": 2'), /version is none of 1/],
    ['with another role in it', text(plan).replace('role/api', 'role/admin'), /its hash does not fit/],
    ['with something added', text({ ...plan, more: 1 } as Plan), /more is not known/],
    ['without its plan', JSON.stringify({ format: 'podid-tui plan', version: 1, hash: 'x' }), /plan is missing/],
    [
      'with two actions of one id',
      text({ ...plan, root: { ...plan.root, children: [...plan.root.children, ...plan.root.children] } }),
      /two of its actions/,
    ],
    ['with a need that is not there', forged(node => ({ ...node, needs: ['nothing'] })), /needs nothing/],
    [
      'with a command that hides what is done',
      forged(node => ({ ...node, action: { ...node.action, command: 'true' } })),
      /is not what it does/,
    ],
    [
      'with an action elsewhere',
      forged(node => ({ ...node, action: { ...node.action, region: 'us-east-1' } })),
      /another cluster/,
    ],
    ['with an unknown kind of action', text(plan).replace('"install-addon"', '"delete-cluster"'), /type is none of/],
  ])('%s', (_, content, reason) => {
    expect(reasonOf(content)).toMatch(reason);
  });

  test('that is nested without end', () => {
    let root = plan.root;
    for (let depth = 0; depth < 40; depth += 1) root = { ...plan.root, children: [root] };
    expect(reasonOf(text({ ...plan, root }))).toContain('nested too deeply');
  });

  test('property: with any one character changed, it is refused or says the same', () => {
    const content = text(plan);
    fc.assert(
      fc.property(fc.nat(content.length - 1), fc.constantFrom('x', '0', '"', '{', ' '), (at, sign) => {
        const parsed = parse(content.slice(0, at) + sign + content.slice(at + 1));
        if (parsed.ok) expect(parsed.value).toEqual(plan);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});

test('an action with a value of an earlier one is a plan too', () => {
  const ref = { $from: 'role:api', output: 'roleArn' };
  const request = { clusterName: 'prod', ...target, roleArn: ref };
  const node = actionNode(
    { id: 'a', title: 'a' },
    {
      ...place(cluster, 'shop/api'),
      type: 'create-association',
      service: 'eks',
      operation: 'CreatePodIdentityAssociation',
      target,
      request,
    },
  );
  const [plan] = plans() as readonly [Plan];
  expect(parse(text({ ...plan, root: { ...plan.root, children: [node] } })).ok).toBe(true);
});
