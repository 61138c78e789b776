import { readFile } from 'node:fs/promises';
import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { makeAgent } from '../run/network.ts';
import { PortError } from '../run/ports.ts';
import { plainText } from './text.ts';

/** Options of the SDK's request handler: agents shared by all clients of a session, and limits on waiting. */
export type Transport = {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly throwOnRequestTimeout: true;
};

/** Milliseconds. EKS answers in well under a second; IAM's longest lists take a few. */
const connectionTimeout = 5_000;
const requestTimeout = 20_000;

/**
 * Keep-alive agents that honour HTTPS_PROXY, NO_PROXY and AWS_CA_BUNDLE, which the SDK does not read. As with the AWS
 * CLI, the bundle takes the place of the built-in authorities. Throws `PortError` (`invalid`) when it cannot be read.
 */
export async function openTransport(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Transport> {
  const ca = await readBundle(environment.AWS_CA_BUNDLE);
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

async function readBundle(path: string | undefined): Promise<string | undefined> {
  if (!path) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const message = `AWS_CA_BUNDLE names ${plainText(path)}, which cannot be read; correct it or unset it.`;
    throw new PortError({ kind: 'invalid', message }, { cause });
  }
}
