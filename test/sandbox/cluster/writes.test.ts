import { describe, expect, it } from 'vitest';
import { addDeployment, addServiceAccount } from '../../../source/sandbox/cluster/builders.ts';
import { JSON_PATCH, MERGE, STRATEGIC, scene } from './scene.ts';

const accounts = '/api/v1/namespaces/shop/serviceaccounts';
const ROLE = 'arn:aws:iam::111122223333:role/api';

function shop() {
  const made = scene();
  addServiceAccount(made.world, made.cluster, { namespace: 'shop', name: 'api', roleArn: ROLE });
  const patch = (body: unknown, type = MERGE, query = '') =>
    made.json('PATCH', `${accounts}/api${query}`, { body, type });
  return { ...made, patch };
}

describe('a write', () => {
  it('creates, with what the API adds, and answers 201', () => {
    const { json, cluster } = shop();
    const created = json('POST', accounts, { body: { metadata: { name: 'new', labels: {} } } });
    expect(created).toEqual({
      code: 201,
      kind: 'ServiceAccount',
      apiVersion: 'v1',
      metadata: {
        name: 'new',
        namespace: 'shop',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/u),
        resourceVersion: String(cluster.kube.resourceVersion),
        creationTimestamp: '2026-11-24T12:00:00Z',
      },
    });
    expect(json('POST', accounts, { body: { metadata: { generateName: 'new-' } } }).metadata.name).toMatch(
      /^new-[a-z0-9]{5}$/u,
    );
  });

  it.each([
    [{ metadata: { name: 'api' } }, 409, 'AlreadyExists', 'serviceaccounts "api" already exists'],
    [
      { metadata: {} },
      422,
      'Invalid',
      'ServiceAccount "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      { metadata: { name: 'x', namespace: 'y' } },
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'x' } },
      400,
      'BadRequest',
      'Pod in version "v1" cannot be handled as a ServiceAccount: converting (v1.Pod) to (core.ServiceAccount): unknown conversion',
    ],
  ])('refuses to create %j', (body, code, reason, message) => {
    expect(shop().json('POST', accounts, { body })).toMatchObject({
      code,
      reason,
      message,
      status: 'Failure',
      kind: 'Status',
    });
  });

  it('names each thing that is wrong with an object', () => {
    const { json } = shop();
    const refused = json('POST', accounts, {
      body: { metadata: { name: 'x', labels: { 'a b': 'c d' }, annotations: { 'bad key/': 'x' } } },
    });
    expect(refused).toMatchObject({ code: 422, reason: 'Invalid', details: { name: 'x', kind: 'ServiceAccount' } });
    expect(refused.details.causes.map((cause: { field: string }) => cause.field)).toEqual([
      'metadata.labels',
      'metadata.labels',
      'metadata.annotations',
      'metadata.annotations',
      'metadata.annotations',
    ]);
    expect(json('POST', accounts, { body: { metadata: { name: 'SA_1' } } }).message).toMatch(
      /^ServiceAccount "SA_1" is invalid: metadata\.name: Invalid value: "SA_1": a lowercase RFC 1123 subdomain must consist of/u,
    );
    expect(
      json('POST', '/api/v1/namespaces/nope/serviceaccounts', { body: { metadata: { name: 'a' } } }),
    ).toMatchObject({
      code: 404,
      message: 'namespaces "nope" not found',
      details: { name: 'nope', kind: 'namespaces' },
    });
  });

  it('is locked by a resourceVersion in its body', () => {
    const { json, patch } = shop();
    const { resourceVersion } = json('GET', `${accounts}/api`).metadata;
    const removal = { metadata: { resourceVersion, annotations: { 'eks.amazonaws.com/role-arn': null } } };
    const done = patch(removal, MERGE, '?fieldManager=podid-tui');
    expect(done.code).toBe(200);
    expect(done.metadata).not.toHaveProperty('annotations');
    expect(patch(removal)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'Operation cannot be fulfilled on serviceaccounts "api": the object has been modified; please apply your changes to the latest version and try again',
      reason: 'Conflict',
      details: { name: 'api', kind: 'serviceaccounts' },
      code: 409,
    });
    expect(json('PUT', `${accounts}/api`, { body: { metadata: { name: 'api', resourceVersion: '1' } } }).reason).toBe(
      'Conflict',
    );
  });

  it('changes nothing where nothing changes, and nothing in a dry run', () => {
    const { json, patch, cluster } = shop();
    const before = cluster.kube.resourceVersion;
    expect(patch({ metadata: { annotations: { 'eks.amazonaws.com/role-arn': ROLE } } }).code).toBe(200);
    const would = patch({ metadata: { annotations: { dry: 'yes' } } }, MERGE, '?dryRun=All');
    expect(would.metadata.annotations.dry).toBe('yes');
    const created = json('POST', `${accounts}?dryRun=All`, { body: { metadata: { name: 'dry' } } });
    expect([created.code, created.metadata.resourceVersion]).toEqual([201, undefined]);
    expect(json('DELETE', `${accounts}/api?dryRun=All`).metadata.name).toBe('api');
    expect(cluster.kube.resourceVersion).toBe(before);
    expect(json('POST', `${accounts}?dryRun=Some`, { body: { metadata: { name: 'dry' } } }).message).toBe(
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
    );
  });

  it('takes each patch format, and only those', () => {
    const { patch } = shop();
    expect(patch({ metadata: { annotations: { a: 'b' } } }, STRATEGIC).metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': ROLE,
      a: 'b',
    });
    const operations = [{ op: 'remove', path: '/metadata/annotations/eks.amazonaws.com~1role-arn' }];
    expect(patch(operations, JSON_PATCH).metadata.annotations).toEqual({ a: 'b' });
    expect(patch(operations, JSON_PATCH)).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
    expect(patch({}, JSON_PATCH)).toMatchObject({
      code: 400,
      message: 'json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    });
    expect(patch({}, 'application/json')).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message: '415: Unsupported Media Type',
    });
    expect(patch('{bad')).toMatchObject({ code: 500, message: 'Invalid JSON Patch' });
    expect(patch({ metadata: { annotations: { a: 5 } } }).message).toMatch(/^ "" is invalid: patch: Invalid value: /u);
    expect(patch({ metadata: { name: 'zz' } })).toMatchObject({
      code: 400,
      message: 'the name of the object (zz) does not match the name on the URL (api)',
    });
    expect(patch({ metadata: { uid: 'zz' } }).message).toBe(
      'ServiceAccount "api" is invalid: metadata.uid: Invalid value: "zz": field is immutable',
    );
  });

  it('deletes a service account by answering it, a workload by a Status, and honours preconditions', () => {
    const { world, cluster, json } = shop();
    addDeployment(world, cluster, 'shop', 'api');
    const account = json('GET', `${accounts}/api`);
    expect(json('DELETE', `${accounts}/api`, { body: { preconditions: { uid: 'x' } } })).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ServiceAccount "api": the UID in the precondition (x) does not match the UID in record (${account.metadata.uid}). The object might have been deleted and then recreated`,
    });
    expect(json('DELETE', `${accounts}/api`)).toEqual(account);
    expect(json('DELETE', `${accounts}/api`)).toMatchObject({ code: 404, message: 'serviceaccounts "api" not found' });
    expect(json('DELETE', '/apis/apps/v1/namespaces/shop/deployments/api')).toMatchObject({
      status: 'Success',
      details: { name: 'api', group: 'apps', kind: 'deployments' },
    });
  });

  it('raises the generation of a workload with its spec, not with its labels', () => {
    const { world, cluster, json } = shop();
    addDeployment(world, cluster, 'shop', 'web', { replicas: 1 });
    const path = '/apis/apps/v1/namespaces/shop/deployments/web';
    expect(json('PATCH', path, { body: { metadata: { labels: { a: 'b' } } }, type: MERGE }).metadata.generation).toBe(
      1,
    );
    expect(json('PATCH', path, { body: { spec: { replicas: 2 } }, type: MERGE }).metadata.generation).toBe(2);
    expect(json('PATCH', path, { body: { status: { replicas: 9 } }, type: MERGE }).metadata.generation).toBe(2);
    expect(
      json('PATCH', path, { body: { spec: { selector: { matchLabels: { app: 'x' } } } }, type: MERGE }),
    ).toMatchObject({
      code: 422,
      reason: 'Invalid',
    });
  });

  it('empties a deleted namespace before it goes, and lets nothing new in meanwhile', () => {
    const { world, cluster, json, pass } = shop();
    addDeployment(world, cluster, 'shop', 'web', { replicas: 2 });
    expect(json('DELETE', '/api/v1/namespaces/shop').status.phase).toBe('Terminating');
    expect(json('POST', accounts, { body: { metadata: { name: 'late' } } })).toMatchObject({
      code: 403,
      message:
        'serviceaccounts "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
    });
    pass(2_000);
    expect(json('GET', '/api/v1/namespaces/shop').code).toBe(404);
    expect(json('GET', '/api/v1/namespaces/shop/pods').items).toEqual([]);
  });
});
