import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIPv4 } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { PortError } from './ports.ts';

export type AgentOptions = {
  /** `http:` only for loopback servers and `kubectl proxy`. */
  readonly protocol: 'http:' | 'https:';
  /** PEM certificates trusted instead of the system's; they also verify an HTTPS proxy. */
  readonly ca?: string;
  /** A proxy that takes the place of HTTPS_PROXY and NO_PROXY, e.g. a kubeconfig's `proxy-url`. */
  readonly proxyUrl?: string;
};

/** An idle socket is closed before a server that gives none longer (kube-apiserver: 90 s) closes it under a request. */
const idleMilliseconds = 55_000;

const proxyVariables = ['https_proxy', 'http_proxy', 'all_proxy'] as const;

/** Whether the environment names a proxy at all; only then is the proxy code loaded. */
const environmentHasProxy = (): boolean =>
  proxyVariables.some(name => Boolean(process.env[name] || process.env[name.toUpperCase()]));

/**
 * Whether a URL stays on this machine. Such requests never go through a proxy of the environment, as in Go's
 * net/http and so in kubectl, whatever NO_PROXY says.
 */
export function isLoopback(url: string | URL): boolean {
  const host = new URL(url).hostname.toLowerCase();
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
  );
}

/**
 * A keep-alive agent that honours HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY (either case), which neither Node
 * nor the AWS SDK reads by itself. `destroy()` ends every socket, proxied or not.
 */
export async function makeAgent(options: AgentOptions): Promise<HttpAgent> {
  const settings = {
    keepAlive: true,
    keepAliveMsecs: 30_000,
    timeout: idleMilliseconds,
    scheduling: 'lifo' as const,
    ...(options.ca === undefined ? {} : { secureContext: trusting(options.ca) }),
  };
  const direct = options.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
  if (options.proxyUrl === undefined && !environmentHasProxy()) return direct;

  const { ProxyAgent } = await import('proxy-agent');
  const agent = new ProxyAgent({ ...settings, httpAgent: direct, httpsAgent: direct });
  const fromEnvironment = agent.getProxyForUrl;
  agent.getProxyForUrl = (url, request) => options.proxyUrl ?? (isLoopback(url) ? '' : fromEnvironment(url, request));
  const destroyProxied = agent.destroy.bind(agent);
  agent.destroy = () => {
    destroyProxied();
    direct.destroy();
  };
  return agent;
}

const contexts = new Map<string, SecureContext>();

/**
 * What trusts these PEM certificates and no others; one for all who ask for the same. Left to Node, each connection parses
 * them anew and keeps its own: with a system's bundle 8 ms and 1.1 MB a connection (measured with 140 certificates).
 */
export function trusting(ca: string): SecureContext {
  const known = contexts.get(ca);
  if (known) return known;
  const context = createSecureContext({ ca });
  contexts.set(ca, context);
  return context;
}

/**
 * The certificates of AWS_CA_BUNDLE as PEM text; undefined when it is not set. Throws `PortError` (`invalid`) when the
 * file cannot be read: going on without it would only fail later, with a worse sentence.
 */
export async function certificateBundle(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | undefined> {
  const path = environment.AWS_CA_BUNDLE;
  if (!path) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new PortError({ kind: 'invalid', message: `AWS_CA_BUNDLE names ${path}, which cannot be read.` }, { cause });
  }
}
