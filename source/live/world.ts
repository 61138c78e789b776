/** What the live model needs of the world: who may be asked, and a way to each cluster's API server. */
import type { Cluster } from '../identity/facts.ts';
import type { CloudFormationPort, EksPort, IamPort, KubernetesPort, StsPort } from '../run/ports.ts';

/** One profile in one region. Its account and partition are known once STS has answered. */
export type LiveSession = {
  /** Unique among the sessions of a world. */
  readonly id: string;
  readonly region: string;
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
};

export interface LiveWorld {
  /** The first one's caller is who we are. */
  readonly sessions: readonly LiveSession[];
  /**
   * A way to the cluster's API server; undefined when there is none (no endpoint yet, or none was configured).
   * May throw `PortError`. The model closes the port when it stops reading that cluster.
   */
  kubernetesFor(cluster: Cluster): KubernetesPort | undefined;
  /** How fast each service is asked now, by `service account region`, or `iam account`. Absent: nothing limits it. */
  limiterStates?(): ReadonlyMap<string, LimiterState>;
}

/** Rates are requests a second, times ms since the epoch. */
export type LimiterState = {
  readonly rate: number;
  readonly queued: number;
  readonly throttledUntil?: number;
};
