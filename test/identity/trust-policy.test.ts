import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addPodIdentityStatement,
  decide,
  orphanedPrincipals,
  parseTrustPolicy,
  podIdentityTrust,
  policySize,
  sameDocument,
  subjectOf,
  type TrustRequest,
  trustedIssuers,
  trustsAllPods,
  webIdentityTrust,
} from '../../source/identity/trust-policy.ts';
import {
  account,
  cluster,
  documents,
  issuer,
  podsStatement,
  policy,
  provider,
  runs,
  seed,
  webStatement,
} from './policies.ts';

console.log(`trust-policy properties: seed ${seed}`);

const parsed = (text: string) => {
  const result = parseTrustPolicy(text);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};

const add = (text: string) => {
  const result = addPodIdentityStatement(text);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};

const question = {
  namespace: 'shop',
  serviceAccount: 'api',
  clusterArn: cluster.arn,
  clusterName: cluster.name,
  account,
  sessionTags: true,
};
const podTrust = (text: string, change: Partial<typeof question> = {}) =>
  podIdentityTrust(parsed(text), { ...question, ...change });
const webTrust = (text: string, change: object = {}) =>
  webIdentityTrust(parsed(text), {
    namespace: 'shop',
    serviceAccount: 'api',
    issuer: cluster.oidcIssuer,
    partition: 'aws',
    account,
    ...change,
  });

describe('reading', () => {
  test('takes a single statement, "*" principals, Not forms, lists, an Id and the old version', () => {
    const text = JSON.stringify({
      Version: '2008-10-17',
      Id: 'mine',
      Statement: { Sid: 's', Effect: 'Deny', NotPrincipal: '*', NotAction: 'sts:*' },
    });
    const { version, id, statements } = parsed(text);
    expect({ version, id }).toEqual({ version: '2008-10-17', id: 'mine' });
    expect(statements[0]).toMatchObject({ sid: 's', effect: 'Deny', principals: { negated: true, any: true } });
    expect(statements[0]?.actions).toEqual({ negated: true, patterns: ['sts:*'] });
  });

  test.each([
    ['nothing', '', 'not valid JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['no Statement', '{}', 'has no Statement'],
    ['no Effect', '{"Statement":{"Principal":"*","Action":"a"}}', 'statement 1 has neither'],
    ['no principal', '{"Statement":[{"Effect":"Allow","Action":"a"}]}', 'needs a Principal'],
    ['a number as action', '{"Statement":{"Effect":"Allow","Principal":"*","Action":1}}', 'is not text'],
    ['a strange principal', '{"Statement":{"Effect":"Allow","Principal":{"X":"y"},"Action":"a"}}', 'unknown kind "X"'],
    ['a key twice', '{"Statement":[],"Statement":[]}', 'is there twice'],
  ])('refuses %s in one sentence', (_, text, reason) => {
    const result = parseTrustPolicy(text);
    expect(result.ok ? 'taken' : result.reason).toContain(reason);
  });
});

describe('does it trust Pod Identity', () => {
  test('yes with the documented statement, which allows tags too', () => {
    const { assumeRole, tagSession } = podTrust(policy(webStatement('shop:api'), podsStatement()));
    expect([assumeRole.verdict, tagSession.verdict]).toEqual(['yes', 'yes']);
    expect(assumeRole.evidence).toBe('statement 2 allows it');
  });

  test('no without a statement, and TagSession apart', () => {
    expect(podTrust(policy(webStatement('shop:api'))).assumeRole).toMatchObject({ verdict: 'no', why: 'no-statement' });
    const untagged = podTrust(policy({ ...podsStatement(), Action: 'sts:AssumeRole' }));
    expect([untagged.assumeRole.verdict, untagged.tagSession.verdict]).toEqual(['yes', 'no']);
  });

  test.each([
    ['its cluster', { ArnEquals: { 'aws:SourceArn': cluster.arn } }, 'yes'],
    ['another cluster', { ArnEquals: { 'aws:SourceArn': cluster.arn.replace('prod', 'test') } }, 'no'],
    ['clusters by wildcard', { ArnLike: { 'AWS:SOURCEARN': 'arn:aws:eks:*:*:cluster/pr?d' } }, 'yes'],
    ['its account', { StringEquals: { 'aws:SourceAccount': [account, '999'] } }, 'yes'],
    ['another account', { StringEquals: { 'aws:sourceaccount': '999999999999' } }, 'no'],
    ['its namespace', { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } }, 'yes'],
    ['another service account', { StringEquals: { 'aws:RequestTag/kubernetes-service-account': 'web' } }, 'no'],
    ['its cluster by tag', { StringEquals: { 'aws:RequestTag/eks-cluster-arn': cluster.arn } }, 'yes'],
    ['a name of cluster', { StringLike: { 'aws:RequestTag/eks-cluster-name': 'pr*' } }, 'yes'],
    ['a literal star', { StringEquals: { 'aws:RequestTag/kubernetes-namespace': '*' } }, 'no'],
    ['another namespace, negated', { StringNotEquals: { 'aws:RequestTag/kubernetes-namespace': 'x' } }, 'yes'],
    ['a key nobody knows', { StringEquals: { 'aws:SourceOrgID': 'o-1' } }, 'unchecked'],
    ['an operator nobody knows', { NumericEquals: { 'aws:SourceAccount': '1' } }, 'unchecked'],
    ['a policy variable', { StringEquals: { 'aws:RequestTag/kubernetes-namespace': `\${aws:x}` } }, 'unchecked'],
    ['an unknown key beside a false one', { StringEquals: { 'aws:SourceOrgID': 'o', 'aws:SourceAccount': '1' } }, 'no'],
  ])('conditions on %s', (_, condition, verdict) => {
    expect(podTrust(policy(podsStatement(condition))).assumeRole.verdict).toBe(verdict);
  });

  test('without session tags the tag keys are absent: conditions on them fail, unless they may', () => {
    const key = 'aws:RequestTag/kubernetes-namespace';
    const verdict = (condition: object) =>
      podTrust(policy(podsStatement(condition)), { sessionTags: false }).assumeRole.verdict;
    expect(verdict({ StringEquals: { [key]: 'shop' } })).toBe('no');
    expect(verdict({ StringEqualsIfExists: { [key]: 'shop' } })).toBe('yes');
    expect(verdict({ 'ForAllValues:StringEquals': { [key]: 'x' } })).toBe('yes');
    expect(verdict({ StringNotEquals: { [key]: 'shop' } })).toBe('yes');
    expect(verdict({ Null: { [key]: 'true' } })).toBe('yes');
  });

  test('a Deny wins, also one for everybody; an open Deny leaves it unchecked', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:*' };
    expect(podTrust(policy(podsStatement(), deny)).assumeRole.why).toBe('denied');
    const open = { ...deny, Condition: { Bool: { 'aws:SecureTransport': false } } };
    expect(podTrust(policy(podsStatement(), open)).assumeRole.verdict).toBe('unchecked');
  });

  test('an Allow for everybody, or with keys nobody knows, is never a yes', () => {
    expect(podTrust(policy({ ...podsStatement(), Principal: '*' })).assumeRole.verdict).toBe('unchecked');
    expect(podTrust(policy({ ...podsStatement(), Resource: '*' })).assumeRole.verdict).toBe('unchecked');
  });
});

