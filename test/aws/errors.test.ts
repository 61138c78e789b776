import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toFailure } from '../../source/aws/errors.ts';
import { openSession, type Session } from '../../source/aws/session.ts';
import type { Failure } from '../../source/identity/reading.ts';
import { PortError } from '../../source/run/ports.ts';
import { isolateAws, keys, writeConfig } from './aws-environment.ts';
import { JumpingClock } from './fake-clock.ts';
import { type Answer, eksError, type FakeServer, json, startFakeServer, xmlError } from './fake-server.ts';

const clock = new JumpingClock();

let server: FakeServer;
const sessions: Session[] = [];

async function open(options: { profile?: string; endpoint?: string } = {}): Promise<Session> {
  const session = await openSession({ region: 'eu-west-1', clock, endpoint: server.url, ...options });
  sessions.push(session);
  return session;
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  return error.failure;
}

beforeEach(async () => {
  server = await startFakeServer();
});

afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await server.close();
});

const describeCluster = (session: Session) => session.ports.eks.describeCluster('payments');
const getRole = (session: Session) => session.ports.iam.getRole('app');
const describeStack = (session: Session) => session.ports.cloudformation.describeStack('s');
const create = (session: Session) =>
  session.ports.eks.createAssociation({ clusterName: 'c', namespace: 'n', serviceAccount: 's', roleArn: 'arn:r' });

