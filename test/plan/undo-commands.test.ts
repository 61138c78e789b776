import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import { addonRoleStack, roleStack } from '../../source/plan/role-stack/names.ts';
import { addonStackTags, stackTags } from '../../source/plan/role-stack/tags.ts';
import { roleTemplate } from '../../source/plan/role-stack/template.ts';
import { planUndo } from '../../source/plan/undo.ts';
import type { WantedAssociation } from '../../source/plan/wanted.ts';
import { account, runs, seed } from '../identity/policies.ts';
import { type Applied, apply } from './apply.ts';
import {
  addon,
  association,
  type Facts,
  facts,
  pod,
  podRole,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from './world.ts';

console.log(`undo of commands: seed ${seed}`);

const subject = { namespace: 'shop', serviceAccount: 'api' };
const own = roleStack('prod', subject);
const recipe = { permissionPolicyArns: [`arn:aws:iam::${account}:policy/read`], wellKnownPolicies: [] };
const made = { kind: 'made', recipe } as const;
const wanted: WantedAssociation = { ...subject, role: made, tags: {}, createServiceAccount: true };
const create = { command: 'create', associations: [wanted] } as const;
const ours = { ...serviceAccount('shop/api'), labels: { 'app.kubernetes.io/managed-by': 'eksctl' } };

/** shop/api with a role of a stack of its own, and the add-on csi with one. */
const world = (): Facts => {
  const csi = association('kube-system/csi-controller', roleArn('csi'), {
    ownerArn: `arn:aws:eks:eu-west-1:${account}:addon/prod/csi/1`,
  });
  const csiStack = addonRoleStack('prod', 'csi', 'csi-controller');
  const stackId = (name: string) => `arn:aws:cloudformation:eu-west-1:${account}:stack/${name}/1`;
  return facts({
    associations: [association('shop/api', roleArn('made')), csi],
    addons: [addon('csi', { associationArns: [csi.arn] })],
    serviceAccounts: [ours],
    roles: [podRole('made'), podRole('csi'), podRole('other')],
    stacks: new Map([
      ['made', stack('made', { stackName: own, stackId: stackId(own), tags: stackTags('prod', subject) })],
      [
        'csi',
        stack('csi', {
          stackName: csiStack,
          stackId: stackId(csiStack),
          tags: addonStackTags('prod', 'csi', 'csi-controller'),
        }),
      ],
    ]),
    templates: new Map([
      [own, roleTemplate(recipe)],
      [csiStack, roleTemplate(recipe)],
    ]),
    offers: new Map([
      [
        'csi',
        { name: 'csi', version: 'v1', podIdentity: [{ serviceAccount: 'csi-controller', recommendedPolicyArns: [] }] },
      ],
    ]),
  });
};

const done = (start: Facts, request: PlanRequest): Applied => apply(start, planFor(snapshotOf(start), request));
const undo = ({ facts: now, records }: Applied, change: Partial<Snapshot> = {}) =>
  planUndo({ records }, snapshotOf(now, change));
const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const reasons = (remarks: Plan['skipped']) => remarks.map(({ reason }) => reason).join('\n');

/** What a world is, as far as a command changes it; roles that are made again have other names. */
const shape = (of: Facts) => {
  const by = (lines: readonly string[]) => lines.toSorted();
  const stackOf = (arn: string) => of.stacks.get(arn.split('/').at(-1) ?? '')?.stackName ?? arn;
  return {
    associations: by(
      of.associations.map(each =>
        JSON.stringify([
          each.namespace,
          each.serviceAccount,
          stackOf(each.roleArn),
          each.disableSessionTags,
          each.targetRoleArn,
          each.policy,
          each.tags,
        ]),
      ),
    ),
    stacks: by([...of.stacks.values()].map(({ stackName }) => `${stackName} ${of.templates.get(stackName)}`)),
    accounts: by(of.serviceAccounts.map(each => JSON.stringify([each.namespace, each.serviceAccount, each.labels]))),
  };
};

describe('a command that is undone', () => {
  test('create: the association, then what was made for it', () => {
    const start = facts();
    const run = done(start, create);
    const back = undo(run);
    expect(ids(back)).toEqual(['association:shop/api', `stack:${own}`, 'service-account:shop/api']);
    for (const { needs } of actions(back.root).slice(1)) expect(needs).toEqual(['association:shop/api']);
    expect(back.notes).toContain('Namespace shop stays.');
    expect(shape(apply(run.facts, back).facts)).toEqual(shape(start));
  });

  test('what others have come to use stays', () => {
    const run = done(facts(), create);
    const role = run.facts.associations[0]?.roleArn ?? '';
    const shared = { ...run.facts, associations: [...run.facts.associations, association('shop/web', role)] };
    const back = undo({ ...run, facts: { ...shared, pods: [pod('shop/api')] } });
    expect(ids(back)).toEqual(['association:shop/api']);
    expect(reasons(back.held)).toMatch(/shop\/web has its role[\s\S]*1 pod run with it/);
  });

  test.each<[string, PlanRequest]>([
    [
      'parts of its role',
      updateOf('shop/api', { role: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] } }),
    ],
    ['another role', updateOf('shop/api', { roleArn: roleArn('other') })],
    [
      'fields',
      updateOf('shop/api', { disableSessionTags: true, policy: '{}', targetRoleArn: roleArn('far', '999900001111') }),
    ],
    ['tags', updateOf('shop/api', { tags: { a: 'b' } })],
    ['made anew', updateOf('shop/api', { disableSessionTags: true, policy: '{}', recreate: true })],
    ['deleted', { command: 'delete', subjects: [subject] }],
    [
      'an add-on’s list',
      { command: 'apply', associations: [], prune: false, addons: [{ name: 'csi', associations: [] }] },
    ],
    [
      'an add-on’s role',
      {
        command: 'apply',
        associations: [],
        prune: false,
        addons: [
          {
            name: 'csi',
            associations: [{ serviceAccount: 'csi-controller', role: { kind: 'existing', roleArn: roleArn('other') } }],
          },
        ],
      },
    ],
    ['pruned', { command: 'apply', associations: [], addons: [], prune: true }],
  ])('%s: the world is as it was, and a second undo has nothing to do', (_, request) => {
    const start = world();
    const run = done(start, request);
    expect(shape(run.facts)).not.toEqual(shape(start));
    const after = apply(run.facts, undo(run)).facts;
    expect(shape(after)).toEqual(shape(start));
    expect(ids(undo({ ...run, facts: after }))).toEqual([]);
  });

  test('an add-on that others have changed since stays', () => {
    const run = done(world(), {
      command: 'apply',
      associations: [],
      prune: false,
      addons: [{ name: 'csi', associations: [] }],
    });
    const theirs = association('kube-system/csi-controller', roleArn('theirs'));
    const now = {
      ...run.facts,
      associations: [...run.facts.associations, theirs],
      addons: [addon('csi', { associationArns: [theirs.arn] })],
    };
    expect(reasons(undo({ ...run, facts: now }).skipped)).toContain('the add-on was changed since by others');
  });

  test('law: what a file has brought goes back, whatever the file', () => {
    const entries = fc.uniqueArray(
      fc.record({
        namespace: fc.constantFrom('shop', 'pay'),
        serviceAccount: fc.constantFrom('api', 'web'),
        role: fc.constantFrom(made, { kind: 'existing', roleArn: roleArn('other') } as const),
        createServiceAccount: fc.boolean(),
        disableSessionTags: fc.boolean(),
        tags: fc.constantFrom({}, { team: 'x' }),
      }),
      { selector: ({ namespace, serviceAccount: name }) => `${namespace}/${name}`, maxLength: 4 },
    );
    const addons = fc.constantFrom([], [{ name: 'csi', associations: [] }]);
    fc.assert(
      fc.property(entries, addons, fc.boolean(), (associations, list, prune) => {
        const start = world();
        const run = done(start, { command: 'apply', associations, addons: list, prune });
        const after = apply(run.facts, undo(run)).facts;
        expect(shape(after)).toEqual(shape(start));
      }),
      runs,
    );
  });
});
