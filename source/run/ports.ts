/**
 * What a run and a reader need of the world. `aws/` and `kubernetes/` implement these; nothing above
 * them knows an SDK or a wire format. Every method throws `PortError` and nothing else.
 */
import type { CloudFormationPort } from './ports/cloudformation.ts';
import type { EksPort } from './ports/eks.ts';
import type { IamPort } from './ports/iam.ts';
import type { KubernetesPort } from './ports/kubernetes.ts';
import type { StsPort } from './ports/sts.ts';

export * from './ports/call.ts';
export type * from './ports/cloudformation.ts';
export type * from './ports/eks.ts';
export type * from './ports/iam.ts';
export type * from './ports/kubernetes.ts';
export type * from './ports/sts.ts';

/** Everything a run on one cluster may touch. */
export type ClusterPorts = {
  readonly eks: EksPort;
  readonly iam: IamPort;
  readonly cloudformation: CloudFormationPort;
  readonly sts: StsPort;
  /** Absent when there is no way to the API server; then nothing that needs it is planned. */
  readonly kubernetes?: KubernetesPort;
};
