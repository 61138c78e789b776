/** What eksctl's own migration gets wrong (its migrator.go, addon_migrator.go and tasks.go), one test each, over the wire. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import type { Plan } from '../../source/plan/plan.ts';
import type { MigrateRequest } from '../../source/plan/request.ts';
import type { RunResult } from '../../source/run/event.ts';
import { addNodes } from '../../source/sandbox/cluster/builders.ts';
import { objectsOf } from '../../source/sandbox/cluster/store.ts';
import {
  addAccount,
  addAddon,
  addCaller,
  addCluster,
  addOidcProvider,
  createWorld,
} from '../../source/sandbox/world.ts';
import { addEksctlRole } from '../../source/sandbox/worlds/eksctl.ts';
import { role, type Site, settle } from '../../source/sandbox/worlds/site.ts';
import { githubStatement, irsaStatement, podsStatement, trust } from '../../source/sandbox/worlds/trust.ts';
import { onlySandboxKeys } from './environment.ts';
import { Guard } from './guard.ts';
import { Journals } from './journals.ts';
import { startProcess } from './process.ts';
import { keys } from './stage.ts';
import { Timeline } from './timeline.ts';
import { start } from './worlds.ts';

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

const toTheEnd = { removeOidcProviderTrust: true, restartWorkloads: true } as const;

function siteWith(furnish: (site: Site) => void, agent = true): Site {
  const world = createWorld({ name: 'eksctl', seed: 1, now: start });
  const account = addAccount(world, { id: '111122223333' });
  addCaller(world, account, { name: 'explorer', ...keys });
  const cluster = addCluster(world, account, { name: 'prod', region: 'eu-west-1' });
  if (agent) addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
  addNodes(world, cluster, { count: 2 });
  const site = { world, account, cluster };
  furnish(site);
  return site;
}

type Outcome = { readonly plan: Plan; readonly result: RunResult; readonly writes: readonly string[] };

/** Plans and carries out; every service account that worked keeps working, or it throws. */
async function migrate(
  { world, cluster }: Site,
  request: Partial<MigrateRequest> = {},
  journals = new Journals(),
): Promise<Outcome> {
  const timeline = new Timeline(world.now);
  const guard = new Guard(world);
  timeline.onPass = now => guard.pass(now);
  const { line, workbench } = await startProcess({ world, cluster }, timeline, guard, {
    seed: 1,
    journals,
  });
  const { arn, name, account, region } = cluster;
  const before = world.requests.length;
  const carryOut = async () => {
    const wanted = { command: 'migrate', removeOidcProviderTrust: false, ...request } as const;
    const { plan } = await workbench.plan({ partition: 'aws', arn, name, account, region }, wanted);
    for await (const event of workbench.run(plan, { runId: 'run-1' }))
      if (event.type === 'finished') return { plan, result: event.result };
    throw new Error('the run did not finish');
  };
  const outcome = await timeline.drive(carryOut());
  line.kill();
  if (guard.lost) throw guard.lost;
  const writes = world.requests
    .slice(before)
    .filter(({ write }) => write)
    .map(({ operation }) => operation);
  return { ...outcome, writes };
}

/** Takes the run back. */
async function undo({ world, cluster }: Site, journals: Journals): Promise<RunResult> {
  const timeline = new Timeline(world.now);
  const guard = new Guard(world);
  timeline.onPass = now => guard.pass(now);
  const { workbench } = await startProcess({ world, cluster }, timeline, guard, { seed: 2, journals });
  const carryOut = async () => {
    const way = await workbench.undo?.('run-1', { restartWorkloads: true });
    if (!way) throw new Error('there is no way back');
    for await (const event of workbench.run(way.plan, { runId: 'undo-1' }))
      if (event.type === 'finished') return event.result;
    throw new Error('the run did not finish');
  };
  const result = await timeline.drive(carryOut());
  if (guard.lost) throw guard.lost;
  return result;
}

const irsa = (site: Site, name: string, ...subjects: readonly string[]): string =>
  role(site, name, trust(irsaStatement(site.account, site.cluster, ...subjects)));
