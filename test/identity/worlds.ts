import fc from 'fast-check';
import type { Request } from './evaluator.ts';
import { account, cluster, issuer, provider } from './policies.ts';

/** Service accounts, issuers and accounts that generated policies and requests are about. */
export const otherAccount = '444455556666';
export const otherIssuer = 'oidc.eks.us-east-1.amazonaws.com/id/99998888777766665555444433332222';
export const github = 'token.actions.githubusercontent.com';
const issuers = [issuer, otherIssuer, github];
export const ours = provider();
const providers = [ours, provider(otherIssuer), provider(github), provider(issuer, otherAccount)];

export const subjectOf = (text: string) => {
  const [namespace = '', serviceAccount = ''] = text.split('/');
  return { namespace, serviceAccount };
};
export const known = ['shop/api', 'shop/web', 'shop/cart', 'pay/api', 'kube-system/dns'].map(subjectOf);
export const token = ({ namespace, serviceAccount }: { namespace: string; serviceAccount: string }) =>
  `system:serviceaccount:${namespace}:${serviceAccount}`;

const oneOrMore = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));
const sometimes = <T>(weight: number, usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: odd });

const names = fc.constantFrom(...known.map(token));
const patterns = fc.constantFrom(
  'system:serviceaccount:shop:*',
  'system:serviceaccount:*:api',
  'system:serviceaccount:shop:?eb',
  '*',
  'repo:acme/shop:*',
  `system:serviceaccount:\${aws:x}:api`,
);

const usualOperators = fc.constantFrom('StringEquals', 'StringLike');
const oddOperators = fc.constantFrom(
  'ForAnyValue:StringLike',
  'foranyvalue:stringequals',
  'ForAllValues:StringEquals',
  'StringEqualsIfExists',
  'StringLikeIfExists',
  'StringNotEquals',
  'StringNotLike',
  'StringEqualsIgnoreCase',
  'stringequals',
  'ArnLike',
);

/** `iss:sub` in some letter case. */
const subKeys = fc
  .tuple(sometimes(4, fc.constant(issuer), fc.constantFrom(...issuers)), fc.constantFrom(':sub', ':sub', ':SUB'))
  .chain(([id, end]) => fc.constantFrom(`${id}${end}`, `${id}${end}`, `${id.toUpperCase()}${end}`));

type Block = Record<string, Record<string, unknown>>;
type Entry = readonly [operator: string, key: string, value: unknown];

const subEntry: fc.Arbitrary<Entry> = fc.tuple(
  sometimes(3, usualOperators, oddOperators),
  subKeys,
  oneOrMore(sometimes(3, names, patterns)),
);

const audEntry: fc.Arbitrary<Entry> = fc.tuple(
  fc.constantFrom('StringEquals', 'StringLike', 'ForAnyValue:StringEquals'),
  fc.constantFrom(...issuers.map(id => `${id}:aud`)),
  oneOrMore(fc.constantFrom('sts.amazonaws.com', 'other', '*')),
);

const otherEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(
    fc.constantFrom('StringEquals', 'StringLike', 'StringNotEqualsIfExists', 'ArnLike', 'ForAllValues:StringEquals'),
    fc.constantFrom('aws:SourceAccount', 'AWS:sourcearn', 'aws:RequestTag/kubernetes-namespace', 'x:y'),
    oneOrMore(fc.constantFrom('shop', '*', account, cluster.arn, 'arn:aws:eks:*:*:cluster/p*')),
  ),
  fc.tuple(
    fc.constant('Null'),
    fc.constantFrom(`${issuer}:sub`, 'aws:SourceArn'),
    fc.constantFrom('true', 'false', true),
  ),
  fc.tuple(fc.constant('NumericEquals'), fc.constant('aws:EpochTime'), fc.constantFrom(1, 1.5, '2')),
);

