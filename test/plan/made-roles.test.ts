import { describe, expect, test } from 'vitest';
import type { RoleStack } from '../../source/identity/facts.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { mergeRecipe } from '../../source/plan/role-stack/merge.ts';
import { irsaRoleStack, roleStack } from '../../source/plan/role-stack/names.ts';
import { recipeOf } from '../../source/plan/role-stack/recipe.ts';
import { stackTags } from '../../source/plan/role-stack/tags.ts';
import { roleTemplate } from '../../source/plan/role-stack/template.ts';
import { planText } from '../../source/plan/text.ts';
import type { RoleRecipe, WantedAssociation } from '../../source/plan/wanted.ts';
import { account } from '../identity/policies.ts';
import { apply } from './apply.ts';
import {
  association,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  pod,
  podRole,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from './world.ts';

const subject = { namespace: 'shop', serviceAccount: 'api' };
const own = roleStack('prod', subject);
const policyArn = `arn:aws:iam::${account}:policy/read`;
const recipe: RoleRecipe = { permissionPolicyArns: [policyArn], wellKnownPolicies: [] };
const wanted = (change: Partial<WantedAssociation> = {}, of = subject): WantedAssociation => ({
  ...of,
  role: { kind: 'made', recipe },
  tags: {},
  ...change,
});
const create = (world: Partial<Facts>, list: readonly WantedAssociation[], change: Partial<Snapshot> = {}) =>
  planFor(snapshotOf(facts(world), change), { command: 'create', associations: list });

const nodes = (plan: Plan) => actions(plan.root);
const ids = (plan: Plan) => nodes(plan).map(({ id }) => id);
const types = (plan: Plan) => nodes(plan).map(({ action }) => action.type);
const reasons = (remarks: Plan['skipped']) => remarks.map(({ reason }) => reason).join('\n');

/** shop/api with a role that a stack of its own has made. */
const owned = (change: Partial<RoleStack> = {}, more: Partial<Facts> = {}): Facts => {
  const made = {
    stackName: own,
    stackId: `arn:aws:cloudformation:eu-west-1:${account}:stack/${own}/1`,
    tags: stackTags('prod', subject, { team: 'a' }),
    ...change,
  };
  return facts({
    associations: [association('shop/api', roleArn('made'))],
    serviceAccounts: [serviceAccount('shop/api')],
    roles: [podRole('made'), podRole('other')],
    stacks: new Map([['made', stack('made', made)]]),
    templates: new Map([[made.stackName, roleTemplate({ ...recipe, wellKnownPolicies: ['externalDNS'] })]]),
    ...more,
  });
};

describe('create with a role that is made', () => {
  test('makes the stack, the namespace, the service account and the association, and lists what cleans up', () => {
    const plan = create({}, [wanted({ createServiceAccount: true, tags: { team: 'a' }, stackTags: { meta: 'm' } })]);
    expect(ids(plan)).toEqual([
      'namespace:shop',
      'role:shop/api',
      'clean-up:role:shop/api:shop/api',
      'service-account:shop/api',
      'association:shop/api',
      'clean-up:association:shop/api:shop/api',
    ]);
    const [, made, failed, made2, given, undone] = nodes(plan);
    expect(made?.action.request).toMatchObject({
      StackName: 'eksctl-prod-podidentityrole-shop-api',
      Tags: stackTags('prod', subject, { meta: 'm', team: 'a' }),
      Capabilities: ['CAPABILITY_IAM'],
      EnableTerminationProtection: true,
    });
    expect(made2).toMatchObject({
      needs: ['namespace:shop'],
      action: { request: { labels: { 'app.kubernetes.io/managed-by': 'eksctl' } } },
    });
    expect(given).toMatchObject({
      needs: ['role:shop/api'],
      action: {
        request: {
          roleArn: { $from: 'role:shop/api', output: 'roleArn' },
          tags: { team: 'a', 'alpha.eksctl.io/podidentityassociation-name': 'shop/api' },
        },
      },
    });
    for (const [node, onlyIfFails] of [
      [failed, 'role:shop/api'],
      [undone, 'association:shop/api'],
    ] as const)
      expect(node).toMatchObject({ onlyIfFails, needs: [], action: { request: { StackName: own } } });
    expect(planText(plan)).toContain(`(plan) would create 1 pod identity association(s) by executing the following tasks

6 sequential tasks: {
    create namespace "shop",
    create IAM role for pod identity association for service account "shop/api",
    delete IAM resources stack "${own}" (only if step 2 fails),
    create service account "shop/api", if it does not already exist,
    create pod identity association for service account "shop/api",
    delete IAM resources stack "${own}" (only if step 5 fails),
}
`);
    expect(given?.action.command).toContain("--role-arn '<roleArn of role:shop/api>'");
  });

  test('several go side by side; what they share comes once and first', () => {
    const web = { namespace: 'shop', serviceAccount: 'web' };
    const existing = { kind: 'existing', roleArn: roleArn('shared') } as const;
    const plan = create({ roles: [irsaRole('shared', 'x:y')] }, [
      wanted({ createServiceAccount: true, role: existing }, web),
      wanted({ createServiceAccount: true, role: existing }, { namespace: 'shop', serviceAccount: 'job' }),
      wanted({ createServiceAccount: true }),
    ]);
    expect(plan.root).toMatchObject({
      kind: 'sequence',
      children: [
        { id: 'trust:shared' },
        { id: 'namespace:shop' },
        { kind: 'parallel', children: [{ id: 'group:shop/api' }, { id: 'group:shop/job' }, { id: 'group:shop/web' }] },
      ],
    });
    expect(
      nodes(plan)
        .filter(({ needs }) => needs.includes('trust:shared'))
        .map(({ id }) => id),
    ).toEqual(['association:shop/job', 'association:shop/web']);
  });

  test('an existing service account is left alone, its labels too', () => {
    const helm = { ...serviceAccount('shop/api'), labels: { 'app.kubernetes.io/managed-by': 'Helm' } };
    const plan = create({ serviceAccounts: [helm] }, [wanted({ createServiceAccount: true })]);
    expect(types(plan)).not.toContain('create-service-account');
    expect(plan.notes).toContain('Service account shop/api is there and stays as it is.');
  });

  test('what cannot be looked at is not made, and the association is', () => {
    const plan = create({}, [wanted({ createServiceAccount: true })], { serviceAccounts: failedReading });
    expect(types(plan)).toContain('create-association');
    expect(plan.skipped).toMatchObject([{ subject: 'service account shop/api' }]);
    const ending = create({}, [wanted({ createServiceAccount: true })], {
      namespaces: { state: 'read', at: 0, value: [{ name: 'shop', phase: 'Terminating', labels: {} }] },
    });
    expect(reasons(ending.skipped)).toContain('namespace shop is being deleted');
  });

  test('names what would take each other’s stack or role name, before anything is made', () => {
    const one = { namespace: 'a', serviceAccount: 'b-c' };
    const other = { namespace: 'a-b', serviceAccount: 'c' };
    const clash = create({}, [wanted({}, one), wanted({}, other)]);
    expect([ids(clash), clash.skipped.map(each => each.subject)]).toEqual([[], ['a-b/c', 'a/b-c']]);
    expect(reasons(clash.skipped)).toContain("its role's stack would have the name of that of a/b-c");
    const role = { kind: 'made', recipe: { ...recipe, roleName: 'same' } } as const;
    const names = create({}, [wanted({ role }, one), wanted({ role })]);
    expect(reasons(names.skipped)).toMatch(/its role would have the name of that of shop\/api/);
    expect(reasons(create({}, [wanted(), wanted()]).skipped)).toContain('it is named 2 times');
  });

  test.each([
    [{ status: 'ROLLBACK_COMPLETE' }, /left of an attempt that failed \(ROLLBACK_COMPLETE\)/, true],
    [{ status: 'CREATE_COMPLETE' }, /left without an association/, true],
    [{ status: 'DELETE_IN_PROGRESS' }, /is DELETE_IN_PROGRESS: plan again/, false],
    [{ tags: stackTags('prod', { namespace: 'shop-api', serviceAccount: 'x' }) }, /for shop-api\/x/, false],
    [{ tags: {} }, /for something else/, false],
  ] as const)('a stack of the name that is there is named: %j', (change, reason, command) => {
    const plan = create(owned(change, { associations: [] }), [wanted()]);
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringMatching(reason)]);
    expect(plan.skipped[0]?.command).toBe(
      command ? 'podid-tui delete --cluster prod --namespace shop --service-account-name api' : undefined,
    );
  });

  test('does not guess whether there is a stack, nor make a role that permits nothing', () => {
    const stacks = new Map([[own, failedReading]]);
    expect(reasons(create({}, [wanted()], { stacks }).skipped)).toContain('not allowed to look');
    const empty = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: [] } } as const;
    expect(reasons(create({}, [wanted({ role: empty })]).skipped)).toContain('would permit nothing');
  });

  test('an association with that role is the same; with another recipe, or another role, it differs', () => {
    expect(reasons(create(owned(), [wanted()]).same)).toContain('gives it this role already');
    const other = { kind: 'made', recipe: { ...recipe, wellKnownPolicies: ['certManager'] } } as const;
    expect(reasons(create(owned(), [wanted({ role: other })]).skipped)).toContain('differs in wellKnownPolicies');
    const external = owned({}, { associations: [association('shop/api', roleArn('other'))] });
    expect(reasons(create(external, [wanted()]).skipped)).toContain('which was not made for it');
  });

  test.each([
    [{ kind: 'missing' }, /has no Pod Identity agent/, true],
    [
      { kind: 'addon', version: 'v1', status: 'CREATE_FAILED', issues: ['no nodes'] },
      /CREATE_FAILED \(no nodes\)/,
      false,
    ],
    [{ kind: 'addon', version: 'v1', status: 'DEGRADED', issues: [] }, /is DEGRADED/, false],
  ] as const)('nothing is created without an agent: %j', (agent, reason, command) => {
    const plan = create({ agent: agent as Facts['agent'] }, [wanted()]);
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringMatching(reason)]);
    expect(plan.skipped[0]?.command?.startsWith('aws eks create-addon') ?? false).toBe(command);
  });

  test.each([
    [{ kind: 'auto-mode' }],
    [{ kind: 'daemonset', namespace: 'kube-system', name: 'x', rollout: { desired: 1, ready: 1 } }],
    [{ kind: 'addon', version: 'v1', status: 'UPDATING', issues: [] }],
  ] as const)('this agent counts: %j', agent => {
    expect(types(create({ agent: agent as Facts['agent'] }, [wanted()]))).toContain('create-association');
  });
});

