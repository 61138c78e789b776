import { makeToken } from '../../source/aws/token.ts';
import { systemClock } from '../../source/run/clock.ts';
import { adminToken } from '../../source/sandbox/cluster/access.ts';
import { installCustomResource } from '../../source/sandbox/cluster/builders.ts';
import { compact } from '../../source/sandbox/cluster/store.ts';
import { startSandbox } from '../../source/sandbox/shell/server.ts';
import { addCaller } from '../../source/sandbox/world.ts';
import { profileOf } from '../../source/sandbox/worlds/site.ts';
import { makeWorld } from '../../source/sandbox/worlds/worlds.ts';
import { portsOn } from '../conformance/client-on.ts';
import { kubernetesSuite } from '../conformance/kubernetes-suite.ts';
import { rawApi } from '../conformance/raw-api.ts';
import { clusterNamed, only, worldOptions } from '../sandbox/worlds/world-helpers.ts';

kubernetesSuite("the sandbox's API server", async () => {
  const { world } = makeWorld(worldOptions('docs'), Date.now());
  const cluster = clusterNamed(world, 'my-cluster');
  const limited = addCaller(world, only(world.accounts.values()), { name: 'limited', denied: ['kubernetes:*'] });
  cluster.accessEntries.add(limited.accessKeyId);
  const profile = profileOf('limited', limited, cluster.region);
  const token = await makeToken({
    clusterName: cluster.name,
    region: cluster.region,
    credentials: async () => profile,
    clock: systemClock,
  });

  const sandbox = await startSandbox({ world });
  const admin = adminToken(cluster);
  const ports = portsOn(cluster.endpoint, sandbox.authority, { admin, limited: token.token });
  return {
    ...ports,
    api: rawApi(cluster.endpoint, sandbox.authority, admin),
    forget: async () => compact(cluster.kube),
    install: async resources => {
      for (const { resource } of resources) installCustomResource(cluster, resource);
    },
    forgetful: { path: '/api/v1/serviceaccounts', resource: 'serviceaccounts' },
    close: async () => {
      ports.close();
      await sandbox.close();
    },
  };
});