describe('what a service answers', () => {
  isolateAws(keys);

  const arn = 'arn:aws:iam::111122223333:user/ana';
  const html = { status: 503, body: '<html>down</html>', headers: { 'content-type': 'text/html' } };
  const cases: readonly [string, (session: Session) => Promise<unknown>, Answer, Partial<Failure>, RegExp][] = [
    [
      'EKS not found',
      describeCluster,
      eksError(404, 'ResourceNotFoundException', 'No cluster found for name: payments.'),
      {
        kind: 'not-found',
        status: 404,
        code: 'ResourceNotFoundException',
        requestId: 'request-1',
        operation: 'eks:DescribeCluster',
      },
      /^No cluster found for name: payments\.$/,
    ],
    [
      'denied, IAM wording',
      describeCluster,
      eksError(
        403,
        'AccessDeniedException',
        `User: ${arn} is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:eu-west-1:111122223333:cluster/payments because no identity-based policy allows it`,
      ),
      { kind: 'denied' },
      /^eks:DescribeCluster is denied to arn:aws:iam::111122223333:user\/ana on arn:\S+: ask for a policy that allows it\.$/,
    ],
    [
      'denied explicitly',
      getRole,
      xmlError(
        403,
        'AccessDenied',
        `User: ${arn} is not authorized to perform: iam:GetRole on resource: role app with an explicit deny in a service control policy`,
      ),
      { kind: 'denied', code: 'AccessDenied' },
      /iam:GetRole.*denies it explicitly/,
    ],
    [
      'pass role',
      create,
      eksError(
        403,
        'AccessDeniedException',
        `User: ${arn} is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app`,
      ),
      { kind: 'denied' },
      /^iam:PassRole is denied to arn:\S+ on arn:aws:iam::111122223333:role\/app: ask/,
    ],
    [
      'exists',
      create,
      eksError(409, 'ResourceInUseException', 'Association already exists: a-dt1bedfjc72dlwp5n'),
      { kind: 'exists' },
      /a-dt1bedfjc72dlwp5n/,
    ],
    [
      'in use, elsewhere',
      session => session.ports.eks.updateAddon({ clusterName: 'c', addonName: 'a' }),
      eksError(409, 'ResourceInUseException', 'The addon is being updated'),
      { kind: 'conflict' },
      /being updated/,
    ],
    [
      'invalid',
      create,
      eksError(400, 'InvalidParameterException', 'Trust policy of the role provided is invalid.'),
      { kind: 'invalid' },
      /^Trust policy of the role provided is invalid\.$/,
    ],
    [
      'throttled',
      describeCluster,
      eksError(429, 'TooManyRequestsException', 'Too many'),
      { kind: 'throttled' },
      /throttling eks:DescribeCluster in eu-west-1/,
    ],
    [
      'IAM throttled',
      getRole,
      xmlError(400, 'Throttling', 'Rate exceeded'),
      { kind: 'throttled', code: 'Throttling' },
      /throttling iam:GetRole/,
    ],
    [
      'IAM quota is not throttling',
      session => session.ports.iam.updateAssumeRolePolicy('app', '{}'),
      xmlError(409, 'LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048'),
      { kind: 'invalid', code: 'LimitExceeded' },
      /ACLSizePerRole/,
    ],
    [
      'IAM not found',
      getRole,
      xmlError(404, 'NoSuchEntity', 'The role with name app cannot be found.'),
      { kind: 'not-found', code: 'NoSuchEntity', status: 404 },
      /app cannot be found/,
    ],
    [
      'IAM concurrent',
      session => session.ports.iam.updateAssumeRolePolicy('app', '{}'),
      xmlError(409, 'ConcurrentModification', 'Changed'),
      { kind: 'conflict' },
      /Changed/,
    ],
    [
      'no such stack',
      describeStack,
      xmlError(400, 'ValidationError', 'Stack with id s does not exist'),
      { kind: 'not-found', code: 'ValidationError' },
      /Stack with id s does not exist/,
    ],
    [
      'busy stack',
      describeStack,
      xmlError(400, 'ValidationError', 'Stack:arn:x is in UPDATE_IN_PROGRESS state and can not be updated.'),
      { kind: 'conflict' },
      /UPDATE_IN_PROGRESS/,
    ],
    [
      'nothing to update',
      describeStack,
      xmlError(400, 'ValidationError', 'No updates are to be performed.'),
      { kind: 'invalid' },
      /^No updates are to be performed\.$/,
    ],
    [
      'expired token',
      describeCluster,
      eksError(403, 'ExpiredTokenException', 'The security token included in the request is expired'),
      { kind: 'expired-credentials' },
      /have expired.*aws sso login/,
    ],
    [
      'unknown key',
      getRole,
      xmlError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'),
      { kind: 'no-credentials' },
      /does not know the credentials.*region is enabled/,
    ],
    [
      'bad signature',
      getRole,
      xmlError(403, 'SignatureDoesNotMatch', 'Canonical: x-amz-security-token:SECRETSECRET'),
      { kind: 'no-credentials' },
      /secret key.*clock/,
    ],
    ['a gateway page', describeCluster, html, { kind: 'server', status: 503 }, /HTTP 503.*try again later/],
    ['a gateway page for XML', getRole, html, { kind: 'server', status: 503 }, /HTTP 503/],
    [
      'a page where the API is not',
      describeCluster,
      { ...html, status: 404 },
      { kind: 'server', status: 404 },
      /does not answer eks:DescribeCluster like AWS does/,
    ],
    [
      'a portal that says 200',
      describeCluster,
      { ...html, status: 200 },
      { kind: 'server', status: 200 },
      /check the endpoint and any proxy/,
    ],
    ['an answer without the thing', describeCluster, json({}), { kind: 'server' }, /without a cluster ARN/],
    [
      'a proxy that wants a login',
      describeCluster,
      { status: 407, body: 'no' },
      { kind: 'unreachable' },
      /proxy asks for a login/,
    ],
  ];

  test.each(cases)('%s', async (_name, call, answer, expected, message) => {
    server.answer = () => answer;
    const failure = await failureOf(call(await open()));
    expect(failure).toMatchObject(expected);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toMatch(/SECRET|\n| {4}at /);
  });

  test('text of a service is made harmless', async () => {
    server.answer = () =>
      eksError(
        400,
        'InvalidParameterException',
        'red \u001b[31mtext\u0007\nand\u202e more ASIAABCDEFGHIJKLMNOP k8s-aws-v1.abc',
      );
    const { message } = await failureOf(describeCluster(await open()));
    expect(message).toBe('red text and more ASIA*** ***.');
  });

  test('an abort is an abort, whatever was under way', async () => {
    server.answer = () => ({ silent: true });
    const stop = new AbortController();
    const session = await open();
    const call = session.ports.eks.describeCluster('c', { signal: stop.signal });
    while (server.asked.length === 0) await new Promise(resolve => setImmediate(resolve));
    stop.abort();
    expect(await failureOf(call)).toMatchObject({ kind: 'aborted' });
  });
});

