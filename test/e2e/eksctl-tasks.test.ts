/**
 * eksctl's task tree, as far as a user sees it, and what creating a cluster does with associations and roles of add-ons.
 *
 * Of those cases of eksctl's these have no row, for there is nothing here to hold to them:
 * - a cluster without add-ons, one without vpc-cni, and the networking of IPv6 clusters are refused while a cluster is
 *   created; here none is created;
 * - all stacks of a cluster are deleted with it, by an empty list of associations; here no cluster is deleted, and an empty
 *   list is an error (below);
 * - `withOIDC` beside associations once ended in a panic; nothing here looks at it;
 * - Karpenter comes after the associations; it is not made here;
 * - indentation and trailing blanks of the tree's text are eksctl's own; what a plan prints is held to its own tests.
 */
import { expect } from 'vitest';
import { associate } from '../../source/sandbox/worlds/site.ts';
import { accept } from '../helpers/acceptance.ts';
import type { Scene } from '../helpers/scene.ts';
import { configFile, owned, readOnly } from './eksctl-stack.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';
const withRole = (name: string, role = plain) => `{namespace: shop, serviceAccountName: ${name}, roleARN: "${role}"}`;
const withStack = (name: string) =>
  `{namespace: shop, serviceAccountName: ${name}, permissionPolicyARNs: ["${readOnly}"]}`;

type Node = {
  readonly id: string;
  readonly kind: string;
  readonly needs?: readonly string[];
  readonly children?: Node[];
};

/** Actions of a plan in the order of its tree. */
const leaves = (node: Node): readonly Node[] =>
  node.kind === 'action' ? [node] : (node.children ?? []).flatMap(leaves);

/** EKS refuses to make the association of one service account. */
const failOnce = ({ world }: Scene) =>
  world.faults.scripted.push({
    operation: 'eks:CreatePodIdentityAssociation',
    times: 1,
    code: 'InvalidRequestException',
    message: 'Not this time.',
    status: 400,
  });

accept('the task tree', [
  {
    eksctl: 'an empty tree: "no tasks"',
    ours: 'nothing to do, said with what is as wanted, exit 0',
    because: 'an empty plan has its reason',
    scene: { furnish: site => associate(site, 'shop/api', plain) },
    act: async ({ run, json, writes }) => {
      const file = configFile(withRole('api'));
      const { code, stdout } = await run('apply --dry-run -f FILE', file);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^nothing to apply/)]);
      const answer = await json('apply --dry-run -f FILE', file);
      expect([leaves(answer.plan), answer.same]).toEqual([[], [expect.objectContaining({ subject: 'shop/api' })]]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'one task: "1 task: { ... }"; several: "(plan) N parallel tasks: { ... }"',
    ours: 'the same, with "(plan)" before each that is not done',
    because: 'one must not be taken for done',
    act: async ({ run }) => {
      const one = await run('create --dry-run -f FILE', configFile(withRole('api')));
      const two = await run('create --dry-run -f FILE', configFile(withRole('api'), withRole('web')));
      expect(one.stdout).toMatch(/^\(plan\) would create 1 pod identity association[\s\S]*1 task: \{/);
      expect(two.stdout).toMatch(/^\(plan\) would create 2 pod identity association[\s\S]*2 parallel tasks: \{/);
      const done = await run('create -f FILE', configFile(withRole('api'), withRole('web')));
      expect(done.stdout).not.toContain('(plan)');
    },
  },
  {
    eksctl: 'what is sequential comes one after the other, what is parallel side by side',
    ours: 'an action says what it needs, and waits for nothing else',
    because: 'a group would make siblings wait for each other',
    act: async ({ json }) => {
      const answer = await json(
        'create --dry-run -f FILE',
        configFile(withStack('api'), withStack('web'), withRole('jobs')),
      );
      const needs = new Map(leaves(answer.plan).map(({ id, needs = [] }) => [id, needs]));
      expect(needs.get('association:shop/api')).toEqual(['role:shop/api']);
      expect(needs.get('association:shop/web')).toEqual(['role:shop/web']);
      expect(needs.get('association:shop/jobs')).toEqual([]);
    },
  },
  {
    eksctl: 'one of parallel tasks fails: its siblings finish, and every error is told',
    ours: 'the same, each with its subject; exit 3, and what stands is counted',
    act: async scene => {
      failOnce(scene);
      const file = configFile(withRole('api'), withRole('web'), withRole('jobs'));
      const answer = await scene.json('create -f FILE', file);
      expect(answer).toMatchObject({ done: 2, writes: 2, skipped: [] });
      expect(answer.failed).toEqual([expect.objectContaining({ reason: expect.stringContaining('Not this time') })]);
      expect(scene.associations()).toHaveLength(2);
      const again = await scene.run('apply -f FILE', file);
      expect([again.code, scene.associations().length]).toEqual([0, 3]);
    },
  },
  {
    eksctl: 'an empty list deletes all stacks of the cluster, as deleting a cluster does',
    ours: 'refused: there is nothing to delete in it',
    because: 'no list stands for everything',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, stacks, writes }) => {
      const { code, stderr } = await run(
        'delete -f FILE',
        'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: us-west-2}\niam: {podIdentityAssociations: []}\n',
      );
      expect([code, stderr]).toEqual([2, expect.stringContaining('must have at least one association')]);
      expect([stacks().length, writes()]).toEqual([1, {}]);
    },
  },
]);

