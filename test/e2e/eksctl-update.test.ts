/** `podid-tui update` in the cases of eksctl's updater, and in those that its tests lack. */
import { expect } from 'vitest';
import { addAddon, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, role, type Site } from '../../source/sandbox/worlds/site.ts';
import { accept } from '../helpers/acceptance.ts';
import { stackName } from '../helpers/scene.ts';
import { configFile, owned, readOnly } from './eksctl-stack.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';
const other = 'arn:aws:iam::111122223333:role/other';
const target = 'arn:aws:iam::444455556666:role/target';
const dynamo = 'arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess';
const update = 'update --cluster c --namespace shop --service-account-name api';

const unowned = (site: Site) => associate(site, 'shop/api', plain);

const propertiesOf = (template: string | undefined) => JSON.parse(template ?? '{}').Resources.Role1.Properties;

accept('update', [
  {
    eksctl: 'none there: "pod identity association does not exist"',
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(`${update} --role-arn ${plain}`);
      expect([code, stdout]).toEqual([3, expect.stringMatching(/shop\/api: it has no pod identity association/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'an add-on owns it: refused, with a hint at update addon',
    scene: {
      furnish: site =>
        addAddon(site.world, site.cluster, {
          name: 'vpc-cni',
          associations: [{ serviceAccount: 'aws-node', roleArn: role(site, 'cni', podIdentityTrust()) }],
        }),
    },
    act: async ({ run, writes }) => {
      const words = 'update --cluster c --namespace kube-system --service-account-name aws-node';
      const { code, stdout } = await run(`${words} --role-arn ${plain}`);
      expect([code, stdout]).toEqual([3, expect.stringMatching(/vpc-cni[\s\S]*aws eks update-addon/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'the role is its own and another one is named: "cannot change podIdentityAssociation.roleARN"',
    ours: 'swapped; the old stack stays, and is named with how to delete it',
    because: 'it would take deleting the association: a gap for its pods',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, associations, stacks }) => {
      const { code, stdout } = await run(`${update} --role-arn ${other}`);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/Stack eksctl-c-podidentityrole-shop-api.*stays/)]);
      expect(associations()).toEqual(['shop/api other']);
      expect(stacks()).toHaveLength(1);
    },
  },
  {
    eksctl: "the role is nobody's stack's and another one is named: one call, no stack",
    scene: { furnish: unowned },
    act: async ({ run, associations, writes }) => {
      expect((await run(`${update} --role-arn ${other}`)).code).toBe(0);
      expect(associations()).toEqual(['shop/api other']);
      expect(writes()).toEqual({ 'eks:UpdatePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl: "the role is nobody's stack's and policies are given: refused",
    ours: 'a role is made for it, and takes the place of the other one, which stays',
    because: 'it would take deleting the association: a gap for its pods',
    scene: { furnish: unowned },
    act: async ({ run, associations, stacks, account }) => {
      expect((await run(`${update} --permission-policy-arns ${dynamo}`)).code).toBe(0);
      expect(associations()).toEqual([expect.stringMatching(/^shop\/api eksctl-c-podidentityrole-shop-api-Role1-/)]);
      expect(stacks().map(({ name }) => name)).toEqual([stackName('shop/api')]);
      expect(account.roles.has('plain')).toBe(true);
    },
  },
  {
    eksctl: 'a role name for a stack without one: "cannot update role name ..."',
    ours: 'refused too, without --recreate',
    because: 'pods would lose the old role before the association has the new one',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(`${update} --role-name shop-api`);
      expect([code, stdout]).toEqual([3, expect.stringMatching(/another name.*--recreate/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'two of a file, one with a role name, one in a stack of create iamserviceaccount: two stacks updated',
    scene: {
      furnish: site => {
        owned('shop/api', { named: 'shop-api' })(site);
        owned('shop/web', { stack: 'eksctl-c-addon-iamserviceaccount-shop-web' })(site);
      },
    },
    act: async ({ run, stacks, writes }) => {
      const { code, stdout } = await run(
        'update -f FILE',
        configFile(
          `{namespace: shop, serviceAccountName: api, roleName: shop-api, permissionPolicyARNs: ["${dynamo}"]}`,
          `{namespace: shop, serviceAccountName: web, permissionPolicyARNs: ["${dynamo}"]}`,
        ),
      );
      expect(code, stdout).toBe(0);
      expect(writes()).toEqual({ 'cloudformation:UpdateStack': 2 });
      for (const { template } of stacks()) expect(propertiesOf(template).ManagedPolicyArns).toEqual([dynamo]);
      expect(stacks().map(({ template }) => propertiesOf(template).RoleName)).toEqual(['shop-api', undefined]);
    },
  },
  {
    eksctl: 'nothing changes: a change set is tried for each all the same',
    ours: 'nothing is written',
    because: 'there is nothing to write',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(
        'update -f FILE',
        configFile(`{namespace: shop, serviceAccountName: api, permissionPolicyARNs: ["${readOnly}"]}`),
      );
      expect([code, stdout]).toEqual([0, expect.stringMatching(/already as wanted/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'session tags alone, for a role that a stack made: the whole template is made anew from the entry',
    ours: 'the association alone is changed; the role keeps policies, boundary and name',
    because: 'what is not mentioned stays',
    scene: { furnish: owned('shop/api', { named: 'shop-api' }) },
    act: async ({ run, cluster, stacks, writes }) => {
      expect((await run(`${update} --disable-session-tags`)).code).toBe(0);
      expect([...cluster.associations.values()][0]?.disableSessionTags).toBe(true);
      expect(propertiesOf(stacks()[0]?.template)).toMatchObject({
        RoleName: 'shop-api',
        ManagedPolicyArns: [readOnly],
      });
      expect(writes()).toEqual({ 'eks:UpdatePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl:
      '--role-arn with the role that it has: the only way to set a target role, and it strips every policy (no test)',
    ours: 'the target role is set, the rest stays',
    because: 'what is not mentioned stays',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, cluster, stacks, writes }) => {
      const arn = stacks()[0]?.outputs.get('Role1');
      expect((await run(`${update} --role-arn ${arn} --target-role-arn ${target}`)).code).toBe(0);
      expect([...cluster.associations.values()][0]).toMatchObject({ roleArn: arn, targetRoleArn: target });
      expect(propertiesOf(stacks()[0]?.template).ManagedPolicyArns).toEqual([readOnly]);
      expect(writes()).toEqual({ 'eks:UpdatePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl: "a target role and a policy for a role that is nobody's stack's: one call",
    scene: { furnish: unowned },
    act: async ({ run, cluster, writes }) => {
      const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      const words = `--role-arn ${plain} --target-role-arn ${target} --disable-session-tags --policy ${policy}`;
      expect((await run(`${update} ${words}`)).code).toBe(0);
      const wanted = { roleArn: plain, targetRoleArn: target, disableSessionTags: true, policy };
      expect([...cluster.associations.values()][0]).toMatchObject(wanted);
      expect(writes()).toEqual({ 'eks:UpdatePodIdentityAssociation': 1 });
      // And again the other way: an empty text clears.
      expect((await run(`${update} --target-role-arn= --policy= --no-disable-session-tags`)).code).toBe(0);
      const [cleared] = [...cluster.associations.values()];
      expect([cleared?.targetRoleArn || '', cleared?.policy || '', cleared?.disableSessionTags]).toEqual([
        '',
        '',
        false,
      ]);
    },
  },
  {
    eksctl: '--disable-session-tags=false sets it to true',
    ours: 'false means false',
    because: 'it says so',
    scene: { furnish: site => associate(site, 'shop/api', { roleArn: plain, disableSessionTags: true }) },
    act: async ({ run, cluster }) => {
      expect((await run(`${update} --disable-session-tags=false`)).code).toBe(0);
      expect([...cluster.associations.values()][0]?.disableSessionTags).toBe(false);
    },
  },
  {
    eksctl: 'tags cannot be changed',
    ours: '--tags is the whole set',
    because: 'EKS has TagResource',
    scene: { furnish: site => associate(site, 'shop/api', { roleArn: plain, tags: { team: 'a', old: '1' } }) },
    act: async ({ run, cluster }) => {
      expect((await run(`${update} --tags team=b,env=prod`)).code).toBe(0);
      const [association] = [...cluster.associations.values()];
      expect(Object.fromEntries(association?.tags ?? [])).toEqual({ team: 'b', env: 'prod' });
    },
  },
  {
    eksctl: 'the stack of other-service is not taken for that of service',
    scene: {
      furnish: site => {
        owned('ns/other-service')(site);
        owned('ns/service')(site);
      },
    },
    act: async ({ run, stacks }) => {
      const words = 'update --cluster c --namespace ns --service-account-name service';
      expect((await run(`${words} --permission-policy-arns ${dynamo}`)).code).toBe(0);
      const policies = Object.fromEntries(
        stacks().map(({ name, template }) => [name, propertiesOf(template).ManagedPolicyArns]),
      );
      expect(policies).toEqual({ [stackName('ns/other-service')]: [readOnly], [stackName('ns/service')]: [dynamo] });
    },
  },
  {
    eksctl: 'a stack without output, or one that cannot be described, is misjudged or ends the run',
    ours: 'refused, with the reason',
    because: 'a stack that is not known cannot be changed safely',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, caller, writes }) => {
      caller.denied.add('cloudformation:DescribeStacks');
      const { code, stdout } = await run(`${update} --permission-policy-arns ${dynamo}`);
      expect([code, stdout]).toEqual([3, expect.stringMatching(/shop\/api: .*not known/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'the update of the stack fails (its change set cannot be described: a crash)',
    ours: 'told with its cause; the association is as it was',
    because: 'what needs the stack does not go on without it',
    scene: { furnish: owned('shop/api') },
    act: async ({ run, world, writes }) => {
      const fault = { status: 400, code: 'ValidationError', message: 'Stacks are resting.' };
      world.faults.scripted.push({ operation: 'cloudformation:UpdateStack', times: 1, ...fault });
      const { code, stdout } = await run(`${update} --permission-policy-arns ${dynamo} --target-role-arn ${target}`);
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/failed .*Stacks are resting/);
      expect(writes()).not.toHaveProperty('eks:UpdatePodIdentityAssociation');
    },
  },
]);
