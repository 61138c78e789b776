import { describe, expect, test } from 'vitest';
import {
  addPodIdentityStatement,
  makesRoom,
  type PodIdentityScope,
  parseTrustPolicy,
  policySize,
  trustPolicyQuota,
  trustsPodsIn,
  widening,
} from '../../source/identity/trust-policy.ts';
import { account, cluster, issuer, podsStatement, policy, provider, webStatement } from './policies.ts';
import { github, otherIssuer, subjectOf } from './worlds.ts';

const inAccount: PodIdentityScope = { kind: 'account', account };
const inCluster: PodIdentityScope = { kind: 'cluster', account, clusterArn: cluster.arn };
const forSubjects = (...subjects: string[]): PodIdentityScope => ({
  kind: 'subject',
  account,
  clusterArn: cluster.arn,
  subjects: subjects.map(subjectOf),
});

const add = (text: string, scope: PodIdentityScope, actions?: readonly string[]) => {
  const result = addPodIdentityStatement(text, actions, scope);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};
const before = policy(webStatement('shop:api'));
const added = (scope: PodIdentityScope) => JSON.parse(add(before, scope).text).Statement.slice(1);
const source = { 'aws:SourceAccount': account, 'aws:SourceArn': cluster.arn };
const tagged = (namespace: string, names: string | string[]) =>
  podsStatement({
    StringEquals: {
      ...source,
      'aws:RequestTag/kubernetes-namespace': namespace,
      'aws:RequestTag/kubernetes-service-account': names,
    },
  });

