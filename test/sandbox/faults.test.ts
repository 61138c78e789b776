import { DescribeClusterCommand, ListClustersCommand } from '@aws-sdk/client-eks';
import { CreateRoleCommand, GetRoleCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { handle } from '../../source/sandbox/handle.ts';
import { podIdentityTrust } from '../../source/sandbox/world.ts';
import { refusal, sdkClients } from './cloud/clients.ts';
import { START, scene } from './cloud/scene.ts';

const create = new CreateRoleCommand({ RoleName: 'new', AssumeRolePolicyDocument: JSON.stringify(podIdentityTrust()) });

describe('scripted faults', () => {
  it('meet the next matching requests, and only those', async () => {
    const { world, eks } = scene();
    world.faults.scripted.push({
      operation: 'eks:ListClusters',
      times: 2,
      status: 503,
      code: 'Odd',
      message: 'so it is',
    });
    await eks.send(new DescribeClusterCommand({ name: 'blue' }));
    for (let count = 0; count < 2; count++) {
      expect(await refusal(eks.send(new ListClustersCommand({})))).toEqual({
        name: 'Odd',
        status: 503,
        message: 'so it is',
      });
    }
    expect((await eks.send(new ListClustersCommand({}))).clusters).toEqual(['blue']);
    expect(world.faults.scripted).toEqual([]);
  });

  it.each([
    ['before' as const, false],
    ['after' as const, true],
  ])('cut the connection %s the effect', async (disconnect, done) => {
    const { world, iam, account } = scene();
    world.faults.scripted.push({ operation: 'iam:*', times: 1, disconnect });
    await expect(iam.send(create)).rejects.toThrow('socket hang up');
    expect(account.roles.has('new')).toBe(done);
    expect(world.requests.at(-1)).toMatchObject({ operation: 'CreateRole', write: true, subject: 'new', status: 0 });
  });
});

describe('throttling', () => {
  it('counts by account, region and service, and refills with time', async () => {
    const { world, eks, iam, caller, time } = scene({ throttle: 2 });
    const list = () => eks.send(new ListClustersCommand({}));
    await list();
    await list();
    expect(await refusal(list())).toMatchObject({ name: 'TooManyRequestsException', status: 429 });
    await iam.send(new ListRolesCommand({}));
    await sdkClients(world, caller, time, 'us-east-1').eks.send(new ListClustersCommand({}));
    time.now += 500;
    await list();
    expect((await refusal(list())).status).toBe(429);
    expect(world.counts.get('eks:ListClusters')).toEqual({ reads: 6, writes: 0, throttled: 2, failed: 2 });
  });

  it('is one for IAM in the whole account', async () => {
    const { world, iam, caller, time } = scene({ throttle: 1 });
    await iam.send(new ListRolesCommand({}));
    const elsewhere = sdkClients(world, caller, time, 'us-east-1').iam;
    expect(await refusal(elsewhere.send(new ListRolesCommand({})))).toEqual({
      name: 'Throttling',
      status: 400,
      message: 'Rate exceeded',
    });
  });
});

describe('the error rate', () => {
  async function outcomes(): Promise<string[]> {
    const { eks } = scene({ rate: 0.5 });
    const found: string[] = [];
    for (let count = 0; count < 200; count++) {
      try {
        await eks.send(new ListClustersCommand({}));
        found.push('ok');
      } catch (error) {
        found.push((error as Error).name);
      }
    }
    return found;
  }

  it('is as asked, in both kinds, and the same for the same seed', async () => {
    const first = await outcomes();
    const share = (name: string) => first.filter(each => each === name).length;
    expect(share('ok')).toBeGreaterThan(70);
    expect(share('ok')).toBeLessThan(130);
    expect(share('TimeoutError')).toBeGreaterThan(20);
    expect(share('ServerException')).toBeGreaterThan(5);
    expect(share('ServiceUnavailableException')).toBeGreaterThan(5);
    expect(await outcomes()).toEqual(first);
  });
});

describe('the request log', () => {
  it('tells what was asked, by whom, about what', async () => {
    const { world, iam, eks } = scene();
    await refusal(iam.send(new GetRoleCommand({ RoleName: 'none' })));
    await eks.send(new DescribeClusterCommand({ name: 'blue' }));
    expect(world.requests).toEqual([
      {
        at: START,
        service: 'iam',
        operation: 'GetRole',
        write: false,
        account: '111122223333',
        subject: 'none',
        status: 404,
        code: 'NoSuchEntity',
      },
      {
        at: START,
        service: 'eks',
        operation: 'DescribeCluster',
        write: false,
        account: '111122223333',
        region: 'eu-west-1',
        subject: 'blue',
        status: 200,
      },
    ]);
    expect(world.counts.get('iam:GetRole')).toEqual({ reads: 1, writes: 0, throttled: 0, failed: 1 });
  });

  it('names Kubernetes requests by verb and resource, and counts dry runs as reads', () => {
    const { world, cluster } = scene();
    const ask = (method: string, path: string, query = '') =>
      handle(
        world,
        { endpoint: { kind: 'kubernetes', cluster: cluster.arn }, method, path, query, headers: {}, body: '' },
        START,
      );
    ask('GET', '/version');
    ask('GET', '/api/v1/serviceaccounts', 'limit=500');
    ask('GET', '/api/v1/namespaces/payments/pods', 'watch=1');
    ask('GET', '/api/v1/namespaces/payments/serviceaccounts/api');
    ask('PATCH', '/api/v1/namespaces/payments/serviceaccounts/api');
    ask('PATCH', '/api/v1/namespaces/payments/serviceaccounts/api', 'dryRun=All');
    ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews');
    ask('GET', '/api/v1/namespaces/payments');
    expect(world.requests.map(each => [each.operation, each.subject, each.write])).toEqual([
      ['get version', undefined, false],
      ['list serviceaccounts', undefined, false],
      ['watch pods', 'payments', false],
      ['get serviceaccounts', 'payments/api', false],
      ['patch serviceaccounts', 'payments/api', true],
      ['patch serviceaccounts', 'payments/api', false],
      ['create selfsubjectaccessreviews', undefined, false],
      ['get namespaces', 'payments', false],
    ]);
  });

  it('scripts faults for Kubernetes too, in its own form', () => {
    const { world, cluster } = scene();
    world.faults.scripted.push({ operation: 'kubernetes:list pods', times: 1, status: 500, message: 'etcd is away' });
    const request = {
      endpoint: { kind: 'kubernetes' as const, cluster: cluster.arn },
      method: 'GET',
      path: '/api/v1/pods',
      query: '',
      headers: {},
      body: '',
    };
    const answer = handle(world, request, START);
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', message: 'etcd is away', code: 500 });
  });
});
