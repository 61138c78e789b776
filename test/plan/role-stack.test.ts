import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recipeProblem, stackProblem } from '../../source/plan/role-stack/limits.ts';
import { mergeRecipe } from '../../source/plan/role-stack/merge.ts';
import { addonRoleStack, irsaRoleStack, roleStack } from '../../source/plan/role-stack/names.ts';
import { recipeOf } from '../../source/plan/role-stack/recipe.ts';
import { addonStackTags, stackTags } from '../../source/plan/role-stack/tags.ts';
import { capabilitiesOf, roleTemplate } from '../../source/plan/role-stack/template.ts';
import { removeAt, setAt } from '../../source/plan/role-stack/template-edit.ts';
import { wellKnown } from '../../source/plan/role-stack/well-known.ts';
import { type RoleRecipe, wellKnownPolicies } from '../../source/plan/wanted.ts';
import { runs, seed } from '../identity/policies.ts';

console.log(`role stack properties: seed ${seed}`);

const nothing: RoleRecipe = { permissionPolicyArns: [], wellKnownPolicies: [] };
const readOnly = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const policyOf = (statements: readonly object[], id: string) => ({
  Type: 'AWS::IAM::Policy',
  Properties: {
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
    PolicyName: { 'Fn::Sub': `\${AWS::StackName}-${id}` },
    Roles: [{ Ref: 'Role1' }],
  },
});

