import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AddonOffer } from '../../source/identity/facts.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import type { ApplyRequest } from '../../source/plan/request.ts';
import { addonRoleStack, roleStack } from '../../source/plan/role-stack/names.ts';
import { addonStackTags, stackTags } from '../../source/plan/role-stack/tags.ts';
import type { WantedAddon, WantedAssociation } from '../../source/plan/wanted.ts';
import { account, runs, seed } from '../identity/policies.ts';
import { apply } from './apply.ts';
import {
  addon,
  association,
  type Facts,
  facts,
  failedReading,
  irsaRole,
  podRole,
  roleArn,
  serviceAccount,
  snapshotOf,
  stack,
} from './world.ts';

console.log(`apply properties: seed ${seed}`);

const policyArn = `arn:aws:iam::${account}:policy/read`;
const made = { kind: 'made', recipe: { permissionPolicyArns: [policyArn], wellKnownPolicies: [] } } as const;
const existing = (name: string) => ({ kind: 'existing', roleArn: roleArn(name) }) as const;
const wanted = (subject: string, change: Partial<WantedAssociation> = {}): WantedAssociation => {
  const [namespace = '', name = ''] = subject.split('/');
  return { namespace, serviceAccount: name, role: made, tags: {}, ...change };
};
const file = (
  associations: readonly WantedAssociation[],
  addons: readonly WantedAddon[] = [],
  prune = false,
): ApplyRequest => ({ command: 'apply', associations, addons, prune });
const plan = (world: Facts, request: ApplyRequest, change: Partial<Snapshot> = {}) =>
  planFor(snapshotOf(world, change), request);

const nodes = (of: Plan) => actions(of.root);
const ids = (of: Plan) => nodes(of).map(({ id }) => id);
const types = (of: Plan) => nodes(of).flatMap(({ action, onlyIfFails }) => (onlyIfFails ? [] : [action.type]));
const reasons = (remarks: Plan['skipped']) => remarks.map(({ reason }) => reason).join('\n');

const csi: AddonOffer = {
  name: 'csi',
  version: 'v2.0.0',
  podIdentity: [{ serviceAccount: 'csi-controller', recommendedPolicyArns: ['arn:aws:iam::aws:policy/Csi'] }],
};
const offers = new Map([['csi', csi]]);
const owner = (name: string) => ({ ownerArn: `arn:aws:eks:eu-west-1:${account}:addon/prod/${name}/1` });

/** The add-on csi with one association of its own, to a role that a stack made for it. */
const withAddon = (more: Partial<Facts> = {}): Facts => {
  const own = association('kube-system/csi-controller', roleArn('csi'), owner('csi'));
  const stackName = addonRoleStack('prod', 'csi', 'csi-controller');
  const tags = addonStackTags('prod', 'csi', 'csi-controller');
  return facts({
    addons: [addon('csi', { associationArns: [own.arn] })],
    associations: [own],
    roles: [podRole('csi'), podRole('other')],
    stacks: new Map([['csi', stack('csi', { stackName, tags })]]),
    templates: new Map([[stackName, '{}']]),
    offers,
    ...more,
  });
};

