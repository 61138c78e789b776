/** A cluster furnished for one test and served over HTTP, and the built program run on it. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { addNodes } from '../../source/sandbox/cluster/builders.ts';
import { find } from '../../source/sandbox/cluster/store.ts';
import type { Caller, KubeObject, StackRecord } from '../../source/sandbox/model.ts';
import { writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import { startSandbox } from '../../source/sandbox/shell/server.ts';
import {
  addAccount,
  addAddon,
  addCaller,
  addCluster,
  type ClusterSeed,
  createWorld,
  podIdentityTrust,
} from '../../source/sandbox/world.ts';
import { profileOf, role, type Site } from '../../source/sandbox/worlds/site.ts';
import { cleanEnvironment, type Finished, runProgram, temporaryHome } from './program.ts';

export type Scene = Site & {
  readonly caller: Caller;
  /** Of a program that is led to this cluster, with a home of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the program; `FILE` among the words is a file with `file` in it. */
  run(words: string, file?: string): Promise<Finished>;
  /** The JSON answer of the program. */
  // biome-ignore lint/suspicious/noExplicitAny: what it is, is what the tests ask.
  json(words: string, file?: string): Promise<any>;
  /** Requests that changed something since the last time, by `service:Operation`. */
  writes(): Readonly<Record<string, number>>;
  /** `namespace/name role` of each association that is there; `role` is the role's name. */
  associations(): readonly string[];
  /** Stacks that are not deleted. */
  stacks(): readonly StackRecord[];
  serviceAccount(namespace: string, name: string): KubeObject | undefined;
  close(): Promise<void>;
};

export type SceneOptions = {
  readonly cluster?: Partial<ClusterSeed>;
  /** Whether the agent's add-on is there; default true. */
  readonly agent?: boolean;
  readonly furnish?: (site: Site) => void;
};

/**
 * Cluster `c` in us-west-2 with one node and the agent, and roles `plain` and `other`, which let Pod Identity in.
 */
export async function openScene({ cluster: seed, agent = true, furnish = () => {} }: SceneOptions): Promise<Scene> {
  const world = createWorld({ name: 'scene', seed: 1, now: Date.now() });
  const account = addAccount(world, { id: '111122223333' });
  const caller = addCaller(world, account, { name: 'admin' });
  const cluster = addCluster(world, account, { name: 'c', region: 'us-west-2', ...seed });
  const site = { world, account, cluster };
  if (agent) addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
  addNodes(world, cluster, { count: 1 });
  for (const name of ['plain', 'other']) role(site, name, podIdentityTrust());
  furnish(site);
  const sandbox = await startSandbox({ world });
  const settings = writeClientSettings(world, sandbox.url, [profileOf('scene', caller, cluster.region)]);
  const home = temporaryHome();
  let written = new Map<string, number>();
  let files = 0;
  const run = (words: string, file?: string) => {
    const at = path.join(home.home, `${files++}.yaml`);
    if (file !== undefined) writeFileSync(at, file);
    const argv = words.split(' ').map(word => (word === 'FILE' ? at : word));
    return runProgram(argv, cleanEnvironment(home.home, { ...settings.environment }));
  };
  return {
    ...site,
    caller,
    environment: cleanEnvironment(home.home, { ...settings.environment }),
    run,
    json: async (words, file) => JSON.parse((await run(`${words} -o json`, file)).stdout),
    writes: () => {
      const now = new Map([...world.counts].map(([name, count]) => [name, count.writes]));
      const since = [...now].flatMap(([name, count]) => {
        const more = count - (written.get(name) ?? 0);
        return more > 0 ? [[name, more] as const] : [];
      });
      written = now;
      return Object.fromEntries(since);
    },
    associations: () =>
      [...cluster.associations.values()]
        .filter(each => !each.deleted)
        .map(each => `${each.namespace}/${each.serviceAccount} ${each.roleArn.split('/').at(-1)}`)
        .sort(),
    stacks: () => [...account.stacks.values()].filter(each => each.status !== 'DELETE_COMPLETE'),
    serviceAccount: (namespace, name) => find(cluster.kube, 'serviceaccounts', { namespace, name }),
    close: async () => {
      settings.remove();
      home.remove();
      await sandbox.close();
    },
  };
}

/** A stack in the shape that eksctl gives the role of an association (its docs, "EKS Pod Identity Associations"). */
export const stackName = (subject: string): string => `eksctl-c-podidentityrole-${subject.replace('/', '-')}`;