describe('update of a role that was made', () => {
  const update = (change: Parameters<typeof updateOf>[1], world: Facts = owned(), more: Partial<Snapshot> = {}) =>
    planFor(snapshotOf(world, more), updateOf('shop/api', change));

  test('replaces what is mentioned through the stack and leaves the association alone', () => {
    const plan = update({ role: { wellKnownPolicies: ['certManager'] } });
    const [node] = nodes(plan);
    const before = owned().templates.get(own) ?? '';
    expect(ids(plan)).toEqual(['role:shop/api']);
    expect(node?.action).toMatchObject({
      type: 'update-role-stack',
      expects: { TemplateBody: before },
      request: { StackName: own, Tags: { team: 'a' }, Capabilities: ['CAPABILITY_IAM'] },
    });
    const after = node?.action.type === 'update-role-stack' ? node.action.request.TemplateBody : '';
    expect(recipeOf(after, 'aws')).toMatchObject({
      value: { permissionPolicyArns: [policyArn], wellKnownPolicies: ['certManager'] },
    });
  });

  test('fields and parts go together; what is the same is said so', () => {
    const plan = update({ role: { permissionsBoundaryArn: policyArn }, disableSessionTags: true });
    expect(ids(plan)).toEqual(['role:shop/api', 'association:shop/api']);
    expect(nodes(plan)[1]).toMatchObject({
      needs: ['role:shop/api'],
      action: { request: { disableSessionTags: true } },
    });
    const same = update({ role: { permissionPolicyArns: [policyArn] } });
    expect([ids(same), reasons(same.same)]).toEqual([[], expect.stringContaining('already as asked for')]);
  });

  test('another role takes its place; the stack stays, and who deletes it later is told how', () => {
    const plan = update({ roleArn: roleArn('other') });
    expect(ids(plan)).toEqual(['association:shop/api']);
    expect(plan.notes.join('\n')).toMatch(
      /keep credentials of .*made until these expire.*\n.*stays until then; delete it afterwards: aws cloudformation update-termination-protection .*delete-stack/,
    );
  });

  test('a role that is made takes the place of one that is there', () => {
    const external = facts({
      associations: [association('shop/api', roleArn('other'))],
      serviceAccounts: [serviceAccount('shop/api')],
      roles: [podRole('other')],
    });
    const plan = update({ role: { wellKnownPolicies: ['externalDNS'] } }, external);
    expect(ids(plan)).toEqual([
      'role:shop/api',
      'clean-up:role:shop/api:shop/api',
      'association:shop/api',
      'clean-up:association:shop/api:shop/api',
    ]);
    expect(nodes(plan)[2]?.action).toMatchObject({
      expects: { roleArn: roleArn('other') },
      request: { roleArn: { $from: 'role:shop/api', output: 'roleArn' } },
    });
    expect(reasons(update({ role: {} }, external).skipped)).toContain('would permit nothing');
    const back = apply(owned(), update({ roleArn: roleArn('other') }));
    const again = update({ role: { wellKnownPolicies: [] } }, back.facts);
    expect(types(again)).toEqual(['update-role-stack', 'update-association']);
    expect(apply(back.facts, again).facts.associations).toMatchObject([{ roleArn: roleArn('made') }]);
  });

  test('another name replaces the role, so it needs consent that names the gap', () => {
    const change = { role: { roleName: 'fresh' } };
    expect(reasons(update(change).skipped)).toContain('--recreate');
    const plan = update({ ...change, recreate: true });
    expect(types(plan)).toEqual(['update-role-stack', 'update-association']);
    expect(nodes(plan)[0]?.action.request).toMatchObject({ Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'] });
    expect(nodes(plan)[1]?.action.request).toMatchObject({ roleArn: { $from: 'role:shop/api' } });
    expect(reasons(plan.beyond ?? [])).toContain('running pods lose it at once');
  });

  test('what cannot be changed safely is skipped', () => {
    expect(reasons(update({ roleArn: roleArn('other'), role: {} }).skipped)).toContain('cannot have both');
    const busy = owned({ status: 'UPDATE_IN_PROGRESS' });
    expect(reasons(update({ role: { wellKnownPolicies: [] } }, busy).skipped)).toContain('UPDATE_IN_PROGRESS');
    const unread = new Map([[own, failedReading]]);
    expect(reasons(update({ role: { wellKnownPolicies: [] } }, owned(), { templates: unread }).skipped)).toContain(
      'template of stack',
    );
    const roleStacks = new Map([[roleArn('made'), failedReading]]);
    expect(reasons(update({ role: {} }, owned(), { roleStacks, stacks: new Map() }).skipped)).toContain('not known');
    expect(reasons(update({ role: {} }, owned(), { roleStacks }).same)).toContain('already as asked for');
    const yaml = { ...owned(), templates: new Map([[own, 'Resources: {}']]) };
    expect(reasons(update({ role: { wellKnownPolicies: [] } }, yaml).skipped)).toContain(
      'cannot be changed part by part',
    );
  });

  test('a stack in the way of a swap is named with a command that leaves the association alone', () => {
    const failed = owned(
      { status: 'ROLLBACK_COMPLETE' },
      { associations: [association('shop/api', roleArn('other'))] },
    );
    const plan = update({ role: { wellKnownPolicies: ['externalDNS'] } }, failed);
    expect([ids(plan), plan.skipped[0]?.command]).toEqual([
      [],
      expect.stringMatching(/^aws cloudformation update-termination-protection .*delete-stack/),
    ]);
  });

  test('an empty document takes the policy of its own away', () => {
    const template = roleTemplate({ ...recipe, permissionPolicy: '{"Version":"2012-10-17","Statement":[]}' });
    const plan = update({ role: { permissionPolicy: '' } }, { ...owned(), templates: new Map([[own, template]]) });
    expect(nodes(plan)[0]?.action.request).toMatchObject({ TemplateBody: roleTemplate(recipe) });
    const none = { permissionPolicyArns: [], wellKnownPolicies: [], permissionPolicy: '' };
    const nothing = create({}, [wanted({ role: { kind: 'made', recipe: none } })]);
    expect(reasons(nothing.skipped)).toContain('would permit nothing');
  });

  test('what is kept counts with what is changed against the quota of a role', () => {
    const large = {
      ...owned(),
      templates: new Map([
        [own, roleTemplate({ ...recipe, permissionPolicy: JSON.stringify({ Sid: 'x'.repeat(6_000) }) })],
      ]),
    };
    const plan = update({ role: { wellKnownPolicies: ['awsLoadBalancerController'] } }, large);
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringMatching(/IAM takes 10240 a role/)]);
  });

  test('clearing is tried in place; anew only knowingly, and it comes back as it was if that fails', () => {
    const there = association('shop/api', roleArn('other'), {
      targetRoleArn: roleArn('far', '999900001111'),
      tags: { team: 'a', 'aws:x': 'y' },
    });
    const world = owned({}, { associations: [there] });
    expect(types(update({ targetRoleArn: null }, world))).toEqual(['update-association']);
    const plan = update({ targetRoleArn: null, recreate: true }, world);
    expect(ids(plan)).toEqual(['delete:shop/api', 'association:shop/api', 'clean-up:association:shop/api']);
    expect(nodes(plan)[1]).toMatchObject({ needs: ['delete:shop/api'] });
    expect(nodes(plan)[1]?.action.request).toEqual({
      clusterName: 'prod',
      ...subject,
      roleArn: roleArn('other'),
      tags: { team: 'a' },
    });
    expect(nodes(plan)[2]).toMatchObject({
      onlyIfFails: 'association:shop/api',
      action: { request: { targetRoleArn: there.targetRoleArn, roleArn: roleArn('other') } },
    });
    expect(reasons(plan.beyond ?? [])).toContain('pods that start in between get no role');
    const same = update({ disableSessionTags: false, recreate: true }, world);
    expect([ids(same), same.beyond]).toEqual([[], undefined]);
  });
});

