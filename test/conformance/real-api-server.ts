/**
 * A real API server as tests reach it: PODID_TEST_KUBECONFIG names a kubeconfig with the contexts `admin` (may do
 * everything) and `viewer` (may do nothing). Where the server's etcd was started beside it, the file `etcd.log` in the
 * same folder tells its address; then history can be made to be forgotten.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadKubeconfig, namedContext } from '../../source/kubernetes/kubeconfig.ts';
import type { CustomResource } from './kubernetes-suite.ts';
import { type RawApi, rawApi } from './raw-api.ts';

export type RealServer = {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly adminToken: string;
  readonly viewerToken: string;
  readonly api: RawApi;
  /** The address of its etcd, for compaction. */
  readonly etcd: string;
};

export const realKubeconfig = process.env.PODID_TEST_KUBECONFIG;

export async function realServer(path: string): Promise<RealServer> {
  const config = await loadKubeconfig({ path });
  const admin = namedContext(config, 'admin');
  const viewer = namedContext(config, 'viewer');
  const { ca, server } = admin.cluster;
  if (ca === undefined || admin.user.token === undefined || viewer.user.token === undefined) {
    throw new Error(`${path} does not hold what this test needs: a CA, and tokens for admin and viewer.`);
  }
  const pem = 'pem' in ca ? ca.pem : await readFile(ca.file, 'utf8');
  const log = await readFile(join(dirname(path), 'etcd.log'), 'utf8');
  const etcd = /advertise client URLs = (http:\/\/\S+)/.exec(log)?.[1];
  if (etcd === undefined) throw new Error(`The address of etcd is not in the log beside ${path}.`);
  return {
    server,
    ca: pem,
    adminToken: admin.user.token,
    viewerToken: viewer.user.token,
    api: rawApi(server, pem, admin.user.token),
    etcd,
  };
}

/** Custom resources without a schema of their own, waited for until the server serves them. */
export async function installCustomResources(api: RawApi, resources: readonly CustomResource[]): Promise<void> {
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const has = (name: string) =>
    api('GET', `${definitions}/${name}`).then(
      () => true,
      () => false,
    );
  for (const { group, version, resource, kind, namespaced } of resources) {
    const name = `${resource}.${group}`;
    if (!(await has(name)))
      await api('POST', definitions, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name },
        spec: {
          group,
          names: { plural: resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
          scope: namespaced ? 'Namespaced' : 'Cluster',
          versions: [
            {
              name: version,
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            },
          ],
        },
      });
    const served = () => api('GET', `/apis/${group}/${version}/${resource}`);
    for (let left = 200; ; left -= 1) {
      const error = await served().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) break;
      if (left === 0) throw error;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}

/**
 * Makes etcd forget everything before now (etcd API, Compact, over its JSON gateway). Its own revision moves on first:
 * a watch from right before the oldest revision kept still misses nothing, and is served.
 */
export async function compactEtcd(etcd: string): Promise<void> {
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${etcd}${path}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = (await response.json()) as { header?: { revision: string }; message?: string };
    if (!response.ok) throw new Error(`etcd: ${answer.message}`);
    return answer;
  };
  const key = Buffer.from('podid-conformance').toString('base64');
  await post('/v3/kv/put', { key, value: key });
  const { header } = await post('/v3/kv/put', { key, value: key });
  await post('/v3/kv/compaction', { revision: header?.revision, physical: true });
}
