/**
 * What eksctl refuses before it does anything, case by case, and what is said of it here. A row without `differs` must say
 * what eksctl says; one with it tells why not. Nothing of this needs a world, so it runs in this process.
 */
import { describe, expect, test } from 'vitest';
import { problemsOf } from '../commands/run-command.ts';

type Row = {
  /** eksctl's sentence, or what it does. */
  readonly eksctl: string;
  readonly run: string;
  /** On standard input, for `-f -`. */
  readonly file?: string;
  /** All that is said, in order; what comes after an ellipsis is left out. */
  readonly says: readonly string[];
  /** Why we say something else. */
  readonly differs?: string;
};

const role = 'arn:aws:iam::111122223333:role/r';
const policyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
const subject = '--cluster c --namespace default --service-account-name sa1';
const head = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n';
const metadata = 'metadata: {name: my-cluster, region: us-west-2}\n';

/** A file with these fields in its only association. */
const config = (...fields: readonly string[]): string =>
  `${head}${metadata}iam:\n  podIdentityAssociations:\n    - namespace: default\n      serviceAccountName: sa1\n${fields.map(field => `      ${field}\n`).join('')}`;

/** A file with one add-on. */
const addon = (name: string, ...fields: readonly string[]): string =>
  `${head}${metadata}addons:\n  - name: ${name}\n${fields.map(field => `    ${field}\n`).join('')}`;

const sessionPolicy = `'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'`;
const association = 'iam.podIdentityAssociations[0]';
const noList = 'iam.podIdentityAssociations must be set';

const shared: readonly Row[] = [
  {
    eksctl: 'json: unknown field "roleArn"',
    run: 'create -f -',
    file: config('roleArn: x'),
    says: [`-:8:7: ${association}.roleArn is not a field that eksctl knows; did you mean "roleARN"?`],
    differs: 'the line, the path and the field that was meant are named',
  },
  {
    eksctl: 'metadata must be set',
    run: 'create -f -',
    file: head,
    says: ['-:1:1: metadata must be set…', `-:1:1: ${noList}`],
  },
  {
    eksctl: 'metadata.name must be set',
    run: 'delete -f -',
    file: `${head}metadata: {region: us-west-2}\n`,
    says: [`-:1:1: ${noList}`, '-:3:11: metadata.name must be set'],
  },
  {
    eksctl: 'metadata.region must be set',
    run: 'get -f -',
    file: `${head}metadata: {name: my-cluster}\n`,
    says: ['-:3:11: metadata.region must be set'],
  },
  {
    eksctl: '--region=mars is not supported - use one of: ...',
    run: 'get -f -',
    file: `${head}metadata: {name: my-cluster, region: mars}\n`,
    says: ['-:3:38: metadata.region must be an AWS region, e.g. us-west-2, not "mars"'],
    differs: 'new regions need no new release: only what can be no region is refused',
  },
  {
    eksctl: 'cannot use name argument when --config-file/-f is set',
    run: 'create my-cluster -f -',
    file: config(`roleARN: ${role}`),
    says: ['create takes no "my-cluster": it is about pod identity associations'],
    differs: 'there is no name argument',
  },
  {
    eksctl: 'loading config file "nowhere.yaml": open nowhere.yaml: no such file or directory',
    run: 'update -f nowhere.yaml',
    says: ['loading config file "nowhere.yaml": ENOENT'],
    differs: "the system's own word",
  },
  {
    eksctl: 'unknown flag: --nope',
    run: 'create --nope',
    says: ["Unknown option '--nope'"],
    differs: 'the words of Node',
  },
  {
    eksctl: '--profile is unknown to create, get and migrate',
    run: 'create --profile p --cluster c --namespace default --service-account-name sa1',
    says: ['at least one of the following flags must be specified: --role-arn…'],
    differs: 'every command takes --profile, --region and --timeout; only the missing role is refused here',
  },
];