describe('the template', () => {
  test('has the shape that eksctl gives it', () => {
    const recipe: RoleRecipe = {
      roleName: 'app',
      permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
      permissionPolicyArns: [readOnly],
      permissionPolicy: document,
      wellKnownPolicies: ['imageBuilder', 'externalDNS'],
    };
    const zones = { 'Fn::Sub': `arn:\${AWS::Partition}:route53:::hostedzone/*` };
    expect(JSON.parse(roleTemplate(recipe))).toEqual({
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'IAM role for pod identity association [created and managed by eksctl]',
      Resources: {
        PolicyExternalDNSChangeSet: policyOf(
          [{ Effect: 'Allow', Action: ['route53:ChangeResourceRecordSets'], Resource: zones }],
          'PolicyExternalDNSChangeSet',
        ),
        PolicyExternalDNSHostedZones: policyOf(
          [
            {
              Effect: 'Allow',
              Action: ['route53:ListHostedZones', 'route53:ListResourceRecordSets', 'route53:ListTagsForResource'],
              Resource: '*',
            },
          ],
          'PolicyExternalDNSHostedZones',
        ),
        Policy1: policyOf([{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }], 'Policy1'),
        Role1: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['sts:AssumeRole', 'sts:TagSession'],
                  Principal: { Service: 'pods.eks.amazonaws.com' },
                },
              ],
            },
            ManagedPolicyArns: [
              readOnly,
              { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPowerUser` },
            ],
            PermissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
            RoleName: 'app',
          },
        },
      },
      Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
    });
    expect(capabilitiesOf(recipe)).toEqual(['CAPABILITY_NAMED_IAM']);
  });

  test('leaves out what is not asked for', () => {
    const { Resources } = JSON.parse(roleTemplate({ ...nothing, permissionPolicyArns: [readOnly] }));
    expect(Object.keys(Resources)).toEqual(['Role1']);
    expect(Object.keys(Resources.Role1.Properties)).toEqual(['AssumeRolePolicyDocument', 'ManagedPolicyArns']);
    expect(capabilitiesOf(nothing)).toEqual(['CAPABILITY_IAM']);
  });

  test('a named policy has its letters and digits as its resource', () => {
    const { Resources } = JSON.parse(
      roleTemplate({ ...nothing, permissionPolicy: document, permissionPolicyName: 'read-s3' }),
    );
    expect(Resources.reads3.Properties.PolicyName).toEqual({ 'Fn::Sub': `\${AWS::StackName}-reads3` });
  });

  test('well-known policies: how many statements each has, and no two share a resource', () => {
    const counts = Object.fromEntries(
      wellKnownPolicies.map(name => {
        const realised = wellKnown[name];
        return [
          name,
          realised.kind === 'custom' ? Object.values(realised.policies).map(list => list.length) : realised.name,
        ];
      }),
    );
    expect(counts).toEqual({
      imageBuilder: 'AmazonEC2ContainerRegistryPowerUser',
      autoScaler: [2],
      awsLoadBalancerController: [16],
      externalDNS: [1, 1],
      certManager: [1, 1, 1],
      ebsCSIController: 'service-role/AmazonEBSCSIDriverPolicy',
      efsCSIController: [4],
    });
    const text = roleTemplate({ ...nothing, wellKnownPolicies });
    expect(text).not.toContain('arn:aws:');
    expect(stackProblem(text, {})).toBeUndefined();
    expect(recipeProblem({ wellKnownPolicies }, 'eksctl-c-podidentityrole-a-b')).toBeUndefined();
  });
});

test('names and tags', () => {
  const subject = { namespace: 'shop', serviceAccount: 'api' };
  expect([roleStack('prod', subject), irsaRoleStack('prod', subject), addonRoleStack('prod', 'csi', 'node')]).toEqual([
    'eksctl-prod-podidentityrole-shop-api',
    'eksctl-prod-addon-iamserviceaccount-shop-api',
    'eksctl-prod-addon-csi-podidentityrole-node',
  ]);
  const cluster = { 'alpha.eksctl.io/cluster-name': 'prod', 'eksctl.cluster.k8s.io/v1alpha1/cluster-name': 'prod' };
  expect(stackTags('prod', subject, { meta: '1', team: 'x' }, { team: 'a' })).toEqual({
    ...cluster,
    meta: '1',
    team: 'a',
    'alpha.eksctl.io/podidentityassociation-name': 'shop/api',
  });
  expect(addonStackTags('prod', 'csi', 'node')).toEqual({
    ...cluster,
    'alpha.eksctl.io/addon-name': 'csi',
    'alpha.eksctl.io/addon-podidentityassociation-name': '/node',
  });
});

describe('limits', () => {
  const name = 'eksctl-prod-podidentityrole-shop-api';
  const long = 'x'.repeat(200);
  test.each([
    [{}, `eksctl-${long}`, /207 characters, and CloudFormation takes 128/],
    [{}, 'eksctl-a_b-podidentityrole-x-y', /letters, digits and dashes only/],
    [{}, 'eksctl-prod-podidentityrole-shop-api.v2', /letters, digits and dashes only/],
    [
      { wellKnownPolicies: ['awsLoadBalancerController'] },
      `eksctl-${'x'.repeat(100)}`,
      /PolicyAWSLoadBalancerController, which has 139 characters, and IAM takes 128/,
    ],
    [{ roleName: 'r'.repeat(65) }, name, /65 characters, and IAM takes 64/],
    [{ roleName: 'a b' }, name, /"a b" is not a role name/],
    [{ permissionPolicyArns: ['s3'] }, name, /"s3" is not the ARN of a policy/],
    [{ permissionPolicyArns: ['arn:aws:iam::111122223333:role/x'] }, name, /names a role, not a policy/],
    [{ permissionsBoundaryArn: 'x' }, name, /"x" is not the ARN of a policy/],
    [{ permissionPolicy: '[]' }, name, /not a JSON object/],
    [{ permissionPolicyName: 'x' }, name, /permissionPolicyName requires permissionPolicy to be set/],
    [{ permissionPolicyName: '--', permissionPolicy: '{}' }, name, /at least one alphanumeric character/],
    [{ permissionPolicy: JSON.stringify({ Sid: 'x'.repeat(10_300) }) }, name, /IAM takes 10240 a role/],
  ] as const)('%j', (recipe, stack, reason) => {
    expect(recipeProblem(recipe, stack)).toMatch(reason);
  });

  test('tags and size of the stack', () => {
    expect(stackProblem('{}', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])))).toMatch(
      /51 tags/,
    );
    expect(stackProblem('{}', { 'aws:x': '' })).toMatch(/cannot be set/);
    expect(stackProblem('x'.repeat(51_201), {})).toMatch(/51201 bytes/);
    expect(stackProblem('{}', {})).toBeUndefined();
  });
});

const policyArns = fc.uniqueArray(
  fc.constantFrom('a', 'b', 'c').map(name => `arn:aws:iam::111122223333:policy/${name}`),
);
const partial = fc.record(
  {
    permissionsBoundaryArn: fc.constantFrom('x', 'y').map(name => `arn:aws:iam::111122223333:policy/${name}`),
    permissionPolicyArns: policyArns,
    permissionPolicy: fc.constantFrom(document, '{"Version":"2012-10-17","Statement":[]}'),
    wellKnownPolicies: fc.subarray([...wellKnownPolicies]),
  },
  { requiredKeys: [] },
);
const recipes: fc.Arbitrary<RoleRecipe> = partial.map(part => ({ ...nothing, ...part }));

const sorted = ({ permissionPolicyArns, wellKnownPolicies: names, ...rest }: RoleRecipe) => ({
  ...rest,
  permissionPolicyArns: permissionPolicyArns.toSorted(),
  wellKnownPolicies: names.toSorted(),
});

describe('a change of a template', () => {
  test('law: a recipe comes back from its template', () => {
    fc.assert(
      fc.property(recipes, recipe => {
        const back = recipeOf(roleTemplate(recipe), 'aws');
        expect(back.ok && sorted(back.value)).toEqual(sorted(recipe));
      }),
      runs,
    );
  });

  test('law: what is mentioned is replaced, what is not stays', () => {
    fc.assert(
      fc.property(recipes, partial, (recipe, change) => {
        const merged = mergeRecipe(roleTemplate(recipe), change);
        if (!merged.ok) throw new Error(merged.reason);
        const back = recipeOf(merged.value.template, 'aws');
        expect(back.ok && sorted(back.value)).toEqual(sorted({ ...recipe, ...change }));
        const again = mergeRecipe(merged.value.template, change);
        expect(again).toEqual({ ok: true, value: { template: merged.value.template, parts: [] } });
      }),
      runs,
    );
  });

  test('law: everything else of the template is kept byte for byte', () => {
    const extras = {
      Metadata: { Note: 1.5 },
      Conditions: { Always: { 'Fn::Equals': ['a', 'a'] } },
    };
    fc.assert(
      fc.property(recipes, partial, (recipe, change) => {
        const made = JSON.parse(roleTemplate(recipe));
        made.Resources.Role1.Properties.Tags = [{ Key: 'team', Value: 'x' }];
        made.Resources.Role1.Properties.MaxSessionDuration = 7200;
        made.Resources.Role1.DeletionPolicy = 'Retain';
        made.Resources.Bucket = { Type: 'AWS::S3::Bucket' };
        const before = JSON.stringify({ ...extras, ...made }, null, 2).replace('1.5', '1.50000000000000000001');
        const merged = mergeRecipe(before, change);
        if (!merged.ok) throw new Error(merged.reason);
        const { template } = merged.value;
        expect(template).toContain('1.50000000000000000001');
        const strip = (text: string) => {
          const { Resources, ...rest } = JSON.parse(text);
          const { ManagedPolicyArns: _, PermissionsBoundary: __, ...properties } = Resources.Role1.Properties;
          return { ...rest, Bucket: Resources.Bucket, Role1: { ...Resources.Role1, Properties: properties } };
        };
        expect(strip(template)).toEqual(strip(before));
      }),
      runs,
    );
  });

  test('an empty list or text takes a part away', () => {
    const full = roleTemplate({
      permissionPolicyArns: [readOnly],
      permissionPolicy: document,
      permissionsBoundaryArn: 'arn:aws:iam::1:policy/b',
      wellKnownPolicies: ['certManager', 'ebsCSIController'],
    });
    const merged = mergeRecipe(full, {
      permissionPolicyArns: [],
      permissionPolicy: '',
      permissionsBoundaryArn: '',
      wellKnownPolicies: [],
    });
    expect(merged.ok && JSON.parse(merged.value.template)).toEqual(JSON.parse(roleTemplate(nothing)));
  });

  test('a policy without a well-known name keeps its own, unless another is given', () => {
    const named = roleTemplate({ ...nothing, permissionPolicy: document, permissionPolicyName: 'mine' });
    const other = '{"Version":"2012-10-17","Statement":[]}';
    const kept = mergeRecipe(named, { permissionPolicy: other });
    expect(kept.ok && recipeOf(kept.value.template, 'aws')).toMatchObject({
      value: { permissionPolicy: other, permissionPolicyName: 'mine' },
    });
    const renamed = mergeRecipe(named, { permissionPolicy: other, permissionPolicyName: 'new' });
    expect(renamed.ok && Object.keys(JSON.parse(renamed.value.template).Resources)).toEqual(['Role1', 'new']);
  });

  test('what cannot be understood is refused with its reason', () => {
    const edited = (change: (template: { Resources: Record<string, unknown> }) => void) => {
      const template = JSON.parse(roleTemplate({ ...nothing, permissionPolicy: document }));
      change(template);
      return JSON.stringify(template);
    };
    const two = edited(({ Resources }) => Object.assign(Resources, { Role2: { Type: 'AWS::IAM::Role' } }));
    const more = edited(({ Resources }) => Object.assign(Resources, { Other: { Type: 'AWS::IAM::Policy' } }));
    const dynamic = edited(({ Resources }) =>
      Object.assign((Resources.Role1 as { Properties: object }).Properties, { ManagedPolicyArns: { Ref: 'Arns' } }),
    );
    const reason = (template: string, change: Partial<RoleRecipe>) => {
      const merged = mergeRecipe(template, change);
      return merged.ok ? undefined : merged.reason;
    };
    expect(reason('Resources: {}', { wellKnownPolicies: [] })).toMatch(/not valid JSON/);
    expect(reason('{}', { wellKnownPolicies: [] })).toMatch(/has no role/);
    expect(reason(two, { wellKnownPolicies: [] })).toMatch(/several roles \(Role1, Role2\)/);
    expect(reason(more, { permissionPolicy: '{}' })).toMatch(/several policies of its own \(Policy1, Other\)/);
    expect(reason(more, { permissionPolicy: '{}', permissionPolicyName: 'Other' })).toBeUndefined();
    expect(reason(dynamic, { permissionPolicyArns: [] })).toMatch(/not a plain list/);
    expect(recipeOf(dynamic, 'aws')).toMatchObject({ ok: false });
    expect(reason(dynamic, { permissionPolicy: '{}' })).toBeUndefined();
  });
});

test('law: setting and removing a path of JSON text does what it says and nothing else', () => {
  const keys = fc.constantFrom('a', 'b', 'c');
  const trees = fc.letrec(tie => ({
    tree: fc.oneof({ maxDepth: 3 }, fc.constantFrom(1, 'x', true), fc.dictionary(keys, tie('tree'), { maxKeys: 3 })),
  })).tree;
  const paths = fc.array(keys, { minLength: 1, maxLength: 3 }) as fc.Arbitrary<[string, ...string[]]>;
  fc.assert(
    fc.property(fc.dictionary(keys, trees), paths, fc.constantFrom(undefined, 2, 0), (tree, path, indent) => {
      const text = JSON.stringify(tree, null, indent);
      const set = setAt(text, path, 'new');
      if (set.ok) {
        const at = path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], JSON.parse(set.value));
        expect(at).toBe('new');
        const removed = removeAt(set.value, path);
        const gone = removed.ok
          ? path.reduce<unknown>(
              (node, key) => (node as Record<string, unknown> | undefined)?.[key],
              JSON.parse(removed.value),
            )
          : 1;
        expect(gone).toBeUndefined();
      } else expect(set.reason).toMatch(/is no object/);
    }),
    runs,
  );
});
