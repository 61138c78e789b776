import { generate } from 'selfsigned';
import { beforeAll, expect, test } from 'vitest';
import { Trust } from '../../source/kubernetes/trust.ts';

const certificate = async (name: string) => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], { keyType: 'ec' });
  return { cert, key };
};

let one: { cert: string; key: string };
let bundle: string;
beforeAll(async () => {
  one = await certificate('one');
  bundle = (await certificate('proxy')).cert;
});

const server = 'https://api.example.test';

test('the connections of a client share a context, until its certificate is another one', async () => {
  const trust = new Trust({ server, ca: [one.cert] });
  const context = trust.context({ token: 'a' });
  expect(trust.context({ token: 'b' })).toBe(context);
  const withCertificate = trust.context({ certificate: one.cert, key: one.key });
  expect(withCertificate).not.toBe(context);
  expect(trust.context({ certificate: one.cert, key: one.key })).toBe(withCertificate);
});

test('a bundle is parsed once for all clusters, and asked only where the own CA does not vouch', () => {
  const trusts = [1, 2].map(() => new Trust({ server, ca: [one.cert], proxyAuthorities: bundle }));
  const own = trusts.map(trust => trust.context({}));
  expect(own[0]).not.toBe(own[1]);
  for (const [index, trust] of trusts.entries()) trust.refused(own[index], {});
  const proxy = trusts.map(trust => trust.context({}));
  expect(proxy[0]).toBe(proxy[1]);
  expect(own).not.toContain(proxy[0]);
});

test('two connections that find out at once ask the next authorities, not those after them', () => {
  const trust = new Trust({ server, ca: [one.cert], proxyAuthorities: bundle });
  const own = trust.context({});
  trust.refused(own, {});
  const proxy = trust.context({});
  trust.refused(own, {});
  expect(trust.context({})).toBe(proxy);
  trust.refused(proxy, {});
  expect(trust.context({})).toBe(own);
});