describe('the scope of the statement', () => {
  test('is in its conditions', () => {
    expect(added({ kind: 'none' })).toEqual([podsStatement()]);
    expect(added(inAccount)).toEqual([podsStatement({ StringEquals: { 'aws:SourceAccount': account } })]);
    expect(added(inCluster)).toEqual([podsStatement({ StringEquals: source })]);
    expect(added(forSubjects('shop/api'))).toEqual([tagged('shop', 'api')]);
  });

  test('for several subjects is a statement a namespace, never the cross product', () => {
    expect(added(forSubjects('shop/api', 'pay/web', 'shop/cart', 'shop/api'))).toEqual([
      tagged('shop', ['api', 'cart']),
      tagged('pay', 'web'),
    ]);
  });

  test('that is served already, by whatever form of it, changes nothing', () => {
    const wide = { ArnLike: { 'AWS:sourcearn': 'arn:aws:eks:*:*:cluster/pr*' } };
    const listed = { StringEquals: { 'aws:sourceaccount': ['999988887777', account] } };
    for (const [statement, scope] of [
      [podsStatement(), forSubjects('shop/api')],
      [podsStatement(listed), inCluster],
      [podsStatement(wide), inCluster],
      [podsStatement({ StringLike: { 'aws:RequestTag/kubernetes-namespace': 'sh*' } }), forSubjects('shop/api')],
      [podsStatement({ StringEquals: { 'aws:RequestTag/eks-cluster-name': 'prod' } }), forSubjects('shop/api')],
    ] as const)
      expect(add(policy(statement), scope).changed).toBe(false);
  });

  test('that is served in part gains what is missing only', () => {
    const text = policy(tagged('shop', 'api'));
    expect(JSON.parse(add(text, forSubjects('shop/api', 'shop/web')).text).Statement[1]).toEqual(tagged('shop', 'web'));
    expect(add(text, inCluster).changed).toBe(true);
    expect(add(policy(podsStatement({ StringEquals: source })), inAccount).changed).toBe(true);
    const assume = policy({ ...podsStatement({ StringEquals: source }), Action: 'sts:AssumeRole' });
    expect(JSON.parse(add(assume, inCluster).text).Statement[1].Action).toBe('sts:TagSession');
  });

  test('is not served by a statement with a key that nobody knows, a NotPrincipal, or a condition left open', () => {
    for (const statement of [
      { ...podsStatement(), Resource: '*' },
      { Effect: 'Allow', NotPrincipal: { Service: 'ec2.amazonaws.com' }, Action: '*' },
      podsStatement({ StringEquals: { 'aws:SourceOrgID': 'o-1' } }),
      { ...podsStatement(), Effect: 'Deny' },
    ])
      expect(JSON.parse(add(policy(statement), { kind: 'none' }).text).Statement[1]).toEqual(podsStatement());
  });

  test('is asked of a policy', () => {
    const parsed = parseTrustPolicy(policy(podsStatement({ StringEquals: source })));
    const trusts = (scope: PodIdentityScope) => parsed.ok && trustsPodsIn(parsed.value, scope);
    expect([trusts(inCluster), trusts(forSubjects('a/b')), trusts(inAccount), trusts({ kind: 'none' })]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('what becomes wider', () => {
  const wider = (text: string, scope: PodIdentityScope) => {
    const result = widening(text, cluster.oidcIssuer, scope);
    return result.ok ? result.value.join(' ') : result.reason;
  };

  test('than the subjects of this issuer, by scope', () => {
    const text = policy(webStatement('shop:api'), webStatement('pay:web'), webStatement('x:y', otherIssuer));
    expect(wider(text, { kind: 'none' })).toBe(
      'By web identity the role let in shop/api, pay/web; the new statement lets in every service account of any ' +
        'cluster that somebody associates with the role (which takes eks:CreatePodIdentityAssociation and iam:PassRole).',
    );
    expect(wider(text, inAccount)).toContain('any cluster in the account');
    expect(wider(text, inCluster)).toContain('every service account of the cluster');
    expect(wider(text, forSubjects('shop/api'))).toBe('');
  });

  test('is nothing where nothing is added, or where the issuer had no subject and the cluster is the scope', () => {
    expect(wider(policy(webStatement('shop:api'), podsStatement()), { kind: 'none' })).toBe('');
    const open = policy({ ...webStatement('x:y'), Condition: {} });
    expect(wider(open, inCluster)).toBe('');
    expect(wider(open, inAccount)).toContain('let in any service account of this cluster;');
    expect(wider(policy(webStatement('x:y', otherIssuer)), inCluster)).toContain('let in nobody of this cluster;');
  });

  test('is told of conditions that the new statement does not have, in every scope', () => {
    const { Condition, ...rest } = webStatement('shop:api');
    const text = policy({ ...rest, Condition: { ...Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } });
    expect(wider(text, forSubjects('shop/api'))).toBe(
      'Statement 1 also asks for aws:SourceIp (IpAddress); the new statement does not.',
    );
  });

  test('names wildcards as they are and does not grow without bound', () => {
    const like = { StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:shop:*' } };
    expect(wider(policy({ ...webStatement('x:y'), Condition: like }), inCluster)).toContain('let in shop/*;');
    const many = [...Array(9).keys()].map(index => webStatement(`shop:a${index}`));
    expect(wider(policy(...many), inCluster)).toContain('shop/a4 and 4 more;');
  });
});

describe('what makes room', () => {
  test('statements that say the same, whatever their form', () => {
    const reordered = {
      Sid: 'again',
      Action: ['STS:TagSession', 'sts:AssumeRole'],
      Effect: 'Allow',
      Principal: { Service: ['pods.eks.amazonaws.com'] },
    };
    const text = policy(podsStatement(), reordered);
    const saved = policySize(text) - policySize(policy(podsStatement()));
    expect(makesRoom(text)).toEqual([`Statement 2 says the same as statement 1 and may go: ${saved} characters.`]);
  });

  test('statements for Pod Identity beside an unconditional one', () => {
    const narrow = podsStatement({ StringEquals: source });
    const saved = policySize(policy(narrow, podsStatement())) - policySize(policy(podsStatement()));
    expect(makesRoom(policy(narrow, podsStatement()))).toEqual([
      `Statement 1 allows nothing that statement 2 does not and may go: ${saved} characters.`,
    ]);
    expect(makesRoom(policy({ ...narrow, Effect: 'Deny' }, podsStatement()))).toEqual([]);
    expect(makesRoom(policy({ ...narrow, Action: 'sts:SetSourceIdentity' }, podsStatement()))).toEqual([]);
  });

  test('statements that differ in the subject alone, counted to the character', () => {
    const text = policy(webStatement('shop:api'), podsStatement(), webStatement('shop:web'), webStatement('pay:api'));
    const { Condition, ...rest } = webStatement('shop:api');
    const subjects = ['shop:api', 'shop:web', 'pay:api'].map(name => `system:serviceaccount:${name}`);
    const merged = {
      ...rest,
      Condition: { StringEquals: { ...Condition.StringEquals, [`${issuer}:sub`]: subjects } },
    };
    const saved = policySize(text) - policySize(policy(merged, podsStatement()));
    expect(makesRoom(text)).toEqual([
      `Statements 1, 3 and 4 differ in their subject alone and could be one with a list: ${saved} characters.`,
    ]);
  });

  test('not statements of different issuers, nor with more than one condition on the subject', () => {
    const ci = { ...webStatement('x:y', github), Principal: { Federated: provider(github) } };
    expect(makesRoom(policy(webStatement('shop:api'), webStatement('shop:api', otherIssuer), ci))).toEqual([]);
    const twice = (name: string) => ({
      ...webStatement(name),
      Condition: {
        StringEquals: { [`${issuer}:sub`]: `system:serviceaccount:${name}` },
        StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:shop:*' },
      },
    });
    expect(makesRoom(policy(twice('shop:api'), twice('shop:web')))).toEqual([]);
  });

  test('Sids, when they are worth it; the most room first', () => {
    const named = (Sid: string, subject: string) => ({ Sid, ...webStatement(subject) });
    const text = policy(named('AllowTheShopToUseIt', 'shop:api'), named('AllowPayToUseIt', 'pay:api'));
    const sentences = makesRoom(text);
    expect(sentences).toHaveLength(2);
    expect(sentences[0]).toContain('differ in their subject alone');
    const plain = policy(webStatement('shop:api'), webStatement('pay:api'));
    expect(sentences[1]).toBe(
      `Sids are for people only and may go (statements 1 and 2): ${policySize(text) - policySize(plain)} characters.`,
    );
    expect(makesRoom(policy(named('a', 'shop:api')))).toEqual([]);
  });

  test('not statements with a key that nobody knows: they may mean anything', () => {
    const odd = { ...webStatement('shop:api'), Note: 1 };
    expect(makesRoom(policy(odd, { ...odd, Note: 2 }, webStatement('shop:api')))).toEqual([]);
  });

  test('is found in a policy that is over the quota', () => {
    const many = [...Array(6).keys()].map(index => webStatement(`team-${index}:app`));
    expect(policySize(policy(...many))).toBeGreaterThan(trustPolicyQuota);
    expect(makesRoom(policy(...many))[0]).toMatch(/^Statements 1, 2, 3, 4, 5 and 6 differ .*: 1\d\d\d characters\.$/);
  });

  test('is not checked in a document that cannot be understood', () => {
    expect(makesRoom('{}')).toEqual(['What would make room is not checked: it has no Statement.']);
  });
});
