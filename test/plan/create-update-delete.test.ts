import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { AssociationChange, WantedAssociation } from '../../source/plan/wanted.ts';
import { account, podsStatement, policy } from '../identity/policies.ts';
import {
  addon,
  association,
  createOf,
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
  updateOf,
} from './world.ts';

const subject = { namespace: 'shop', serviceAccount: 'api' };
const requests = (plan: Plan) => actions(plan.root).map(({ action }) => action.request);
const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const reasons = (remarks: Plan['skipped']) => remarks.map(({ reason }) => reason).join('\n');

describe('create', () => {
  const create = (world: Partial<Facts>, request: Partial<WantedAssociation> = {}, change: Partial<Snapshot> = {}) =>
    planFor(
      snapshotOf(facts({ serviceAccounts: [serviceAccount('shop/api')], ...world }), change),
      createOf('shop/api', roleArn('pods'), request),
    );
  const roles = [podRole('pods')];

  test('sends what was asked for and nothing else', () => {
    expect(requests(create({ roles }))).toEqual([{ clusterName: 'prod', ...subject, roleArn: roleArn('pods') }]);
    const full = {
      targetRoleArn: roleArn('there', '999900001111'),
      disableSessionTags: true,
      policy: '{"Version":"2012-10-17"}',
      tags: { a: 'b' },
    };
    expect(requests(create({ roles }, full))).toEqual([
      { clusterName: 'prod', ...subject, roleArn: roleArn('pods'), ...full },
    ]);
  });

  test('edits the trust first where the statement is missing', () => {
    const plan = create({ roles: [irsaRole('pods', 'x:y')] });
    expect(ids(plan)).toEqual(['trust:pods', 'association:shop/api']);
    expect(actions(plan.root)[1]?.needs).toEqual(['trust:pods']);
  });

  test('an existing association is explained: the same, with other settings, or with another role', () => {
    const there = (change = {}) => ({ roles, associations: [association('shop/api', roleArn('pods'), change)] });
    expect(reasons(create(there()).same)).toContain('gives it this role already');
    expect(reasons(create(there({ disableSessionTags: true })).skipped)).toContain('differs in session tags');
    expect(reasons(create(there({ roleArn: roleArn('other') })).skipped)).toMatch(
      /association a-\w+ gives it role .*other/,
    );
    for (const change of [{}, { disableSessionTags: true }]) expect(ids(create(there(change)))).toEqual([]);
  });

  test('refuses a session policy with session tags on, and one that is no JSON object', () => {
    expect(reasons(create({ roles }, { policy: '{}' }).skipped)).toContain('--disable-session-tags');
    expect(reasons(create({ roles }, { policy: '{', disableSessionTags: true }).skipped)).toContain(
      'not a JSON object',
    );
    expect(reasons(create({ roles }, { targetRoleArn: 'x' }).skipped)).toContain('target role "x" is not a role ARN');
  });

  test('says what else stands between pods and credentials, and goes ahead', () => {
    const plan = create({
      roles,
      agent: { kind: 'daemonset', namespace: 'kube-system', name: 'agent', rollout: { desired: 3, ready: 2 } },
      serviceAccounts: [serviceAccount('shop/api', roleArn('old'))],
    });
    expect(ids(plan)).toEqual(['association:shop/api']);
    expect(plan.notes.join('\n')).toMatch(
      /ready on 2 of 3 nodes.*\n.*annotated with .*old: new pods will get .*pods instead/,
    );
    const missing = create({ roles, serviceAccounts: [] }, {}, { namespaces: failedReading });
    expect(missing.notes).toContain('Service account shop/api does not exist yet.');
  });

  test('does not guess whether an association exists', () => {
    const plan = create({ roles }, {}, { associations: failedReading });
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringContaining('not allowed to look')]);
  });
});

