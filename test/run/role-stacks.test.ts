import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ActionNode } from '../../source/plan/plan.ts';
import { glanceOf } from '../../source/run/glance.ts';
import { summarise } from '../../source/run/summary.ts';
import { oracle } from '../../source/sandbox/cluster/oracle.ts';
import { addRole, addStack, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate } from '../../source/sandbox/worlds/site.ts';
import { onlySandboxKeys } from '../explore/environment.ts';
import { outcomesOf, RunStage, reasonsOf, stackName, template } from './stage.ts';

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

const tags = { 'alpha.eksctl.io/cluster-name': 'prod', 'alpha.eksctl.io/podidentityassociation-name': 'shop/api' };
const target = { namespace: 'shop', serviceAccount: 'api' };

const createNode = (on: RunStage, body = template()) =>
  on.node(
    { id: 'role' },
    {
      subject: 'shop/api',
      type: 'create-role-stack',
      service: 'cloudformation',
      operation: 'CreateStack',
      request: {
        StackName: stackName,
        TemplateBody: body,
        Tags: tags,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        EnableTerminationProtection: true,
      },
    },
  );

const deleteNode = (on: RunStage, seed: Partial<ActionNode>, id?: string) =>
  on.node(
    { id: 'delete', ...seed },
    {
      subject: 'shop/api',
      type: 'delete-role-stack',
      service: 'cloudformation',
      operation: 'DeleteStack',
      request: { StackName: stackName, ...(id === undefined ? {} : { StackId: id }) },
    },
  );

const associationNode = (on: RunStage) =>
  on.node(
    { id: 'association', needs: ['role'] },
    {
      subject: 'shop/api',
      type: 'create-association',
      service: 'eks',
      operation: 'CreatePodIdentityAssociation',
      target,
      request: { clusterName: 'prod', ...target, roleArn: { $from: 'role', output: 'roleArn' } },
    },
  );

/** A role, its association, and what takes the role back when either fails. */
const wholePlan = (on: RunStage, body?: string) =>
  on.plan(
    createNode(on, body),
    associationNode(on),
    deleteNode(on, { id: 'clean-up:role', onlyIfFails: 'role' }),
    deleteNode(on, { id: 'clean-up:association', onlyIfFails: 'association' }),
  );

const associations = (on: RunStage) =>
  [...on.site.cluster.associations.values()].filter(({ deleted }) => !deleted).map(({ roleArn }) => roleArn);

