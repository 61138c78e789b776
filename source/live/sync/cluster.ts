import type { AgentState, Cluster } from '../../identity/facts.ts';
import { type Failure, lastKnown } from '../../identity/reading.ts';
import { readAgent } from '../../read/agent.ts';
import type { EksPort } from '../../run/ports.ts';
import type { ClusterFacts } from '../store/cluster.ts';
import type { SourceName, SourcePart } from '../store/sources.ts';
import type { LiveWorld } from '../world.ts';
import { AssociationsSync } from './associations.ts';
import type { SyncContext } from './context.ts';
import { KubernetesSync } from './kubernetes.ts';
import { Poll } from './poll.ts';
import type { Tasks } from './tasks.ts';

/** Everything that is read about one cluster. What fails here costs this cluster's cells and nothing else. */
export class ClusterSync {
  readonly facts: ClusterFacts;
  readonly associations: AssociationsSync;
  readonly kubernetes: KubernetesSync;
  /** DescribeCluster reports here; who calls it is the session, for all its clusters. */
  readonly description: SourcePart;
  readonly #context: SyncContext;
  readonly #tasks: Tasks;
  readonly #eks: EksPort;
  readonly #agent: Poll;
  #seen = false;
  #asked = false;

  constructor(
    context: SyncContext,
    world: LiveWorld,
    eks: EksPort,
    facts: ClusterFacts,
    tasks: Tasks,
    arrived: () => void,
  ) {
    const source: SourceName = { id: `eks|${facts.ref.arn}`, source: 'eks', covers: facts.ref.name };
    this.facts = facts;
    this.#context = context;
    this.#tasks = tasks;
    this.#eks = eks;
    this.description = context.store.sources.part(source, 'DescribeCluster');
    this.description.loading();
    this.associations = new AssociationsSync(context, eks, facts, source, arrived);
    this.kubernetes = new KubernetesSync(context, world, facts, tasks.child(), () => this.#askAgent());
    this.#agent = new Poll(context, {
      part: context.store.sources.part(source, 'DescribeAddon'),
      read: signal => this.#readAgent(signal),
      failed: (failure, at) => facts.failAgent(failure, at),
      every: () => {
        const { visible, other } = context.policy.agent;
        return this.#seen ? visible : other(context.store.fleet);
      },
    });
    this.#seen = context.attention.sees(facts.ref.arn);
    facts.opened = context.attention.opens(facts.ref.arn);
    tasks.spawn(signal => this.associations.list.run(signal));
  }

  /** Ids of the sources that are this cluster's alone. */
  get sources(): readonly string[] {
    return [`eks|${this.facts.ref.arn}`, this.kubernetes.source.id];
  }

  get signal(): AbortSignal {
    return this.#tasks.signal;
  }

  /** The cluster was described for the first time. Auto Mode has the agent built in, else the API server tells too. */
  described(cluster: Cluster): void {
    if (cluster.endpoint === undefined) this.kubernetes.cutOff();
    if (cluster.autoMode || cluster.endpoint === undefined) this.#askAgent();
  }

  /** What it takes a description to find must not look like loading for as long as there is none. */
  undescribed(failure: Failure, at: number, retryAt: number): void {
    this.description.failed(failure, retryAt);
    this.facts.failCluster(failure, at);
    if (this.reachable) return;
    this.kubernetes.cutOff(failure, retryAt);
    this.facts.failAgent(failure, at);
  }

  /** The cluster as far as it is known; Kubernetes can be started once it has an endpoint. */
  get reachable(): Cluster | undefined {
    const cluster = lastKnown(this.facts.cluster)?.value;
    return cluster?.endpoint === undefined ? undefined : cluster;
  }

  /** Where the user looks has changed. */
  look(): void {
    this.kubernetes.look();
    const { attention } = this.#context;
    const seen = attention.sees(this.facts.ref.arn);
    const opened = attention.opens(this.facts.ref.arn);
    if (opened !== this.facts.opened) this.associations.list.look();
    if (seen !== this.#seen) this.#agent.look();
    this.facts.opened = opened;
    this.#seen = seen;
  }

  /** Reads again: everything, or (for a cluster nobody looks at, in a large fleet) the lists and what failed. */
  now(what: 'all' | 'failed'): void {
    this.associations.described.again(what);
    this.associations.list.now();
    this.#agent.now();
    this.kubernetes.now();
  }

  async close(): Promise<void> {
    await this.#tasks.close();
  }

  #askAgent(): void {
    if (this.#asked) this.#agent.now();
    else this.#tasks.spawn(signal => this.#agent.run(signal));
    this.#asked = true;
  }

  async #readAgent(signal: AbortSignal): Promise<void> {
    const cluster = lastKnown(this.facts.cluster)?.value;
    if (!cluster) return;
    const priority = this.#seen ? 'visible' : 'background';
    const ports = { eks: this.#eks, kubernetes: this.kubernetes.port };
    const agent = await readAgent(cluster, ports, { signal, priority });
    const before = lastKnown(this.facts.agent)?.value;
    this.facts.putAgent(agent, this.#context.clock.now());
    if (before === undefined || agentText(before) === agentText(agent)) return;
    this.#context.store.say('info', this.facts.ref.name, `the agent is now ${agentText(agent)}`);
  }
}

/** An agent as a log names it: pods that come and go do not make it another one. */
function agentText(agent: AgentState): string {
  switch (agent.kind) {
    case 'auto-mode':
      return "EKS Auto Mode's own";
    case 'addon':
      return `the add-on ${agent.version}, ${agent.status}`;
    case 'daemonset':
      return `the DaemonSet ${agent.namespace}/${agent.name}`;
    case 'missing':
      return 'missing';
  }
}