const trustOf = ({ account }: Site, name: string): string => account.roles.get(name.toLowerCase())?.trustPolicy ?? '';
const associations = ({ cluster }: Site) =>
  [...cluster.associations.values()]
    .map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`)
    .toSorted();
const count = (list: readonly string[], what: string): number => list.filter(each => each === what).length;
const fail = (site: Site, operation: string, times = 1_000) =>
  site.world.faults.scripted.push({ operation, times, status: 403, code: 'AccessDeniedException', message: 'no' });

describe('eksctl takes away before it gives', () => {
  test('annotation and OIDC trust go after the association, never before', async () => {
    const site = siteWith(each => settle(each, { subject: 'shop/api', irsa: irsa(each, 'api', 'shop/api') }));
    const { writes, result } = await migrate(site, toTheEnd);
    expect(result.failed).toEqual([]);
    expect(writes.indexOf('CreatePodIdentityAssociation')).toBeLessThan(writes.indexOf('patch serviceaccounts'));
    expect(writes.indexOf('patch serviceaccounts')).toBeLessThan(writes.lastIndexOf('UpdateAssumeRolePolicy'));
  });

  test('an association that fails leaves annotation and OIDC trust where they are', async () => {
    const site = siteWith(each => settle(each, { subject: 'shop/api', irsa: irsa(each, 'api', 'shop/api') }));
    fail(site, 'eks:CreatePodIdentityAssociation');
    const { writes, result } = await migrate(site, toTheEnd);
    expect(result.failed).toHaveLength(1);
    expect(writes).not.toContain('patch serviceaccounts');
    expect(trustOf(site, 'api')).toContain('oidc-provider');
  });

  test('an add-on whose update fails keeps its OIDC trust, and so does every one without the flag', async () => {
    const addon = (site: Site) => {
      const arn = irsa(site, 'ebs', 'kube-system/ebs-csi-controller-sa');
      addAddon(site.world, site.cluster, { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: arn });
      settle(site, { subject: 'kube-system/ebs-csi-controller-sa', irsa: arn });
    };
    const failing = siteWith(addon);
    fail(failing, 'eks:UpdateAddon');
    expect((await migrate(failing, toTheEnd)).result.failed).toHaveLength(1);
    expect(trustOf(failing, 'ebs')).toContain('oidc-provider');
    const plain = siteWith(addon);
    expect((await migrate(plain)).result.failed).toEqual([]);
    expect(trustOf(plain, 'ebs')).toContain('oidc-provider');
  });
});

describe('eksctl edits each role once for each service account', () => {
  test('a role of three is edited once, and a second run adds nothing', async () => {
    const site = siteWith(each => {
      const arn = irsa(each, 'shared', 'a/x', 'b/x', 'c/x');
      for (const subject of ['a/x', 'b/x', 'c/x']) settle(each, { subject, irsa: arn });
    });
    const { writes } = await migrate(site);
    expect(count(writes, 'UpdateAssumeRolePolicy')).toBe(1);
    expect(associations(site)).toEqual(['a/x', 'b/x', 'c/x']);
    const before = trustOf(site, 'shared');
    expect((await migrate(site)).writes).toEqual([]);
    expect(trustOf(site, 'shared')).toBe(before);
  });

  test('a stack whose role two share is updated once, and keeps all of its tags, dashes in names or not', async () => {
    const site = siteWith(each => {
      const subject = 'kube-system/aws-node';
      const { arn } = addEksctlRole(each.world, each.account, each.cluster, {
        subject,
        roleName: 'owned',
        policyArns: [],
      });
      const document = trust(irsaStatement(each.account, each.cluster, subject, 'kube-system/other'));
      const owned = each.account.roles.get('owned');
      if (owned) owned.trustPolicy = JSON.stringify(document);
      settle(each, { subject, irsa: arn });
      settle(each, { subject: 'kube-system/other', irsa: arn });
    });
    const tags = () => [...site.account.stacks.values()].map(stack => JSON.stringify([...stack.tags]));
    const before = tags();
    const { writes, plan, result } = await migrate(site);
    expect([count(writes, 'UpdateStack'), result.failed]).toEqual([1, []]);
    expect(tags()).toEqual(before);
    // The stack's template did not know of the second account.
    expect(plan.evidence).toContainEqual(expect.objectContaining({ gate: 'owner', verdict: 'warning' }));
  });
});

describe('eksctl takes more trust than its own', () => {
  test('other clusters and GitHub Actions keep theirs, letter by letter', async () => {
    const site = siteWith(each => {
      const { world, account, cluster } = each;
      addOidcProvider(account, 'token.actions.githubusercontent.com');
      const blue = addCluster(world, account, { name: 'blue', region: 'eu-west-1' });
      const foreign = [githubStatement(account, 'example/shop'), irsaStatement(account, blue, 'shop/api')];
      const document = trust(irsaStatement(account, cluster, 'shop/api'), ...foreign);
      settle(each, { subject: 'shop/api', irsa: role(each, 'api', document) });
    });
    const [, github, blue] = JSON.parse(trustOf(site, 'api')).Statement;
    expect((await migrate(site, toTheEnd)).result.failed).toEqual([]);
    expect(JSON.parse(trustOf(site, 'api')).Statement).toEqual([
      github,
      blue,
      expect.objectContaining({ Effect: 'Allow' }),
    ]);
  });

  test('a provider in a list is taken out of the list', async () => {
    const site = siteWith(each => {
      const statement = irsaStatement(each.account, each.cluster, 'shop/api');
      const other = `arn:aws:iam::${each.account.id}:oidc-provider/example.com`;
      const both = { ...statement, Principal: { Federated: [...Object.values(statement.Principal ?? {}), other] } };
      settle(each, { subject: 'shop/api', irsa: role(each, 'api', trust(both)) });
    });
    expect((await migrate(site, toTheEnd)).result.failed).toEqual([]);
    expect(trustOf(site, 'api')).toContain('oidc-provider/example.com');
    expect(trustOf(site, 'api')).not.toContain('oidc-provider/oidc.eks');
  });

  test('a role of another account is explained, and one of the same name in ours left alone', async () => {
    const site = siteWith(each => {
      const data = addAccount(each.world, { id: '444455556666' });
      addOidcProvider(data, each.cluster.issuer ?? '');
      const document = trust(irsaStatement(data, each.cluster, 'shop/api'));
      settle(each, { subject: 'shop/api', irsa: role({ world: each.world, account: data }, 'twin', document) });
      role(each, 'twin', trust(podsStatement));
    });
    const { plan, writes } = await migrate(site);
    expect(writes).toEqual([]);
    expect(plan.skipped).toMatchObject([{ subject: 'shop/api', reason: expect.stringContaining('444455556666') }]);
  });
});

describe('eksctl takes the wrong thing for done', () => {
  test('an association with another role is a conflict', async () => {
    const site = siteWith(each => {
      const other = role(each, 'other', trust(podsStatement));
      settle(each, { subject: 'shop/api', irsa: irsa(each, 'api', 'shop/api'), association: other });
    });
    const { plan, writes } = await migrate(site);
    expect(writes).toEqual([]);
    expect(plan.skipped).toMatchObject([{ reason: expect.stringMatching(/^conflict: association/) }]);
  });

  test('the annotation alone is patched: secrets and pull secrets stay', async () => {
    const site = siteWith(each => settle(each, { subject: 'shop/api', irsa: irsa(each, 'api', 'shop/api') }));
    const account = () =>
      [...objectsOf(site.cluster.kube, 'serviceaccounts')].find(each => each.metadata.name === 'api');
    const kept = {
      imagePullSecrets: [{ name: 'registry' }],
      secrets: [{ name: 'one' }],
      automountServiceAccountToken: false,
    };
    Object.assign(account() ?? {}, kept);
    expect((await migrate(site, toTheEnd)).writes).toContain('patch serviceaccounts');
    expect(account()).toMatchObject(kept);
    expect(account()?.metadata.annotations ?? {}).not.toHaveProperty('eks.amazonaws.com/role-arn');
  });
});

describe('eksctl gives up on everybody for one', () => {
  test('odd roles are skips known in the plan; the others move', async () => {
    const site = siteWith(each => {
      settle(each, { subject: 'odd/broken', irsa: role(each, 'broken', '{"Version":"2012-10-17","Statement":[{') });
      settle(each, { subject: 'odd/gone', irsa: `arn:aws:iam::${each.account.id}:role/gone` });
      settle(each, { subject: 'odd/nonsense', irsa: 'arn:aws:iam::1:user/x' });
      const single = { Version: '2012-10-17', Statement: irsaStatement(each.account, each.cluster, 'shop/single') };
      settle(each, { subject: 'shop/single', irsa: role(each, 'single', single, { path: '/team/' }) });
    });
    const { plan, result } = await migrate(site);
    expect(plan.skipped.map(({ subject }) => subject)).toEqual(['odd/broken', 'odd/gone', 'odd/nonsense']);
    expect([associations(site), result.failed]).toEqual([['shop/single'], []]);
  });

  test('one failure does not end the others', async () => {
    const site = siteWith(each => {
      for (const name of ['a', 'b', 'c', 'd'])
        settle(each, { subject: `shop/${name}`, irsa: irsa(each, name, `shop/${name}`) });
    });
    fail(site, 'eks:CreatePodIdentityAssociation', 1);
    const { result } = await migrate(site);
    expect(result.failed).toHaveLength(1);
    expect(associations(site)).toHaveLength(3);
  });

  test('Fargate and Windows are no surprise afterwards', async () => {
    const site = siteWith(each => {
      addNodes(each.world, each.cluster, { count: 1, kind: 'windows' });
      settle(each, { subject: 'shop/fargate', irsa: irsa(each, 'fargate', 'shop/fargate'), pods: { on: 'fargate' } });
      settle(each, { subject: 'shop/windows', irsa: irsa(each, 'windows', 'shop/windows'), pods: { on: 'windows' } });
    });
    const { plan, writes } = await migrate(site);
    expect(writes).toEqual([]);
    expect(plan.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('Fargate'),
      expect.stringContaining('Windows'),
    ]);
  });
});

test('eksctl loses a template’s tags, session length and sections; ours changes the trust policy alone', async () => {
  const site = siteWith(each => {
    const seed = { subject: 'shop/api', roleName: 'owned', policyArns: [] };
    settle(each, { subject: 'shop/api', irsa: addEksctlRole(each.world, each.account, each.cluster, seed).arn });
  });
  const [stack] = site.account.stacks.values();
  if (!stack) throw new Error('no stack');
  const template = JSON.parse(stack.template);
  Object.assign(template.Resources.Role1.Properties, {
    MaxSessionDuration: 7_200,
    Tags: [{ Key: 'team', Value: 'shop' }],
  });
  Object.assign(template, { Metadata: { kept: true }, Description: 'by hand' });
  stack.template = JSON.stringify(template);
  expect((await migrate(site)).result.failed).toEqual([]);
  const after = JSON.parse(stack.template);
  const document = after.Resources.Role1.Properties.AssumeRolePolicyDocument;
  expect(sameDocument(JSON.stringify(document), trustOf(site, 'owned'))).toBe(true);
  template.Resources.Role1.Properties.AssumeRolePolicyDocument = document;
  expect(after).toEqual(template);
});

test('undo puts the template back as it was written, intrinsic functions and all', async () => {
  const site = siteWith(each => {
    const seed = { subject: 'shop/api', roleName: 'owned', policyArns: [] };
    settle(each, { subject: 'shop/api', irsa: addEksctlRole(each.world, each.account, each.cluster, seed).arn });
  });
  const [stack] = site.account.stacks.values();
  if (!stack) throw new Error('no stack');
  stack.template = stack.template.replace('"sts.amazonaws.com"', `{ "Fn::Sub" : "sts.\${AWS::URLSuffix}" }`);
  const before = stack.template;
  expect(before).toContain('Fn::Sub');
  const journals = new Journals();
  const { plan, result } = await migrate(site, toTheEnd, journals);
  expect(plan.evidence).toContainEqual(expect.objectContaining({ gate: 'owner', verdict: 'ok' }));
  expect(result.failed).toEqual([]);
  expect(stack.template).not.toContain('Fn::Sub');
  expect((await undo(site, journals)).failed).toEqual([]);
  expect(stack.template).toBe(before);
  expect(trustOf(site, 'owned')).toContain('oidc-provider');
  expect(trustOf(site, 'owned')).not.toContain('pods.eks');
});
