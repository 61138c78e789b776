import { describe, expect, it } from 'vitest';
import { bearerToken } from '../shell/bearer.ts';
import { scene } from './scene.ts';

function callers() {
  const made = scene();
  const token = (name = 'prod') =>
    bearerToken({ ...made.caller, name: 'alice', region: 'eu-west-1' }, name, made.world.now);
  const ask = (method: string, path: string, sent = {}) => made.json(method, path, { ...sent, token: token() });
  return { ...made, token, ask };
}

describe('access to a cluster', () => {
  it('takes an EKS token of a caller with an access entry, and no other', () => {
    const { cluster, caller, json, ask, token } = callers();
    expect(ask('GET', '/api/v1/namespaces').code).toBe(200);
    const unauthorized = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    };
    expect(json('GET', '/api/v1/namespaces', { token: token('other') })).toEqual(unauthorized);
    expect(json('GET', '/api/v1/namespaces', { token: 'bad' })).toEqual(unauthorized);
    cluster.accessEntries.delete(caller.accessKeyId);
    expect(ask('GET', '/api/v1/namespaces')).toEqual(unauthorized);
  });

  it('calls a request without a token anonymous: it may look at health and version only', () => {
    const { json, send } = callers();
    expect(json('GET', '/api/v1/namespaces', { token: undefined })).toMatchObject({
      code: 403,
      message:
        'namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope',
    });
    expect(send('GET', '/readyz', { token: undefined })).toMatchObject({ status: 200, body: 'ok' });
    expect(json('GET', '/apis', { token: undefined }).message).toBe(
      'forbidden: User "system:anonymous" cannot get path "/apis"',
    );
  });

  it.each([
    [
      'kubernetes:list serviceaccounts',
      'GET',
      '/api/v1/serviceaccounts',
      'serviceaccounts is forbidden: User "ARN" cannot list resource "serviceaccounts" in API group "" at the cluster scope',
    ],
    [
      'kubernetes:*',
      'GET',
      '/api/v1/namespaces/shop/serviceaccounts/a',
      'serviceaccounts "a" is forbidden: User "ARN" cannot get resource "serviceaccounts" in API group "" in the namespace "shop"',
    ],
    [
      'kubernetes:patch *',
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/a',
      'deployments.apps "a" is forbidden: User "ARN" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'kubernetes:watch pods',
      'GET',
      '/api/v1/pods?watch=true',
      'pods is forbidden: User "ARN" cannot watch resource "pods" in API group "" at the cluster scope',
    ],
  ])('with %s denies %s %s', (denial, method, path, message) => {
    const { caller, ask } = callers();
    caller.denied.add(denial);
    expect(ask(method, path)).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: message.replace('ARN', caller.arn),
    });
  });

  it('tells the caller the same beforehand', () => {
    const { caller, ask } = callers();
    caller.denied.add('kubernetes:list pods');
    const may = (verb: string, resource: string) =>
      ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: { spec: { resourceAttributes: { verb, resource } } },
      }).status.allowed;
    expect([may('list', 'pods'), may('get', 'pods'), may('list', 'nodes')]).toEqual([false, true, true]);
    const rules = ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      body: { spec: { namespace: 'default' } },
    });
    expect(
      rules.status.resourceRules.find((rule: { resources: string[] }) => rule.resources[0] === 'pods').verbs,
    ).not.toContain('list');
  });

  it('knows its paths, and answers others as an API server does', () => {
    const { json, send } = callers();
    expect(json('GET', '/version')).toMatchObject({ major: '1', minor: '34' });
    expect(json('GET', '/api/v1').resources).toContainEqual(
      expect.objectContaining({
        name: 'serviceaccounts',
        kind: 'ServiceAccount',
        namespaced: true,
        shortNames: ['sa'],
      }),
    );
    expect(json('GET', '/apis').groups.map((group: { name: string }) => group.name)).toEqual([
      'apps',
      'authorization.k8s.io',
      'batch',
    ]);
    expect(json('GET', '/api/v1/nopes')).toMatchObject({
      code: 404,
      message: 'the server could not find the requested resource',
    });
    expect(send('GET', '/apis/nope/v1/x')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(json('GET', '/apis/apps/v2/deployments')).toMatchObject({ code: 404, reason: 'NotFound' });
    expect(send('GET', '/nope')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(json('PUT', '/api/v1/serviceaccounts', { body: {} })).toMatchObject({
      code: 405,
      reason: 'MethodNotAllowed',
    });
  });
});
