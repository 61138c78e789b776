import fc from 'fast-check';

/** The seed of every property in these tests; printed so that a failure can be run again. */
export const seed = Number(process.env.PODID_SEED ?? 20_261_124);
export const runs = { seed, numRuns: 300, verbose: 1 as const };

export const account = '111122223333';
export const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/AAAABBBBCCCCDDDDEEEEFFFF00001111';
export const cluster = {
  partition: 'aws',
  account,
  region: 'eu-west-1',
  name: 'prod',
  arn: `arn:aws:eks:eu-west-1:${account}:cluster/prod`,
  oidcIssuer: `https://${issuer}`,
};

export const provider = (id = issuer, owner = account) => `arn:aws:iam::${owner}:oidc-provider/${id}`;

/** The statement that IRSA needs for one subject. */
export const webStatement = (subject: string, id = issuer) => ({
  Effect: 'Allow',
  Principal: { Federated: provider(id) },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { [`${id}:sub`]: `system:serviceaccount:${subject}`, [`${id}:aud`]: 'sts.amazonaws.com' },
  },
});

export const podsStatement = (condition?: object) => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  ...(condition && { Condition: condition }),
});

export const policy = (...statements: readonly object[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const oneOrMore = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));

const principal = fc.oneof(
  fc.constant('*'),
  fc.record({ Service: oneOrMore(fc.constantFrom('pods.eks.amazonaws.com', 'ec2.amazonaws.com')) }),
  fc.record({ AWS: oneOrMore(fc.constantFrom('*', `arn:aws:iam::${account}:root`, account)) }),
  fc.record({ Federated: oneOrMore(fc.constantFrom(provider(), provider('token.actions.githubusercontent.com'))) }),
);

const action = oneOrMore(
  fc.constantFrom('sts:AssumeRole', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity', 'sts:*', '*', 'STS:assumerole'),
);

const condition = fc.dictionary(
  fc.constantFrom('StringEquals', 'StringLike', 'StringNotEqualsIfExists', 'ArnLike', 'Null', 'NumericLessThan'),
  fc.dictionary(
    fc.constantFrom(
      'aws:SourceAccount',
      'AWS:sourcearn',
      `${issuer}:sub`,
      'aws:RequestTag/kubernetes-namespace',
      'x:y',
    ),
    oneOrMore(fc.constantFrom('a', '*', account, cluster.arn, 'system:serviceaccount:shop:*', 'true')),
    { maxKeys: 2 },
  ),
  { maxKeys: 2 },
);

const statement = fc
  .record(
    {
      Sid: fc.string({ maxLength: 8 }),
      Effect: fc.constantFrom('Allow', 'Deny'),
      who: fc.tuple(fc.constantFrom('Principal', 'Principal', 'NotPrincipal'), principal),
      what: fc.tuple(fc.constantFrom('Action', 'Action', 'NotAction'), action),
      Condition: condition,
      Note: fc.string({ maxLength: 8 }),
    },
    { requiredKeys: ['Effect', 'who', 'what'] },
  )
  .map(({ who, what, ...rest }) => ({ ...rest, [who[0]]: who[1], [what[0]]: what[1] }));

/** Documents in every shape that IAM takes, written compactly, spaced, or over lines. */
export const documents = fc
  .tuple(
    fc.record(
      {
        Version: fc.constantFrom('2012-10-17', '2008-10-17'),
        Id: fc.string({ maxLength: 8 }),
        Statement: fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 4 })),
        Extra: fc.constantFrom(1, null, true),
      },
      { requiredKeys: ['Statement'] },
    ),
    fc.constantFrom('compact', '  ', '    ', '\t', 'crlf'),
  )
  .map(([value, style]) => {
    if (style === 'compact') return JSON.stringify(value);
    if (style === 'crlf') return JSON.stringify(value, null, 2).replaceAll('\n', '\r\n');
    return JSON.stringify(value, null, style);
  });
