import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfigResult } from '../../../source/files/cluster-config/model.ts';
import { parseClusterConfig } from '../../../source/files/cluster-config/parse.ts';
import { type ConfigContent, configText, exportEksctl } from '../../../source/files/export/cluster-config.ts';
import type { ExportAssociation } from '../../../source/files/export/model.ts';
import type { RoleRecipe, WantedAddon, WantedAssociation } from '../../../source/plan/wanted.ts';
import { wellKnownPolicies } from '../../../source/plan/wanted.ts';

/** Names that are right for Kubernetes and that YAML readers are known to take for something else. */
const odd = [
  'yes',
  'no',
  'on',
  'off',
  'y',
  'n',
  'null',
  'true',
  'false',
  '1',
  '007',
  '1e3',
  '0x1f',
  '2024-01-01',
  '12-30',
];
const label = fc.oneof(fc.constantFrom(...odd), fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/));
const account = '111122223333';
const role = fc
  .stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/)
  .chain(name => fc.constantFrom(`arn:aws:iam::${account}:role/${name}`, `arn:aws:iam::${account}:role/a/b/${name}`));
const policyArn = fc
  .stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/)
  .map(name => `arn:aws:iam::aws:policy/service-role/${name}`);

const tagText = fc.oneof(
  fc.constantFrom(
    ...odd,
    '',
    ' ',
    'a b',
    ' a',
    'a ',
    '12:30:45',
    '=',
    '-',
    '- a',
    'a: b',
    '+1',
    '.5',
    '@x',
    'é ü',
    '日本',
  ),
  fc.stringMatching(/^[A-Za-z0-9 _.:/=+@-]{0,16}$/),
);
const tagKey = tagText.filter(key => key !== '' && !/^aws:/i.test(key));
const tags = fc.dictionary(tagKey, tagText, { maxKeys: 4 });

const word = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    `$${'{aws:PrincipalTag/x}'}`,
    'a\nb',
    '"',
    "'",
    ' : ',
    '# x',
    '\\',
    '2012-10-17',
    '*',
    '1',
    'é',
    'a\rb',
    ' \n x',
    '\u2028',
    '\ud83d\ude00',
  ),
);
const statement = fc.record(
  {
    Sid: word,
    Effect: fc.constantFrom('Allow', 'Deny'),
    Action: fc.array(word, { minLength: 1, maxLength: 3 }),
    Resource: word,
    Condition: fc.dictionary(word, fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())), { maxKeys: 2 }),
  },
  { requiredKeys: ['Effect', 'Action', 'Resource'] },
);
const policy = fc
  .record({ Version: fc.constant('2012-10-17'), Statement: fc.array(statement, { minLength: 1, maxLength: 2 }) })
  .chain(document => fc.constantFrom(JSON.stringify(document), JSON.stringify(document, null, 2)))
  .filter(text => text.length < 2_000 && !text.includes('__proto__'));

const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** Fields that are undefined are not there at all. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;

const session = fc.oneof(
  fc.record({ disableSessionTags: some(fc.boolean()) }),
  fc.record({ disableSessionTags: fc.constant(true), policy }),
);

const recipe: fc.Arbitrary<RoleRecipe> = fc
  .record({
    permissionsBoundaryArn: some(policyArn),
    permissionPolicyArns: fc.uniqueArray(policyArn, { minLength: 1, maxLength: 3 }),
    inline: some(
      fc.record({ permissionPolicy: policy, permissionPolicyName: some(fc.constantFrom('read', '1', 'a.b', 'no')) }),
    ),
    wellKnownPolicies: fc.subarray(wellKnownPolicies.filter(name => name !== 'awsLoadBalancerController')),
  })
  .map(({ inline, ...rest }) => {
    const own = inline && { ...inline, permissionPolicy: JSON.stringify(JSON.parse(inline.permissionPolicy)) };
    return compact({ ...rest, ...(own && compact(own)) }) as RoleRecipe;
  });

const association = (metadataTags: Readonly<Record<string, string>>): fc.Arbitrary<WantedAssociation> =>
  fc
    .record({
      namespace: label,
      serviceAccount: label,
      source: fc.oneof(role, recipe),
      targetRoleArn: some(role),
      session,
      tags,
      createServiceAccount: some(fc.boolean()),
    })
    .map(({ source, session: settings, ...rest }) => {
      const made = typeof source !== 'string';
      return compact({
        ...rest,
        ...compact(settings),
        role: made ? ({ kind: 'made', recipe: source } as const) : ({ kind: 'existing', roleArn: source } as const),
        stackTags: made && Object.keys(metadataTags).length > 0 ? metadataTags : undefined,
      }) as WantedAssociation;
    });