const condition = fc
  .tuple(
    fc.array(subEntry, { maxLength: 2 }),
    fc.array(audEntry, { maxLength: 1 }),
    fc.array(otherEntry, { maxLength: 1 }),
  )
  .map(lists => {
    const block: Block = {};
    for (const [operator, key, value] of lists.flat()) block[operator] = { ...block[operator], [key]: value };
    return block;
  });

const federated = fc.record({
  Federated: sometimes<unknown>(
    5,
    oneOrMore(sometimes(2, fc.constant(ours), fc.constantFrom(...providers))),
    fc.shuffledSubarray([ours, provider(issuer, otherAccount)], { minLength: 2 }),
  ),
});
const otherPrincipals = fc.oneof(
  fc.constant('*'),
  fc.record({ Service: oneOrMore(fc.constantFrom('pods.eks.amazonaws.com', 'ec2.amazonaws.com')) }),
  fc.record({ AWS: oneOrMore(fc.constantFrom('*', `arn:aws:iam::${account}:root`)) }),
  fc.record({
    AWS: fc.constant(`arn:aws:iam::${account}:root`),
    Federated: oneOrMore(fc.constantFrom(...providers)),
    Service: fc.constantFrom('pods.eks.amazonaws.com', 'ec2.amazonaws.com'),
  }),
);

const actions = oneOrMore(
  fc.constantFrom('sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:AssumeRole', 'sts:*', 'STS:assumerolewith*'),
);

/** A statement of any kind, most of them about our issuer. */
const statement = fc
  .record(
    {
      Sid: fc.string({ maxLength: 12, unit: 'grapheme' }),
      Effect: sometimes<string>(8, fc.constant('Allow'), fc.constant('Deny')),
      who: fc.tuple(
        sometimes<string>(12, fc.constant('Principal'), fc.constant('NotPrincipal')),
        sometimes<unknown>(3, federated, otherPrincipals),
      ),
      what: fc.tuple(
        sometimes<string>(12, fc.constant('Action'), fc.constant('NotAction')),
        sometimes<unknown>(2, fc.constant('sts:AssumeRoleWithWebIdentity'), actions),
      ),
      Condition: condition,
      note: sometimes<unknown>(12, fc.constant(undefined), fc.constantFrom(null, 1.5, ['x'])),
    },
    { requiredKeys: ['Effect', 'who', 'what', 'note'] },
  )
  .chain(({ who, what, note, ...rest }) => {
    const entries = Object.entries<unknown>({ ...rest, [who[0]]: who[1], [what[0]]: what[1] });
    if (note !== undefined) entries.push(['Note', note]);
    return fc.shuffledSubarray(entries, { minLength: entries.length }).map(order => Object.fromEntries(order));
  });

const policies = fc.record(
  {
    Version: sometimes<string>(3, fc.constant('2012-10-17'), fc.constant('2008-10-17')),
    Id: fc.string({ maxLength: 8, unit: 'grapheme' }),
    Statement: sometimes<unknown>(4, fc.array(statement, { minLength: 1, maxLength: 4 }), statement),
    Extra: fc.constantFrom(1, null, true),
  },
  { requiredKeys: ['Statement'] },
);

const blanks = ['', '', '', ' ', '  ', '\n', '\t', '\r\n   '];