describe('create-role-stack', () => {
  test('makes the stack with its tags, protected, and hands its role to the association', async () => {
    const on = new RunStage(() => {}, { consistency: 6_000 });
    const ran = await on.run(wholePlan(on));
    expect(ran.result).toMatchObject({ done: 2, writes: 2, failed: [], skipped: [], held: [] });
    expect(glanceOf(summarise(on.journals.read('run-1')))).toMatchObject({
      state: 'complete',
      outline: { done: 2, of: 2 },
    });
    expect(on.stacks).toEqual([`${stackName} CREATE_COMPLETE`]);
    const [stack] = on.site.account.stacks.values();
    expect(stack).toMatchObject({ terminationProtection: true, tags: new Map(Object.entries(tags)) });
    const [role] = on.site.account.roles.values();
    expect([...(role?.inlinePolicies.keys() ?? [])]).toEqual([`${stackName}-Policy1`]);
    expect(associations(on)).toEqual([role?.arn]);
    // EKS does not see the new role at once.
    const waits = ran.events.flatMap(event => (event.type === 'waiting' ? [event.reason] : []));
    expect(waits).toContain('Role provided in the request does not exist.');
    expect(oracle(on.site.world, on.timeline.now + 60_000)).toMatchObject([{ newPod: { ok: true, role: role?.arn } }]);
  });

  test('a stack that fails says why, and is taken away again with its protection', async () => {
    const on = new RunStage(({ world, account }) =>
      addRole(world, account, { name: 'taken', trust: podIdentityTrust() }),
    );
    const ran = await on.run(wholePlan(on, template({ RoleName: 'taken' })));
    expect(reasonsOf(ran)).toEqual([
      expect.stringMatching(new RegExp(`^stack ${stackName} could not be made: Role1: .*taken already exists`)),
    ]);
    expect(ran.result).toMatchObject({ done: 1, skipped: [{ id: 'association' }] });
    expect(outcomesOf(ran)).toEqual(['clean-up:role done']);
    expect([on.stacks, on.roles]).toEqual([[], ['taken']]);
  });

  test('a stack of somebody else is neither used nor changed nor cleaned up', async () => {
    const on = new RunStage(({ world, account, cluster }) =>
      addStack(world, account, { name: stackName, region: cluster.region, template: JSON.parse(template()) }),
    );
    const before = on.stacks;
    const ran = await on.run(wholePlan(on));
    expect(reasonsOf(ran)).toEqual([expect.stringContaining(`there is a stack ${stackName} (CREATE_COMPLETE)`)]);
    expect(outcomesOf(ran)).toEqual(['clean-up:role already']);
    expect([on.stacks, on.writes]).toEqual([before, []]);
  });

  test.each(['before', 'after'] as const)(
    'an answer that is lost %s it took effect makes no second one',
    async when => {
      const on = new RunStage();
      on.fail('cloudformation:CreateStack', { disconnect: when }, 4);
      const ran = await on.run(wholePlan(on));
      expect(ran.result).toMatchObject({ done: 2, failed: [] });
      expect(on.stacks).toHaveLength(1);
    },
  );

  test('a run that died in the middle finds its own stack again', async () => {
    const on = new RunStage();
    // The request of the stack's making takes effect, and nobody hears of it.
    const { result } = await on.run(wholePlan(on), 'run-1', { at: 2, what: 'kill-after' });
    expect([result, on.writes]).toEqual([undefined, ['CreateStack']]);
    const again = await on.run('run-1');
    expect(again.result).toMatchObject({ done: 2, failed: [] });
    expect(outcomesOf(again)).toContain('role done');
    expect([on.stacks.length, on.writes]).toEqual([1, ['CreateStack', 'CreatePodIdentityAssociation']]);
    const complete = await on.run('run-1');
    expect([complete.result?.writes, on.writes.length]).toEqual([0, 2]);
  });

  test('another run does not take the stack for its own', async () => {
    const on = new RunStage();
    await on.run(wholePlan(on));
    const ran = await on.run(wholePlan(on), 'run-2');
    expect(reasonsOf(ran)[0]).toContain('that this run did not make');
    expect(on.writes).toEqual(['CreateStack', 'CreatePodIdentityAssociation']);
  });

  test('a stack that cannot be made for lack of permission leaves nothing to clean up', async () => {
    const on = new RunStage();
    on.fail('cloudformation:CreateStack', { status: 403, code: 'AccessDenied', message: 'not authorized' }, 99);
    const ran = await on.run(wholePlan(on));
    expect(ran.result?.failed).toHaveLength(1);
    expect(outcomesOf(ran)).toEqual(['clean-up:role already']);
    expect(on.writes).toEqual([]);
  });
});

