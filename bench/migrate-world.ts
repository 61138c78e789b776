/** The world of the migration benchmark, served from a thread of its own so that it does not slow what is measured. */
import { parentPort, workerData } from 'node:worker_threads';
import { addNodes } from '../source/sandbox/cluster/builders.ts';
import type { World } from '../source/sandbox/model.ts';
import { writeClientSettings } from '../source/sandbox/shell/environment.ts';
import { startSandbox } from '../source/sandbox/shell/server.ts';
import { addAccount, addAddon, addCaller, addCluster, createWorld } from '../source/sandbox/world.ts';
import { addEksctlRole } from '../source/sandbox/worlds/eksctl.ts';
import { profileOf, role, type Site, settle } from '../source/sandbox/worlds/site.ts';
import { irsaStatement, trust } from '../source/sandbox/worlds/trust.ts';

export type BenchWorld = {
  readonly accounts: number;
  /** Milliseconds of each answer, and requests a second before throttling (0: never). */
  readonly latency: number;
  readonly throttle: number;
};

/** What the thread tells once it serves. */
export type Serving = { readonly environment: Readonly<Record<string, string>>; readonly cluster: string };

/** Three roles for five accounts; each third role is eksctl's, with one account, so that the others serve two each. */
function furnish(site: Site, accounts: number): void {
  for (let index = 0; index < accounts / 5; index += 1) {
    const [one, ...others] = Array.from({ length: 5 }, (_, part) => `team-${index % 20}/app-${index}-${part}`);
    if (one === undefined) continue;
    const roleName = `eksctl-bench-addon-iamserv-Role1-${index}`;
    const made = addEksctlRole(site.world, site.account, site.cluster, { subject: one, roleName, policyArns: [] });
    settle(site, { subject: one, irsa: made.arn, replicas: 1 });
    for (const pair of [others.slice(0, 2), others.slice(2)]) {
      const name = `bench-${pair[0]?.replace('/', '-')}`;
      const arn = role(site, name, trust(irsaStatement(site.account, site.cluster, ...pair)));
      for (const subject of pair) settle(site, { subject, irsa: arn, replicas: 1 });
    }
  }
}

function makeBenchWorld({ accounts, latency, throttle }: BenchWorld) {
  const world: World = createWorld({ name: 'bench', seed: 1, now: Date.now(), faults: { latency, throttle } });
  const account = addAccount(world, { id: '111122223333' });
  const caller = addCaller(world, account, { name: 'bench' });
  const cluster = addCluster(world, account, { name: 'bench', region: 'eu-west-1' });
  addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
  addNodes(world, cluster, { count: 5 });
  furnish({ world, account, cluster }, accounts);
  return { world, profiles: [profileOf('bench', caller, cluster.region)] };
}

const { world, profiles } = makeBenchWorld(workerData as BenchWorld);
const sandbox = await startSandbox({ world });
const settings = writeClientSettings(world, sandbox.url, profiles);
const serving: Serving = { environment: settings.environment, cluster: 'bench' };
parentPort?.postMessage(serving);
parentPort?.once('message', async () => {
  settings.remove();
  await sandbox.close();
  process.exit(0);
});