describe('limits of IAM', () => {
  const policies = (count: number) => ({
    permissionPolicyArns: Array.from({ length: count }, (_, index) => `${policyArn}${index}`),
  });

  test('a name that a role has already is found before anything is made, whatever the path', () => {
    const named = { kind: 'made', recipe: { ...recipe, roleName: 'taken' } } as const;
    const there = role('taken', podRole('taken').trustPolicy, '/team/');
    const roles = new Map([
      [roleArn('taken'), { state: 'read', at: 0, value: { exists: true, role: there } } as const],
    ]);
    const plan = create({}, [wanted({ role: named })], { roles });
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringContaining(`there is a role ${there.arn}`)]);
    const free = new Map([[roleArn('taken'), { state: 'read', at: 0, value: { exists: false } } as const]]);
    expect(ids(create({}, [wanted({ role: named })], { roles: free }))).toContain('role:shop/api');
  });

  test('more managed policies than the quota are told, more than it can become are refused', () => {
    const of = (count: number) =>
      create({}, [wanted({ role: { kind: 'made', recipe: { ...recipe, ...policies(count) } } })]);
    expect(of(10).notes.join()).not.toContain('managed policies');
    expect(of(11).notes.join()).toContain('the role gets 11 managed policies');
    expect(reasons(of(26).skipped)).toContain('26 managed policies');
    const change = planFor(snapshotOf(owned()), updateOf('shop/api', { role: policies(11) }));
    expect(change.notes).toEqual([expect.stringContaining('the role gets 11 managed policies')]);
  });
});