const create: readonly Row[] = [
  {
    eksctl: '--cluster must be set',
    run: `create --namespace n --service-account-name s --role-arn ${role}`,
    says: ['--cluster must be set'],
  },
  {
    eksctl: '--namespace is required',
    run: `create --cluster c --service-account-name s --role-arn ${role}`,
    says: ['--namespace is required'],
  },
  {
    eksctl: '--service-account-name is required',
    run: `create --cluster c --namespace n --role-arn ${role}`,
    says: ['--service-account-name is required'],
  },
  {
    eksctl:
      'at least one of the following flags must be specified: --role-arn, --permission-policy-arns, --well-known-policies',
    run: `create ${subject}`,
    says: [
      'at least one of the following flags must be specified: --role-arn, --permission-policy-arns, --well-known-policies, --permission-policy',
    ],
  },
  {
    eksctl: '--permission-policy-arns cannot be specified when --role-arn is set',
    run: `create ${subject} --role-arn ${role} --permission-policy-arns ${policyArn}`,
    says: ['--permission-policy-arns cannot be specified when --role-arn is set'],
  },
  {
    eksctl: '--well-known-policies cannot be specified when --role-arn is set',
    run: `create ${subject} --role-arn ${role} --well-known-policies autoScaler`,
    says: ['--well-known-policies cannot be specified when --role-arn is set'],
  },
  {
    eksctl: '--role-name beside --role-arn is ignored',
    run: `create ${subject} --role-arn ${role} --role-name mine`,
    says: ['--role-name cannot be specified when --role-arn is set'],
    differs: 'what has no effect is refused',
  },
  {
    eksctl: '--permission-boundary-arn beside --role-arn is ignored',
    run: `create ${subject} --role-arn ${role} --permission-boundary-arn ${policyArn}`,
    says: ['--permission-boundary-arn cannot be specified when --role-arn is set'],
    differs: 'what has no effect is refused',
  },
  {
    eksctl: 'invalid wellKnownPolicy: everything',
    run: `create ${subject} --well-known-policies AUTOSCALER,everything`,
    says: ['invalid wellKnownPolicy: everything…'],
  },
  {
    eksctl: '--disable-session-tags must be set to true when using --policy',
    run: `create ${subject} --role-arn ${role} --policy {"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
    says: ['--disable-session-tags must be set to true when using --policy'],
  },
  {
    eksctl: '--disable-session-tags=false counts as true, so a policy beside it is taken',
    run: `create ${subject} --role-arn ${role} --disable-session-tags=false --policy {"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
    says: ['--disable-session-tags must be set to true when using --policy'],
    differs: 'false means false',
  },
  {
    eksctl:
      '--permission-policy-arn is checked beside -f in place of --permission-policy-arns: ignored, like --tags and --region',
    run: `create -f - --permission-policy-arns ${policyArn} --tags a=b --region us-west-2`,
    file: config(`roleARN: ${role}`),
    says: [
      'cannot use --region when --config-file/-f is set',
      'cannot use --permission-policy-arns when --config-file/-f is set',
      'cannot use --tags when --config-file/-f is set',
    ],
    differs: 'no flag beside a file is ignored',
  },
  ...[
    '--cluster c',
    '--namespace n',
    '--service-account-name s',
    `--role-arn ${role}`,
    '--role-name r',
    `--permission-boundary-arn ${policyArn}`,
    '--well-known-policies autoScaler',
    '--create-service-account',
    `--target-role-arn ${role}`,
    '--disable-session-tags',
    '--policy {}',
  ].map(flag => {
    const sentence = `cannot use ${flag.split(' ')[0]} when --config-file/-f is set`;
    return { eksctl: sentence, run: `create -f - ${flag}`, file: config(`roleARN: ${role}`), says: [sentence] };
  }),
  {
    eksctl: 'an ARN, a name, a tag or a policy that cannot be is sent to AWS, and refused there after a stack was made',
    run: `create --cluster c --namespace Default --service-account-name s_a --permission-policy-arns S3 --permissions-boundary-arn b --role-name a:b --tags aws:x=1,y --target-role-arn t --permission-policy [] --permission-policy-name=--`,
    says: [
      '--namespace must be a Kubernetes namespace…',
      '--service-account-name must be the name of a Kubernetes service account…',
      '--target-role-arn must be an IAM role ARN…',
      '--permission-policy-arns must be an IAM policy ARN…',
      '--permission-policy must be a policy document…',
      '--permission-policy-name "--" must contain at least one alphanumeric character',
      '--role-name must have letters, digits and +=,.@-_ only…',
      '--permissions-boundary-arn must be an IAM policy ARN…',
      '--tags aws:x must not have a key that begins with "aws:"…',
      '--tags "y" is not KEY=VALUE',
    ],
    differs: 'all of it is found before the first call',
  },
];

const getRows: readonly Row[] = [
  { eksctl: '--cluster must be set', run: 'get', says: ['--cluster must be set (or --all, or --config-file)'] },
  {
    eksctl: '--namespace must be set in order to specify --service-account-name',
    run: 'get --cluster c --service-account-name s',
    says: ['--namespace must be set in order to specify --service-account-name'],
  },
  {
    eksctl: 'beside -f the same is not checked',
    run: 'get -f - --service-account-name s',
    file: `${head}${metadata}`,
    says: ['--namespace must be set in order to specify --service-account-name'],
    differs: 'it means the same there',
  },
  {
    eksctl: 'cannot use --cluster when --config-file/-f is set',
    run: 'get -f - --cluster c',
    file: `${head}${metadata}`,
    says: ['cannot use --cluster when --config-file/-f is set'],
  },
  {
    eksctl: '--region beside -f is overridden by the file',
    run: 'get -f - --region eu-west-1',
    file: `${head}${metadata}`,
    says: ['cannot use --region when --config-file/-f is set'],
    differs: 'no flag beside a file is ignored',
  },
  {
    eksctl: 'unknown output printer type: expected {"yaml","json","table"} but got "xml", after all calls',
    run: 'get --cluster c -o xml',
    says: ['--output must be one of table, wide, json, yaml, not "xml"'],
    differs: 'told before the first call; there is wide too',
  },
];

const update: readonly Row[] = [
  {
    eksctl: '--namespace is required',
    run: 'update --cluster c --service-account-name s --policy=',
    says: ['--namespace is required'],
  },
  {
    eksctl: '--service-account-name is required',
    run: 'update --cluster c --namespace n --policy=',
    says: ['--service-account-name is required'],
  },
  {
    eksctl: '--role-arn is required',
    run: `update ${subject}`,
    says: ['nothing is to be changed: say what, e.g. --role-arn, --target-role-arn, --policy or --tags'],
    differs: 'anything may be changed alone: what is not mentioned stays',
  },
  {
    eksctl: '--disable-session-tags must be set to true when using --policy',
    run: `update ${subject} --role-arn ${role} --no-disable-session-tags --policy {"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
    says: ['--disable-session-tags must be set to true when using --policy'],
  },
  {
    eksctl: '--no-disable-session-tags wins over --disable-session-tags',
    run: `update ${subject} --no-disable-session-tags --disable-session-tags`,
    says: ['--disable-session-tags and --no-disable-session-tags contradict each other'],
    differs: 'a contradiction is a mistake',
  },
  {
    eksctl: '--no-disable-session-tags beside -f is ignored',
    run: 'update -f - --no-disable-session-tags',
    file: config(`roleARN: ${role}`),
    says: ['cannot use --disable-session-tags when --config-file/-f is set'],
    differs: 'no flag beside a file is ignored',
  },
  ...[
    '--namespace n',
    '--service-account-name s',
    `--role-arn ${role}`,
    `--target-role-arn ${role}`,
    '--disable-session-tags',
    '--policy {}',
  ].map(flag => {
    const sentence = `cannot use ${flag.split(' ')[0]} when --config-file/-f is set`;
    return { eksctl: sentence, run: `update -f - ${flag}`, file: config(`roleARN: ${role}`), says: [sentence] };
  }),
  {
    eksctl: 'a policy beside disableSessionTags: false in a file is not checked',
    run: 'update -f -',
    file: config(`policy: ${sessionPolicy}`, 'disableSessionTags: false'),
    says: [`-:8:15: ${association}.policy requires disableSessionTags: true…`],
    differs: 'EKS would refuse it',
  },
];

const deleteRows: readonly Row[] = [
  {
    eksctl: '--cluster must be set',
    run: 'delete --namespace n --service-account-name s',
    says: ['--cluster must be set'],
  },
  {
    eksctl: '--namespace is required',
    run: 'delete --cluster c',
    says: ['--namespace is required', '--service-account-name is required'],
  },
  ...['--namespace n', '--service-account-name s'].map(flag => {
    const sentence = `cannot use ${flag.split(' ')[0]} when --config-file/-f is set`;
    return { eksctl: sentence, run: `delete -f - ${flag}`, file: config(), says: [sentence] };
  }),
];

const migrateRows: readonly Row[] = [
  { eksctl: '--cluster must be set', run: 'migrate', says: ['--cluster must be set'] },
];

const file: readonly Row[] = [
  {
    eksctl: 'no iam.podIdentityAssociations specified in the config file',
    run: 'create -f -',
    file: `${head}${metadata}`,
    says: [`-:1:1: ${noList}`],
    differs: 'in the words of the other fields, with its place',
  },
  {
    eksctl: 'no iam.podIdentityAssociations specified in the config file',
    run: 'delete -f -',
    file: `${head}${metadata}iam: {podIdentityAssociations: []}\n`,
    says: ['-:4:32: iam.podIdentityAssociations must have at least one association'],
    differs: 'in the words of the other fields, with its place',
  },
  {
    eksctl: `${association}.namespace must be set`,
    run: 'update -f -',
    file: `${head}${metadata}iam: {podIdentityAssociations: [{serviceAccountName: s}]}\n`,
    says: [`-:4:33: ${association}.namespace must be set`],
  },
  {
    eksctl: `${association}.serviceAccountName must be set`,
    run: 'delete -f -',
    file: `${head}${metadata}iam: {podIdentityAssociations: [{namespace: default}]}\n`,
    says: [`-:4:33: ${association}.serviceAccountName must be set`],
  },
  {
    eksctl: `at least one of the following must be specified: ${association}.roleARN, ${association}.permissionPolicy, ${association}.permissionPolicyARNs, ${association}.wellKnownPolicies`,
    run: 'create -f -',
    file: config(),
    says: [
      `-:6:7: ${association}.roleARN must be set, or one of permissionPolicy, permissionPolicyARNs, wellKnownPolicies…`,
    ],
    differs: 'one sentence for one place',
  },
  ...[
    ['permissionPolicy', `permissionPolicy: ${sessionPolicy.slice(1, -1)}`],
    ['permissionPolicyARNs', `permissionPolicyARNs: [${policyArn}]`],
    ['wellKnownPolicies', 'wellKnownPolicies: {autoScaler: true}'],
  ].map(([name = '', line = '']) => ({
    eksctl: `${association}.${name} cannot be specified when ${association}.roleARN is set`,
    run: 'create -f -',
    file: config(`roleARN: ${role}`, line),
    says: [`-:9:${9 + name.length}: ${association}.${name} cannot be specified when roleARN is set…`],
    differs: 'the path is said once',
  })),
  {
    eksctl: `${association}: permissionPolicyName requires permissionPolicy to be set, after the first calls`,
    run: 'create -f -',
    file: config(`permissionPolicyARNs: [${policyArn}]`, 'permissionPolicyName: mine'),
    says: [`-:9:29: ${association}.permissionPolicyName requires permissionPolicy to be set`],
    differs: 'told before the first call, with the path of the field',
  },
  {
    eksctl: `${association}: permissionPolicyName "--" must contain at least one alphanumeric character, after the first calls`,
    run: 'create -f -',
    file: config(`permissionPolicy: ${sessionPolicy.slice(1, -1)}`, 'permissionPolicyName: "--"'),
    says: [`-:9:29: ${association}.permissionPolicyName must have at least one letter or digit`],
    differs: 'told before the first call, with the path of the field',
  },
  {
    eksctl: 'two entries for one service account are not noticed',
    run: 'create -f -',
    file: `${config(`roleARN: ${role}`)}    - {namespace: default, serviceAccountName: sa1, roleARN: "${role}"}\n`,
    says: [
      '-:9:7: iam.podIdentityAssociations[1] is for the same service account (default/sa1) as iam.podIdentityAssociations[0] (line 6)',
    ],
    differs: 'the second would fail after the first was made',
  },
  {
    eksctl: 'ARNs, names and policies are not checked',
    run: 'create -f -',
    file: config('roleARN: arn:aws:iam::1:role/r', `policy: '{}'`, 'disableSessionTags: true'),
    says: [
      `-:8:16: ${association}.roleARN must be an IAM role ARN…`,
      `-:9:15: ${association}.policy must be a policy document…`,
    ],
    differs: 'all of it is found before the first call',
  },
  {
    eksctl: '--disable-session-tags must be set to true when using --policy',
    run: 'create -f -',
    file: config(`roleARN: ${role}`, `policy: ${sessionPolicy}`),
    says: [`-:9:15: ${association}.policy requires disableSessionTags: true…`],
    differs: 'names the field, not a flag',
  },
];

const entry = `podIdentityAssociations: [{namespace: kube-system, serviceAccountName: s, roleARN: "${role}"`;
const addons: readonly Row[] = [
  {
    eksctl: 'cannot set IRSA config (...) and pod identity associations at the same time',
    run: 'apply -f -',
    file: addon('vpc-cni', `serviceAccountRoleARN: ${role}`, `${entry}}]`),
    says: ['-:6:28: addons[0].serviceAccountRoleARN cannot be set beside podIdentityAssociations…'],
    differs: 'names the field that is one too many',
  },
  {
    eksctl: 'cannot set pod identity associations for "eks-pod-identity-agent" addon',
    run: 'apply -f -',
    file: addon('eks-pod-identity-agent', `${entry}}]`),
    says: ['-:6:30: addons[0].podIdentityAssociations cannot be set for eks-pod-identity-agent…'],
    differs: 'with its place',
  },
  {
    eksctl:
      'wellKnownPolicies is not supported for addon.podIdentityAssociations; use addon.useDefaultPodIdentityAssociations instead',
    run: 'apply -f -',
    file: addon('vpc-cni', 'podIdentityAssociations: [{serviceAccountName: s, wellKnownPolicies: {autoScaler: true}}]'),
    says: ['-:6:*: addons[0].podIdentityAssociations[0].wellKnownPolicies is not supported for add-ons…'],
    differs:
      'with its place; and the namespace, which means nothing for an add-on, may be left out as the documentation does',
  },
  {
    eksctl: 'tags is not supported for addon.podIdentityAssociations',
    run: 'apply -f -',
    file: addon('vpc-cni', `${entry}, tags: {a: b}}]`),
    says: ['-:6:*: addons[0].podIdentityAssociations[0].tags is not supported for add-ons'],
    differs: 'with its place',
  },
  {
    eksctl: 'cannot specify both addon.useDefaultPodIdentityAssociations and addon.podIdentityAssociations',
    run: 'apply -f -',
    file: addon('vpc-cni', 'useDefaultPodIdentityAssociations: true', `${entry}}]`),
    says: ['-:7:30: addons[0].podIdentityAssociations cannot be set beside useDefaultPodIdentityAssociations…'],
    differs: 'names the field that is one too many',
  },
  {
    eksctl:
      'cannot specify serviceAccountRoleARN, wellKnownPolicies, attachPolicy or attachPolicyARNs when addon.useDefaultPodIdentityAssociations is set',
    run: 'apply -f -',
    file: addon('vpc-cni', 'useDefaultPodIdentityAssociations: true', `attachPolicyARNs: [${policyArn}]`),
    says: ['-:7:23: addons[0].attachPolicyARNs cannot be set beside useDefaultPodIdentityAssociations…'],
    differs: 'names the field that is one too many',
  },
  ...[
    ['targetRoleARN', `"${role}"`],
    ['disableSessionTags', 'true'],
    ['policy', sessionPolicy],
    ['createServiceAccount', 'true'],
  ].map(([name = '', value = '']) => ({
    eksctl: `${name} of an add-on's association is dropped`,
    run: 'apply -f -',
    file: addon('vpc-cni', `${entry}, ${name}: ${value}}]`),
    says: [`-:6:*: addons[0].podIdentityAssociations[0].${name} is not supported for add-ons…`],
    differs: 'what has no effect is refused',
  })),
];

