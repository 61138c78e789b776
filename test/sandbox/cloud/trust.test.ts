import { describe, expect, it } from 'vitest';
import { podIdentityAllowed, targetRoleAllowed, webIdentityAllowed } from '../../../source/sandbox/cloud/trust.ts';
import { addRole, podIdentityTrust, webIdentityTrust } from '../../../source/sandbox/world.ts';
import { pair, scene } from './scene.ts';

const PODS = { Service: 'pods.eks.amazonaws.com' };
const BOTH = ['sts:AssumeRole', 'sts:TagSession'];

function document(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

describe('Pod Identity', () => {
  const { world, account, cluster } = scene();
  const allowed = (trust: object | string, options = {}) =>
    podIdentityAllowed(
      addRole(world, account, { name: 'r', trust }),
      cluster,
      pair.namespace,
      pair.serviceAccount,
      options,
    );
  const allow = { Effect: 'Allow', Principal: PODS, Action: BOTH };

  it.each<[string, object]>([
    ['the usual statement', podIdentityTrust()],
    ['one statement alone', { Version: '2012-10-17', Statement: allow }],
    ['a list of services', document({ ...allow, Principal: { Service: ['ec2.amazonaws.com', PODS.Service] } })],
    ['actions in two statements', document({ ...allow, Action: BOTH[0] }, { ...allow, Action: BOTH[1] })],
    ['a wildcard action in odd letters', document({ ...allow, Action: 'STS:*' })],
    ['NotAction of something else', document({ Effect: 'Allow', Principal: PODS, NotAction: 'sts:SetSourceIdentity' })],
    ['everyone', document({ ...allow, Principal: '*' })],
    [
      'this cluster',
      document({
        ...allow,
        Condition: { StringEquals: { 'aws:SourceArn': cluster.arn, 'aws:sourceaccount': account.id } },
      }),
    ],
    [
      'clusters like it',
      document({ ...allow, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:*:111122223333:cluster/*' } } }),
    ],
    [
      'the namespace by tag',
      document({ ...allow, Condition: { StringLike: { 'aws:RequestTag/kubernetes-namespace': ['x', 'pay*'] } } }),
    ],
    [
      'a pod to come',
      document({ ...allow, Condition: { StringLike: { 'aws:RequestTag/kubernetes-pod-name': 'api-*' } } }),
    ],
    [
      'a key that must be there',
      document({ ...allow, Condition: { Null: { 'aws:RequestTag/eks-cluster-arn': 'false' } } }),
    ],
    [
      'a tag that may be absent',
      document({ ...allow, Condition: { StringEqualsIfExists: { 'aws:RequestTag/none': 'x' } } }),
    ],
    [
      'some of several tag keys',
      document({ ...allow, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'kubernetes-namespace' } } }),
    ],
    [
      'a Deny for others',
      document(allow, {
        Effect: 'Deny',
        Principal: PODS,
        Action: 'sts:*',
        Condition: { StringNotEquals: { 'aws:SourceAccount': account.id } },
      }),
    ],
    [
      'a Deny for pods to come',
      document(allow, {
        Effect: 'Deny',
        Principal: PODS,
        Action: 'sts:*',
        Condition: { StringLike: { 'aws:RequestTag/kubernetes-pod-name': 'x' } },
      }),
    ],
  ])('is let in by %s', (_what, trust) => {
    expect(allowed(trust)).toBe(true);
  });

  it.each<[string, object | string]>([
    ['text that is no JSON', 'nonsense'],
    ['no statement', document()],
    ['another service', document({ ...allow, Principal: { Service: 'ec2.amazonaws.com' } })],
    ['every account', document({ ...allow, Principal: { AWS: '*' } })],
    ['sts:TagSession missing', document({ ...allow, Action: 'sts:AssumeRole' })],
    ['another cluster', document({ ...allow, Condition: { StringEquals: { 'aws:SourceArn': `${cluster.arn}2` } } })],
    [
      'StringEquals with a wildcard',
      document({ ...allow, Condition: { StringEquals: { 'aws:SourceArn': 'arn:aws:eks:*' } } }),
    ],
    [
      'an ARN pattern of too few parts',
      document({ ...allow, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:*' } } }),
    ],
    [
      'another namespace',
      document({ ...allow, Condition: { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'x' } } }),
    ],
    ['a key that is not sent', document({ ...allow, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })],
    ['an unknown operator', document({ ...allow, Condition: { Like: { 'aws:SourceAccount': '*' } } })],
    [
      'two conditions of which one fails',
      document({
        ...allow,
        Condition: { StringEquals: { 'aws:SourceAccount': account.id }, StringLike: { 'aws:SourceArn': 'x*' } },
      }),
    ],
    ['a plain Deny', document(allow, { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' })],
    ['a Deny for everyone in AWS', document(allow, { Effect: 'Deny', Principal: { AWS: '*' }, Action: '*' })],
    ['only NotAction', document({ Effect: 'Allow', Principal: PODS, NotAction: 'sts:Tag*' })],
  ])('is kept out by %s', (_what, trust) => {
    expect(allowed(trust)).toBe(false);
  });

  it('sends no tags where they are off', () => {
    const tagged = document({
      ...allow,
      Condition: { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'payments' } },
    });
    expect(allowed(tagged, { sessionTags: false })).toBe(false);
    expect(allowed(document({ ...allow, Action: 'sts:AssumeRole' }), { sessionTags: false })).toBe(true);
  });

  it('stays in the account of the cluster', () => {
    const other = { ...account, id: '999988887777', roles: new Map() };
    const role = addRole(world, other, { name: 'r', trust: podIdentityTrust() });
    expect(podIdentityAllowed(role, cluster, pair.namespace, pair.serviceAccount)).toBe(false);
  });

  it('does not see what is not visible yet', () => {
    const role = addRole(world, account, { name: 'r', trust: podIdentityTrust() });
    role.visibleAt = 2000;
    const at = (now: number) => podIdentityAllowed(role, cluster, pair.namespace, pair.serviceAccount, { now });
    expect([at(1999), at(2000)]).toEqual([false, true]);
    role.previousTrustPolicy = role.trustPolicy;
    role.trustPolicy = '{}';
    expect([at(1999), at(2000)]).toEqual([true, false]);
  });
});

describe('web identity', () => {
  const { world, account, cluster } = scene();
  const issuer = cluster.issuer ?? '';
  const allowed = (trust: object, over: { issuer?: string; namespace?: string; audience?: string } = {}) =>
    webIdentityAllowed(
      addRole(world, account, { name: 'r', trust }),
      account,
      over.issuer ?? issuer,
      over.namespace ?? 'payments',
      'api',
      over.audience,
    );
  const usual = webIdentityTrust(account, issuer, 'payments', 'api') as { Statement: [{ Condition: object }] };
  const statement = usual.Statement[0];

  it.each<[string, object]>([
    ['the usual statement', usual],
    ['a wildcard subject', webIdentityTrust(account, issuer, '*', 'api')],
    ['no condition at all', document({ ...statement, Condition: undefined })],
    [
      'keys in other letters',
      document({
        ...statement,
        Condition: { StringEquals: { [`${issuer.toUpperCase()}:SUB`]: ['x', 'system:serviceaccount:payments:api'] } },
      }),
    ],
  ])('is let in by %s', (_what, trust) => {
    expect(allowed(trust)).toBe(true);
  });

  it.each<[string, object]>([
    ['another service account', webIdentityTrust(account, issuer, 'payments', 'other')],
    ['another provider', webIdentityTrust(account, `${issuer}0`, 'payments', 'api')],
    [
      'a wildcard under StringEquals',
      document({ ...statement, Condition: { StringEquals: { [`${issuer}:sub`]: 'system:serviceaccount:*:api' } } }),
    ],
    ['another action', document({ ...statement, Action: 'sts:AssumeRole' })],
    ['Pod Identity alone', podIdentityTrust()],
  ])('is kept out by %s', (_what, trust) => {
    expect(allowed(trust)).toBe(false);
  });

  it('wants the provider in the account, and its audience', () => {
    expect(allowed(usual, { audience: 'other' })).toBe(false);
    const [arn = ''] = account.oidcProviders.keys();
    const provider = account.oidcProviders.get(arn);
    account.oidcProviders.delete(arn);
    expect(allowed(usual)).toBe(false);
    account.oidcProviders.set(arn, provider ?? { url: '', clientIds: [] });
    expect(allowed(usual)).toBe(true);
  });
});

describe('target roles', () => {
  const { world, account, role } = scene();
  const other = { ...account, id: '999988887777', roles: new Map() };
  const allowed = (statement: object, options = {}) =>
    targetRoleAllowed(
      addRole(world, other, { name: 't', trust: document({ Effect: 'Allow', Action: BOTH, ...statement }) }),
      role,
      'eu-west-1/111122223333/blue/payments/api',
      options,
    );

  it('name the role, its account, or its external id', () => {
    expect(allowed({ Principal: { AWS: role.arn } })).toBe(true);
    expect(allowed({ Principal: { AWS: '111122223333' } })).toBe(true);
    expect(allowed({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } })).toBe(true);
    expect(allowed({ Principal: { AWS: `${role.arn}2` } })).toBe(false);
    const condition = (id: string) => ({ Condition: { StringEquals: { 'sts:ExternalId': id } } });
    const Principal = { AWS: role.arn };
    expect(allowed({ Principal, ...condition('eu-west-1/111122223333/blue/payments/api') })).toBe(true);
    expect(allowed({ Principal, ...condition('other') })).toBe(false);
  });

  it('need sts:TagSession only where tags are sent', () => {
    const statement = { Principal: { AWS: role.arn }, Action: 'sts:AssumeRole' };
    expect(allowed(statement)).toBe(false);
    expect(allowed(statement, { sessionTags: false })).toBe(true);
  });
});