describe('associations', () => {
  const there = () =>
    facts({
      associations: [
        association('shop/api', roleArn('api'), {
          tags: { team: 'a', 'aws:x': 'y' },
          policy: '{"a":1}',
          disableSessionTags: true,
        }),
      ],
      roles: [podRole('api'), podRole('next')],
      serviceAccounts: [serviceAccount('shop/api')],
    });

  test('creates what is missing, changes what differs, says what is the same', () => {
    const result = plan(there(), file([wanted('shop/api', { role: existing('next') }), wanted('shop/new')]));
    expect(types(result)).toEqual(['update-association', 'create-role-stack', 'create-association']);
    const same = plan(there(), file([wanted('shop/api', { role: existing('api') })]));
    expect([ids(same), reasons(same.same)]).toEqual([[], expect.stringContaining('already as asked for')]);
  });

  test('tags are added up to what EKS takes, those of AWS not counted; one more is a skip, nothing of it is sent', () => {
    // One is there besides, of the association's own.
    const with49 = (more: Record<string, string> = {}) =>
      plan(
        there(),
        file([
          wanted('shop/api', {
            role: existing('next'),
            tags: { ...Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`key-${at}`, 'v'])), ...more },
          }),
        ]),
      );
    expect(types(with49())).toEqual(['update-association', 'tag-association']);
    const many = with49({ more: 'c' });
    expect(ids(many)).toEqual([]);
    expect(reasons(many.skipped)).toContain('it would have 51 tags, and EKS takes 50');
  });

  test('what the file does not mention stays', () => {
    const mentions = (change: Partial<WantedAssociation>) =>
      nodes(plan(there(), file([wanted('shop/api', { role: existing('api'), ...change })]))).map(
        ({ action }) => action.request,
      );
    expect(mentions({ tags: { team: 'b' } })).toMatchObject([{ tags: { team: 'b' }, untag: [] }]);
    expect(mentions({ tags: { more: 'c' } })).toMatchObject([{ tags: { more: 'c' }, untag: [] }]);
    expect(mentions({ targetRoleArn: roleArn('far', '999900001111') })).toMatchObject([
      { targetRoleArn: roleArn('far', '999900001111') },
    ]);
    expect(mentions({ disableSessionTags: true, policy: '{ "a": 1 }' })).toEqual([]);
  });

  test('a service account that is missing is made beside an association that is there', () => {
    const world = { ...there(), serviceAccounts: [] };
    const result = plan(world, file([wanted('shop/api', { role: existing('api'), createServiceAccount: true })]));
    expect(ids(result)).toEqual(['namespace:shop', 'service-account:shop/api']);
  });

  test('does not guess', () => {
    const result = plan(there(), file([wanted('shop/api')]), { associations: failedReading });
    expect([ids(result), reasons(result.skipped)]).toEqual([[], expect.stringContaining('not allowed to look')]);
  });

  test('metadata tags go on the stack that takes the place of a role', () => {
    const [node] = nodes(plan(there(), file([wanted('shop/api', { stackTags: { meta: 'm' } })])));
    expect(node?.action.request).toMatchObject({ Tags: { meta: 'm', team: 'a' } });
    expect(JSON.stringify(node?.action.request)).not.toContain('aws:x');
  });
});

describe('the agent', () => {
  const agent: WantedAddon = { name: 'eks-pod-identity-agent' };
  const missing = facts({ agent: { kind: 'missing' }, roles: [podRole('api')] });
  const one = wanted('shop/api', { role: existing('api') });

  test('is installed first where the file names it, in the version that EKS offers', () => {
    const offered = new Map([['eks-pod-identity-agent', { name: agent.name, version: 'v1.3', podIdentity: [] }]]);
    const result = plan({ ...missing, offers: offered }, file([one], [{ ...agent, version: 'latest' }]));
    expect(ids(result)).toEqual(['agent', 'association:shop/api']);
    expect(nodes(result)[0]?.action.request).toMatchObject({ addonVersion: 'v1.3' });
    expect(nodes(result)[1]?.needs).toEqual(['agent']);
    expect(reasons(plan(missing, file([one], [{ ...agent, version: 'latest' }])).skipped)).toContain('is not known');
  });

  test('without it nothing is created', () => {
    const result = plan(missing, file([one]));
    expect([ids(result), result.skipped[0]?.command]).toEqual([[], expect.stringContaining('aws eks create-addon')]);
  });

  test.each([
    [{ kind: 'auto-mode' }, /Auto Mode has the agent built in/],
    [
      { kind: 'daemonset', namespace: 'kube-system', name: 'agent', rollout: { desired: 1, ready: 1 } },
      /DaemonSet kube-system\/agent is the agent/,
    ],
    [{ kind: 'addon', version: 'v1', status: 'ACTIVE', issues: [] }, /installed in version v1/],
  ] as const)('one that is there is left: %j', (state, reason) => {
    const result = plan({ ...missing, agent: state as Facts['agent'] }, file([], [agent]));
    expect([ids(result), reasons(result.same)]).toEqual([[], expect.stringMatching(reason)]);
  });

  test('an unhealthy one is reported, and nothing relies on it', () => {
    const sick = { kind: 'addon', version: 'v1', status: 'CREATE_FAILED', issues: [] } as const;
    const result = plan({ ...missing, agent: sick }, file([one], [agent]));
    expect([ids(result), result.skipped.map(({ subject }) => subject)]).toEqual([
      [],
      ['addon eks-pod-identity-agent', 'shop/api'],
    ]);
  });
});