describe('does it trust the service account by web identity', () => {
  test('yes for its subject, no for others and for other issuers', () => {
    const text = policy(webStatement('shop:api'));
    expect(webTrust(text).verdict).toBe('yes');
    expect(webTrust(text, { serviceAccount: 'web' }).why).toBe('conditions');
    expect(webTrust(text, { issuer: 'https://oidc.example/id/2' }).why).toBe('no-statement');
    expect(webTrust(text, { audience: 'other' }).verdict).toBe('no');
  });

  test('wildcards count with StringLike only; keys match in any letter case; the audience may be missing', () => {
    const like = (operator: string, sub: string) =>
      policy({ ...webStatement('x:y'), Condition: { [operator]: { [`${issuer.toUpperCase()}:SUB`]: sub } } });
    expect(webTrust(like('StringLike', 'system:serviceaccount:shop:*')).verdict).toBe('yes');
    expect(webTrust(like('StringLike', 'system:serviceaccount:sh?p:api')).verdict).toBe('yes');
    expect(webTrust(like('StringEquals', 'system:serviceaccount:shop:*')).verdict).toBe('no');
    expect(webTrust(like('ForAnyValue:StringLike', 'system:serviceaccount:shop:a*')).verdict).toBe('yes');
  });

  test('lists issuers and subjects, Federated lists too', () => {
    const github = 'token.actions.githubusercontent.com';
    const both = { ...webStatement('shop:api'), Principal: { Federated: [provider(), provider(github)] } };
    const issuers = trustedIssuers(parsed(policy(both)));
    expect(issuers.map(({ issuer: id }) => id)).toEqual([issuer, github]);
    expect(issuers[0]?.subjects.map(subjectOf)).toEqual([{ namespace: 'shop', serviceAccount: 'api' }]);
    expect(issuers[1]?.subjects).toEqual([]);
  });
});

test('a condition that asks only whether there is a subject names none', () => {
  const open = { ...webStatement('x:y'), Condition: { Null: { [`${issuer}:sub`]: 'false' } } };
  expect(trustedIssuers(parsed(policy(open)))[0]?.subjects).toEqual([]);
});

