import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { rolesAtStake } from '../../source/plan/needs.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import { addonRoleStack, roleStack } from '../../source/plan/role-stack/names.ts';
import { addonStackTags, stackTags } from '../../source/plan/role-stack/tags.ts';
import { roleTemplate } from '../../source/plan/role-stack/template.ts';
import type { RoleRecipe } from '../../source/plan/wanted.ts';
import { account, podsStatement, policy } from '../identity/policies.ts';
import {
  addon,
  association,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  podRole,
  role,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
  updateOf,
} from './world.ts';

const api = { namespace: 'shop', serviceAccount: 'api' };
const own = roleStack('prod', api);
const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`;
const recipe: RoleRecipe = { permissionPolicyArns: [policyArn('read')], wellKnownPolicies: [] };

/** shop/api with a role that its own stack has made. */
const owned = (more: Partial<Facts> = {}): Facts =>
  facts({
    associations: [association('shop/api', roleArn('made'))],
    roles: [podRole('made'), podRole('other')],
    stacks: new Map([['made', stack('made', { stackName: own, tags: stackTags('prod', api) })]]),
    templates: new Map([[own, roleTemplate(recipe)]]),
    ...more,
  });
const plan = (world: Facts, request: PlanRequest, change: Partial<Snapshot> = {}) =>
  planFor(snapshotOf(world, change), request);
const remove = { command: 'delete', subjects: [api] } as const;
const types = (made: Plan) => actions(made.root).map(({ action }) => action.type);
const said = (remarks: Plan['skipped']) => remarks.map(({ subject, reason }) => `${subject}: ${reason}`).join('\n');
const elsewhere = (users: readonly string[], unread: readonly string[] = []) => ({
  elsewhere: { uses: new Map([[roleArn('made'), users]]), unread },
});

describe('the role of a stack stays when its service account goes, where others have it', () => {
  test.each<[string, Facts, Partial<Snapshot>, string]>([
    [
      'an association of another cluster',
      owned(),
      elsewhere(['shop/api of cluster staging']),
      'shop/api of cluster staging',
    ],
    [
      'an association that has it as its target role',
      owned({
        associations: [
          association('shop/api', roleArn('made')),
          association('shop/web', roleArn('other'), { targetRoleArn: roleArn('made') }),
        ],
      }),
      {},
      'the association of shop/web',
    ],
    [
      "another cluster's service accounts, by its trust policy",
      owned({
        roles: [
          role(
            'made',
            policy(podsStatement(), {
              Effect: 'Allow',
              Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.example.com/id/OTHER` },
              Action: 'sts:AssumeRoleWithWebIdentity',
            }),
          ),
        ],
      }),
      {},
      'oidc.example.com/id/OTHER',
    ],
    [
      'another role',
      owned({
        roles: [
          role(
            'made',
            policy(podsStatement(), {
              Effect: 'Allow',
              Principal: { AWS: roleArn('other') },
              Action: 'sts:AssumeRole',
            }),
          ),
        ],
      }),
      {},
      roleArn('other'),
    ],
  ])('%s', (_, world, change, who) => {
    const made = plan(world, remove, change);
    expect(types(made)).toEqual(['delete-association']);
    expect(made.notes.join('\n')).toMatch(new RegExp(`Left behind: stack ${own}: .*${who}.* its role`));
  });

  test('trust in Pod Identity and in the own cluster’s accounts holds nothing back', () => {
    const trusting = owned({ roles: [{ ...irsaRole('made', 'shop:api') }] });
    expect(types(plan(trusting, remove))).toEqual(['delete-association', 'delete-role-stack']);
  });
});

test.each<[string, Partial<Snapshot>]>([
  ['service accounts', { serviceAccounts: failedReading }],
  ['add-ons', { addons: failedReading }],
  ['its trust policy', { roles: new Map([[roleArn('made'), failedReading]]) }],
  ['cluster staging', elsewhere([], ['cluster staging'])],
])('what could not be read (%s) is not taken for nobody, and is told as left out', (what, change) => {
  const made = plan(owned(), remove, change);
  expect(types(made)).toEqual(['delete-association']);
  expect(said(made.skipped)).toMatch(new RegExp(`stack ${own} stays: .*not known: .*${what}`));
  expect(made.skipped.find(({ command }) => command)?.command).toContain('delete-stack');
});