describe('add-ons', () => {
  const role = (serviceAccount: string, source: WantedAssociation['role'] = made) => ({ serviceAccount, role: source });

  test('one that is missing is installed with its roles', () => {
    const result = plan(facts({ offers }), file([], [{ name: 'csi', useDefaults: true, stackTags: { meta: 'm' } }]));
    expect(ids(result)).toEqual([
      'role:csi:csi-controller',
      'clean-up:role:csi:csi-controller:csi:csi-controller',
      'addon:csi',
      'clean-up:addon:csi:csi:csi-controller',
    ]);
    expect(nodes(result)[0]?.action.request).toMatchObject({
      StackName: 'eksctl-prod-addon-csi-podidentityrole-csi-controller',
      Tags: { meta: 'm', 'alpha.eksctl.io/addon-name': 'csi' },
      TemplateBody: expect.stringContaining('arn:aws:iam::aws:policy/Csi'),
    });
    expect(nodes(result)[2]).toMatchObject({
      needs: ['role:csi:csi-controller'],
      action: {
        type: 'install-addon',
        request: {
          addonName: 'csi',
          addonVersion: 'v2.0.0',
          podIdentityAssociations: [
            { serviceAccount: 'csi-controller', roleArn: { $from: 'role:csi:csi-controller', output: 'roleArn' } },
          ],
        },
      },
    });
    const after = apply(facts({ offers }), result).facts;
    expect(ids(plan(after, file([], [{ name: 'csi', useDefaults: true }])))).toEqual([]);
  });

  test('what a file makes is given what EKS recommends where the file says so of all its add-ons', () => {
    const auto = file([], [{ name: 'csi', autoApply: true }]);
    const asked = plan(facts({ offers }), file([], [{ name: 'csi', useDefaults: true }]));
    expect(nodes(plan(facts({ offers }), auto))).toEqual(nodes(asked));
    const there = plan(facts({ offers, addons: [addon('csi')] }), auto);
    expect([ids(there), reasons(there.same)]).toEqual([
      [],
      'it is installed: what EKS recommends is given to add-ons that the file makes',
    ]);
    const without = new Map([['csi', { ...csi, podIdentity: [] }]]);
    const none = plan(facts({ offers: without }), auto);
    expect([ids(none), none.skipped]).toEqual([[], []]);
    expect(none.notes).toContain('The add-on csi takes no Pod Identity roles: it is left to eksctl.');
    const unread = plan(facts({ offers: new Map() }), auto);
    expect([ids(unread), reasons(unread.skipped)]).toEqual([
      [],
      'which of its service accounts can take a role is not known: what EKS offers was not read',
    ]);
  });

  test('one is not installed without a role that it shall have and cannot', () => {
    const broken = new Map([
      ['csi', { ...csi, podIdentity: [{ serviceAccount: 'csi-controller', recommendedPolicyArns: ['no-arn'] }] }],
    ]);
    const result = plan(facts({ offers: broken }), file([], [{ name: 'csi', autoApply: true }]));
    expect([ids(result), result.skipped.map(({ subject }) => subject)]).toEqual([
      [],
      ['addon csi', 'addon csi, service account csi-controller'],
    ]);
    expect(reasons(result.skipped)).toContain('it is not installed without all of its roles');
  });

  test('vpc-cni gets what lets it assign IPv6 addresses in a cluster of that family', () => {
    const podIdentity = [{ serviceAccount: 'aws-node', recommendedPolicyArns: ['arn:aws:iam::aws:policy/Cni4'] }];
    const cni = new Map([['vpc-cni', { name: 'vpc-cni', version: 'v1', podIdentity }]]);
    const templateIn = (ipFamily: 'ipv4' | 'ipv6') => {
      const world = facts({ offers: cni });
      const { cluster } = snapshotOf(world);
      const asked = file([], [{ name: 'vpc-cni', autoApply: true }]);
      const made = plan(world, asked, { cluster: { ...cluster, ipFamily } });
      return JSON.stringify(nodes(made)[0]?.action.request);
    };
    expect(templateIn('ipv4')).toContain('policy/Cni4');
    expect(templateIn('ipv6')).not.toContain('policy/Cni4');
    expect(templateIn('ipv6')).toContain('ec2:AssignIpv6Addresses');
  });

  test('another role is let in first and given by an update that keeps the configuration', () => {
    const world = withAddon({ roles: [podRole('csi'), irsaRole('other', 'x:y')] });
    world.addons = world.addons.map(each => ({ ...each, configurationValues: '{"a":1}' }));
    const result = plan(world, file([], [{ name: 'csi', associations: [role('csi-controller', existing('other'))] }]));
    expect(ids(result)).toEqual(['trust:other', 'addon:csi']);
    expect(nodes(result)[1]).toMatchObject({
      needs: ['trust:other'],
      action: {
        expects: [{ serviceAccount: 'csi-controller', roleArn: roleArn('csi') }],
        request: {
          addonVersion: 'v1.0.0',
          configurationValues: '{"a":1}',
          podIdentityAssociations: [{ serviceAccount: 'csi-controller', roleArn: roleArn('other') }],
        },
      },
    });
    expect(result.beyond).toBeUndefined();
  });

  test('an empty list removes all, with the stacks made for them, and needs approval; no list leaves it alone', () => {
    const result = plan(withAddon(), file([], [{ name: 'csi', associations: [] }]));
    expect(ids(result)).toEqual(['addon:csi', 'stack:eksctl-prod-addon-csi-podidentityrole-csi-controller']);
    expect(nodes(result)[1]?.needs).toEqual(['addon:csi']);
    expect(reasons(result.beyond ?? [])).toContain(`kube-system/csi-controller loses ${roleArn('csi')}`);
    const alone = plan(withAddon(), file([], [{ name: 'csi' }]));
    expect([ids(alone), reasons(alone.same)]).toEqual([[], 'it is installed in version v1.0.0']);
    const shared = withAddon();
    shared.associations = [...shared.associations, association('shop/api', roleArn('csi'))];
    expect(ids(plan(shared, file([], [{ name: 'csi', associations: [] }])))).toEqual(['addon:csi']);
  });

  test('what EKS recommends is for service accounts that have nothing yet', () => {
    const result = plan(withAddon(), file([], [{ name: 'csi', useDefaults: true }]));
    expect([ids(result), reasons(result.same)]).toEqual([[], 'its associations are as asked for already']);
  });

  test('a service account that has an association of its own is left and reported', () => {
    const world = facts({
      offers,
      addons: [addon('csi')],
      associations: [association('kube-system/csi-controller', roleArn('mine'))],
    });
    const result = plan(world, file([], [{ name: 'csi', associations: [role('csi-controller')] }]));
    expect([ids(result), reasons(result.skipped)]).toEqual([[], expect.stringContaining('without a gap')]);
  });

  test('who cannot have what is wanted keeps what it has', () => {
    const world = withAddon({ stacks: new Map() });
    const taken = new Map([
      [
        addonRoleStack('prod', 'csi', 'csi-controller'),
        { state: 'read', at: 0, value: stack('x', { tags: {} }) } as const,
      ],
    ]);
    const result = plan(world, file([], [{ name: 'csi', associations: [role('csi-controller')] }]), { stacks: taken });
    expect([ids(result), reasons(result.skipped)]).toEqual([[], expect.stringContaining('was not made for it')]);
    const twice = plan(
      world,
      file([], [{ name: 'csi', associations: [role('csi-controller'), role('csi-controller')] }]),
    );
    expect([ids(twice), reasons(twice.skipped)]).toEqual([[], expect.stringContaining('named several times')]);
  });

  test.each([
    [{ offers: new Map([['csi', { ...csi, podIdentity: [] }]]) }, /does not support pod identity associations/],
    [{ offers: new Map() }, /is not known/],
    [{ addons: [addon('csi', { status: 'UPDATING' })], associations: [] }, /is UPDATING: plan again/],
    [{ associations: [] }, /not all read/],
    [{ agent: { kind: 'missing' } }, /no Pod Identity agent/],
  ] as const)('is left alone and says why: %#', (change, reason) => {
    const world = withAddon(change as unknown as Partial<Facts>);
    const result = plan(world, file([], [{ name: 'csi', associations: [role('csi-controller', existing('other'))] }]));
    expect([ids(result), reasons(result.skipped)]).toEqual([[], expect.stringMatching(reason)]);
  });

  test('only service accounts that the add-on knows', () => {
    const result = plan(
      withAddon(),
      file([], [{ name: 'csi', associations: [role('csi-controller', existing('csi')), role('nobody')] }]),
    );
    expect([ids(result), reasons(result.skipped)]).toEqual([
      [],
      expect.stringContaining('takes roles for csi-controller only'),
    ]);
  });

  test('another version is not installed over one that is there', () => {
    const result = plan(withAddon(), file([], [{ name: 'csi', version: 'latest' }]));
    expect([ids(result), result.skipped[0]?.command]).toEqual([[], expect.stringContaining('--addon-version v2.0.0')]);
    const named = plan(facts({ offers }), file([], [{ name: 'csi' }, { name: 'csi' }]));
    expect([ids(named), reasons(named.skipped)]).toEqual([[], expect.stringContaining('named several times')]);
  });
});