describe('adding the Pod Identity statement', () => {
  test('keeps a compact document compact', () => {
    const text = policy(webStatement('shop:api'));
    expect(add(text).text).toBe(policy(webStatement('shop:api'), podsStatement()));
  });

  test.each(['  ', '    ', '\t'])('keeps a document indented by %j as JSON.stringify would have written it', indent => {
    const write = (...statements: object[]) =>
      JSON.stringify({ Version: '2012-10-17', Statement: statements, Id: 'x' }, null, indent);
    expect(add(write(webStatement('a:b'), webStatement('c:d'))).text).toBe(
      write(webStatement('a:b'), webStatement('c:d'), podsStatement()),
    );
  });

  test('makes a list of a single statement and keeps its text', () => {
    const own =
      '{ "Effect" : "Deny", "Principal": "*",\t"Action":"sts:*", "Condition":{"NumericLessThan":{"a:b":1.50}} }';
    const { text } = add(`{"Statement":${own}}`);
    expect(text.startsWith(`{"Statement":[${own}`)).toBe(true);
    expect(parsed(text).statements.map(({ effect }) => effect)).toEqual(['Deny', 'Allow']);
  });

  test('adds only TagSession where AssumeRole is allowed outright', () => {
    const text = policy({ ...podsStatement(), Action: 'sts:AssumeRole' });
    expect(JSON.parse(add(text).text).Statement[1].Action).toBe('sts:TagSession');
  });

  test('changes nothing where an equivalent is there, in whatever form', () => {
    for (const statement of [
      podsStatement(),
      { ...podsStatement(), Action: 'sts:*' },
      { Effect: 'Allow', Principal: { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] }, Action: '*' },
    ])
      expect(add(policy(statement)).changed).toBe(false);
    expect(add(policy(podsStatement({ StringEquals: { 'aws:SourceAccount': '1' } }))).changed).toBe(true);
  });

  test('property: idempotent; every other statement and key stays byte for byte; the result trusts all pods', () => {
    fc.assert(
      fc.property(documents, text => {
        const before = parsed(text);
        const once = add(text);
        const after = parsed(once.text);
        expect(add(once.text)).toEqual({ text: once.text, changed: false });
        expect(trustsAllPods(after)).toBe(true);
        expect(after.statements.slice(0, before.statements.length).map(({ text: own }) => own)).toEqual(
          before.statements.map(({ text: own }) => own),
        );
        expect(after.statements.length - before.statements.length).toBe(once.changed ? 1 : 0);
        const { Statement: _, ...kept } = JSON.parse(text);
        const { Statement: __, ...keptAfter } = JSON.parse(once.text);
        expect(keptAfter).toEqual(kept);
      }),
      runs,
    );
  });

  test('property: every other request is answered as before', () => {
    const requests: fc.Arbitrary<TrustRequest> = fc.record({
      principal: fc.constantFrom(
        { kind: 'service' as const, id: 'ec2.amazonaws.com' },
        { kind: 'service' as const, id: 'pods.eks.amazonaws.com' },
        { kind: 'aws' as const, id: account },
        { kind: 'federated' as const, id: provider() },
      ),
      action: fc.constantFrom(
        'sts:AssumeRole',
        'sts:TagSession',
        'sts:AssumeRoleWithWebIdentity',
        'sts:SetSourceIdentity',
      ),
      context: fc
        .dictionary(
          fc.constantFrom('aws:sourceaccount', 'aws:sourcearn', `${issuer}:sub`.toLowerCase()),
          fc.option(fc.constantFrom(account, cluster.arn, 'a', 'system:serviceaccount:shop:x')),
        )
        .map(context => new Map(Object.entries(context))),
    });
    fc.assert(
      fc.property(documents, requests, (text, request) => {
        const meant =
          request.principal.id === 'pods.eks.amazonaws.com' && /AssumeRole$|TagSession/.test(request.action);
        fc.pre(!meant);
        expect(decide(parsed(add(text).text), request)).toEqual(decide(parsed(text), request));
      }),
      runs,
    );
  });

  test('property: reading does not depend on white space', () => {
    fc.assert(
      fc.property(documents, text => {
        const compact = JSON.stringify(JSON.parse(text));
        const strip = (document: string) => parsed(document).statements.map(({ text: _, ...meaning }) => meaning);
        expect(strip(text)).toEqual(strip(compact));
        expect(sameDocument(text, compact)).toBe(true);
        expect(policySize(text)).toBe(compact.length);
      }),
      runs,
    );
  });
});

test('finds the ids that deleted principals leave behind', () => {
  const text = policy({
    ...podsStatement(),
    Principal: { AWS: ['AROAEXAMPLEEXAMPLE12', `arn:aws:iam::${account}:root`] },
  });
  expect(orphanedPrincipals(parsed(text))).toEqual(['AROAEXAMPLEEXAMPLE12']);
});

test('documents are the same whatever the order of keys, but not of lists', () => {
  expect(sameDocument('{"a":1,"b":[1,2]}', '{ "b":[1,2], "a":1 }')).toBe(true);
  expect(sameDocument('{"b":[1,2]}', '{"b":[2,1]}')).toBe(false);
  expect(sameDocument('not json', 'not json either')).toBe(false);
});
