import { writeFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { readProfiles } from '../../source/aws/profiles.ts';
import { knownRegions, partitionOf, partitions } from '../../source/aws/regions.ts';
import { openSession } from '../../source/aws/session.ts';
import { settingsFor } from '../../source/aws/settings.ts';
import { closeTransport, openTransport } from '../../source/aws/transport.ts';
import { isolateAws, keys, writeConfig, writeCredentials } from './aws-environment.ts';
import { JumpingClock } from './fake-clock.ts';
import { callerXml, type FakeServer, startFakeServer } from './fake-server.ts';

isolateAws();

const config = `
[default]
region = us-east-1
endpoint_url = http://127.0.0.1:1

[profile prod]
region = eu-west-1
sso_session = corp
max_attempts = 5

[profile moto]
region = eu-west-2
services = local
endpoint_url = http://127.0.0.1:2

[profile real]
region = eu-west-3
services = local
ignore_configured_endpoint_urls = true

[services local]
eks =
  endpoint_url = http://127.0.0.1:3
iam =
  endpoint_url = http://127.0.0.1:4

[sso-session corp]
sso_region = eu-west-1
`;

describe('profiles', () => {
  test('say how each signs in, and whose account that is, but nothing secret', async () => {
    writeConfig(`
[profile portal]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin

[profile role]
role_arn = arn:aws:iam::222233334444:role/deploy
source_profile = keys
mfa_serial = arn:aws:iam::111122223333:mfa/anna

[profile helper]
credential_process = /opt/helper --token hunter2

[profile pod]
role_arn = arn:aws:iam::333344445555:role/pod
web_identity_token_file = /var/run/token

[profile bare]
region = eu-west-1
`);
    writeCredentials('[keys]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = hunter2\n');
    const profiles = await readProfiles();
    expect(profiles.get('portal')).toMatchObject({
      signIn: 'sso',
      account: '111122223333',
      source: 'corp',
      mfa: false,
    });
    expect(profiles.get('role')).toMatchObject({
      signIn: 'assume-role',
      account: '222233334444',
      roleArn: 'arn:aws:iam::222233334444:role/deploy',
      source: 'keys',
      mfa: true,
    });
    expect(profiles.get('helper')?.signIn).toBe('process');
    expect(profiles.get('pod')).toMatchObject({ signIn: 'web-identity', account: '333344445555' });
    expect(profiles.get('keys')?.signIn).toBe('static');
    expect(profiles.get('bare')?.signIn).toBe('unset');
    expect(JSON.stringify([...profiles])).not.toMatch(/hunter2|AKID/);
  });

  test('come from both files, without sections that are none', async () => {
    writeConfig(config);
    writeCredentials('[prod]\naws_access_key_id = a\n[keys-only]\naws_access_key_id = b\n');
    const profiles = await readProfiles();
    expect([...profiles.keys()].sort()).toEqual(['default', 'keys-only', 'moto', 'prod', 'real']);
    expect(profiles.get('prod')).toMatchObject({ region: 'eu-west-1', sso: true, maxAttempts: 5, endpoints: {} });
    expect(profiles.get('keys-only')?.region).toBeUndefined();
    expect(profiles.get('moto')?.endpoints).toEqual({
      eks: 'http://127.0.0.1:3',
      iam: 'http://127.0.0.1:4',
      cloudformation: 'http://127.0.0.1:2',
      sts: 'http://127.0.0.1:2',
    });
  });

  test('no files, no profiles; a changed file is read anew', async () => {
    expect((await readProfiles()).size).toBe(0);
    writeConfig('[profile one]\nregion = a\n');
    expect([...(await readProfiles()).keys()]).toEqual(['one']);
    writeConfig('[profile two]\nregion = a\n');
    expect([...(await readProfiles()).keys()]).toEqual(['two']);
  });
});

describe('settings', () => {
  const read = async () => {
    writeConfig(config);
    return readProfiles();
  };

  test('region: option, AWS_REGION, AWS_DEFAULT_REGION, the profile', async () => {
    const profiles = await read();
    const both = { AWS_REGION: 'a-b-1', AWS_DEFAULT_REGION: 'c-d-1' };
    expect(settingsFor({ region: 'x-y-1' }, profiles, both).region).toBe('x-y-1');
    expect(settingsFor({}, profiles, both).region).toBe('a-b-1');
    expect(settingsFor({}, profiles, { AWS_DEFAULT_REGION: 'c-d-1' }).region).toBe('c-d-1');
    expect(settingsFor({ profile: 'prod' }, profiles, {}).region).toBe('eu-west-1');
    expect(settingsFor({}, profiles, { AWS_PROFILE: 'moto' }).region).toBe('eu-west-2');
    expect(settingsFor({}, profiles, {}).region).toBe('us-east-1');
  });

  test('no region anywhere, and an unknown profile, say what to do', async () => {
    writeCredentials('[keys-only]\naws_access_key_id = b\n');
    const profiles = await readProfiles();
    expect(() => settingsFor({ profile: 'keys-only' }, profiles, {})).toThrow(/pass --region, set AWS_REGION/);
    expect(() => settingsFor({ profile: 'nope' }, profiles, {})).toThrow(/no profile "nope".*found: keys-only/);
  });

  test('endpoints: option, AWS_ENDPOINT_URL_EKS, AWS_ENDPOINT_URL, the profile; or none', async () => {
    const profiles = await read();
    const environment = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ENDPOINT_URL_EKS: 'http://127.0.0.1:8' };
    const four = (url: string) => ({ eks: url, iam: url, cloudformation: url, sts: url });
    expect(settingsFor({ endpoint: 'http://127.0.0.1:7' }, profiles, environment).endpoints).toEqual(
      four('http://127.0.0.1:7'),
    );
    expect(settingsFor({ profile: 'moto' }, profiles, environment).endpoints).toEqual({
      ...four('http://127.0.0.1:9'),
      eks: 'http://127.0.0.1:8',
    });
    expect(settingsFor({ profile: 'moto' }, profiles, {}).endpoints).toMatchObject({ eks: 'http://127.0.0.1:3' });
    expect(settingsFor({ profile: 'real' }, profiles, {}).endpoints).toEqual({});
    const ignore = { ...environment, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(settingsFor({ profile: 'moto' }, profiles, ignore).endpoints).toEqual({});
    expect(() => settingsFor({ endpoint: 'localhost:5000' }, profiles, {})).toThrow(/not an http or https URL/);
  });

  test('attempts: AWS_MAX_ATTEMPTS, the profile, three', async () => {
    const profiles = await read();
    expect(settingsFor({ profile: 'prod' }, profiles, { AWS_MAX_ATTEMPTS: '7' }).maxAttempts).toBe(7);
    expect(settingsFor({ profile: 'prod' }, profiles, {}).maxAttempts).toBe(5);
    expect(settingsFor({ profile: 'moto' }, profiles, { AWS_MAX_ATTEMPTS: 'many' }).maxAttempts).toBe(3);
  });
});

describe('what reaches the wire', () => {
  const servers: FakeServer[] = [];
  const serve = async () => {
    const server = await startFakeServer();
    servers.push(server);
    server.answer = () => callerXml();
    return server;
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  test("each profile's own endpoint and keys are used, whatever AWS_PROFILE names", async () => {
    const [mine, other] = [await serve(), await serve()];
    writeConfig(
      `[profile mine]\nregion = eu-west-1\nendpoint_url = ${mine.url}\n[profile other]\nendpoint_url = ${other.url}\nregion = eu-west-2`,
    );
    writeCredentials(
      '[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = x\n[other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x',
    );
    process.env.AWS_PROFILE = 'other';
    const session = await openSession({ profile: 'mine', clock: new JumpingClock() });
    await session.scope();
    session.close();
    expect(other.asked).toHaveLength(0);
    expect(mine.asked[0]?.headers.authorization).toMatch(/Credential=AKIAMINE\/\d+\/eu-west-1\/sts\//);
  });

  test('a plain http proxy of the environment is used for names, and not for what NO_PROXY excepts', async () => {
    const proxy = await serve();
    Object.assign(process.env, keys, { HTTP_PROXY: proxy.url, NO_PROXY: 'direct.test' });
    const session = await openSession({ region: 'eu-west-1', endpoint: 'http://sts.test', clock: new JumpingClock() });
    expect(await session.scope()).toMatchObject({ account: '111122223333' });
    session.close();
    expect(proxy.asked[0]?.headers.host).toBe('sts.test');
    const direct = await openSession({
      region: 'eu-west-1',
      endpoint: 'http://direct.test',
      clock: new JumpingClock(),
    });
    await expect(direct.scope()).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
    direct.close();
    expect(proxy.asked).toHaveLength(1);
  });

  test('AWS_CA_BUNDLE is given to TLS, and a missing file is said', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    });
    const server = createServer({ cert, key }, (_, response) => response.end());
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const answer = async (): Promise<string> => {
      const transport = await openTransport();
      onTestFinished(() => closeTransport(transport));
      return new Promise(resolve => {
        get({ agent: transport.httpsAgent, host: 'localhost', port }, message => resolve(`${message.statusCode}`)).on(
          'error',
          (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message),
        );
      });
    };
    expect(await answer()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    const bundle = join(process.env.HOME ?? '', 'ca.pem');
    writeFileSync(bundle, cert);
    process.env.AWS_CA_BUNDLE = bundle;
    expect(await answer()).toBe('200');
    process.env.AWS_CA_BUNDLE = '/no/such/file';
    await expect(openTransport()).rejects.toThrow(/AWS_CA_BUNDLE names \/no\/such\/file/);
  });
});

describe('partitions', () => {
  test('every known region is of the partition that lists it; unknown names count as aws', () => {
    for (const partition of partitions) {
      for (const region of partition.regions) expect(partitionOf(region).id).toBe(partition.id);
    }
    expect(partitionOf('eu-far-9').id).toBe('aws');
    expect(partitionOf('mars-1').id).toBe('aws');
    expect(partitionOf('cn-north-1').dnsSuffix).toBe('amazonaws.com.cn');
    expect(knownRegions('aws-us-gov')).toEqual(['us-gov-east-1', 'us-gov-west-1']);
    expect(knownRegions('nowhere')).toEqual([]);
  });
});
