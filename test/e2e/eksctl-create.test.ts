/** `podid-tui create` in the cases of eksctl's creator, and in those that its tests lack. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { addSelfManagedAgent, addServiceAccount } from '../../source/sandbox/cluster/builders.ts';
import { addAddon, addStack, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, role } from '../../source/sandbox/worlds/site.ts';
import { irsaStatement, trust } from '../../source/sandbox/worlds/trust.ts';
import { accept } from '../helpers/acceptance.ts';
import { stackName } from '../helpers/scene.ts';
import { configFile, readOnly } from './eksctl-stack.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';
const api = '--cluster c --namespace shop --service-account-name api';
const made = `create ${api} --permission-policy-arns ${readOnly}`;
const refused = (operation: string, code: string, message: string) => ({
  operation,
  times: 1,
  status: 400,
  code,
  message,
});

accept('create', [
  {
    eksctl: 'creating the stack fails: "creating IAM role for pod identity association"',
    ours: 'the same is said with the cause; nothing is left',
    act: async ({ run, world, stacks, associations }) => {
      world.faults.scripted.push(refused('cloudformation:CreateStack', 'ValidationError', 'No stacks today.'));
      const { code, stdout } = await run(made);
      expect(code).toBe(1);
      expect(stdout).toMatch(/failed .*shop\/api: .*No stacks today/);
      expect([stacks().length, associations()]).toEqual([0, []]);
    },
  },
  {
    eksctl: "the role's name is taken: the stack is begun and rolls back",
    ours: 'the role is named, and nothing is begun',
    because: 'names are unique in an account, and one request tells',
    act: async ({ run, stacks, writes }) => {
      const { code, stdout } = await run(`${made} --role-name plain`);
      expect(code).toBe(3);
      expect(stdout).toMatch(/there is a role arn:aws:iam::\d+:role\/plain already/);
      expect([stacks().length, writes()]).toEqual([0, {}]);
    },
  },
  {
    eksctl: 'the stack rolls back: it is left in ROLLBACK_COMPLETE, protected, without a word of its events',
    ours: 'the event that failed is told, and the stack is taken away',
    because: 'a retry would fail until somebody deletes it',
    act: async ({ run, world, stacks, associations, writes }) => {
      // The name is another role's, and nobody may look.
      world.faults.scripted.push(refused('iam:GetRole', 'AccessDenied', 'Not allowed.'));
      const { code, stdout } = await run(`${made} --role-name plain`);
      expect(code).toBe(1);
      expect(stdout).toMatch(/Role1.*plain/);
      expect([stacks().length, associations()]).toEqual([0, []]);
      expect(writes()).toMatchObject({ 'cloudformation:DeleteStack': 1 });
    },
  },
  {
    eksctl: 'the namespace cannot be read: "failed to create service account", after the role was made',
    ours: 'the association is made, the service account is named as not made, exit 3',
    because: 'EKS takes an association before its service account; a second run makes what is missing',
    act: async ({ run, cluster, associations, serviceAccount }) => {
      cluster.kube.unreachable = true;
      const { code, stdout } = await run(`${made} --create-service-account`);
      expect(code).toBe(3);
      expect(stdout).toMatch(/service account shop\/api: it is not made: .*could not be read/);
      expect(associations()).toHaveLength(1);
      cluster.kube.unreachable = false;
      expect((await run(`${made} --create-service-account`)).code).toBe(0);
      expect(serviceAccount('shop', 'api')).toBeDefined();
    },
  },
  {
    eksctl: 'creating the association fails: "creating pod identity association", and the role\'s stack is left behind',
    ours: 'the stack of this run is deleted again',
    because: 'a retry would find the stack in its way',
    act: async ({ run, world, stacks, associations }) => {
      world.faults.scripted.push(
        refused('eks:CreatePodIdentityAssociation', 'InvalidRequestException', 'Not this time.'),
      );
      const { code, stdout } = await run(made);
      expect(code).toBe(1);
      expect(stdout).toMatch(/failed shop\/api: .*Not this time/);
      expect([stacks().length, associations()]).toEqual([0, []]);
    },
  },
  {
    eksctl: 'target role, session tags and policy go to the API; no stack',
    act: async ({ run, cluster, writes }) => {
      const target = 'arn:aws:iam::444455556666:role/target';
      const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      const { code } = await run(
        `create ${api} --role-arn ${plain} --target-role-arn ${target} --disable-session-tags --policy ${policy} --tags team=shop,env=prod`,
      );
      expect(code).toBe(0);
      const [association] = [...cluster.associations.values()];
      expect(association).toMatchObject({ roleArn: plain, targetRoleArn: target, disableSessionTags: true, policy });
      expect(Object.fromEntries(association?.tags ?? [])).toEqual({ team: 'shop', env: 'prod' });
      expect(writes()).toEqual({ 'eks:CreatePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl: 'a file with a role and one without: two associations, one stack',
    act: async ({ run, associations, stacks }) => {
      const { code, stdout } = await run(
        'create -f FILE',
        configFile(
          `{namespace: shop, serviceAccountName: api, roleARN: "${plain}"}`,
          `{namespace: shop, serviceAccountName: web, permissionPolicyARNs: ["${readOnly}"], wellKnownPolicies: {externalDNS: true}}`,
        ),
      );
      expect(code, stdout).toBe(0);
      expect(stacks().map(({ name }) => name)).toEqual([stackName('shop/web')]);
      expect(associations()).toEqual([
        'shop/api plain',
        expect.stringMatching(/^shop\/web eksctl-c-podidentityrole-shop-web-Role1-/),
      ]);
    },
  },
  {
    eksctl:
      'the stack: name, tags, capability, protection and output; a custom policy name becomes the resource and its name',
    act: async ({ run, stacks, account }) => {
      const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      const { code } = await run(
        `create ${api} --permission-policy ${policy} --permission-policy-name read-it --role-name shop-api --permissions-boundary-arn ${readOnly} --tags team=shop`,
      );
      expect(code).toBe(0);
      const [stack] = stacks();
      const template = JSON.parse(stack?.template ?? '{}');
      expect(stack).toMatchObject({ name: stackName('shop/api'), terminationProtection: true });
      expect(stack?.capabilities).toEqual(['CAPABILITY_NAMED_IAM']);
      expect(Object.fromEntries(stack?.tags ?? [])).toMatchObject({
        'alpha.eksctl.io/cluster-name': 'c',
        'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'c',
        'alpha.eksctl.io/podidentityassociation-name': 'shop/api',
        team: 'shop',
      });
      expect(template.Resources.Role1.Properties).toMatchObject({
        RoleName: 'shop-api',
        PermissionsBoundary: readOnly,
      });
      expect(template.Resources.readit.Properties.PolicyName).toEqual({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
        'Fn::Sub': '${AWS::StackName}-readit',
      });
      expect(template.Outputs.Role1.Value).toEqual({ 'Fn::GetAtt': 'Role1.Arn' });
      expect(account.roles.has('shop-api')).toBe(true);
    },
  },
  {
    eksctl: 'without a policy name the resource is Policy1',
    act: async ({ run, stacks }) => {
      const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
      expect((await run(`create ${api} --permission-policy ${policy}`)).code).toBe(0);
      expect(Object.keys(JSON.parse(stacks()[0]?.template ?? '{}').Resources)).toEqual(['Policy1', 'Role1']);
    },
  },
  {
    eksctl: 'no agent: refused, with a hint at create addon',
    ours: 'the same; --install-agent installs it first',
    scene: { agent: false },
    act: async ({ run, associations, cluster }) => {
      const without = await run(`create ${api} --role-arn ${plain}`);
      expect(without.code).toBe(3);
      expect(without.stdout).toMatch(/no Pod Identity agent[\s\S]*aws eks create-addon/);
      expect(associations()).toEqual([]);
      expect((await run(`create ${api} --role-arn ${plain} --install-agent`)).code).toBe(0);
      expect(cluster.addons.get('eks-pod-identity-agent')?.status).toBe('ACTIVE');
      expect(associations()).toEqual(['shop/api plain']);
    },
  },
  {
    eksctl: 'EKS Auto Mode counts as the agent',
    scene: { agent: false, cluster: { autoMode: true } },
    act: async ({ run }) => {
      expect((await run(`create ${api} --role-arn ${plain}`)).code).toBe(0);
    },
  },
  {
    eksctl: 'a self-managed agent is not seen: refused',
    ours: 'it counts',
    because: 'it does the same',
    scene: {
      agent: false,
      furnish: ({ world, cluster }) =>
        addSelfManagedAgent(world, cluster, {
          metadata: { labels: { app: 'agent' } },
          spec: { containers: [{ name: 'agent', image: 'public.ecr.aws/eks/eks-pod-identity-agent:v0.1.34' }] },
        }),
    },
    act: async ({ run }) => {
      const { code, stdout } = await run(`create ${api} --role-arn ${plain}`);
      expect(code, stdout).toBe(0);
    },
  },
  {
    eksctl: 'an agent that failed to install counts',
    ours: 'it does not',
    because: 'pods would get no credentials from it',
    scene: {
      agent: false,
      furnish: ({ world, cluster }) =>
        addAddon(world, cluster, {
          name: 'eks-pod-identity-agent',
          status: 'CREATE_FAILED',
          issues: [{ code: 'InsufficientNumberOfReplicas', message: 'no nodes' }],
        }),
    },
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(`create ${api} --role-arn ${plain}`);
      expect(code).toBe(3);
      expect(stdout).toMatch(/CREATE_FAILED.*InsufficientNumberOfReplicas/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'an association is there already: noticed last, after the stack was made',
    ours: 'noticed first: nothing is written; the same role is no error',
    because: 'the stack would be left behind',
    scene: { furnish: site => associate(site, 'shop/api', plain) },
    act: async ({ run, writes }) => {
      const same = await run(`create ${api} --role-arn ${plain}`);
      expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/already as wanted/)]);
      const other = await run(`create ${api} --role-arn ${plain.replace('plain', 'other')}`);
      expect([other.code, other.stdout]).toEqual([3, expect.stringMatching(/gives it role .*\/plain/)]);
      expect((await run(made)).code).toBe(3);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: "an existing service account gets eksctl's managed-by label, whoever's it had",
    ours: 'it is left alone',
    because: 'Helm would no longer know it, and a delete would take it away',
    scene: {
      furnish: ({ world, cluster }) =>
        addServiceAccount(world, cluster, {
          namespace: 'shop',
          name: 'api',
          labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        }),
    },
    act: async ({ run, serviceAccount, writes }) => {
      expect((await run(`create ${api} --role-arn ${plain} --create-service-account`)).code).toBe(0);
      expect(serviceAccount('shop', 'api')?.metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'Helm' });
      expect(writes()).toEqual({ 'eks:CreatePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl: 'a missing service account is made with its namespace and the label managed-by: eksctl',
    act: async ({ run, serviceAccount }) => {
      const { code, stdout } = await run(`create ${api} --role-arn ${plain} --create-service-account`);
      expect(code, stdout).toBe(0);
      expect(serviceAccount('shop', 'api')?.metadata.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'eksctl',
      });
    },
  },
  {
    eksctl: 'a failed stack of that name: CloudFormation refuses it',
    ours: 'found before the first write, with what to do',
    because: 'nothing should be begun that cannot end',
    scene: {
      furnish: ({ world, account }) =>
        addStack(world, account, {
          name: stackName('shop/api'),
          region: 'us-west-2',
          status: 'ROLLBACK_COMPLETE',
          terminationProtection: true,
          tags: { 'alpha.eksctl.io/cluster-name': 'c', 'alpha.eksctl.io/podidentityassociation-name': 'shop/api' },
          template: {
            Resources: {
              Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: podIdentityTrust() } },
            },
          },
        }),
    },
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(made);
      expect(code).toBe(3);
      expect(stdout).toMatch(/ROLLBACK_COMPLETE[\s\S]*podid-tui delete/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'a/b-c and a-b/c want one stack name: the second fails after the first (no test)',
    ours: 'refused before the first write',
    because: 'nothing should be begun that cannot end',
    act: async ({ run, writes }) => {
      const entry = (namespace: string, name: string) =>
        `{namespace: ${namespace}, serviceAccountName: ${name}, permissionPolicyARNs: ["${readOnly}"]}`;
      const { code, stderr } = await run('create -f FILE', configFile(entry('a', 'b-c'), entry('a-b', 'c')));
      expect(code).toBe(2);
      expect(stderr).toMatch(/eksctl-c-podidentityrole-a-b-c/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'a stack name of more than 128 characters: refused by CloudFormation (no test)',
    ours: 'refused before the first write',
    because: 'nothing should be begun that cannot end',
    act: async ({ run, writes }) => {
      const long = 'a'.repeat(120);
      const { code, stdout, stderr } = await run(made.replace('name api', `name ${long}`));
      expect(code, stdout).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(/128/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'a namespace with a dash (no test)',
    act: async ({ run, associations, stacks }) => {
      expect((await run(made.replace('shop', 'shop-eu'))).code).toBe(0);
      expect(associations()).toEqual([expect.stringMatching(/^shop-eu\/api /)]);
      expect(stacks()[0]?.tags.get('alpha.eksctl.io/podidentityassociation-name')).toBe('shop-eu/api');
    },
  },
  {
    eksctl: 'a role with a path',
    scene: { furnish: site => role(site, 'pathed', podIdentityTrust(), { path: '/team/shop/' }) },
    act: async ({ run, cluster }) => {
      const arn = plain.replace('role/plain', 'role/team/shop/pathed');
      expect((await run(`create ${api} --role-arn ${arn}`)).code).toBe(0);
      expect([...cluster.associations.values()][0]?.roleArn).toBe(arn);
    },
  },
  {
    eksctl: 'a role of another account: refused by EKS ("Cross-account pass role is not allowed")',
    ours: 'refused before the first write, with the target role as the way',
    because: 'nothing should be begun that cannot end',
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(`create ${api} --role-arn arn:aws:iam::444455556666:role/x`);
      expect(code).toBe(3);
      expect(stdout).toMatch(/444455556666.*target/);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'a role that is not there: refused by EKS (no test)',
    ours: 'refused before the first write',
    because: 'the plan reads the role',
    act: async ({ run, writes }) => {
      const { code, stdout } = await run(`create ${api} --role-arn ${plain.replace('plain', 'gone')}`);
      expect([code, stdout]).toEqual([3, expect.stringMatching(/gone.*does not exist/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'a role with OIDC trust alone: "Trust policy of the role provided is invalid"',
    ours: 'the statement is added first, and the other one is kept',
    because: 'that is what was meant',
    scene: { furnish: site => role(site, 'irsa', trust(irsaStatement(site.account, site.cluster, 'shop/api'))) },
    act: async ({ run, account, associations }) => {
      expect((await run(`create ${api} --role-arn ${plain.replace('plain', 'irsa')}`)).code).toBe(0);
      expect(JSON.parse(account.roles.get('irsa')?.trustPolicy ?? '{}').Statement).toHaveLength(2);
      expect(associations()).toEqual(['shop/api irsa']);
    },
  },
  {
    eksctl: 'EKS does not see a new role yet: "Role provided in the request does not exist", not retried',
    ours: 'waited out',
    because: 'IAM is eventually consistent',
    act: async ({ run, world, associations }) => {
      world.faults.consistency = 1_500;
      const { code, stdout } = await run(made);
      expect(code, stdout).toBe(0);
      expect(associations()).toHaveLength(1);
    },
  },
  {
    eksctl: 'a cluster that is being created: "cannot perform Kubernetes API operations"',
    ours: 'its status, and --wait-for-cluster',
    because: 'it can be waited for',
    scene: { cluster: { status: 'CREATING' } },
    act: async ({ run, writes }) => {
      const { code, stderr } = await run(`create ${api} --role-arn ${plain}`);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/cluster c is CREATING: .*--wait-for-cluster/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'there is no plan mode',
    ours: '--dry-run prints the plan and writes nothing',
    because: 'one wants to see it first',
    act: async ({ run, json, writes }) => {
      const { code, stdout } = await run(`${made} --dry-run`);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/\(plan\) would create 1 pod identity association/)]);
      const answer = await json(`${made} --dry-run`);
      expect(answer).toMatchObject({ run: null, writes: 0, failed: [] });
      const schema = JSON.parse(readFileSync(new URL('../../docs/plan.schema.json', import.meta.url), 'utf8'));
      const validate = new Ajv2020().compile(schema);
      expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
      expect(writes()).toEqual({});
    },
  },
]);
