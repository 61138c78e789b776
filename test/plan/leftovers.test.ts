/** Trust that a migration left behind, with neither annotation nor association to find it by. */
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../source/identity/facts.ts';
import { type Reading, read } from '../../source/identity/reading.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import { podsStatement, policy, webStatement } from '../identity/policies.ts';
import { type Facts, facts, failedReading, pod, readAt, role, roleArn, serviceAccount, snapshotOf } from './world.ts';

const trust = policy(webStatement('shop:api'), podsStatement());
const left = (change: Partial<Facts> = {}): Partial<Facts> => ({
  serviceAccounts: [serviceAccount('shop/api')],
  roles: [role('api', trust)],
  pods: [newPod()],
  ...change,
});
const deployment = { kind: 'Deployment', name: 'api' };
const newPod = (change: Partial<Pod> = {}) =>
  pod('shop/api', { mechanism: 'pod-identity', owner: deployment, ...change });
const nobody: Reading<[]> = read([], readAt);

function migrate(
  world: Partial<Facts>,
  request: Partial<MigrateRequest> = { removeOidcProviderTrust: true },
  trustingRoles: Snapshot['trustingRoles'] = read([roleArn('api')], readAt),
): Plan {
  const snapshot = { ...snapshotOf(facts(world)), webIdentityUsers: nobody, trustingRoles };
  return planFor(snapshot, { command: 'migrate', removeOidcProviderTrust: false, ...request });
}

const like = (subject: string) => {
  const { Condition, ...statement } = webStatement(subject);
  return { ...statement, Condition: { StringLike: Condition.StringEquals } };
};

const ids = (plan: Plan) => actions(plan.root).map(({ id }) => id);
const reasons = (plan: Plan) => plan.held.map(({ reason }) => reason);

describe('trust that is left when annotation and association are gone', () => {
  test('goes once the pods are seen on Pod Identity', () => {
    const plan = migrate(left());
    expect(ids(plan)).toEqual(['verify:shop/api', 'retire:api']);
    expect(plan.held).toEqual([]);
  });

  test('is told, not touched, without the flag', () => {
    const plan = migrate(left(), {});
    expect(ids(plan)).toEqual([]);
    expect(plan.notes).toEqual([expect.stringContaining('Role api still lets shop/api in by web identity')]);
  });

  test.each([
    ['pods that hold web identity', [newPod({ mechanism: 'irsa' })], 'still hold web identity'],
    ['web identity in the pod template', [newPod({ mechanism: 'both' })], 'in the pod template itself'],
    ['no pod', [], 'no pod of it runs'],
  ])('stays for %s, and nothing is restarted', (_, pods, reason) => {
    const plan = migrate(left({ pods }), { removeOidcProviderTrust: true, restartWorkloads: true });
    expect(ids(plan)).toEqual([]);
    expect(reasons(plan)).toContainEqual(expect.stringContaining(reason));
  });

  test('stays for whoever else takes the web identity', () => {
    const users = read([{ namespace: 'shop', serviceAccount: 'api', what: 'SecretStore shop/vault' }], readAt);
    const snapshot = {
      ...snapshotOf(facts(left())),
      webIdentityUsers: users,
      trustingRoles: read([roleArn('api')], 0),
    };
    const plan = planFor(snapshot, { command: 'migrate', removeOidcProviderTrust: true });
    expect(ids(plan)).toEqual([]);
    expect(reasons(plan)).toContainEqual(expect.stringContaining('SecretStore shop/vault uses its web identity'));
  });

  test('is nobody’s who never migrated: the role lets no Pod Identity in, or serves another and no pod shows it', () => {
    const never = migrate(left({ roles: [role('api', policy(webStatement('shop:api')))], pods: [] }));
    expect(ids(never)).toEqual([]);
    expect(never.held).toEqual([]);
    const named = [serviceAccount('shop/api'), serviceAccount('shop/web', roleArn('api'))];
    const both = policy(webStatement('shop:api'), webStatement('shop:web'), podsStatement());
    const other = migrate(left({ serviceAccounts: named, roles: [role('api', both)], pods: [] }), {});
    expect(other.notes.join()).not.toContain('still lets shop/api in');
    expect(other.notes).toContainEqual(
      expect.stringContaining('lets shop/api in by web identity, but it has no annotation'),
    );
  });

  test('covered by a wildcard keeps to the rule for wildcards', () => {
    const wide = policy(like('shop:*'), podsStatement());
    const kept = migrate(left({ roles: [role('api', wide)] }));
    expect(ids(kept)).not.toContain('retire:api');
    expect(reasons(kept)).toContainEqual(expect.stringContaining('statement 1 stays'));
    const given = migrate(left({ roles: [role('api', wide)] }), {
      removeOidcProviderTrust: true,
      retireWildcards: true,
    });
    expect(ids(given)).toEqual(['verify:shop/api', 'retire:api']);
  });

  test('leaves the issuers of other clusters alone', () => {
    const two = policy(webStatement('shop:api'), webStatement('shop:api', 'oidc.example/id/2'), podsStatement());
    const [, retire] = actions(migrate(left({ roles: [role('api', two)] })).root);
    const document = retire?.action.type === 'edit-trust' ? retire.action.request.PolicyDocument : '';
    expect(JSON.parse(document)).toEqual(
      JSON.parse(policy(webStatement('shop:api', 'oidc.example/id/2'), podsStatement())),
    );
  });

  test('of two roles is one verification', () => {
    const roles = [role('api', trust), role('old', trust)];
    const plan = migrate(left({ roles }), { removeOidcProviderTrust: true }, read([roleArn('api'), roleArn('old')], 0));
    expect(ids(plan)).toEqual(['verify:shop/api', 'retire:api', 'retire:old']);
  });

  test('is kept to the scope, and said to be not checked when the roles cannot be listed', () => {
    expect(ids(migrate(left(), { removeOidcProviderTrust: true, namespaces: ['pay'] }))).toEqual([]);
    expect(ids(migrate(left(), { removeOidcProviderTrust: true, exclude: ['api'] }))).toEqual([]);
    const { evidence = [] } = migrate(left(), { removeOidcProviderTrust: true }, failedReading);
    expect(evidence).toContainEqual(
      expect.objectContaining({ verdict: 'unknown', detail: expect.stringContaining('not checked: whether roles') }),
    );
  });
});
