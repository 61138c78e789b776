/**
 * The bearer token of EKS, as a cluster's API server reads it: `k8s-aws-v1.` and a presigned GetCallerIdentity URL. The
 * rules are those of aws-iam-authenticator, which EKS runs (github.com/kubernetes-sigs/aws-iam-authenticator, pkg/token).
 */
import type { Caller, World } from '../model.ts';
import { readSignature, type SignedRequest, signatureMatches, signatureTime } from './signature.ts';

export type TokenResult = { readonly caller: Caller } | { readonly error: string };

const PREFIX = 'k8s-aws-v1.';
const MAX_TOKEN_BYTES = 4096;
const LIFETIME_MS = 15 * 60_000;
const QUERY_KEYS = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);
const STS_HOST = /^sts(-fips)?(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$/u;

/** Where this world's own STS is: what AWS CLI presigns for when AWS_ENDPOINT_URL leads it to the sandbox. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost']);

/** Who the bearer is, or why the token is refused. `now` in milliseconds. Access to the cluster is not looked at. */
export function verifyEksToken(world: World, token: string, clusterName: string, now: number): TokenResult {
  const url = readUrl(token);
  if (typeof url === 'string') {
    return { error: url };
  }
  const wrongQuery = checkQuery(url.searchParams);
  if (wrongQuery !== undefined) {
    return { error: wrongQuery };
  }
  const request: SignedRequest = {
    method: 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    // The authenticator sends the request on with its own cluster's name, so another cluster's token does not verify.
    headers: { host: url.host, 'x-k8s-aws-id': clusterName },
    body: '',
  };
  const signature = readSignature(request);
  if (typeof signature === 'string') {
    return { error: 'the signature is incomplete' };
  }
  if (!signature.signedHeaders.includes('x-k8s-aws-id')) {
    return { error: 'client did not sign the x-k8s-aws-id header in the pre-signed URL' };
  }
  const age = now - signatureTime(signature.time);
  if (!(age < LIFETIME_MS)) {
    return { error: 'X-Amz-Date parameter is expired' };
  }
  return identify(world, request, signature);
}

function readUrl(token: string): URL | string {
  if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) {
    return 'token is too large';
  }
  if (!token.startsWith(PREFIX)) {
    return `token is missing expected "${PREFIX}" prefix`;
  }
  const encoded = token.slice(PREFIX.length);
  const text = /^[\w-]+$/u.test(encoded) ? Buffer.from(encoded, 'base64url').toString() : '';
  if (!URL.canParse(text)) {
    return 'the token holds no URL';
  }
  const url = new URL(text);
  if (LOOPBACK.has(url.hostname)) {
    return url.pathname === '/' ? url : 'unexpected path in pre-signed URL';
  }
  if (url.protocol !== 'https:') {
    return `unexpected scheme "${url.protocol.slice(0, -1)}" in pre-signed URL`;
  }
  if (!STS_HOST.test(url.host)) {
    return `unexpected hostname "${url.host}" in pre-signed URL`;
  }
  return url.pathname === '/' ? url : 'unexpected path in pre-signed URL';
}

function checkQuery(query: URLSearchParams): string | undefined {
  const seen = new Map<string, string>();
  for (const [name, value] of query) {
    const key = name.toLowerCase();
    if (!QUERY_KEYS.has(key)) {
      return `non-whitelisted query parameter "${name}"`;
    }
    if (seen.has(key)) {
      return 'query parameter with multiple values not supported';
    }
    seen.set(key, value);
  }
  if (seen.get('action') !== 'GetCallerIdentity') {
    return 'unexpected action parameter in pre-signed URL';
  }
  const expires = seen.get('x-amz-expires') ?? '';
  return /^\d+$/u.test(expires) && Number(expires) <= 900
    ? undefined
    : 'invalid X-Amz-Expires parameter in pre-signed URL';
}

function identify(
  world: World,
  request: SignedRequest,
  signature: Exclude<ReturnType<typeof readSignature>, string>,
): TokenResult {
  const caller = world.callers.get(signature.accessKeyId);
  if (caller === undefined) {
    return { error: 'sts getCallerIdentity failed: InvalidClientTokenId' };
  }
  if (caller.expired) {
    return { error: 'sts getCallerIdentity failed: ExpiredToken' };
  }
  if (signature.service !== 'sts' || !signatureMatches(request, signature, caller.secretAccessKey)) {
    return { error: 'sts getCallerIdentity failed: SignatureDoesNotMatch' };
  }
  return { caller };
}
