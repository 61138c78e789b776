import { isLoopback } from '../run/network.ts';
import { PortError } from '../run/ports.ts';
import type { Credential } from './credential.ts';
import type { Exchange, ServerAddress } from './transport.ts';

export type KubernetesCall = {
  readonly method: Exchange['method'];
  /** Absolute, encoded, e.g. `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Verb and resource for sentences and notes, e.g. `list pods`. */
  readonly operation: string;
  /** What it is about, e.g. `payments/api`. */
  readonly subject?: string;
  /** Changes something: then it is sent again only when the server said that it did nothing. */
  readonly write?: boolean;
  /** The answer must be complete within this. */
  readonly milliseconds?: number;
};

/** What goes on is not packed: a packer between us and the server would hold events back. */
export type SentCall = KubernetesCall & { readonly unpacked?: boolean };

/** The request that a call stands for, with what proves who sends it. */
export function requestOf(call: SentCall, credential: Credential, address: ServerAddress): Exchange {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) query.set(name, value);
  const search = query.toString();
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return {
    method: call.method,
    path: call.path + (search === '' ? '' : `?${search}`),
    headers: {
      accept: 'application/json',
      'accept-encoding': call.unpacked ? 'identity' : 'gzip',
      'user-agent': 'podid-tui',
      ...(body === undefined
        ? {}
        : {
            'content-type': call.contentType ?? 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
      ...authorization(credential, address),
      ...impersonation(credential),
    },
    ...(body === undefined ? {} : { body }),
  };
}

/** Throws rather than send a secret in clear text over a network. */
function authorization(credential: Credential, address: ServerAddress): Record<string, string> {
  const { token, basic } = credential;
  if (token === undefined && basic === undefined) return {};
  if (!address.server.startsWith('https:') && !isLoopback(address.server)) {
    throw new PortError({
      kind: 'invalid',
      message: `The server ${address.server} is reached without TLS: no token is sent to it.`,
    });
  }
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const pair = `${basic?.username}:${basic?.password}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function impersonation({ impersonate }: Credential): Record<string, string | readonly string[]> {
  if (impersonate === undefined) return {};
  return {
    'impersonate-user': impersonate.user,
    ...(impersonate.uid === undefined ? {} : { 'impersonate-uid': impersonate.uid }),
    ...(impersonate.groups.length === 0 ? {} : { 'impersonate-group': impersonate.groups }),
  };
}
