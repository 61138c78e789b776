import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import { type Journaled, planUndo, type UndoOptions } from '../../source/plan/undo.ts';
import type { JournalContent } from '../../source/run/journal.ts';
import { podsStatement, policy, runs, seed, webStatement } from '../identity/policies.ts';
import { apply } from './apply.ts';
import {
  addon,
  association,
  createOf,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  pod,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from './world.ts';

console.log(`undo properties: seed ${seed}`);

/** What the run layer reads back is what undo takes. */
const takes = (content: JournalContent): Journaled => content;

const whole: MigrateRequest = { command: 'migrate', removeOidcProviderTrust: true, restartWorkloads: true };
const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const said = (remarks: Plan['skipped']) => remarks.map(({ subject, reason }) => `${subject}: ${reason}`);

const owner = { kind: 'Deployment', name: 'api' };
const start = () =>
  facts({
    serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
    roles: [irsaRole('api', 'shop:api')],
    pods: [1, 2].map(n => pod('shop/api', { name: `api-${n}`, uid: `u${n}`, owner })),
  });

function migrated(world = start(), request: MigrateRequest = whole) {
  return apply(world, planFor(snapshotOf(world), request));
}

const undo = (
  { facts: world, records }: ReturnType<typeof migrated>,
  options: UndoOptions = { restartWorkloads: true },
  change: Partial<Snapshot> = {},
) => planUndo({ records }, snapshotOf(world, change), options);

describe('the way back from a whole migration', () => {
  test('goes in the order in which nobody is without an identity', () => {
    expect(takes({ run: 'r', records: [], torn: false }).records).toEqual([]);
    const plan = undo(migrated());
    expect(ids(plan)).toEqual([
      'oidc:api',
      'annotation:shop/api',
      'association:shop/api',
      'restart:shop/api:Deployment/api:one-pod',
      'restart:shop/api:Deployment/api:rollout',
      'verify:shop/api',
      'trust:api',
    ]);
    const needs = new Map(actions(plan.root).map(node => [node.id, node.needs]));
    expect(needs.get('annotation:shop/api')).toEqual(['oidc:api']);
    expect(needs.get('association:shop/api')).toEqual(['oidc:api', 'annotation:shop/api']);
    expect(needs.get('restart:shop/api:Deployment/api:one-pod')).toEqual(['association:shop/api']);
    expect(needs.get('trust:api')).toEqual(
      expect.arrayContaining(['oidc:api', 'association:shop/api', 'verify:shop/api']),
    );
    expect(plan.held).toEqual([]);
  });

  test('sends the bytes that were journaled', () => {
    const odd = JSON.stringify(JSON.parse(policy(webStatement('shop:api'))), null, 3);
    const world = { ...start(), roles: [role('api', odd)] };
    const [back] = actions(undo(migrated(world)).root).slice(-1);
    expect(back?.action).toMatchObject({ type: 'edit-trust', intent: 'restore', request: { PolicyDocument: odd } });
  });

  test('goes through the stack that owns the role', () => {
    const world = { ...start(), stacks: new Map([['api', stack('api')]]) };
    const kinds = actions(undo(migrated(world)).root).map(({ action }) => action.type);
    expect(kinds.filter(kind => kind === 'edit-stack-trust')).toHaveLength(2);
    expect(kinds).not.toContain('edit-trust');
  });

  test('holds accounts whose pods live by the association, unless it may restart them', () => {
    const plan = undo(migrated(), {});
    expect(ids(plan)).toEqual(['oidc:api', 'annotation:shop/api']);
    expect(said(plan.held)).toEqual([
      'role api: it keeps letting Pod Identity in: shop/api uses it',
      expect.stringMatching(/^shop\/api: pods shop\/api-1 .* live by the association: undo with --restart-workloads/),
    ]);
  });

  test('holds an account with pods that nobody re-creates', () => {
    const run = migrated();
    const job = pod('shop/api', {
      name: 'job-1',
      uid: 'j',
      mechanism: 'pod-identity',
      owner: { kind: 'Job', name: 'job' },
    });
    const plan = undo({ ...run, facts: { ...run.facts, pods: [...run.facts.pods, job] } });
    expect(ids(plan)).not.toContain('association:shop/api');
    expect(said(plan.held).join()).toContain('pod shop/job-1 (of Job job) live by the association');
  });

  test('goes on after an undo that ended between deletion and restarts, of which nothing is known', () => {
    const run = migrated();
    const half = { ...run, facts: { ...run.facts, associations: [] } };
    const plan = undo(half);
    expect(ids(plan)).toEqual([
      'oidc:api',
      'annotation:shop/api',
      'restart:shop/api:Deployment/api:one-pod',
      'restart:shop/api:Deployment/api:rollout',
      'verify:shop/api',
      'trust:api',
    ]);
    const needs = new Map(actions(plan.root).map(node => [node.id, node.needs]));
    expect(needs.get('restart:shop/api:Deployment/api:one-pod')).toEqual(['oidc:api', 'annotation:shop/api']);
    expect(needs.get('trust:api')).toContain('verify:shop/api');
    const held = undo(half, {});
    expect(ids(held)).toEqual(['oidc:api', 'annotation:shop/api']);
    expect(said(held.held).join()).toContain('its pods live by an association that is gone');
  });

  test('needs no restart where pods never changed', () => {
    const run = migrated(start(), { command: 'migrate', removeOidcProviderTrust: false });
    expect(ids(undo(run, {}))).toEqual(['association:shop/api', 'trust:api']);
  });
});

describe('what others changed since is never overwritten', () => {
  const run = migrated();
  const withRole = (document: string) => ({ ...run, facts: { ...run.facts, roles: [role('api', document)] } });

  test('a trust policy with other statements since: what the run took comes back beside them', () => {
    const other = webStatement('a:b', 'oidc.example/id/2');
    const changed = withRole(policy(podsStatement(), other));
    const plan = undo(changed);
    expect(said(plan.skipped)).toEqual([]);
    const back = apply(changed.facts, plan).facts.roles[0]?.trustPolicy ?? '';
    expect(sameDocument(back, policy(other, webStatement('shop:api')))).toBe(true);
  });

  test('a trust policy that cannot be understood any more: nothing that would need it is taken away', () => {
    const plan = undo(withRole('{"Statement": 1}'));
    expect(ids(plan)).toEqual(['annotation:shop/api']);
    expect(said(plan.skipped)).toEqual([expect.stringMatching(/^role api: its trust policy is not put back/)]);
  });

  test('a statement that others added stays when ours is taken out', () => {
    const other = webStatement('a:b', 'oidc.example/id/2');
    const first = migrated(start(), { command: 'migrate', removeOidcProviderTrust: false });
    const document = policy(webStatement('shop:api'), podsStatement(), other);
    const plan = undo({ ...first, facts: { ...first.facts, roles: [role('api', document)] } });
    const last = actions(plan.root).at(-1)?.action;
    expect(
      last?.type === 'edit-trust' && sameDocument(last.request.PolicyDocument, policy(webStatement('shop:api'), other)),
    ).toBe(true);
  });

  test('an annotation that names another role now', () => {
    const plan = undo({
      ...run,
      facts: { ...run.facts, serviceAccounts: [serviceAccount('shop/api', roleArn('new'))] },
    });
    expect(ids(plan)).toEqual(['oidc:api']);
    expect(said(plan.skipped)).toEqual([
      expect.stringContaining('eks.amazonaws.com/role-arn was changed since by others'),
    ]);
    expect(said(plan.held).join()).toContain('its annotation names');
  });

  test.each([
    ['role', { roleArn: roleArn('other') }],
    ['target role', { targetRoleArn: roleArn('target') }],
    ['session tags', { disableSessionTags: true }],
    ['policy', { policy: '{}' }],
  ])('an association whose %s is another', (field, change) => {
    const associations = [association('shop/api', roleArn('api'), change)];
    const plan = undo({ ...run, facts: { ...run.facts, associations } });
    expect(ids(plan)).not.toContain('association:shop/api');
    expect(said(plan.skipped).join()).toContain(`changed since by others (${field})`);
  });

  test('what cannot be read is not touched', () => {
    expect(ids(undo(run, { restartWorkloads: true }, { associations: failedReading }))).toEqual([
      'oidc:api',
      'annotation:shop/api',
    ]);
    expect(ids(undo(run, { restartWorkloads: true }, { pods: failedReading }))).not.toContain('association:shop/api');
    expect(ids(undo(run, { restartWorkloads: true }, { serviceAccounts: failedReading }))).toEqual(['oidc:api']);
    expect(ids(undo(run, { restartWorkloads: true }, { roleStacks: new Map() }))).not.toContain('oidc:api');
  });
});

test('the statement stays while an association here or elsewhere uses the role', () => {
  const run = migrated();
  const other = { ...run.facts, associations: [...run.facts.associations, association('shop/web', roleArn('api'))] };
  expect(ids(undo({ ...run, facts: other }))).not.toContain('trust:api');
  const elsewhere = undo(
    run,
    { restartWorkloads: true },
    { elsewhere: { uses: new Map([[roleArn('api'), ['staging a/b']]]), unread: [] } },
  );
  expect(ids(elsewhere)).not.toContain('trust:api');
  expect(said(elsewhere.held)).toEqual(['role api: it keeps letting Pod Identity in: staging a/b uses it']);
  const unread = undo(run, { restartWorkloads: true }, { elsewhere: { uses: new Map(), unread: ['staging'] } });
  expect(ids(unread)).toContain('trust:api');
  expect(unread.notes.join()).toContain('Not checked: whether associations in staging use role api.');
});

test('the agent stays', () => {
  const plan = undo(migrated({ ...start(), agent: { kind: 'missing' } }));
  expect(ids(plan).join()).not.toContain('agent');
  expect(plan.notes).toContain('The agent stays: others may rely on it by now.');
});

test('only what the run wrote is taken back', () => {
  const run = migrated();
  const records = run.records.filter(record => record.type !== 'before' || record.id !== 'annotation:shop/api');
  expect(ids(undo({ ...run, records }))).not.toContain('annotation:shop/api');
  expect(said(undo({ ...run, records: [] }).skipped)).toEqual([expect.stringContaining('first record is missing')]);
});

test('an undo of another cluster or of an undo plans nothing', () => {
  const run = migrated();
  const elsewhere = { ...snapshotOf(run.facts).cluster, arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/other' };
  expect(ids(undo(run, {}, { cluster: elsewhere }))).toEqual([]);
  const plan = undo(run);
  expect(said(undo({ ...run, records: [{ type: 'begin', plan }] }).skipped).join()).toContain('it is an undo itself');
});

describe('an add-on', () => {
  const csi = { serviceAccountRoleArn: roleArn('csi'), podIdentityServiceAccounts: ['csi-sa'] };
  const world = () =>
    facts({
      addons: [addon('csi', csi)],
      serviceAccounts: [serviceAccount('kube-system/csi-sa', roleArn('csi'))],
      roles: [irsaRole('csi', 'kube-system:csi-sa')],
      pods: [pod('kube-system/csi-sa', { owner: { kind: 'DaemonSet', name: 'csi' } })],
    });

  test('goes back to the role that it has for IRSA, and its pods with it', () => {
    const run = migrated(world());
    const plan = undo(run);
    expect(ids(plan)).toEqual([
      'oidc:csi',
      'addon:csi',
      'restart:kube-system/csi-sa:DaemonSet/csi:rollout',
      'verify:kube-system/csi-sa',
      'trust:csi',
    ]);
    expect(actions(plan.root)[1]).toMatchObject({
      needs: ['oidc:csi'],
      action: {
        expects: [{ serviceAccount: 'csi-sa', roleArn: roleArn('csi') }],
        request: { podIdentityAssociations: [] },
      },
    });
    const back = apply(run.facts, plan).facts;
    const { roles, addons, associations, pods } = world();
    expect(back).toMatchObject({ roles, addons, associations, pods });
  });

  test("stays without the flag, with others' changes, and where it would have no identity", () => {
    const run = migrated(world());
    expect(ids(undo(run, {}))).toEqual(['oidc:csi']);
    const changed = { ...run.facts, addons: run.facts.addons.map(each => ({ ...each, version: 'v2' })) };
    expect(said(undo({ ...run, facts: changed }).skipped).join()).toContain('changed since by others');
    const { serviceAccountRoleArn: _, ...bare } = run.facts.addons[0] ?? addon('csi');
    expect(said(undo({ ...run, facts: { ...run.facts, addons: [bare] } }).held).join()).toContain(
      'would have no identity',
    );
  });

  test('is restarted where an undo ended before it came to that', () => {
    const run = migrated(world());
    const addons = run.facts.addons.map(each => ({ ...each, associationArns: [] }));
    const plan = undo({ ...run, facts: { ...run.facts, addons, associations: [] } });
    expect(ids(plan)).toEqual([
      'oidc:csi',
      'restart:kube-system/csi-sa:DaemonSet/csi:rollout',
      'verify:kube-system/csi-sa',
      'trust:csi',
    ]);
  });
});

describe('create, update and delete', () => {
  const before = association('shop/api', roleArn('api'), {
    tags: { team: 'a', old: 'x' },
    policy: '{"a":1}',
    disableSessionTags: true,
  });
  const base = () => facts({ roles: [role('api', policy(podsStatement())), role('new', policy(podsStatement()))] });
  const records = (plan: Plan) => [
    { type: 'begin', plan } as const,
    ...ids(plan).map(id => ({ type: 'before', id, prior: { kind: 'association', described: before } }) as const),
  ];
  const target = { namespace: 'shop', serviceAccount: 'api' };

  test('an update goes back field by field and tag by tag', () => {
    const world = { ...base(), associations: [before] };
    const change = { roleArn: roleArn('new'), policy: null, tags: { team: 'b', fresh: 'y' } };
    const plan = planFor(snapshotOf(world), updateOf('shop/api', change));
    const after = association('shop/api', roleArn('new'), {
      tags: { team: 'b', fresh: 'y' },
      disableSessionTags: true,
    });
    const back = planUndo({ records: records(plan) }, snapshotOf({ ...world, associations: [after] }));
    expect(actions(back.root).map(({ action }) => action)).toMatchObject([
      { expects: { roleArn: roleArn('new'), policy: null }, request: { roleArn: roleArn('api'), policy: '{"a":1}' } },
      { request: { tags: { team: 'a', old: 'x' }, untag: ['fresh'] } },
    ]);
    const theirs = association('shop/api', roleArn('theirs'), { disableSessionTags: true });
    const kept = planUndo({ records: records(plan) }, snapshotOf({ ...world, associations: [theirs] }));
    expect(said(kept.skipped).join()).toContain('roleArn was changed since by others');
  });

  test('a deleted association is made again, unless another is there', () => {
    const world = { ...base(), associations: [before] };
    const plan = planFor(snapshotOf(world), { command: 'delete', subjects: [target] });
    const back = planUndo({ records: records(plan) }, snapshotOf(base()));
    expect(actions(back.root).map(({ action }) => action)).toMatchObject([
      { type: 'create-association', request: { roleArn: roleArn('api'), policy: '{"a":1}', tags: { team: 'a' } } },
    ]);
    const other = { ...base(), associations: [association('shop/api', roleArn('new'))] };
    expect(ids(planUndo({ records: records(plan) }, snapshotOf(other)))).toEqual([]);
  });

  test('a created one goes, and who loses what is said', () => {
    const plan = planFor(snapshotOf(base()), createOf('shop/api', roleArn('api')));
    const world = { ...base(), associations: [association('shop/api', roleArn('api'))] };
    const back = planUndo({ records: records(plan) }, snapshotOf(world));
    expect(ids(back)).toEqual(['association:shop/api']);
    expect(back.notes).toEqual([`shop/api loses role ${roleArn('api')}, which this run has given it.`]);
  });
});

/** Migrations of several accounts on shared roles, with pods of one or two workloads. */
const worlds: fc.Arbitrary<Facts> = fc
  .uniqueArray(
    fc.record({
      namespace: fc.constantFrom('a', 'b'),
      name: fc.constantFrom('x', 'y'),
      role: fc.constantFrom('r1', 'r2'),
      pods: fc.integer({ min: 0, max: 3 }),
      workload: fc.constantFrom('Deployment', 'StatefulSet', 'Job'),
    }),
    { selector: ({ namespace, name }) => `${namespace}/${name}` },
  )
  .map(users =>
    facts({
      agent: { kind: 'missing' },
      serviceAccounts: users.map(user => serviceAccount(`${user.namespace}/${user.name}`, roleArn(user.role))),
      roles: ['r1', 'r2'].map(name =>
        irsaRole(
          name,
          ...users.filter(user => user.role === name).map(user => `${user.namespace}:${user.name}`),
          'x:other',
        ),
      ),
      pods: users.flatMap(user =>
        Array.from({ length: user.pods }, (_, n) => {
          const subject = `${user.namespace}/${user.name}`;
          const of = { kind: user.workload, name: user.name };
          return pod(subject, { name: `${user.name}-${n}`, uid: `${subject}-${n}`, owner: of });
        }),
      ),
    }),
  );

test('property: a migration that is undone leaves the world as it was, but for the agent', () => {
  fc.assert(
    fc.property(worlds, fc.boolean(), fc.boolean(), (world, restartWorkloads, removeOidcProviderTrust) => {
      const run = migrated(world, { command: 'migrate', restartWorkloads, removeOidcProviderTrust });
      const back = apply(run.facts, undo(run));
      const state = ({ roles, serviceAccounts, associations, pods }: Facts) =>
        JSON.parse(JSON.stringify({ roles, serviceAccounts, associations, pods }));
      expect(state(back.facts)).toEqual(state(world));
      // A sitting that ended anywhere, and of which nothing is known, is made good by the next undo.
      const order = actions(undo(run).root);
      for (let done = 1; done < order.length; done += 1) {
        const part = undo(run);
        const some = { ...part, root: { ...part.root, children: order.slice(0, done) } };
        const between = apply(run.facts, some).facts;
        expect(state(apply(between, undo({ ...run, facts: between })).facts)).toEqual(state(world));
      }
      // And once more there is nothing left to take back.
      expect(ids(undo({ ...run, facts: back.facts }))).toEqual([]);
    }),
    runs,
  );
});
