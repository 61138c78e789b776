import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { verifyEksToken } from '../../../source/sandbox/cloud/token.ts';
import { handle } from '../../../source/sandbox/handle.ts';
import type { Caller } from '../../../source/sandbox/model.ts';
import { START, scene } from './scene.ts';

type Options = {
  host?: string;
  path?: string;
  query?: Record<string, string>;
  expiresIn?: number;
  hoist?: boolean;
  cluster?: string;
};

async function presigned(caller: Caller, options: Options = {}): Promise<URL> {
  const signer = new SignatureV4({
    service: 'sts',
    region: 'eu-west-1',
    credentials: { accessKeyId: caller.accessKeyId, secretAccessKey: caller.secretAccessKey },
    sha256: Sha256,
  });
  const hostname = options.host ?? 'sts.eu-west-1.amazonaws.com';
  const request = new HttpRequest({
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: options.path ?? '/',
    headers: { host: hostname, 'x-k8s-aws-id': options.cluster ?? 'blue' },
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15', ...options.query },
  });
  const cluster = new Set(['x-k8s-aws-id']);
  const signed = await signer.presign(request, {
    expiresIn: options.expiresIn ?? 60,
    signingDate: new Date(START),
    ...(options.hoist ? { hoistableHeaders: cluster } : { unhoistableHeaders: cluster }),
  });
  const url = new URL(`https://${hostname}${options.path ?? '/'}`);
  for (const [name, value] of Object.entries(signed.query ?? {})) {
    url.searchParams.append(name, String(value));
  }
  return url;
}

function tokenOf(url: URL | string): string {
  return `k8s-aws-v1.${Buffer.from(String(url)).toString('base64url')}`;
}

describe('the bearer token', () => {
  it('tells the caller for fifteen minutes', async () => {
    const { world, caller } = scene();
    const token = tokenOf(await presigned(caller));
    expect(verifyEksToken(world, token, 'blue', START)).toEqual({ caller });
    expect(verifyEksToken(world, token, 'blue', START + 15 * 60_000 - 1)).toEqual({ caller });
    expect(verifyEksToken(world, token, 'blue', START + 15 * 60_000)).toEqual({
      error: 'X-Amz-Date parameter is expired',
    });
  });

  it('is for one cluster', async () => {
    const { world, caller } = scene();
    expect(verifyEksToken(world, tokenOf(await presigned(caller)), 'green', START)).toEqual({
      error: 'sts getCallerIdentity failed: SignatureDoesNotMatch',
    });
  });

  it.each<[string, Options]>([
    ['another host', { host: 'sts.example.com' }],
    ['another path', { path: '/x' }],
    ['another action', { query: { Action: 'AssumeRole' } }],
    ['a further parameter', { query: { More: '1' } }],
    ['a long expiry', { expiresIn: 901 }],
    ['the cluster hoisted into the query', { hoist: true }],
  ])('is refused with %s', async (_what, options) => {
    const { world, caller } = scene();
    expect(verifyEksToken(world, tokenOf(await presigned(caller, options)), 'blue', START)).toHaveProperty('error');
  });

  it('is refused in other forms', async () => {
    const { world, caller } = scene();
    const url = await presigned(caller);
    const plain = String(url).replace('https:', 'http:');
    const twice = `${url}&action=GetCallerIdentity`;
    const tokens = [
      '',
      'k8s-aws-v1.',
      'k8s-aws-v1.!!!',
      tokenOf('nonsense'),
      tokenOf(plain),
      tokenOf(twice),
      `x${tokenOf(url)}`,
    ];
    for (const token of [...tokens, tokenOf(`${url}&x=${'y'.repeat(4096)}`)]) {
      expect(verifyEksToken(world, token, 'blue', START)).toHaveProperty('error');
    }
  });

  it('is refused for unknown, expired and lying callers', async () => {
    const { world, caller } = scene();
    const lying = tokenOf(await presigned({ ...caller, secretAccessKey: 'wrong' }));
    expect(verifyEksToken(world, lying, 'blue', START)).toHaveProperty('error');
    const token = tokenOf(await presigned(caller));
    caller.expired = true;
    expect(verifyEksToken(world, token, 'blue', START)).toHaveProperty('error');
    world.callers.clear();
    expect(verifyEksToken(world, token, 'blue', START)).toHaveProperty('error');
  });

  it('works at STS too, which answers in JSON when asked', async () => {
    const { world, caller } = scene();
    const url = await presigned(caller);
    const ask = (accept: string, now = START) =>
      handle(
        world,
        {
          endpoint: { kind: 'aws' },
          method: 'GET',
          path: '/',
          query: url.search.slice(1),
          headers: { host: url.host, 'x-k8s-aws-id': 'blue', accept },
          body: '',
        },
        now,
      );
    expect(JSON.parse(ask('application/json').body).GetCallerIdentityResponse.GetCallerIdentityResult).toEqual({
      Arn: caller.arn,
      UserId: caller.userId,
      Account: caller.account,
    });
    expect(ask('*/*').body).toContain(`<Arn>${caller.arn}</Arn>`);
    expect(ask('*/*', START + 15 * 60_000).status).toBe(403);
  });
});