/** JSON in an odd hand: any white space between its parts, any character of a text as an escape. */
function oddly(value: unknown, pick: (among: number) => number): string {
  const gap = () => blanks[pick(blanks.length)] ?? '';
  const text = (plain: string) => {
    const escaped = [...plain].map(sign => {
      if (pick(12) > 0) return JSON.stringify(sign).slice(1, -1);
      return [...Array(sign.length).keys()]
        .map(at => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join('');
    });
    return `"${escaped.join('')}"`;
  };
  const write = (each: unknown): string => {
    if (typeof each === 'string') return text(each);
    if (Array.isArray(each)) return `[${gap()}${each.map(write).join(`${gap()},${gap()}`)}${gap()}]`;
    if (typeof each !== 'object' || each === null) return JSON.stringify(each);
    const entries = Object.entries(each).map(([key, inner]) => `${text(key)}${gap()}:${gap()}${write(inner)}`);
    return `{${gap()}${entries.join(`${gap()},${gap()}`)}${gap()}}`;
  };
  return `${gap()}${write(value)}${gap()}`;
}

/** Trust policies in the whole grammar, written compactly, spaced, over lines, or oddly. */
export const trustDocuments: fc.Arbitrary<string> = fc
  .tuple(policies, fc.constantFrom('compact', '  ', '\t', 'crlf', 'odd', 'odd'), fc.integer())
  .map(([value, style, salt]) => {
    if (style === 'compact') return JSON.stringify(value);
    if (style === 'crlf') return JSON.stringify(value, null, 2).replaceAll('\n', '\r\n');
    if (style !== 'odd') return JSON.stringify(value, null, style);
    let state = salt | 1;
    return oddly(value, among => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
      return (state >>> 16) % among;
    });
  });

/** A token's request: its provider's issuer gives the keys. */
const webRequests: fc.Arbitrary<Request> = fc
  .record({
    id: fc.constantFrom(...providers),
    sub: fc.option(sometimes(6, names, fc.constantFrom('repo:acme/shop:main', 'system:serviceaccount:shop:new')), {
      freq: 12,
      nil: undefined,
    }),
    aud: fc.constantFrom('sts.amazonaws.com', 'other'),
    action: sometimes(
      4,
      fc.constant('sts:AssumeRoleWithWebIdentity'),
      fc.constantFrom('sts:TagSession', 'sts:AssumeRole'),
    ),
    extra: fc.constantFrom({}, { 'aws:EpochTime': '1' }, { 'x:y': 'shop' }),
  })
  .map(({ id, sub, aud, action, extra }) => {
    const from = id.slice(id.indexOf('/') + 1);
    const keys = { [`${from}:aud`]: aud, ...(sub !== undefined && { [`${from}:sub`]: sub }), ...extra };
    return { principal: { type: 'Federated' as const, id }, action, keys };
  });

const clusters = [cluster.arn, cluster.arn.replace('prod', 'test'), cluster.arn.replace(account, otherAccount)];

/** What EKS would ask for a pod, and the same from another service. */
const podRequests: fc.Arbitrary<Request> = fc
  .record({
    id: sometimes(5, fc.constant('pods.eks.amazonaws.com'), fc.constant('ec2.amazonaws.com')),
    action: fc.constantFrom('sts:AssumeRole', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity'),
    arn: sometimes(2, fc.constant(cluster.arn), fc.constantFrom(...clusters)),
    subject: fc.constantFrom(...known),
    tags: sometimes(4, fc.constant(true), fc.constant(false)),
  })
  .map(({ id, action, arn, subject, tags }) => ({
    principal: { type: 'Service' as const, id },
    action,
    keys: {
      'aws:SourceArn': arn,
      'aws:SourceAccount': arn.split(':')[4] ?? '',
      ...(tags && {
        'aws:RequestTag/eks-cluster-arn': arn,
        'aws:RequestTag/eks-cluster-name': arn.split('/')[1] ?? '',
        'aws:RequestTag/kubernetes-namespace': subject.namespace,
        'aws:RequestTag/kubernetes-service-account': subject.serviceAccount,
      }),
    },
  }));

const awsRequests: fc.Arbitrary<Request> = fc
  .constantFrom('sts:AssumeRole', 'sts:TagSession')
  .map(action => ({ principal: { type: 'AWS' as const, id: `arn:aws:iam::${account}:root` }, action, keys: {} }));

export const requests = fc.oneof(
  { weight: 4, arbitrary: webRequests },
  { weight: 3, arbitrary: podRequests },
  { weight: 1, arbitrary: awsRequests },
);
export { podRequests, webRequests };
