/**
 * `podid-tui migrate` in the cases of eksctl's migrators, and in those that their tests lack. What happens to pods on the
 * way, under faults, is held in test/explore.
 */
import { expect } from 'vitest';
import { addAddon, addStack, podIdentityTrust } from '../../source/sandbox/world.ts';
import { addEksctlRole } from '../../source/sandbox/worlds/eksctl.ts';
import { associate, role, type Site, settle } from '../../source/sandbox/worlds/site.ts';
import {
  githubStatement,
  irsaStatement,
  podsStatement,
  type Statement,
  trust,
} from '../../source/sandbox/worlds/trust.ts';
import { accept } from '../helpers/acceptance.ts';
import type { Scene } from '../helpers/scene.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** A service account on IRSA with this trust policy; default: the statement for it. */
function onIrsa(site: Site, subject: string, name: string, ...statements: readonly Statement[]): void {
  const document =
    statements.length > 0 ? trust(...statements) : trust(irsaStatement(site.account, site.cluster, subject));
  settle(site, { subject, irsa: role(site, name, document), replicas: 1 });
}

/** A service account on IRSA whose role a stack of eksctl's has made. */
function ownedByEksctl(site: Site, subject: string, roleName: string): void {
  const made = addEksctlRole(site.world, site.account, site.cluster, { subject, roleName, policyArns: [] });
  settle(site, { subject, irsa: made.arn, replicas: 1 });
}

type Node = { readonly title: string; readonly kind: string; readonly children?: readonly Node[] };
const titles = (node: Node): readonly string[] => node.children?.flatMap(titles) ?? [node.title];

type Remark = { readonly subject: string; readonly reason: string };

/** What the plan would do, and what it leaves out and why. */
async function planOf({ json }: Scene, flags = '') {
  const { plan, skipped, held, same } = await json(`migrate --cluster c${flags}`);
  const said = [...skipped, ...held, ...same].map(({ subject, reason }: Remark) => `${subject}: ${reason}`);
  return { tasks: titles(plan), said: said.join('\n') };
}

const create = (subject: string) => `create pod identity association for service account "${subject}"`;
const unowned = (name: string) => `update trust policy for unowned role "${name}"`;
const ownedRole = (name: string) => `update trust policy for owned role "${name}"`;

const statementsOf = ({ account }: Scene, name: string): readonly object[] =>
  JSON.parse(account.roles.get(name.toLowerCase())?.trustPolicy ?? '{}').Statement;