describe('when nobody answers', () => {
  isolateAws(keys);

  test('connection refused names the endpoint', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise(resolve => probe.close(resolve));
    const failure = await failureOf(describeCluster(await open({ endpoint: `http://127.0.0.1:${port}` })));
    expect(failure).toMatchObject({ kind: 'unreachable', operation: 'eks:DescribeCluster' });
    expect(failure.message).toContain(`Connection refused by 127.0.0.1:${port}; check the configured endpoint`);
  });

  test('a cut connection is tried again, and then said', async () => {
    server.answer = () => ({ cut: true });
    const failure = await failureOf(describeCluster(await open()));
    expect(failure.kind).toBe('unreachable');
    expect(failure.message).toMatch(/was cut/);
    expect(server.asked).toHaveLength(3);
  });

  const context = { service: 'eks', operation: 'ListClusters', region: 'eu-wst-1' } as const;
  const coded = (code: string, rest: object = {}) => Object.assign(new Error(code), { code, ...rest });
  test.each([
    [
      'no such host',
      coded('ENOTFOUND', { hostname: 'eks.eu-wst-1.amazonaws.com' }),
      /^No such region or endpoint: eks\.eu-wst-1\.amazonaws\.com does not resolve; check the region \(eu-wst-1\)/,
    ],
    ['self-signed', coded('SELF_SIGNED_CERT_IN_CHAIN'), /not trusted \(SELF_SIGNED_CERT_IN_CHAIN\).*AWS_CA_BUNDLE/],
    ['wrong name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), /certificate/],
    ['timeout', Object.assign(new Error('slow'), { name: 'TimeoutError' }), /^No answer in time/],
    [
      'several addresses',
      new AggregateError([coded('ECONNREFUSED', { address: '10.0.0.1', port: 443 })]),
      /Connection refused by 10\.0\.0\.1:443/,
    ],
    [
      'wrapped',
      new Error('outer', { cause: coded('EAI_AGAIN', { hostname: 'h' }) }),
      /The name h could not be looked up/,
    ],
  ])('%s', (_name, error, message) => {
    const failure = toFailure(error, context);
    expect(failure).toMatchObject({ kind: 'unreachable', operation: 'eks:ListClusters' });
    expect(failure.message).toMatch(message);
  });

  test('what is no error at all is still a failure', () => {
    expect(toFailure(undefined, context)).toMatchObject({ kind: 'unknown' });
    expect(toFailure('text', context).message).not.toBe('');
  });
});

describe('credentials', () => {
  isolateAws();

  test('none anywhere: says what was looked for', async () => {
    const failure = await failureOf(describeCluster(await open()));
    expect(failure.kind).toBe('no-credentials');
    for (const place of ['environment', '~/.aws/config', 'SSO', 'container', 'instance metadata']) {
      expect(failure.message).toContain(place);
    }
    expect(server.asked).toHaveLength(0);
  });

  test('a role that asks for a code, behind another and before an expired sign-in, is no loose end', async () => {
    const loose: unknown[] = [];
    const hear = (error: unknown) => loose.push(error);
    process.on('unhandledRejection', hear);
    writeConfig(`
[profile base]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin

[profile coded]
role_arn = arn:aws:iam::222233334444:role/deploy
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/anna

[profile outer]
role_arn = arn:aws:iam::333344445555:role/deploy
source_profile = coded

[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
`);
    for (const profile of ['coded', 'outer']) {
      const failure = await failureOf(describeCluster(await open({ profile })));
      expect(failure.kind).toBe('no-credentials');
      expect(failure.message).toContain('one-time code');
    }
    // What was left behind would have failed by now: its file is not there.
    for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(loose).toEqual([]);
  });

  test('a role that asks for a one-time code: says so', async () => {
    writeConfig(`
[profile base]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = example

[profile coded]
role_arn = arn:aws:iam::222233334444:role/deploy
source_profile = base
mfa_serial = arn:aws:iam::111122223333:mfa/anna
`);
    const failure = await failureOf(describeCluster(await open({ profile: 'coded' })));
    expect(failure.kind).toBe('no-credentials');
    expect(failure.message).toMatch(/profile "coded" asks for a one-time code \(MFA\)/);
    expect(server.asked).toHaveLength(0);
  });

  test('a profile without any', async () => {
    writeConfig('[profile empty]\nregion = eu-west-1\n');
    const failure = await failureOf(describeCluster(await open({ profile: 'empty' })));
    expect(failure.kind).toBe('no-credentials');
    expect(failure.message).toContain('profile "empty"');
  });

  test('an SSO session that ran out, or was never begun, says how to begin one', async () => {
    writeConfig(
      [
        '[profile dev]',
        'sso_session = corp',
        'sso_account_id = 111122223333',
        'sso_role_name = Admin',
        '[sso-session corp]',
        'sso_region = eu-west-1',
        'sso_start_url = https://corp.awsapps.com/start',
      ].join('\n'),
    );
    const never = await failureOf(describeCluster(await open({ profile: 'dev' })));
    expect(never).toMatchObject({ kind: 'expired-credentials' });
    expect(never.message).toContain('aws sso login --profile dev');

    const cache = join(process.env.HOME ?? '', '.aws', 'sso', 'cache');
    mkdirSync(cache, { recursive: true });
    const name = createHash('sha1').update('corp').digest('hex');
    const token = { accessToken: 'SECRET', expiresAt: '2020-01-01T00:00:00Z' };
    writeFileSync(join(cache, `${name}.json`), JSON.stringify(token));
    const over = await failureOf(describeCluster(await open({ profile: 'dev' })));
    expect(over).toMatchObject({ kind: 'expired-credentials' });
    expect(over.message).toBe('The SSO session of profile "dev" has expired: run aws sso login --profile dev.');
  });

  test('a token cannot be made without them either', async () => {
    expect(await failureOf((await open()).token('c'))).toMatchObject({ kind: 'no-credentials' });
  });
});