describe('a clean-up', () => {
  const refuse = { status: 403, code: 'AccessDeniedException', message: 'not authorized' } as const;

  test('takes the role back when its association is refused, and a run that is taken up again makes both', async () => {
    const on = new RunStage();
    on.fail('eks:CreatePodIdentityAssociation', refuse);
    const ran = await on.run(wholePlan(on));
    expect(ran.result).toMatchObject({ done: 2, failed: [{ id: 'association' }], skipped: [] });
    expect(outcomesOf(ran)).toEqual(['role done', 'clean-up:association done']);
    expect([on.stacks, on.roles]).toEqual([[], []]);
    const again = await on.run('run-1');
    expect(again.result).toMatchObject({ failed: [], skipped: [] });
    expect([on.stacks.length, associations(on)]).toEqual([1, [[...on.site.account.roles.values()][0]?.arn]]);
  });

  test('takes the role back too when its association is out of reach: what that needs besides has failed', async () => {
    const on = new RunStage();
    // Installing the agent fails at once, while the stack is still being made.
    on.site.cluster.addons.clear();
    on.fail('eks:CreateAddon', refuse);
    const agent = on.node(
      { id: 'agent' },
      {
        subject: 'agent',
        type: 'install-addon',
        service: 'eks',
        operation: 'CreateAddon',
        request: { clusterName: 'prod', addonName: 'eks-pod-identity-agent' },
      },
    );
    const plan = on.plan(
      agent,
      createNode(on),
      { ...associationNode(on), needs: ['agent', 'role'] },
      deleteNode(on, { id: 'clean-up:role', onlyIfFails: 'role' }),
      deleteNode(on, { id: 'clean-up:association', onlyIfFails: 'association' }),
    );
    const ran = await on.run(plan);
    expect(ran.result).toMatchObject({ failed: [{ id: 'agent' }], skipped: [{ id: 'association' }] });
    expect(outcomesOf(ran)).toEqual(['role done', 'clean-up:association done']);
    expect([on.stacks, on.roles]).toEqual([[], []]);
    expect((await on.run('run-1')).result).toMatchObject({ done: 3, failed: [], skipped: [] });
    expect([on.stacks.length, associations(on).length]).toEqual([1, 1]);
  });

  test('runs again when what was taken up again fails again', async () => {
    const on = new RunStage();
    on.fail('eks:CreatePodIdentityAssociation', refuse, 2);
    await on.run(wholePlan(on));
    const again = await on.run('run-1');
    expect(outcomesOf(again)).toEqual(['role done', 'clean-up:association done']);
    expect(on.stacks).toEqual([]);
  });

  test('leaves the role to an association that came about all the same', async () => {
    const on = new RunStage(() => {}, { consistency: 4_000 });
    // Four times the answer is lost: the run gives up, but the first request has made the association.
    on.fail('eks:CreatePodIdentityAssociation', { disconnect: 'after' }, 99);
    // What shows it cannot be read when the run looks for it.
    on.fail('eks:DescribePodIdentityAssociation', refuse, 1);
    const ran = await on.run(wholePlan(on));
    expect(ran.result?.failed.map(({ id }) => id)).toEqual(['association', 'clean-up:association']);
    expect(reasonsOf(ran)[1]).toContain('has its role');
    expect([on.stacks.length, associations(on).length]).toEqual([1, 1]);
    on.site.world.faults.scripted.length = 0;
    expect((await on.run('run-1')).result).toMatchObject({ done: 2, failed: [], skipped: [] });
  });

  test('that died in the middle is not forgotten: the role is made again', async () => {
    const refusing = () => {
      const on = new RunStage();
      on.fail('eks:CreatePodIdentityAssociation', refuse);
      return on;
    };
    const calm = refusing();
    await calm.run(wholePlan(calm));
    for (const what of ['kill-before', 'kill-after'] as const) {
      const on = refusing();
      const { result } = await on.run(wholePlan(on), 'run-1', { at: calm.numberOf('DeleteStack'), what });
      expect(result).toBeUndefined();
      const again = await on.run('run-1');
      expect(again.result).toMatchObject({ failed: [], skipped: [] });
      expect([on.stacks.length, associations(on).length]).toEqual([1, 1]);
    }
  });
});

