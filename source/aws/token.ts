import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../run/clock.ts';
import { partitionOf } from './regions.ts';

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};

/** A bearer token for one cluster's API server. `expiresAt`: ms since the epoch. */
export type BearerToken = { readonly token: string; readonly expiresAt: number };

export type TokenOptions = {
  readonly clusterName: string;
  readonly region: string;
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Clock;
  /** By how much this machine's clock is behind AWS's, in ms, as the SDK found. */
  readonly clockOffset?: () => number;
};

const prefix = 'k8s-aws-v1.';

/** The authenticator takes a token for 15 minutes after its date; `aws eks get-token` says 14, to be on the safe side. */
const lifetime = 14 * 60_000;

/**
 * Makes the bearer token that an EKS API server accepts: a GetCallerIdentity request to the REGIONAL STS host, signed
 * for the cluster's name in the header `x-k8s-aws-id`, as base64url behind `k8s-aws-v1.` (aws-iam-authenticator,
 * pkg/token). The authenticator accepts only AWS's own STS hosts, and a header that is moved into the query is refused,
 * so a custom STS endpoint is left aside here and the header is kept where it is. Errors of the credential provider
 * come through as they are.
 */
export async function makeToken(options: TokenOptions): Promise<BearerToken> {
  const { clusterName, region, clock } = options;
  const credentials = await options.credentials();
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const hostname = `sts.${region}.${partitionOf(region).dnsSuffix}`;
  const request = new HttpRequest({
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: '/',
    headers: { host: hostname, 'x-k8s-aws-id': clusterName },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
  });
  const signedAt = clock.now();
  const signed = await signer.presign(request, {
    expiresIn: 60,
    signingDate: new Date(signedAt + (options.clockOffset?.() ?? 0)),
    unhoistableHeaders: new Set(['x-k8s-aws-id']),
  });
  const url = `https://${hostname}/?${queryText(signed.query ?? {})}`;
  const token = prefix + Buffer.from(url).toString('base64url');
  const credentialsEnd = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  return { token, expiresAt: Math.min(signedAt + lifetime, credentialsEnd) };
}

/** Query in RFC 3986 encoding, as Signature Version 4 wants it. */
const queryText = (query: Readonly<Record<string, string | string[] | null>>): string =>
  Object.entries(query)
    .map(([key, value]) => `${encode(key)}=${encode(String(value))}`)
    .join('&');

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