const addon: fc.Arbitrary<WantedAddon> = fc
  .record({
    name: fc.constantFrom('vpc-cni', 'aws-ebs-csi-driver', 'adot', 'coredns'),
    version: some(fc.constantFrom('latest', '1.10', 'v1.2.3-eksbuild.1')),
    associations: fc.uniqueArray(
      fc.record({ serviceAccount: label, role: role.map(roleArn => ({ kind: 'existing', roleArn }) as const) }),
      { maxLength: 3, selector: ({ serviceAccount }) => serviceAccount },
    ),
    tags: some(tags),
  })
  .map(value => compact(value) as WantedAddon);

const content: fc.Arbitrary<ConfigContent> = tags.chain(metadataTags =>
  fc.record({
    clusterName: fc.constantFrom('production', '1', 'no', 'a-b-c'),
    region: fc.constantFrom('us-west-2', 'eu-central-1'),
    metadataTags: fc.constant(metadataTags),
    // Stacks of different accounts can have one name: those files are refused, and have their own tests.
    associations: fc.uniqueArray(association(metadataTags), {
      maxLength: 5,
      selector: one => `${one.namespace}-${one.serviceAccount}`,
    }),
    addons: fc.uniqueArray(addon, { maxLength: 3, selector: ({ name }) => name }),
  }),
);

const problems = (text: string, result: ConfigResult<unknown>): string =>
  result.ok ? '' : `${result.errors.map(({ line, message }) => `${line}: ${message}`).join('\n')}\n${text}`;

describe('a ClusterConfig that was written', () => {
  it('is read back to the same', () => {
    fc.assert(
      fc.property(content, wanted => {
        const text = configText(wanted);
        const result = parseClusterConfig(text, 'cluster.yaml', { mode: 'apply' });
        if (wanted.associations.length + wanted.addons.length === 0) {
          // Such a file says nothing of Pod Identity, which is an error of its own.
          expect(result.ok).toBe(false);
          return;
        }
        if (!result.ok) expect.unreachable(problems(text, result));
        const { clusterName, region, metadataTags, associations, addons } = result.value;
        expect({ clusterName, region, metadataTags, associations, addons }).toEqual(wanted);
        expect(result.warnings).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('of what is there says the same in any order, and is read back to what is there', () => {
    const fact: fc.Arbitrary<ExportAssociation> = fc
      .record({
        id: fc.stringMatching(/^a-[a-z0-9]{17}$/),
        namespace: label,
        serviceAccount: label,
        roleArn: role,
        targetRoleArn: some(role),
        session,
        tags,
        ownerArn: some(
          fc.constantFrom('vpc-cni', 'adot').map(name => `arn:aws:eks:us-west-2:${account}:addon/c/${name}/u-1`),
        ),
      })
      .map(
        ({ session: settings, ...rest }) =>
          compact({
            ...rest,
            disableSessionTags: false,
            ...compact(settings as { readonly disableSessionTags?: boolean }),
          }) as ExportAssociation,
      );
    const facts = fc.uniqueArray(fact, { minLength: 1, maxLength: 6, selector: one => one.serviceAccount });
    fc.assert(
      fc.property(
        facts.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          const cluster = { name: 'c', region: 'us-west-2' };
          const text = exportEksctl(cluster, list);
          expect(exportEksctl(cluster, shuffled)).toBe(text);
          const result = parseClusterConfig(text, 'cluster.yaml', { mode: 'apply' });
          if (!result.ok) expect.unreachable(problems(text, result));
          const own = list.filter(({ ownerArn }) => ownerArn === undefined);
          expect(new Set(result.value.associations.map(bySubject))).toEqual(new Set(own.map(factBySubject)));
          const owned = result.value.addons.flatMap(one =>
            one.associations?.map(two => `${one.name} ${two.serviceAccount}`),
          );
          const there = list.flatMap(one =>
            one.ownerArn ? [`${one.ownerArn.split('/')[2]} ${one.serviceAccount}`] : [],
          );
          expect(owned.toSorted()).toEqual(there.toSorted());
        },
      ),
      { numRuns: 150 },
    );
  });
});

const bySubject = ({ namespace, serviceAccount, role: source, ...rest }: WantedAssociation) => ({
  subject: `${namespace}/${serviceAccount}`,
  roleArn: source.kind === 'existing' ? source.roleArn : undefined,
  targetRoleArn: rest.targetRoleArn,
  disableSessionTags: rest.disableSessionTags ?? false,
  policy: rest.policy,
  tags: rest.tags,
});

const factBySubject = (fact: ExportAssociation) => ({
  subject: `${fact.namespace}/${fact.serviceAccount}`,
  roleArn: fact.roleArn,
  targetRoleArn: fact.targetRoleArn,
  disableSessionTags: fact.disableSessionTags,
  policy: fact.policy,
  tags: fact.tags,
});
