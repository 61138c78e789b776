import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { EKSClientConfig } from '@aws-sdk/client-eks';
import { certificateBundle, makeAgent } from '../run/network.ts';

/** Options of the SDK's request handler: agents shared by all clients of a session, and limits on waiting. */
export type Transport = {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
};

/** What an SDK client sends its requests through: an object that does, or options for the one that it makes itself. */
export type RequestHandler = NonNullable<EKSClientConfig['requestHandler']>;

/** Milliseconds. EKS answers in well under a second; IAM's longest lists take a few. */
const connectionTimeout = 5_000;
const requestTimeout = 20_000;

/**
 * Keep-alive agents that honour HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE, which the SDK does not read. As with the AWS
 * CLI, the bundle takes the place of the built-in authorities. Throws `PortError` (`invalid`) when it cannot be read.
 */
export async function openTransport(): Promise<Transport> {
  const ca = await certificateBundle();
  const [httpAgent, httpsAgent] = await Promise.all([
    makeAgent({ protocol: 'http:' }),
    makeAgent({ protocol: 'https:', ...(ca === undefined ? {} : { ca }) }),
  ]);
  return {
    httpAgent,
    httpsAgent: httpsAgent as HttpsAgent,
    connectionTimeout,
    requestTimeout,
    throwOnRequestTimeout: true,
  };
}

export function closeTransport(transport: Transport): void {
  transport.httpAgent.destroy();
  transport.httpsAgent.destroy();
}
