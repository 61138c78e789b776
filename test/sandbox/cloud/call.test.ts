import { ListClustersCommand, ListNodegroupsCommand } from '@aws-sdk/client-eks';
import { ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { handle } from '../../../source/sandbox/handle.ts';
import type { SandboxRequest } from '../../../source/sandbox/model.ts';
import { refusal, sdkClients } from './clients.ts';
import { START, scene } from './scene.ts';

describe('the front door', () => {
  it('tells a caller who it is', async () => {
    const { sts, caller } = scene();
    const answer = await sts.send(new GetCallerIdentityCommand({}));
    expect(answer).toMatchObject({ Account: '111122223333', Arn: caller.arn, UserId: caller.userId });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it('does not know other access keys', async () => {
    const { world, caller, time } = scene();
    const { eks, iam } = sdkClients(world, { ...caller, accessKeyId: 'AKIAOTHEROTHEROTHER1' }, time);
    expect(await refusal(eks.send(new ListClustersCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 403,
    });
    expect(await refusal(iam.send(new ListRolesCommand({})))).toMatchObject({
      name: 'InvalidClientTokenId',
      status: 403,
    });
  });

  it('verifies signatures', async () => {
    const { world, caller, time } = scene();
    const { eks, iam } = sdkClients(world, { ...caller, secretAccessKey: 'wrong' }, time);
    expect(await refusal(eks.send(new ListClustersCommand({})))).toMatchObject({ name: 'InvalidSignatureException' });
    expect(await refusal(iam.send(new ListRolesCommand({})))).toMatchObject({ name: 'SignatureDoesNotMatch' });
  });

  it('turns expired callers away', async () => {
    const { eks, iam, caller } = scene();
    caller.expired = true;
    expect(await refusal(eks.send(new ListClustersCommand({})))).toMatchObject({
      name: 'ExpiredTokenException',
      status: 403,
    });
    expect(await refusal(iam.send(new ListRolesCommand({})))).toMatchObject({ name: 'ExpiredToken', status: 403 });
  });

  it('refuses denied actions in the words of AWS', async () => {
    const { eks, iam, sts, caller } = scene();
    caller.denied.add('eks:ListClusters').add('iam:*').add('sts:*');
    const denied = await refusal(eks.send(new ListClustersCommand({})));
    expect(denied).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(denied.message).toMatch(
      /^User: arn:aws:iam::111122223333:user\/engineer is not authorized to perform: eks:ListClusters on resource: arn:aws:eks:eu-west-1:111122223333:cluster\/\*/u,
    );
    expect(await refusal(iam.send(new ListRolesCommand({})))).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
  });

  it('refuses a region that a service control policy forbids, but no global service there', async () => {
    const { world, eks, iam, sts } = scene();
    world.refusedRegions.add('eu-west-1');
    const denied = await refusal(eks.send(new ListClustersCommand({})));
    expect(denied).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(denied.message).toMatch(/eks:ListClusters with an explicit deny in a service control policy$/u);
    expect((await iam.send(new ListRolesCommand({}))).Roles).toBeDefined();
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
    world.refusedRegions.clear();
    expect((await eks.send(new ListClustersCommand({}))).clusters).toBeDefined();
  });

  it.each([
    ['eks', { method: 'GET', path: '/clusters', body: '' }, 'MissingAuthenticationTokenException'],
    [
      'sts',
      { method: 'POST', path: '/', body: 'Action=GetCallerIdentity&Version=2011-06-15' },
      'MissingAuthenticationToken',
    ],
  ])('wants a signature for %s', (_service, part, code) => {
    const { world } = scene();
    const request: SandboxRequest = { endpoint: { kind: 'aws' }, query: '', headers: {}, ...part };
    const answer = handle(world, request, START);
    expect(answer.status).toBe(403);
    expect(`${answer.headers['x-amzn-errortype'] ?? ''}${answer.body}`).toContain(code);
  });

  it('refuses a signature that is not in the form of AWS', () => {
    const { world } = scene();
    const request: SandboxRequest = {
      endpoint: { kind: 'aws' },
      method: 'GET',
      path: '/clusters/a/b/c/d',
      query: '',
      headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' },
      body: '',
    };
    expect(handle(world, request, START)).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'IncompleteSignatureException' },
    });
  });

  it('says which operations it does not have', async () => {
    const { eks, iam } = scene();
    expect(await refusal(eks.send(new ListNodegroupsCommand({ clusterName: 'blue' })))).toMatchObject({
      name: 'UnknownOperationException',
      status: 404,
    });
    expect(await refusal(iam.send(new ListUsersCommand({})))).toEqual({
      name: 'InvalidAction',
      status: 400,
      message: 'Could not find operation ListUsers for version 2010-05-08',
    });
  });
});
