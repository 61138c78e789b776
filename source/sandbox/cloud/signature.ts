/**
 * Signature Version 4 as the receiving end sees it: reading a request's signature and working it out again (IAM user
 * guide, "Create a signed AWS API request"). Query and REST services alike, but not S3, whose paths are encoded once.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type Signature = {
  readonly accessKeyId: string;
  /** `yyyymmdd`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `yyyymmddThhmmssZ`. */
  readonly time: string;
  readonly presigned: boolean;
};

/** What is signed. `query` without the question mark, `headers` by lower-case name. */
export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** `missing`: the request carries none; `incomplete`: it carries one that is not in AWS's form. */
export function readSignature(request: SignedRequest): Signature | 'missing' | 'incomplete' {
  const header = request.headers.authorization;
  if (header !== undefined) {
    return fromHeader(header, request.headers['x-amz-date'] ?? '') ?? 'incomplete';
  }
  const query = new URLSearchParams(request.query);
  return query.has('X-Amz-Signature') || query.has('X-Amz-Credential') ? (fromQuery(query) ?? 'incomplete') : 'missing';
}

function fromHeader(header: string, time: string): Signature | undefined {
  const match = /^(\S+) (.+)$/su.exec(header);
  if (match?.[1] !== ALGORITHM) {
    return undefined;
  }
  const fields = new Map(
    (match[2] ?? '').split(',').map(each => {
      const [name = '', value = ''] = each.trim().split(/=(.*)/su);
      return [name, value] as const;
    }),
  );
  return build(fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature'), time, false);
}

function fromQuery(query: URLSearchParams): Signature | undefined {
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    return undefined;
  }
  const read = (name: string): string | undefined => query.get(name) ?? undefined;
  return build(
    read('X-Amz-Credential'),
    read('X-Amz-SignedHeaders'),
    read('X-Amz-Signature'),
    read('X-Amz-Date') ?? '',
    true,
  );
}

function build(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  time: string,
  presigned: boolean,
): Signature | undefined {
  const [accessKeyId, date, region, service, end, ...rest] = (credential ?? '').split('/');
  const headers = (signedHeaders ?? '').split(';').filter(each => each !== '');
  const complete =
    accessKeyId &&
    date &&
    region &&
    service &&
    end === 'aws4_request' &&
    rest.length === 0 &&
    headers.includes('host') &&
    /^[0-9a-f]{64}$/u.test(signature ?? '') &&
    /^\d{8}T\d{6}Z$/u.test(time) &&
    time.startsWith(date);
  return complete
    ? { accessKeyId, date, region, service, signedHeaders: headers, signature: signature ?? '', time, presigned }
    : undefined;
}

/** Milliseconds since the epoch of a time in the form `yyyymmddThhmmssZ`. */
export function signatureTime(time: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u.exec(time) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

export function signatureMatches(request: SignedRequest, signature: Signature, secretAccessKey: string): boolean {
  const expected = Buffer.from(signatureOf(request, signature, secretAccessKey), 'hex');
  const given = Buffer.from(signature.signature, 'hex');
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The signature, in hexadecimal, that the holder of the secret key gives the request. */
export function signatureOf(
  request: SignedRequest,
  signed: Omit<Signature, 'signature' | 'accessKeyId'>,
  secretAccessKey: string,
): string {
  const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`;
  const text = [ALGORITHM, signed.time, scope, sha256(canonicalRequest(request, signed.signedHeaders))].join('\n');
  const key = [signed.date, signed.region, signed.service, 'aws4_request'].reduce<Buffer | string>(
    (previous, part) => hmac(previous, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, text).toString('hex');
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  return [
    request.method,
    request.path.split('/').map(encode).join('/'),
    canonicalQuery(request.query),
    ...signedHeaders.map(name => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/gu, ' ')}`),
    '',
    signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query.replaceAll('+', '%20'))]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/gu, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