describe('delete-role-stack', () => {
  const standing = (protect = true) => {
    const on = new RunStage(({ world, account, cluster }) =>
      addStack(world, account, { name: stackName, region: cluster.region, template: JSON.parse(template()), tags }),
    );
    const [stack] = on.site.account.stacks.values();
    if (!stack) throw new Error('there is no stack');
    stack.terminationProtection = protect;
    return { on, stack };
  };

  test.each([true, false])('deletes the stack and its role; protected: %s', async protect => {
    const { on, stack } = standing(protect);
    const ran = await on.run(on.plan(deleteNode(on, {}, stack.id)));
    expect(ran.result).toMatchObject({ done: 1, writes: 1, failed: [] });
    expect([on.stacks, on.roles]).toEqual([[], []]);
    expect(on.writes).toEqual([...(protect ? ['UpdateTerminationProtection'] : []), 'DeleteStack']);
    // What it was is in the journal.
    expect(on.journals.read('run-1').records).toContainEqual(
      expect.objectContaining({
        type: 'before',
        prior: expect.objectContaining({ kind: 'role-stack', stack: expect.objectContaining({ tags }) }),
      }),
    );
    const again = await on.run(on.plan(deleteNode(on, {}, stack.id)), 'run-2');
    expect([outcomesOf(again), on.writes.length]).toEqual([['delete already'], protect ? 2 : 1]);
  });

  test('one that cannot be deleted says why', async () => {
    const { on, stack } = standing();
    const [role] = on.site.account.roles.values();
    role?.attachedPolicies.add('arn:aws:iam::aws:policy/ReadOnlyAccess');
    const ran = await on.run(on.plan(deleteNode(on, {}, stack.id)));
    expect(reasonsOf(ran)).toEqual([expect.stringMatching(/could not be deleted: Role1: .*must detach all policies/i)]);
  });

  test('one that may not be deleted keeps its protection', async () => {
    const { on, stack } = standing();
    on.fail('cloudformation:DeleteStack', { status: 403, code: 'AccessDenied', message: 'not authorized' });
    const ran = await on.run(on.plan(deleteNode(on, {}, stack.id)));
    expect(ran.result?.failed).toHaveLength(1);
    expect([on.stacks.length, stack.terminationProtection]).toEqual([1, true]);
    expect((await on.run('run-1')).result).toMatchObject({ done: 1, failed: [] });
    expect(on.stacks).toEqual([]);
  });

  test('one that was made under the same name since stays', async () => {
    const { on, stack } = standing();
    const id = `${stack.id.slice(0, -4)}0000`;
    const ran = await on.run(on.plan(deleteNode(on, {}, id)));
    expect([outcomesOf(ran), on.stacks.length, on.writes]).toEqual([['delete already'], 1, []]);
  });

  test('a lost answer, and a death in the middle, come to the same', async () => {
    const calm = standing();
    await calm.on.run(calm.on.plan(deleteNode(calm.on, {}, calm.stack.id)));
    const at = calm.on.numberOf('DeleteStack');
    for (const what of ['kill-before', 'kill-after', 'cut-after', 'server'] as const) {
      const { on, stack } = standing();
      await on.run(on.plan(deleteNode(on, {}, stack.id)), 'run-1', { at, what });
      if (what.startsWith('kill')) await on.run('run-1');
      expect([what, on.stacks, on.roles]).toEqual([what, [], []]);
    }
  });
});