describe('prune', () => {
  const world = () =>
    withAddon({
      associations: [
        ...withAddon().associations,
        association('shop/old', roleArn('other')),
        association('shop/api', roleArn('other')),
      ],
    });
  const named = wanted('shop/api', { role: existing('other') });

  test('deletes what is not named, each beyond what was asked for, and never what an add-on owns', () => {
    const result = plan(world(), file([named], [], true));
    expect(ids(result)).toEqual(['association:shop/old']);
    expect(result.beyond).toMatchObject([{ subject: 'shop/old', reason: expect.stringContaining(roleArn('other')) }]);
    expect(ids(plan(world(), file([named])))).toEqual([]);
  });

  test('keeps the stack of a role that the file gives to somebody', () => {
    const stackName = roleStack('prod', { namespace: 'shop', serviceAccount: 'old' });
    const tags = stackTags('prod', { namespace: 'shop', serviceAccount: 'old' });
    const base = facts({
      associations: [association('shop/old', roleArn('old'))],
      roles: [podRole('old')],
      stacks: new Map([['old', stack('old', { stackName, tags })]]),
    });
    expect(types(plan(base, file([], [], true)))).toEqual(['delete-association', 'delete-role-stack']);
    const given = plan(base, file([wanted('shop/new', { role: existing('old') })], [], true));
    expect(types(given).toSorted()).toEqual(['create-association', 'delete-association']);
    expect(given.notes.join('\n')).toContain('what this plan makes uses its role');
  });

  test('does not guess what is there', () => {
    const result = plan(world(), file([], [], true), { associations: failedReading });
    expect([ids(result), reasons(result.skipped)]).toEqual([[], expect.stringContaining('nothing is pruned')]);
  });
});