/** Words of a command line; a flag's value here has no blanks. */
const words = (run: string): readonly string[] => run.split(' ');

/** `-:` stands for standard input, `*` for any column, `…` at the end for the rest. */
function matches(said: string, row: string): boolean {
  const text = said.replace(/^standard input:(\d+):(\d+)/, row.includes(':*:') ? '-:$1:*' : '-:$1:$2');
  return row.endsWith('…') ? text.startsWith(row.slice(0, -1)) : text === row;
}

describe.each([
  ['every command (1.1)', shared],
  ['create (1.2)', create],
  ['get (1.3)', getRows],
  ['update (1.4)', update],
  ['delete (1.5)', deleteRows],
  ['migrate (1.6)', migrateRows],
  ['files (2.2)', file],
  ["files' add-ons (2.3)", addons],
])('%s', (_, rows) => {
  test.each(rows.map(row => ({ ...row, name: `${row.eksctl}: ${row.run.slice(0, 60)}` })))('$name', async row => {
    const said = await problemsOf(words(row.run), row.file);
    const same = said.length === row.says.length && said.every((one, index) => matches(one, row.says[index] ?? ''));
    expect(same ? row.says : said).toEqual(row.says);
    if (!row.differs) expect(said.some(one => one.includes(row.eksctl))).toBe(true);
  });
});
