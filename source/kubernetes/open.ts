import type { ClusterRef } from '../identity/scope.ts';
import { type Clock, systemClock } from '../run/clock.ts';
import { certificateBundle } from '../run/network.ts';
import type { KubernetesPort, RequestListener } from '../run/ports.ts';
import { type ClientOptions, makeClient } from './client.ts';
import { accessOfContext, credentialSkew } from './context-access.ts';
import { type CredentialSource, cachedCredential } from './credential.ts';
import type { KubeContext } from './kubeconfig-model.ts';
import { kubernetesPort } from './port.ts';
import type { ServerAddress } from './transport.ts';

/** The way in that EKS tells: endpoint and CA from DescribeCluster, and tokens made from the AWS credentials. */
export type EksAccess = {
  readonly endpoint: string;
  /** Base64 PEM; absent: the system's roots. */
  readonly certificateAuthority?: string;
  /** A new token each time; `expiresAt` in milliseconds since the epoch. */
  readonly token: () => Promise<{ readonly token: string; readonly expiresAt: number }>;
};

export type OpenOptions = {
  readonly cluster: ClusterRef;
  /** EKS's own way in, or a context of a kubeconfig (`contextFor`). */
  readonly access: EksAccess | { readonly context: KubeContext };
  readonly clock?: Clock;
  /** 0 <= x < 1, for the spread of waiting times. */
  readonly random?: () => number;
  readonly onRequest?: RequestListener;
  /** Takes the place of sockets: for servers in the same process. */
  readonly exchange?: ClientOptions['exchange'];
};

/** The Kubernetes API of one cluster. Nothing is connected or read before the first call; `close()` ends it. */
export function openKubernetes(options: OpenOptions): KubernetesPort {
  const { cluster, access, clock = systemClock, random = Math.random, onRequest, exchange } = options;
  const connect: ClientOptions['connect'] = async () => {
    const { address, credentials } =
      'context' in access ? await accessOfContext(access.context, clock) : accessOfEks(access, clock);
    return { address: await withBundle(address), credentials };
  };
  const client = makeClient({
    cluster,
    connect,
    clock,
    random,
    ...(onRequest === undefined ? {} : { onRequest }),
    ...(exchange === undefined ? {} : { exchange }),
  });
  return kubernetesPort(client, { clock, random });
}

function accessOfEks(
  { endpoint, certificateAuthority, token }: EksAccess,
  clock: Clock,
): { address: ServerAddress; credentials: CredentialSource } {
  const ca = certificateAuthority ? [Buffer.from(certificateAuthority, 'base64').toString('utf8')] : undefined;
  return {
    address: { server: endpoint, ...(ca === undefined ? {} : { ca }) },
    credentials: cachedCredential(token, { clock, skew: credentialSkew }),
  };
}

/** AWS_CA_BUNDLE is trusted besides what is trusted anyway: a proxy that inspects TLS signs for every host. */
async function withBundle(address: ServerAddress): Promise<ServerAddress> {
  const bundle = await certificateBundle();
  return bundle === undefined ? address : { ...address, proxyAuthorities: bundle };
}