describe('delete with what was made for it', () => {
  const remove = (world: Facts, change: Partial<Snapshot> = {}) =>
    planFor(snapshotOf(world, change), { command: 'delete', subjects: [subject] });
  const made = { ...serviceAccount('shop/api'), labels: { 'app.kubernetes.io/managed-by': 'eksctl' } };

  test('association, then stack and service account', () => {
    const plan = remove(owned({}, { serviceAccounts: [made] }));
    expect(ids(plan)).toEqual(['association:shop/api', `stack:${own}`, 'service-account:shop/api']);
    for (const node of nodes(plan).slice(1)) expect(node.needs).toEqual(['association:shop/api']);
    expect(nodes(plan)[1]?.action.request).toMatchObject({ StackName: own, StackId: expect.stringContaining(own) });
    expect(plan.beyond).toBeUndefined();
    expect(plan.notes.at(-1)).toBe('Left behind: namespace shop; the agent.');
    const { facts: after } = apply(owned({}, { serviceAccounts: [made] }), plan);
    expect([after.associations, after.roles.map(({ name }) => name), after.serviceAccounts]).toEqual([
      [],
      ['other'],
      [],
    ]);
    expect(ids(remove(after))).toEqual([]);
  });

  test('goes on with the rest where the association is gone', () => {
    const plan = remove(owned({ status: 'ROLLBACK_COMPLETE', outputs: {} }, { associations: [] }));
    expect(ids(plan)).toEqual([`stack:${own}`]);
    expect(reasons(plan.same)).toBe('it has no pod identity association');
  });

  test('never a role that others use, nor a stack of others', () => {
    const shared = owned({}, { associations: [...owned().associations, association('shop/web', roleArn('made'))] });
    const plan = remove(shared);
    expect(ids(plan)).toEqual(['association:shop/api']);
    expect(plan.notes.join('\n')).toContain(`Left behind: stack ${own}: the association of shop/web uses its role.`);
    const annotated = owned({}, { serviceAccounts: [serviceAccount('shop/web', roleArn('made'))] });
    expect(remove(annotated).notes.join('\n')).toContain('the annotation of shop/web uses its role');
    const theirs = owned({ tags: stackTags('prod', { namespace: 'shop', serviceAccount: 'web' }) });
    expect(ids(remove(theirs))).toEqual(['association:shop/api']);
    const elsewhere = owned({ tags: stackTags('other', subject) });
    expect(ids(remove(elsewhere))).toEqual(['association:shop/api']);
    expect(ids(remove(owned(), { serviceAccounts: failedReading }))).toEqual(['association:shop/api']);
  });

  test('an IRSA stack goes when its role is the association’s or it came to Pod Identity, and never else', () => {
    const stackName = irsaRoleStack('prod', subject);
    const irsa = (more: Partial<Facts> = {}, tags = {}) =>
      owned(
        {
          stackName,
          tags: {
            'alpha.eksctl.io/cluster-name': 'prod',
            'alpha.eksctl.io/iamserviceaccount-name': 'shop/api',
            ...tags,
          },
        },
        more,
      );
    expect(ids(remove(irsa()))).toEqual(['association:shop/api', `stack:${stackName}`]);
    expect(ids(remove(irsa({ associations: [] })))).toEqual([]);
    const moved = { 'alpha.eksctl.io/podidentityassociation-name': 'shop/api' };
    expect(ids(remove(irsa({ associations: [] }, moved)))).toEqual([`stack:${stackName}`]);
    const still = irsa({ serviceAccounts: [serviceAccount('shop/api', roleArn('made'))] });
    expect(ids(remove(still))).toEqual(['association:shop/api']);
  });

  test('a service account that others made is left; one that pods run with or that is annotated needs approval', () => {
    const helm = { ...made, labels: { 'app.kubernetes.io/managed-by': 'Helm' } };
    const kept = remove(owned({}, { serviceAccounts: [helm] }));
    expect(types(kept)).not.toContain('delete-service-account');
    expect(kept.notes.at(-1)).toContain('service account shop/api, which neither eksctl nor this tool made');
    const running = remove(
      owned({}, { serviceAccounts: [made], pods: [pod('shop/api', { mechanism: 'pod-identity' })] }),
    );
    expect(reasons(running.beyond ?? [])).toContain('1 pod runs with it');
    expect(running.notes[0]).toContain('1 pod will lose the role at once, for the role is deleted');
    const annotated = { ...made, roleArn: roleArn('other') };
    expect(reasons(remove(owned({}, { serviceAccounts: [annotated] })).beyond ?? [])).toContain(
      `its annotation gives it ${roleArn('other')}`,
    );
    const unread = remove(owned({}, { serviceAccounts: [made] }), { pods: failedReading });
    expect(reasons(unread.beyond ?? [])).toContain('not known');
  });
});

test('what a stack was given by a change is what merging gives', () => {
  const world = owned();
  const plan = planFor(snapshotOf(world), updateOf('shop/api', { role: { permissionPolicyArns: [] } }));
  const after = apply(world, plan).facts.templates.get(own);
  expect(mergeRecipe(world.templates.get(own) ?? '', { permissionPolicyArns: [] })).toMatchObject({
    value: { template: after },
  });
});
