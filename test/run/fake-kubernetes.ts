import type { Pod, PodMechanism, Rollout } from '../../source/identity/facts.ts';
import { subjectText } from '../../source/identity/scope.ts';
import type { DaemonSet, KubernetesPort, Workload } from '../../source/run/ports.ts';
import type { Facts } from '../plan/world.ts';
import type { FakeClock } from './fake-clock.ts';
import { problem } from './problem.ts';

/** A workload whose pods are those of its service account that it owns. */
export type FakeWorkload = Omit<Workload, 'desired' | 'total' | 'updated' | 'ready' | 'observedGeneration'>;

/** What the API server and its controllers need of the world around them. */
export type Surroundings = {
  readonly facts: Facts;
  readonly clock: FakeClock;
  /** By `kind/name`, in the one namespace that has any. */
  readonly workloads: Map<string, FakeWorkload>;
  /** On how many nodes the agent has to be, and on how many it is. */
  agentNodes(): Rollout;
  /** What a new pod of a service account is born with. */
  webhook(subject: string): PodMechanism;
  later(milliseconds: number, happen: () => void): void;
};

type Call = <T>(operation: string, subject: string, write: boolean, work: () => T) => Promise<T>;

/** Milliseconds until a pod that was made is ready, and until one that was told to end is gone. */
const starts = 3_000;
const ends = 1_000;

/** Pods with a controller and the webhook behind them: an association wins over the annotation. */
export function fakeKubernetes(world: Surroundings, call: Call): KubernetesPort {
  const unused = () => {
    throw new Error('a run does not need this');
  };
  const collection = { list: unused, watch: unused };
  return {
    namespaces: collection,
    serviceAccounts: collection,
    pods: collection,
    listDaemonSets: namespace => call('ListDaemonSets', namespace, false, () => agentsOf(world)),
    listNodes: unused,
    listWebIdentityUsers: unused,
    can: unused,
    getNamespace: unused,
    createNamespace: unused,
    createServiceAccount: unused,
    deleteServiceAccount: unused,
    version: unused,
    close: () => {},
    getServiceAccount: (namespace, name) =>
      call('GetServiceAccount', `${namespace}/${name}`, false, () => accountOf(world, `${namespace}/${name}`)),
    annotateServiceAccount: (namespace, name, annotations, resourceVersion) =>
      call('PatchServiceAccount', `${namespace}/${name}`, true, () => {
        const old = accountOf(world, `${namespace}/${name}`);
        if (old.resourceVersion !== resourceVersion) throw problem('conflict');
        const merged = Object.entries({ ...old.annotations, ...annotations }).filter(([, value]) => value !== null);
        const { roleArn: _, ...rest } = old;
        const changed = {
          ...rest,
          resourceVersion: String(Number(resourceVersion) + 1),
          annotations: Object.fromEntries(merged) as Record<string, string>,
        };
        const roleArn = changed.annotations['eks.amazonaws.com/role-arn'];
        const stored = roleArn ? { ...changed, roleArn } : changed;
        world.facts.serviceAccounts = world.facts.serviceAccounts.map(each => (each === old ? stored : each));
        return stored;
      }),
    podsOf: (namespace, serviceAccount) =>
      call('ListPods', `${namespace}/${serviceAccount}`, false, () =>
        world.facts.pods.filter(pod => subjectText(pod) === `${namespace}/${serviceAccount}`),
      ),
    getWorkload: (kind, _namespace, name) =>
      call('GetWorkload', `${kind}/${name}`, false, () => workloadOf(world, `${kind}/${name}`)),
    restartWorkload: (kind, _namespace, name, restartedAt) =>
      call('PatchWorkload', `${kind}/${name}`, true, () => {
        const old = fakeOf(world, `${kind}/${name}`);
        if (old.restartedAt !== restartedAt) {
          world.workloads.set(`${kind}/${name}`, { ...old, restartedAt, generation: old.generation + 1 });
          for (const pod of podsOf(world, old)) replace(world, pod);
        }
        return workloadOf(world, `${kind}/${name}`);
      }),
    deletePod: (namespace, name, uid) =>
      call('DeletePod', `${namespace}/${name}`, true, () => {
        const pod = world.facts.pods.find(each => each.namespace === namespace && each.name === name);
        if (!pod) throw problem('not-found');
        if (pod.uid !== uid) throw problem('conflict');
        replace(world, pod);
      }),
  };
}

/** What the webhook gives a pod that is born now: an association wins over the annotation. */
export function mechanismOf({ associations, serviceAccounts }: Facts, subject: string): PodMechanism {
  if (associations.some(each => subjectText(each) === subject)) return 'pod-identity';
  return serviceAccounts.find(each => subjectText(each) === subject)?.roleArn ? 'irsa' : 'none';
}

/** The pod ends, and its controller makes another one. */
function replace(world: Surroundings, old: Pod): void {
  const set = (uid: string, change: Partial<Pod>) => {
    world.facts.pods = world.facts.pods.map(each => (each.uid === uid ? { ...each, ...change } : each));
  };
  set(old.uid, { terminating: true });
  const uid = `${old.uid}+`;
  const { ready: _, terminating: __, ...rest } = old;
  const mechanism = world.webhook(subjectText(old));
  world.facts.pods.push({ ...rest, uid, name: `${old.name}x`, mechanism, createdAt: world.clock.now() });
  world.later(ends, () => {
    world.facts.pods = world.facts.pods.filter(each => each.uid !== old.uid);
  });
  world.later(starts, () => set(uid, { ready: true }));
}

function accountOf(world: Surroundings, subject: string) {
  const found = world.facts.serviceAccounts.find(each => subjectText(each) === subject);
  if (!found) throw problem('not-found', `no service account ${subject}`);
  return found;
}

function fakeOf(world: Surroundings, key: string): FakeWorkload {
  const found = world.workloads.get(key);
  if (!found) throw problem('not-found', `no workload ${key}`);
  return found;
}

const podsOf = (world: Surroundings, { kind, name }: FakeWorkload) =>
  world.facts.pods.filter(({ owner, terminating }) => owner?.kind === kind && owner.name === name && !terminating);

function workloadOf(world: Surroundings, key: string): Workload {
  const fake = fakeOf(world, key);
  const pods = podsOf(world, fake);
  const ready = pods.filter(pod => pod.ready).length;
  return {
    ...fake,
    observedGeneration: fake.generation,
    desired: pods.length,
    total: pods.length,
    updated: pods.length,
    ready,
  };
}

/** The DaemonSet that the agent's add-on brings. */
function agentsOf({ facts, agentNodes }: Surroundings): readonly DaemonSet[] {
  const name = 'eks-pod-identity-agent';
  if (!facts.addons.some(addon => addon.name === name)) return [];
  return [{ namespace: 'kube-system', name, rollout: agentNodes(), images: [] }];
}
