import { describe, expect, it } from 'vitest';
import { addDeployment, addServiceAccount } from '../../../source/sandbox/cluster/builders.ts';
import { compact } from '../../../source/sandbox/cluster/store.ts';
import { fill, scene } from './scene.ts';

const accounts = '/api/v1/namespaces/default/serviceaccounts';
const names = (list: { items: { metadata: { name: string } }[] }) => list.items.map(item => item.metadata.name);

describe('a list', () => {
  it('comes in pages that all show the instant of the first', () => {
    const { world, cluster, json } = scene();
    fill(world, cluster, 5);
    const first = json('GET', `${accounts}?limit=2`);
    expect(first).toMatchObject({ kind: 'ServiceAccountList', apiVersion: 'v1', metadata: { remainingItemCount: 4 } });
    expect(first.items[0]).not.toHaveProperty('kind');
    json('DELETE', `${accounts}/sa-3`);
    json('POST', accounts, { body: { metadata: { name: 'sa-4a' } } });
    json('PATCH', `${accounts}/sa-5`, {
      body: { metadata: { labels: { late: 'yes' } } },
      type: 'application/merge-patch+json',
    });
    const second = json('GET', `${accounts}?limit=2&continue=${first.metadata.continue}`);
    const third = json('GET', `${accounts}?limit=2&continue=${second.metadata.continue}`);
    expect([...names(first), ...names(second), ...names(third)]).toEqual([
      'default',
      'sa-1',
      'sa-2',
      'sa-3',
      'sa-4',
      'sa-5',
    ]);
    expect(third.items[1].metadata.labels).toBeUndefined();
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(third.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    expect(names(json('GET', accounts))).toEqual(['default', 'sa-1', 'sa-2', 'sa-4', 'sa-4a', 'sa-5']);
  });

  it('goes on inconsistently with the token of a 410, and refuses a token of nobody', () => {
    const { world, cluster, json } = scene();
    fill(world, cluster, 4);
    const first = json('GET', `${accounts}?limit=3`);
    json('DELETE', `${accounts}/sa-3`);
    compact(cluster.kube);
    const expired = json('GET', `${accounts}?limit=3&continue=${first.metadata.continue}`);
    expect(expired).toMatchObject({ code: 410, reason: 'Expired', status: 'Failure' });
    expect(expired.message).toMatch(/^The provided continue parameter is too old/u);
    expect(names(json('GET', `${accounts}?limit=3&continue=${expired.metadata.continue}`))).toEqual(['sa-4']);
    expect(json('GET', `${accounts}?limit=3&continue=abc`)).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(json('GET', `${accounts}?continue=${first.metadata.continue}&resourceVersion=5`).message).toBe(
      'specifying resource version is not allowed when using continue',
    );
  });

  it('takes resourceVersion=0 as whole from the cache, and asks to wait for a version that is still to come', () => {
    const { world, cluster, json } = scene();
    fill(world, cluster, 3);
    expect(json('GET', `${accounts}?limit=1&resourceVersion=0`).items).toHaveLength(4);
    const current = cluster.kube.resourceVersion;
    expect(json('GET', `${accounts}?resourceVersion=${current + 9}`)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `Timeout: Too large resource version: ${current + 9}, current: ${current}`,
      reason: 'Timeout',
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
      code: 504,
    });
  });

  it('selects by labels and by the fields that the resource knows', () => {
    const { world, cluster, json } = scene();
    addServiceAccount(world, cluster, { namespace: 'shop', name: 'api', labels: { tier: 'web', team: 'a' } });
    addServiceAccount(world, cluster, { namespace: 'shop', name: 'db', labels: { tier: 'data' } });
    addDeployment(world, cluster, 'shop', 'api', { serviceAccount: 'api', replicas: 2 });
    const select = (selector: string) =>
      names(json('GET', `/api/v1/namespaces/shop/serviceaccounts?labelSelector=${encodeURIComponent(selector)}`));
    expect(select('tier=web')).toEqual(['api']);
    expect(select('tier in (web, data),!team')).toEqual(['db']);
    expect(select('tier!=web')).toEqual(['db', 'default']);
    expect(select('tier notin (web),tier')).toEqual(['db']);
    const fields = (path: string, selector: string) =>
      json('GET', `${path}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(fields('/api/v1/pods', 'spec.serviceAccountName=api,status.phase!=Failed').items).toHaveLength(2);
    expect(names(fields('/api/v1/serviceaccounts', 'metadata.namespace=shop,metadata.name!=default'))).toEqual([
      'api',
      'db',
    ]);
    expect(fields('/api/v1/serviceaccounts', 'spec.x=y')).toMatchObject({
      code: 400,
      message: '"spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    });
    expect(fields('/api/v1/pods', 'spec.x=y').message).toBe('field label not supported: spec.x');
    expect(json('GET', '/api/v1/pods?labelSelector=a%3D%3D%3Db').message).toBe(
      "unable to parse requirement: found '=', expected: identifier",
    );
  });

  it('shows a table or metadata only where the client asks for it', () => {
    const { world, cluster, json } = scene();
    addServiceAccount(world, cluster, {
      namespace: 'shop',
      name: 'api',
      roleArn: 'arn:aws:iam::111122223333:role/api',
    });
    const table = json('GET', '/api/v1/namespaces/shop/serviceaccounts', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(table.columnDefinitions.map((column: { name: string }) => column.name)).toEqual(['Name', 'Secrets', 'Age']);
    expect(table.rows[0].cells).toEqual(['api', 0, '120d']);
    const metadata = json('GET', '/api/v1/namespaces/shop/serviceaccounts', {
      accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
    });
    expect(metadata.kind).toBe('PartialObjectMetadataList');
    expect(metadata.items[0]).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'api' } });
    expect(json('GET', accounts, { accept: 'application/xml' })).toMatchObject({ code: 406, reason: 'NotAcceptable' });
    expect(json('GET', accounts, { accept: 'application/vnd.kubernetes.protobuf,application/json' }).code).toBe(200);
  });
});
