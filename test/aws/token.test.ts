import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeToken, type TokenOptions } from '../../source/aws/token.ts';
import { FakeClock } from './fake-clock.ts';

const now = Date.UTC(2026, 0, 1, 12);
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalr+/EXAMPLE', sessionToken: 'FQo/ses+sion==' };

const make = (options: Partial<TokenOptions> = {}) =>
  makeToken({
    clusterName: 'payments',
    region: 'eu-west-1',
    credentials: async () => credentials,
    clock: new FakeClock(now),
    ...options,
  });

const urlOf = (token: string) => new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Signature Version 4 for a presigned URL, written out again from its documentation. */
function signatureOf(url: URL, cluster: string, secret: string): string {
  const query = url.search
    .slice(1)
    .split('&')
    .filter(pair => !pair.startsWith('X-Amz-Signature='));
  const canonical = [
    'GET',
    '/',
    query.sort().join('&'),
    `host:${url.host}\nx-k8s-aws-id:${cluster}\n`,
    'host;x-k8s-aws-id',
    sha(''),
  ].join('\n');
  const date = url.searchParams.get('X-Amz-Date') ?? '';
  const scope = `${date.slice(0, 8)}/eu-west-1/sts/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date.slice(0, 8)), 'eu-west-1'), 'sts'), 'aws4_request');
  return createHmac('sha256', key).update(toSign).digest('hex');
}

describe('the bearer token', () => {
  test('has the form that aws-iam-authenticator demands, and a signature that holds', async () => {
    const { token, expiresAt } = await make();
    expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
    expect(token.length).toBeLessThan(4096);
    const url = urlOf(token);
    expect(url.origin + url.pathname).toBe('https://sts.eu-west-1.amazonaws.com/');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      Action: 'GetCallerIdentity',
      Version: '2011-06-15',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': '20260101T120000Z',
      'X-Amz-Expires': '60',
      'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
      'X-Amz-Security-Token': credentials.sessionToken,
      'X-Amz-Credential': 'AKIDEXAMPLE/20260101/eu-west-1/sts/aws4_request',
    });
    const allowed =
      /^(action|version|x-amz-(algorithm|credential|date|expires|security-token|signature|signedheaders))$/i;
    const names = [...url.searchParams.keys()];
    expect(names.filter(name => !allowed.test(name))).toEqual([]);
    expect(new Set(names.map(name => name.toLowerCase())).size).toBe(names.length);
    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, 'payments', credentials.secretAccessKey));
    expect(expiresAt).toBe(now + 14 * 60_000);
  });

  test('is good no longer than its credentials, and is dated by a corrected clock', async () => {
    const expiration = new Date(now + 60_000);
    const short = await make({
      credentials: async () => ({ ...credentials, expiration }),
      clockOffset: () => 3_600_000,
    });
    expect(short.expiresAt).toBe(now + 60_000);
    expect(urlOf(short.token).searchParams.get('X-Amz-Date')).toBe('20260101T130000Z');
  });

  test.each([
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['us-iso-east-1', 'sts.us-iso-east-1.c2s.ic.gov'],
    ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
  ])('goes to the regional host of its partition: %s', async (region, host) => {
    expect(urlOf((await make({ region })).token).host).toBe(host);
  });
});