test('a role that two leave goes after both', () => {
  const web = { namespace: 'shop', serviceAccount: 'web' };
  const both = owned({
    associations: [association('shop/api', roleArn('made')), association('shop/web', roleArn('made'))],
    serviceAccounts: [
      {
        ...serviceAccount('shop/web', roleArn('made')),
        labels: { 'app.kubernetes.io/managed-by': 'eksctl' },
      },
    ],
  });
  const made = plan(both, { command: 'delete', subjects: [api, web] });
  const gone = actions(made.root).find(({ action }) => action.type === 'delete-role-stack');
  expect(gone?.needs).toEqual(['association:shop/api', 'association:shop/web', 'service-account:shop/web']);
});

describe('add-ons', () => {
  const stackName = addonRoleStack('prod', 'csi', 'csi-controller');
  const world = () => {
    const theirs = association('kube-system/csi-controller', roleArn('csi'), {
      ownerArn: `arn:aws:eks:eu-west-1:${account}:addon/prod/csi/1`,
    });
    return facts({
      addons: [addon('csi', { associationArns: [theirs.arn] })],
      associations: [theirs],
      roles: [podRole('csi')],
      stacks: new Map([['csi', stack('csi', { stackName, tags: addonStackTags('prod', 'csi', 'csi-controller') })]]),
      templates: new Map([[stackName, '{}']]),
      offers: new Map([
        [
          'csi',
          {
            name: 'csi',
            version: 'v2.0.0',
            podIdentity: [{ serviceAccount: 'csi-controller', recommendedPolicyArns: [] }],
          },
        ],
      ]),
    });
  };
  const file = (associations: readonly string[]): PlanRequest => ({
    command: 'apply',
    associations: associations.map(serviceAccount => ({
      namespace: 'shop',
      serviceAccount,
      role: { kind: 'existing', roleArn: roleArn('csi') },
      tags: {},
    })),
    addons: [{ name: 'csi', associations: [] }],
    prune: false,
  });

  test('a role that the file gives to somebody else keeps its stack', () => {
    expect(types(plan(world(), file([])))).toContain('delete-role-stack');
    const given = plan(world(), file(['api']));
    expect(types(given)).not.toContain('delete-role-stack');
    expect(given.notes.join('\n')).toContain(`Left behind: stack ${stackName}: what this plan makes uses its role.`);
  });

  test('a stack of which that is not known is told', () => {
    const unknown = plan(world(), file([]), { serviceAccounts: failedReading });
    expect(types(unknown)).not.toContain('delete-role-stack');
    expect(said(unknown.skipped)).toContain(`stack ${stackName} stays`);
  });
});

describe('a change of a role that others have', () => {
  const change = updateOf('shop/api', { role: { permissionPolicyArns: [policyArn('write')] } });
  const rename = updateOf('shop/api', { role: { roleName: 'another' }, recreate: true });

  test('is made, and names them', () => {
    const alone = plan(owned(), change);
    expect([types(alone), alone.notes]).toEqual([['update-role-stack'], []]);
    const shared = plan(owned(), change, elsewhere(['shop/api of cluster staging']));
    expect(types(shared)).toEqual(['update-role-stack']);
    expect(shared.notes).toEqual([
      `Role ${roleArn('made')} changes for others too: the association of shop/api of cluster staging.`,
    ]);
    expect(plan(owned(), change, elsewhere([], ['cluster staging'])).notes.join()).toMatch(
      /^Not checked: who else has role .*cluster staging could not be read/,
    );
  });

  test('is refused where it would take the role from them', () => {
    expect(types(plan(owned(), rename))).toContain('update-role-stack');
    for (const other of [elsewhere(['shop/api of cluster staging']), elsewhere([], ['cluster staging'])]) {
      const refused = plan(owned(), rename, other);
      expect(types(refused)).toEqual([]);
      expect(said(refused.skipped)).toContain('cluster staging');
    }
  });
});

test('what is looked further into are the roles of stacks that go or change', () => {
  const world = owned();
  const at = (request: PlanRequest) => [...rolesAtStake(plan(world, request), snapshotOf(world))];
  expect(at(remove)).toEqual([roleArn('made')]);
  expect(at(updateOf('shop/api', { role: { permissionPolicyArns: [policyArn('write')] } }))).toEqual([roleArn('made')]);
  expect(at(updateOf('shop/api', { roleArn: roleArn('other') }))).toEqual([]);
});