const clusterFile = (...addons: readonly string[]): string =>
  `${configFile(withStack('api'), withRole('web'))}addons: [${addons.join(', ')}]\n`;

accept('the file that a cluster is created from', [
  {
    eksctl: 'create cluster: the associations come after nodes and add-ons, the agent among these',
    ours: 'apply with the same file, once the cluster is there: the agent first',
    because: 'clusters are made by what makes clusters',
    scene: { agent: false },
    act: async ({ run, json, cluster, associations }) => {
      const file = clusterFile('{name: coredns}', '{name: eks-pod-identity-agent}');
      const planned = await json('apply --dry-run -f FILE', file);
      const [first, ...others] = leaves(planned.plan);
      expect(first?.id).toMatch(/agent/);
      expect(others.some(({ needs = [] }) => needs.includes(first?.id ?? ''))).toBe(true);
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code, stdout).toBe(0);
      expect(cluster.addons.get('eks-pod-identity-agent')?.status).toBe('ACTIVE');
      expect(associations()).toEqual([expect.stringMatching(/^shop\/api eksctl-c-/), 'shop/web plain']);
    },
  },
  {
    eksctl:
      'create cluster, associations without the agent among the add-ons: refused ("please add \\"eks-pod-identity-agent\\" addon to the config file")',
    ours: 'refused too where the cluster has no agent of any kind, exit 3; where it has one the file need not say so',
    because: 'what counts is whether there is one',
    scene: { agent: false },
    act: async ({ run, cluster, writes }) => {
      const { code, stdout } = await run('apply -f FILE', clusterFile('{name: coredns}'));
      expect([code, stdout]).toEqual([3, expect.stringMatching(/no Pod Identity agent/)]);
      expect(writes()).toEqual({});
      expect((await run('apply -f FILE', clusterFile('{name: eks-pod-identity-agent}'))).code).toBe(0);
      expect(cluster.associations.size).toBe(2);
      expect((await run('apply -f FILE', clusterFile('{name: coredns}'))).code).toBe(0);
    },
  },
  {
    eksctl: 'create cluster with Auto Mode: no agent is needed among the add-ons',
    scene: { agent: false, cluster: { autoMode: true } },
    act: async ({ run, associations }) => {
      const { code, stdout } = await run('apply -f FILE', clusterFile('{name: coredns}'));
      expect(code, stdout).toBe(0);
      expect(associations()).toHaveLength(2);
    },
  },
  {
    eksctl: 'create cluster waits for the cluster, however long it takes',
    ours: '--wait-for-cluster does, up to --timeout, which says so',
    because: 'a pipeline must end',
    scene: { cluster: { status: 'CREATING' } },
    act: async ({ run, writes }) => {
      const { code, stderr } = await run('apply --wait-for-cluster --timeout 2s -f FILE', clusterFile());
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/2s|CREATING/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'create cluster, IRSA and associations for one add-on: refused',
    act: async ({ run, writes }) => {
      const addon = `{name: vpc-cni, serviceAccountRoleARN: "${plain}", podIdentityAssociations: [{serviceAccountName: aws-node, roleARN: "${plain}"}]}`;
      const { code, stderr } = await run('apply -f FILE', clusterFile(addon));
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('an add-on gets its roles by IRSA or by Pod Identity'),
      ]);
      expect(writes()).toEqual({});
    },
  },
]);