accept('migrate', [
  {
    eksctl: 'DescribeAddon fails: the run ends',
    ours: 'nothing that needs the agent is done, with the reason',
    because: 'one denied call is a fact, not a crash',
    scene: { furnish: site => onIrsa(site, 'shop/api', 'api') },
    act: async scene => {
      scene.caller.denied.add('eks:DescribeAddon');
      const { tasks, said } = await planOf(scene);
      expect(tasks).not.toContain(create('shop/api'));
      expect(said).toMatch(/DescribeAddon/);
    },
  },
  {
    eksctl: 'listing stacks fails: the run ends, or later roles are misjudged as unowned',
    ours: 'a role whose owner is not known is left alone, and named',
    because: 'a direct edit would be undone by its stack',
    scene: { furnish: site => ownedByEksctl(site, 'shop/api', 'Owned') },
    act: async scene => {
      scene.caller.denied.add('cloudformation:DescribeStacks').add('cloudformation:ListStacks');
      const { tasks, said } = await planOf(scene);
      expect(tasks).toEqual([]);
      expect(said).toMatch(/shop\/api|Owned/);
    },
  },
  {
    eksctl: 'no agent: its installation comes first; a cluster without computeConfig is not Auto Mode',
    scene: { agent: false, furnish: site => onIrsa(site, 'shop/api', 'api') },
    act: async scene => {
      const { tasks } = await planOf(scene);
      expect(tasks).toEqual(['install eks-pod-identity-agent addon', unowned('api'), create('shop/api')]);
    },
  },
  {
    eksctl: 'owned and unowned roles: a task for each trust policy, one for each association',
    scene: {
      furnish: site => {
        ownedByEksctl(site, 'shop/api', 'Owned');
        onIrsa(site, 'shop/web', 'web');
      },
    },
    act: async scene => {
      const { tasks } = await planOf(scene);
      expect(tasks).toEqual([ownedRole('Owned'), unowned('web'), create('shop/api'), create('shop/web')]);
    },
  },
  {
    eksctl: 'with removal: the annotation is a task of the plan, before the association is there',
    ours: 'after it, and only when its pods are seen on Pod Identity',
    because: 'an association that fails would leave neither way',
    scene: { furnish: site => onIrsa(site, 'shop/api', 'api') },
    act: async scene => {
      const { tasks } = await planOf(scene, ' --restart-workloads --remove-oidc-provider-trust-relationship');
      const at = (title: RegExp) => tasks.findIndex(task => title.test(task));
      expect(at(/create pod identity association/)).toBeGreaterThan(-1);
      expect(at(/annotation/)).toBeGreaterThan(at(/create pod identity association/));
    },
  },
  {
    eksctl:
      'approved, on Auto Mode as with the agent: the pods statement in both roles, the stack keeps its capability, gets the tag podidentityassociation-name and loses others',
    ours: 'its tags stay as they are',
    because: 'ours know the stack by its role and its name',
    scene: {
      agent: false,
      cluster: { autoMode: true },
      furnish: site => {
        ownedByEksctl(site, 'shop/api', 'Owned');
        onIrsa(site, 'shop/web', 'web');
      },
    },
    act: async scene => {
      const before = Object.fromEntries(scene.stacks()[0]?.tags ?? []);
      const { code, stdout } = await scene.run('migrate --cluster c --approve');
      expect(code, stdout).toBe(0);
      expect(scene.associations()).toEqual(['shop/api Owned', 'shop/web web']);
      for (const name of ['Owned', 'web']) expect(statementsOf(scene, name)).toHaveLength(2);
      const [stack] = scene.stacks();
      expect(stack?.capabilities).toEqual(['CAPABILITY_IAM']);
      expect(Object.fromEntries(stack?.tags ?? [])).toEqual(before);
      scene.writes();
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(0);
      expect(scene.writes()).toEqual({});
    },
  },
  {
    eksctl: 'an add-on with an unowned role: UpdateAddon with the same role, service account, version and values',
    scene: {
      furnish: site => {
        const subject = 'kube-system/ebs-csi-controller-sa';
        const ebs = role(site, 'ebs', trust(irsaStatement(site.account, site.cluster, subject)));
        addAddon(site.world, site.cluster, {
          name: 'aws-ebs-csi-driver',
          version: 'v1.48.0-eksbuild.2',
          serviceAccountRoleArn: ebs,
          configurationValues: '{"controller":{}}',
        });
      },
    },
    act: async scene => {
      expect((await planOf(scene)).tasks).toEqual([unowned('ebs'), 'migrate addon aws-ebs-csi-driver to pod identity']);
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(0);
      expect(scene.associations()).toEqual(['kube-system/ebs-csi-controller-sa ebs']);
      const { version, configurationValues } = scene.cluster.addons.get('aws-ebs-csi-driver') ?? {};
      expect([version, configurationValues]).toEqual(['v1.48.0-eksbuild.2', '{"controller":{}}']);
    },
  },
  {
    eksctl: 'an add-on that takes no Pod Identity: skipped',
    scene: {
      furnish: site => addAddon(site.world, site.cluster, { name: 'coredns', serviceAccountRoleArn: arn('plain') }),
    },
    act: async scene => {
      const { tasks, said } = await planOf(scene);
      expect(tasks).toEqual([]);
      expect(said).toMatch(/coredns.*Pod Identity/i);
    },
  },
  {
    eksctl: 'no subject in the trust policy of an add-on with several service accounts: skipped',
    scene: {
      furnish: site => {
        const { Condition: _, ...open } = irsaStatement(site.account, site.cluster, 'a/b') as Record<string, unknown>;
        const adot = role(site, 'adot', trust(open));
        addAddon(site.world, site.cluster, { name: 'adot', serviceAccountRoleArn: adot });
      },
    },
    act: async scene => {
      const { tasks, said } = await planOf(scene);
      expect(tasks).toEqual([]);
      expect(said).toMatch(/adot/);
    },
  },
  {
    eksctl: 'two add-ons with one role collapse to the last (no test)',
    ours: 'both move, with one edit of the role',
    because: 'both use it',
    scene: {
      furnish: site => {
        const pairs = ['kube-system/ebs-csi-controller-sa', 'kube-system/efs-csi-controller-sa'];
        const shared = role(site, 'storage', trust(irsaStatement(site.account, site.cluster, ...pairs)));
        for (const name of ['aws-ebs-csi-driver', 'aws-efs-csi-driver'])
          addAddon(site.world, site.cluster, { name, serviceAccountRoleArn: shared });
      },
    },
    act: async scene => {
      expect((await planOf(scene)).tasks).toEqual([
        unowned('storage'),
        'migrate addon aws-ebs-csi-driver to pod identity',
        'migrate addon aws-efs-csi-driver to pod identity',
      ]);
    },
  },
  {
    eksctl: "a workload that shares an add-on's role is skipped as the add-on's (no test)",
    ours: 'both move',
    because: 'it is not the add-on',
    scene: {
      furnish: site => {
        const pairs = ['kube-system/ebs-csi-controller-sa', 'shop/backup'];
        const shared = role(site, 'storage', trust(irsaStatement(site.account, site.cluster, ...pairs)));
        addAddon(site.world, site.cluster, { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: shared });
        settle(site, { subject: 'shop/backup', irsa: shared, replicas: 1 });
      },
    },
    act: async scene => {
      const { tasks } = await planOf(scene);
      expect(tasks).toContain(create('shop/backup'));
      expect(tasks).toContain('migrate addon aws-ebs-csi-driver to pod identity');
    },
  },
  {
    eksctl: 'a role with a path ends the whole run ("invalid format for role ARN")',
    ours: 'it moves',
    because: 'a path is part of an ARN',
    scene: {
      furnish: site => {
        const document = trust(irsaStatement(site.account, site.cluster, 'shop/api'));
        settle(site, { subject: 'shop/api', irsa: role(site, 'pathed', document, { path: '/team/' }), replicas: 1 });
      },
    },
    act: async scene => {
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(0);
      expect(scene.associations()).toEqual(['shop/api pathed']);
    },
  },
  {
    eksctl: 'two service accounts with one role: its trust is edited twice at once, with one statement each',
    ours: 'once',
    because: 'one statement serves both, and edits could be lost',
    scene: {
      furnish: site => {
        const shared = role(site, 'shared', trust(irsaStatement(site.account, site.cluster, 'shop/api', 'shop/web')));
        for (const subject of ['shop/api', 'shop/web']) settle(site, { subject, irsa: shared, replicas: 1 });
      },
    },
    act: async scene => {
      expect((await planOf(scene)).tasks).toEqual([unowned('shared'), create('shop/api'), create('shop/web')]);
    },
  },
  {
    eksctl: 'the statement is there already: another copy is added',
    ours: 'nothing is written to the role',
    because: 'there is a quota of 2,048 characters',
    scene: {
      furnish: site =>
        onIrsa(site, 'shop/api', 'api', irsaStatement(site.account, site.cluster, 'shop/api'), podsStatement),
    },
    act: async scene => expect((await planOf(scene)).tasks).toEqual([create('shop/api')]),
  },
  {
    eksctl: 'the trust of other issuers goes too; a list of providers stays whole',
    ours: "this cluster's provider goes, and nothing else",
    because: 'other clusters and GitHub Actions use the role',
    scene: {
      furnish: site => {
        const own = irsaStatement(site.account, site.cluster, 'shop/api');
        onIrsa(site, 'shop/api', 'api', own, githubStatement(site.account, 'company/shop'));
      },
    },
    act: async scene => {
      const words = 'migrate --cluster c --approve --restart-workloads --remove-oidc-provider-trust-relationship';
      const { stdout } = await scene.run(words);
      const kept = JSON.stringify(statementsOf(scene, 'api'));
      expect(kept, stdout).toContain('token.actions.githubusercontent.com');
      expect(kept).toContain('pods.eks.amazonaws.com');
      expect(kept).not.toContain('oidc.eks');
    },
  },
  {
    eksctl:
      'a single statement without a list, "*" as principal, lists and StringLike in conditions: an error ends the run, or a wrong account is chosen',
    ours: 'each is read as IAM reads it',
    because: 'they are IAM grammar',
    scene: {
      furnish: site => {
        const own = irsaStatement(site.account, site.cluster, 'shop/one');
        const single = { Version: '2012-10-17', Statement: own };
        settle(site, { subject: 'shop/one', irsa: role(site, 'single', single), replicas: 1 });
        onIrsa(site, 'shop/star', 'star', irsaStatement(site.account, site.cluster, 'shop/star'), {
          Effect: 'Allow',
          Principal: '*',
          Action: 'sts:AssumeRoleWithSAML',
        });
        onIrsa(site, 'shop/like', 'like', irsaStatement(site.account, site.cluster, 'shop/*'));
      },
    },
    act: async scene => {
      const { code, stdout } = await scene.run('migrate --cluster c --approve');
      expect(code, stdout).toBe(0);
      expect(scene.associations()).toEqual(['shop/like like', 'shop/one single', 'shop/star star']);
    },
  },
  {
    eksctl: 'a missing role, or one of another account, shows only when it is approved, and ends the run',
    ours: 'known in the plan; the others move',
    because: 'the plan reads the roles',
    scene: {
      furnish: site => {
        settle(site, { subject: 'shop/gone', irsa: arn('gone'), replicas: 1 });
        settle(site, { subject: 'shop/far', irsa: 'arn:aws:iam::444455556666:role/plain', replicas: 1 });
        onIrsa(site, 'shop/api', 'api');
      },
    },
    act: async scene => {
      const { tasks, said } = await planOf(scene);
      expect(tasks).toEqual([unowned('api'), create('shop/api')]);
      expect(said).toMatch(/shop\/gone: /);
      expect(said).toMatch(/shop\/far: .*444455556666/);
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(3);
      expect(scene.associations()).toEqual(['shop/api api']);
    },
  },
  {
    eksctl: 'one step fails: its siblings are cut off; a second run no longer finds those whose annotation is gone',
    ours: 'the others go on; a second run does the rest',
    because: 'each service account stands for itself',
    scene: {
      furnish: site => {
        onIrsa(site, 'shop/api', 'api');
        onIrsa(site, 'shop/web', 'web');
      },
    },
    act: async scene => {
      const fault = { times: 1, status: 400, code: 'InvalidRequestException', message: 'Not now.' };
      scene.world.faults.scripted.push({ operation: 'eks:CreatePodIdentityAssociation', ...fault });
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(3);
      expect(scene.associations()).toHaveLength(1);
      expect((await scene.run('migrate --cluster c --approve')).code).toBe(0);
      expect(scene.associations()).toEqual(['shop/api api', 'shop/web web']);
    },
  },
  {
    eksctl: 'a stack of create iamserviceaccount without output ends the whole run',
    ours: 'passed over',
    because: 'it is of nobody who moves',
    scene: {
      furnish: site => {
        onIrsa(site, 'shop/api', 'api');
        addStack(site.world, site.account, {
          name: 'eksctl-c-addon-iamserviceaccount-shop-broken',
          region: 'us-west-2',
          status: 'ROLLBACK_COMPLETE',
          tags: { 'alpha.eksctl.io/cluster-name': 'c', 'alpha.eksctl.io/iamserviceaccount-name': 'shop/broken' },
          template: {
            Resources: {
              Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: podIdentityTrust() } },
            },
          },
        });
      },
    },
    act: async scene => expect((await planOf(scene)).tasks).toEqual([unowned('api'), create('shop/api')]),
  },
  {
    eksctl: 'an association with another role is there: counts as done',
    ours: 'a conflict, named',
    because: 'the pods would get another role',
    scene: {
      furnish: site => {
        onIrsa(site, 'shop/api', 'api');
        associate(site, 'shop/api', arn('other'));
      },
    },
    act: async scene => {
      const { tasks, said } = await planOf(scene);
      expect(tasks).toEqual([]);
      expect(said).toMatch(/shop\/api: .*other/);
    },
  },
  {
    eksctl: 'nothing to do: "no iamserviceaccounts or addons found", exit 0; without an OIDC provider too',
    ours: '"no service accounts or addons to migrate"',
    because: 'IRSA is not eksctl alone',
    act: async ({ run }) => {
      const { code, stdout } = await run('migrate --cluster c');
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^no service accounts or addons to migrate/)]);
    },
  },
]);