describe('update', () => {
  const there = association('shop/api', roleArn('pods'), {
    targetRoleArn: roleArn('there', '999900001111'),
    disableSessionTags: true,
    policy: '{"Version":"2012-10-17"}',
    tags: { team: 'a', old: 'x', 'aws:x': 'y' },
  });
  const update = (request: Partial<AssociationChange>, world: Partial<Facts> = {}) =>
    planFor(
      snapshotOf(facts({ associations: [there], roles: [podRole('pods'), podRole('next')], ...world })),
      updateOf('shop/api', request),
    );

  test('sends only what changes, and remembers what it saw of it', () => {
    const [node] = actions(update({ roleArn: roleArn('next'), disableSessionTags: true }).root);
    expect(node?.action).toMatchObject({
      expects: { roleArn: roleArn('pods') },
      request: { clusterName: 'prod', associationId: there.id, roleArn: roleArn('next') },
    });
    expect(Object.keys(node?.action.request ?? {})).toEqual(['clusterName', 'associationId', 'roleArn']);
  });

  test('null clears; a policy that is only written differently is no change', () => {
    expect(requests(update({ targetRoleArn: null }))).toMatchObject([{ targetRoleArn: '' }]);
    expect(requests(update({ policy: null }))).toMatchObject([{ policy: '' }]);
    const same = update({ policy: '{ "Version": "2012-10-17" }', roleArn: roleArn('pods') });
    expect([ids(same), reasons(same.same)]).toEqual([[], expect.stringContaining('already as asked for')]);
  });

  test('judges the association as it would be after the merge', () => {
    expect(reasons(update({ disableSessionTags: false }).skipped)).toContain(
      'a session policy needs session tags to be off',
    );
    expect(ids(update({ disableSessionTags: false, policy: null }))).toEqual(['association:shop/api']);
  });

  test('a new role is checked and let in first', () => {
    const plan = update({ roleArn: roleArn('next') }, { roles: [podRole('pods'), irsaRole('next', 'x:y')] });
    expect(ids(plan)).toEqual(['trust:next', 'association:shop/api']);
    expect(actions(plan.root)[1]?.needs).toEqual(['trust:next']);
    expect(reasons(update({ roleArn: roleArn('gone') }, { asked: [roleArn('gone')] }).skipped)).toContain(
      'does not exist',
    );
  });

  test('session tags are not switched off under a role whose trust asks for them', () => {
    const picky = role(
      'pods',
      policy(podsStatement({ StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } })),
    );
    const { policy: _, ...tagged } = { ...there, disableSessionTags: false };
    const plan = update({ disableSessionTags: true }, { associations: [tagged], roles: [picky] });
    expect([ids(plan), reasons(plan.skipped)]).toEqual([[], expect.stringContaining('kubernetes-namespace')]);
  });

  test('tags go their own way and only as far as they differ', () => {
    const [node] = actions(update({ tags: { team: 'b' } }).root);
    expect(node?.action).toMatchObject({ type: 'tag-association', request: { tags: { team: 'b' }, untag: ['old'] } });
    expect(node?.action.command).toMatch(/aws eks tag-resource .* && aws eks untag-resource .* --tag-keys old/);
  });

  test('of an add-on: skipped with the command that does it, the other associations carried along', () => {
    const ownerArn = `arn:aws:eks:eu-west-1:${account}:addon/prod/csi/1`;
    const other = association('kube-system/node', roleArn('node'), { ownerArn });
    const mine = { ...there, ownerArn };
    const plan = update(
      { roleArn: roleArn('next') },
      { associations: [mine, other], addons: [addon('csi', { associationArns: [mine.arn, other.arn] })] },
    );
    expect(ids(plan)).toEqual([]);
    expect(plan.skipped[0]?.command).toContain('aws eks update-addon --cluster-name prod --addon-name csi');
    expect(plan.skipped[0]?.command).toContain(
      JSON.stringify([
        { serviceAccount: 'api', roleArn: roleArn('next') },
        { serviceAccount: 'node', roleArn: roleArn('node') },
      ]),
    );
  });

  test('there has to be one', () => {
    expect(reasons(update({}, { associations: [] }).skipped)).toContain('no pod identity association');
  });
});

describe('delete', () => {
  const remove = (world: Partial<Facts>, change: Partial<Snapshot> = {}) =>
    planFor(snapshotOf(facts(world), change), {
      command: 'delete',
      subjects: [{ namespace: 'shop', serviceAccount: 'web' }, subject, subject],
    });
  const associations = [association('shop/api', roleArn('pods'))];

  test('names who loses what, what pods fall back to, and what is left behind', () => {
    const plan = remove({
      associations,
      serviceAccounts: [serviceAccount('shop/api', roleArn('old'))],
      pods: [pod('shop/api', { mechanism: 'pod-identity' })],
    });
    expect(ids(plan)).toEqual(['association:shop/api']);
    expect(plan.notes).toEqual([
      `shop/api loses ${roleArn('pods')}: 1 pod will lose the role when credentials run out; new pods fall back to IRSA with ${roleArn('old')}.`,
      `Left behind: role ${roleArn('pods')} and its trust policy; service account shop/api, which neither eksctl nor this tool made; the agent.`,
    ]);
    expect(plan.same).toEqual([{ subject: 'shop/web', reason: 'it has no pod identity association' }]);
  });

  test('says so when it cannot know who loses access', () => {
    const plan = remove({ associations }, { pods: failedReading, serviceAccounts: failedReading });
    expect(plan.notes[0]).toMatch(
      /which pods use it was not read; whether an annotation gives new pods a role is not known/,
    );
  });

  test('of an add-on: skipped with the command', () => {
    const owned = association('shop/api', roleArn('pods'), {
      ownerArn: `arn:aws:eks:eu-west-1:${account}:addon/prod/csi/1`,
    });
    const plan = remove({ associations: [owned], addons: [addon('csi', { associationArns: [owned.arn] })] });
    expect(ids(plan)).toEqual([]);
    expect(plan.skipped[0]?.command).toContain("--pod-identity-associations '[]'");
  });
});

test('a role with conditions that cannot be checked is used, with a note', () => {
  const open = role('pods', policy(podsStatement({ StringEquals: { 'aws:SourceOrgID': 'o-1' } })));
  const plan = planFor(snapshotOf(facts({ roles: [open] })), createOf('shop/api', open.arn));
  expect(ids(plan)).toEqual(['association:shop/api']);
  expect(plan.notes[0]).toMatch(/^Not checked: .*aws:SourceOrgID/);
});