describe('update-role-stack', () => {
  const before = template();
  const after = template({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
  const standing = () => {
    const on = new RunStage(({ world, account, cluster }) =>
      addStack(world, account, { name: stackName, region: cluster.region, template: JSON.parse(before), tags }),
    );
    const [stack] = on.site.account.stacks.values();
    if (!stack) throw new Error('there is no stack');
    const update = (body = after, more: Readonly<Record<string, string>> = {}) =>
      on.plan(
        on.node(
          { id: 'update' },
          {
            subject: 'shop/api',
            type: 'update-role-stack',
            service: 'cloudformation',
            operation: 'UpdateStack',
            expects: { TemplateBody: before },
            request: {
              StackName: stackName,
              StackId: stack.id,
              TemplateBody: body,
              Tags: { ...tags, ...more },
              Capabilities: ['CAPABILITY_NAMED_IAM'],
            },
          },
        ),
      );
    return { on, stack, update };
  };
  const attached = (on: RunStage) => [...on.site.account.roles.values()].flatMap(role => [...role.attachedPolicies]);

  test('changes the role, keeps the rest, and a second run writes nothing', async () => {
    const { on, stack, update } = standing();
    const ran = await on.run(update());
    expect(ran.result).toMatchObject({ done: 1, writes: 1, failed: [] });
    expect(attached(on)).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess']);
    expect([stack.template, stack.tags]).toEqual([after, new Map(Object.entries(tags))]);
    const done = ran.events.find(event => event.type === 'done');
    expect(done).toMatchObject({ outputs: { roleArn: expect.stringContaining(':role/') } });
    expect(outcomesOf(await on.run(update(), 'run-2'))).toEqual(['update already']);
    expect(on.writes).toEqual(['UpdateStack']);
  });

  test('tags alone are a change too', async () => {
    const { on, stack, update } = standing();
    expect((await on.run(update(before, { team: 'pay' }))).result).toMatchObject({ done: 1, writes: 1 });
    expect(stack.tags.get('team')).toBe('pay');
  });

  test('what CloudFormation takes for no change is done, and not written', async () => {
    const { on, update } = standing();
    const same = JSON.stringify({ ...JSON.parse(before), Metadata: { note: 'of no effect' } });
    const ran = await on.run(update(same));
    expect([outcomesOf(ran), ran.result?.failed, on.writes]).toEqual([['update done'], [], []]);
  });

  test('a roll-back is a failure with its reason, and is not tried again under the same request', async () => {
    const { on, update } = standing();
    const broken = template({ AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Maybe' }] } });
    const ran = await on.run(update(broken));
    expect(reasonsOf(ran)).toEqual([expect.stringMatching(/rolled the update back: Role1: /)]);
    const again = await on.run('run-1');
    expect(reasonsOf(again)).toEqual(reasonsOf(ran));
    expect(on.writes).toEqual(['UpdateStack']);
  });

  test('a template that somebody changed since stops it', async () => {
    const { on, stack, update } = standing();
    stack.template = template({ MaxSessionDuration: 7200 });
    expect(reasonsOf(await on.run(update()))).toEqual([expect.stringContaining('the template of stack')]);
    expect(on.writes).toEqual([]);
  });

  test('a lost answer, and a death in the middle, come to the same', async () => {
    const calm = standing();
    await calm.on.run(calm.update());
    const at = calm.on.numberOf('UpdateStack');
    for (const what of ['kill-before', 'kill-after', 'kill-forgotten', 'cut-after', 'server'] as const) {
      const { on, update } = standing();
      await on.run(update(), 'run-1', { at, what });
      if (what === 'kill-forgotten') await on.run(update(), 'run-2');
      else if (what.startsWith('kill')) await on.run('run-1');
      expect([what, attached(on).length, on.stacks]).toEqual([what, 1, [`${stackName} UPDATE_COMPLETE`]]);
    }
  });
});

test('an association takes the role that a run has made, also when it is taken up again', async () => {
  const on = new RunStage(({ world, account, ...site }) => {
    addRole(world, account, { name: 'old', trust: podIdentityTrust() });
    associate({ world, account, ...site }, 'shop/api', `arn:aws:iam::${account.id}:role/old`);
  });
  const [association] = on.site.cluster.associations.values();
  const node = on.node(
    { id: 'swap', needs: ['role'] },
    {
      subject: 'shop/api',
      type: 'update-association',
      service: 'eks',
      operation: 'UpdatePodIdentityAssociation',
      target,
      expects: { roleArn: association?.roleArn ?? '' },
      request: {
        clusterName: 'prod',
        associationId: association?.id ?? '',
        roleArn: { $from: 'role', output: 'roleArn' },
      },
    },
  );
  on.fail('eks:UpdatePodIdentityAssociation', { status: 403, code: 'AccessDeniedException', message: 'no' });
  const plan = on.plan(createNode(on), node);
  expect((await on.run(plan)).result?.failed).toHaveLength(1);
  expect((await on.run('run-1')).result).toMatchObject({ done: 2, failed: [] });
  expect(association?.roleArn).toMatch(/:role\/eksctl-prod/);
});
