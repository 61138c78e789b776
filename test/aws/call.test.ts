import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSession, type Session } from '../../source/aws/session.ts';
import { PortError, type RequestNote } from '../../source/run/ports.ts';
import { isolateAws, keys } from './aws-environment.ts';
import { JumpingClock } from './fake-clock.ts';
import { callerXml, eksError, type FakeServer, json, startFakeServer, xmlError } from './fake-server.ts';

isolateAws(keys);

const cluster = {
  cluster: { name: 'c', arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/c', status: 'ACTIVE', version: '1.33' },
};
const association = {
  association: { clusterName: 'c', namespace: 'n', serviceAccount: 's', associationId: 'a-1', roleArn: 'arn:r' },
};

let server: FakeServer;
let session: Session;
let clock: JumpingClock;
const notes: RequestNote[] = [];

beforeEach(async () => {
  server = await startFakeServer();
  clock = new JumpingClock();
  notes.length = 0;
  session = await openSession({
    region: 'eu-west-1',
    endpoint: server.url,
    clock,
    onRequest: note => notes.push(note),
  });
});

afterEach(async () => {
  session.close();
  await server.close();
});

const failOnce = (answer: ReturnType<typeof json>, then: unknown) => {
  server.answer = (_asked, count) => (count === 1 ? answer : json(then));
};

describe('retries', () => {
  test('a read goes on after a 5xx, a cut connection and throttling', async () => {
    const failures = [eksError(500, 'ServerException', 'x'), { cut: true }, eksError(429, 'ThrottlingException', 'x')];
    server.answer = (_asked, count) => failures[count - 1] ?? json(cluster);
    expect(await session.ports.eks.describeCluster('c')).toMatchObject({ name: 'c', account: '111122223333' });
    expect(notes).toMatchObject([
      { operation: 'DescribeCluster', status: 200, attempts: 4, cluster: 'c', write: false },
    ]);
    expect(clock.slept).toBeGreaterThan(0);
  });

  test('AWS_MAX_ATTEMPTS counts the first one', async () => {
    process.env.AWS_MAX_ATTEMPTS = '2';
    const patient = await openSession({ region: 'eu-west-1', endpoint: server.url, clock });
    server.answer = () => eksError(500, 'ServerException', 'x');
    await expect(patient.ports.eks.describeCluster('c')).rejects.toBeInstanceOf(PortError);
    expect(server.asked).toHaveLength(2);
    patient.close();
  });

  test('a create repeats itself with the same token', async () => {
    failOnce({ cut: true }, association);
    const input = { clusterName: 'c', namespace: 'n', serviceAccount: 's', roleArn: 'arn:r' };
    await session.ports.eks.createAssociation(input);
    const tokens = server.asked.map(each => JSON.parse(each.body).clientRequestToken);
    expect(tokens).toHaveLength(2);
    expect(tokens[0]).toMatch(/^[\w-]{36}$/);
    expect(tokens[1]).toBe(tokens[0]);
  });

  test('a given token is the one that is sent', async () => {
    failOnce(json(association), association);
    const input = {
      clusterName: 'c',
      namespace: 'n',
      serviceAccount: 's',
      roleArn: 'arn:r',
      clientRequestToken: 'mine',
    };
    await session.ports.eks.createAssociation(input);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toMatchObject({ clientRequestToken: 'mine' });
    expect(JSON.parse(server.asked[0]?.body ?? '')).not.toHaveProperty('tags');
  });

  test('a delete whose first answer was lost takes "not found" for done; a first "not found" is told', async () => {
    const gone = eksError(404, 'ResourceNotFoundException', 'gone');
    server.answer = (_asked, count) => (count === 1 ? { cut: true } : gone);
    await session.ports.eks.deleteAssociation('c', 'a-1');
    server.answer = () => gone;
    await expect(session.ports.eks.deleteAssociation('c', 'a-1')).rejects.toMatchObject({
      failure: { kind: 'not-found' },
    });
  });

  test('a trust policy is never sent twice when nobody knows what became of it', async () => {
    failOnce({ cut: true }, {});
    await expect(session.ports.iam.updateAssumeRolePolicy('r', '{}')).rejects.toBeInstanceOf(PortError);
    expect(server.asked).toHaveLength(1);
    const later = { date: new Date(Date.now() + 3_600_000).toUTCString() };
    server.answer = () => ({ ...xmlError(500, 'ServiceFailure', 'x'), headers: later });
    await expect(session.ports.iam.updateAssumeRolePolicy('r', '{}')).rejects.toBeInstanceOf(PortError);
    expect(server.asked).toHaveLength(2);
  });

  test('but it is when it was refused for its rate', async () => {
    const done = { headers: { 'content-type': 'text/xml' }, body: '<UpdateAssumeRolePolicyResponse/>' };
    server.answer = (_asked, count) => (count === 1 ? xmlError(400, 'Throttling', 'Rate exceeded') : done);
    await session.ports.iam.updateAssumeRolePolicy('r', '{"a": "b c"}');
    expect(server.asked).toHaveLength(2);
    expect(server.asked[1]?.form.get('PolicyDocument')).toBe('{"a": "b c"}');
    expect(session.limiterStates().get('iam profile ')?.rate).toBeLessThan(500);
  });

  test('a clock that is off is corrected by the answer, and the request goes again with the right time', async () => {
    const hour = 3_600_000;
    const date = new Date(Date.now() + hour).toUTCString();
    const off = eksError(403, 'InvalidSignatureException', 'Signature expired');
    failOnce({ ...off, headers: { ...off.headers, date } }, cluster);
    await session.ports.eks.describeCluster('c');
    const signed = server.asked.map(each => String(each.headers['x-amz-date']));
    const hours = signed.map(each => Number(each.slice(9, 11)));
    expect(hours).toHaveLength(2);
    expect(((hours[1] ?? 0) - (hours[0] ?? 0) + 24) % 24).toBe(1);
  });

  test('Retry-After is waited for', async () => {
    const slow = { ...eksError(429, 'TooManyRequestsException', 'x') };
    failOnce({ ...slow, headers: { ...slow.headers, 'retry-after': '7' } }, cluster);
    await session.ports.eks.describeCluster('c');
    expect(clock.slept).toBeGreaterThanOrEqual(7000);
  });
});

describe('limiters', () => {
  test('are named by the account once STS has told it, and keep what was learnt', async () => {
    server.answer = asked => (asked.form.get('Action') ? callerXml() : json(cluster));
    await session.ports.eks.describeCluster('c');
    expect([...session.limiterStates().keys()]).toEqual(['eks profile  eu-west-1']);
    expect(await session.scope()).toMatchObject({ account: '111122223333', partition: 'aws', region: 'eu-west-1' });
    await session.ports.eks.describeCluster('c');
    expect([...session.limiterStates().keys()].sort()).toEqual([
      'eks 111122223333 eu-west-1',
      'sts 111122223333 eu-west-1',
    ]);
    expect(notes.map(note => note.account)).toEqual([undefined, undefined, '111122223333']);
    await session.scope();
    expect(server.asked.filter(each => each.form.get('Action'))).toHaveLength(1);
  });
});

describe('what is told of a request', () => {
  test('neither bodies nor secrets; status and id of a failure', async () => {
    server.answer = () => eksError(404, 'ResourceNotFoundException', 'gone');
    await expect(session.ports.eks.describeAssociation('c', 'a-1')).rejects.toBeInstanceOf(PortError);
    expect(notes).toEqual([
      {
        at: clock.now(),
        service: 'eks',
        operation: 'DescribePodIdentityAssociation',
        region: 'eu-west-1',
        cluster: 'c',
        subject: 'a-1',
        status: 404,
        milliseconds: 0,
        attempts: 1,
        requestId: 'request-1',
        write: false,
      },
    ]);
  });

  test('a closed session refuses calls', async () => {
    session.close();
    await expect(session.ports.eks.describeCluster('c')).rejects.toMatchObject({ failure: { kind: 'aborted' } });
    expect(server.asked).toHaveLength(0);
  });
});
