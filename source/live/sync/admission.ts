import { Alarm } from '../alarm.ts';
import type { ClusterSync } from './cluster.ts';
import type { SyncContext } from './context.ts';

/**
 * Decides when each cluster's API server is asked. A small fleet is watched whole; of a large one the clusters in view
 * are watched at once and the others are added one by one, so that starting does not open hundreds of connections.
 */
export class Admission {
  readonly #context: SyncContext;
  readonly #clusters: () => Iterable<ClusterSync>;
  readonly #alarm: Alarm;
  #nextAt = 0;

  constructor(context: SyncContext, clusters: () => Iterable<ClusterSync>) {
    this.#context = context;
    this.#clusters = clusters;
    this.#alarm = new Alarm(context.clock);
  }

  /** A cluster was described, or the user looks elsewhere. */
  look(): void {
    this.#alarm.ring('look');
  }

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = this.#admit();
      const wait = left ? this.#nextAt - this.#context.clock.now() : Number.POSITIVE_INFINITY;
      await this.#alarm.wait(wait, signal);
    }
  }

  /** Starts what may start now; answers whether others have to wait for their turn. */
  #admit(): boolean {
    const { policy, clock, attention } = this.#context;
    const all = [...this.#clusters()];
    const few = all.length <= policy.kubernetes.eager;
    let waiting = false;
    for (const cluster of all) {
      const described = cluster.reachable;
      if (!described || cluster.kubernetes.started) continue;
      if (few || attention.sees(cluster.facts.ref.arn)) {
        cluster.kubernetes.start(described);
      } else if (clock.now() >= this.#nextAt) {
        cluster.kubernetes.start(described);
        this.#nextAt = clock.now() + policy.kubernetes.pace;
      } else {
        waiting = true;
      }
    }
    return waiting;
  }
}
