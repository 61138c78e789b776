import { describe, test } from 'vitest';
import { portsOn } from './client-on.ts';
import { kubernetesSuite } from './kubernetes-suite.ts';
import { compactEtcd, installCustomResources, realKubeconfig, realServer } from './real-api-server.ts';

const kubeconfig = realKubeconfig;

if (kubeconfig === undefined) {
  describe('a real API server', () => {
    test.skip('skipped: PODID_TEST_KUBECONFIG does not name the kubeconfig of one', () => {});
  });
} else {
  kubernetesSuite('a real API server', async () => {
    const real = await realServer(kubeconfig);
    const ports = portsOn(real.server, real.ca, { admin: real.adminToken, limited: real.viewerToken });
    return {
      ...ports,
      api: real.api,
      install: resources => installCustomResources(real.api, resources),
      forget: () => compactEtcd(real.etcd),
      // Watches of most kinds are served from a cache that etcd's compaction does not touch; those of events are not.
      forgetful: { path: '/api/v1/events', resource: 'events' },
      close: async () => ports.close(),
    };
  });
}