describe('laws', () => {
  const subjects = fc.record({
    namespace: fc.constantFrom('a', 'a-b'),
    serviceAccount: fc.constantFrom('c', 'b-c', 'd'),
  });
  const sources = fc.oneof(
    fc.constantFrom('r1', 'r2', 'irsa').map(existing),
    fc.constantFrom(made, {
      kind: 'made',
      recipe: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] },
    } as const),
  );
  const entries: fc.Arbitrary<readonly WantedAssociation[]> = fc.uniqueArray(
    fc
      .record({
        subject: subjects,
        role: sources,
        createServiceAccount: fc.boolean(),
        disableSessionTags: fc.boolean(),
        tags: fc.constantFrom({}, { team: 'x' }),
      })
      .map(({ subject, ...rest }) => ({ ...subject, ...rest })),
    { selector: ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`, maxLength: 5 },
  );
  const worlds: fc.Arbitrary<Facts> = fc
    .uniqueArray(fc.record({ subject: subjects, role: fc.constantFrom('r1', 'r2') }), {
      selector: ({ subject }) => JSON.stringify(subject),
      maxLength: 4,
    })
    .map(list =>
      facts({
        associations: list.map(({ subject, role }) =>
          association(`${subject.namespace}/${subject.serviceAccount}`, roleArn(role)),
        ),
        roles: [podRole('r1'), podRole('r2'), irsaRole('irsa', 'x:y')],
        offers,
      }),
    );
  const addons: fc.Arbitrary<readonly WantedAddon[]> = fc.constantFrom(
    [],
    [{ name: 'csi', useDefaults: true }],
    [{ name: 'csi', associations: [{ serviceAccount: 'csi-controller', role: existing('irsa') }] }],
  );
  const requests = fc
    .record({ associations: entries, addons, prune: fc.boolean() })
    .map(each => ({ command: 'apply', ...each }) as const);

  test('applied twice, the second plan has nothing to do', () => {
    fc.assert(
      fc.property(worlds, requests, (world, request) => {
        const first = plan(world, request);
        const after = apply(world, first).facts;
        expect(ids(plan(after, request))).toEqual([]);
      }),
      runs,
    );
  });

  test('the order of a file and of what is read decides nothing', () => {
    fc.assert(
      fc.property(worlds, requests, (world, request) => {
        const turned = { ...request, associations: request.associations.toReversed() };
        const other = { ...world, associations: world.associations.toReversed(), roles: world.roles.toReversed() };
        expect(plan(other, turned)).toEqual(plan(world, request));
      }),
      runs,
    );
  });

  test('every need comes before, every clean-up is for an action of the plan, every reference is needed', () => {
    fc.assert(
      fc.property(worlds, requests, (world, request) => {
        const seen = new Set<string>();
        for (const { id, needs, onlyIfFails, action } of nodes(plan(world, request))) {
          for (const need of needs) expect(seen).toContain(need);
          if (onlyIfFails !== undefined) expect(seen).toContain(onlyIfFails);
          const references = [...JSON.stringify(action.request).matchAll(/"\$from":"([^"]+)"/g)].map(
            ([, from]) => from,
          );
          for (const from of references) expect(needs).toContain(from);
          expect(seen).not.toContain(id);
          seen.add(id);
        }
      }),
      runs,
    );
  });

  test('each entry is planned, the same, or named with its reason', () => {
    fc.assert(
      fc.property(worlds, requests, (world, request) => {
        const result = plan(world, request);
        const accounted = new Set([
          ...nodes(result).map(({ action }) => action.subject),
          ...[...result.skipped, ...result.same].map(({ subject }) => subject),
        ]);
        for (const { namespace, serviceAccount } of request.associations)
          expect(accounted).toContain(`${namespace}/${serviceAccount}`);
      }),
      runs,
    );
  });
});
