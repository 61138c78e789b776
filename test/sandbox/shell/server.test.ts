import { once } from 'node:events';
import { request } from 'node:http';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreatePodIdentityAssociationCommand,
  DescribeClusterCommand,
  ListClustersCommand,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { addRole, podIdentityTrust } from '../../../source/sandbox/world.ts';
import { makeWorld } from '../../../source/sandbox/worlds/worlds.ts';
import { worldOptions } from '../worlds/world-helpers.ts';
import { clients, control, open, post, type Rig, send } from './rig.ts';

const docs = () => makeWorld(worldOptions('docs'), Date.now());

describe('the sandbox, asked by the AWS SDK', () => {
  it('tells who calls', async () => {
    const { sts } = clients(await open(docs()));
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333' });
  });

  it('lists associations page by page', async () => {
    const made = makeWorld(worldOptions('fleet', { clusters: 1, associations: 230 }), Date.now());
    const { eks } = clients(await open(made), 'eu-west-1');
    const clusterName = (await eks.send(new ListClustersCommand({}))).clusters?.[0] ?? '';
    const sizes: number[] = [];
    const ids = new Set<string>();
    for await (const page of paginateListPodIdentityAssociations({ client: eks }, { clusterName })) {
      sizes.push(page.associations?.length ?? 0);
      for (const each of page.associations ?? []) ids.add(each.associationId ?? '');
    }
    expect(sizes).toEqual([100, 100, 30]);
    expect(ids.size).toBe(230);
  });

  it('reads a role and a stack', async () => {
    const { iam, formation } = clients(await open(docs()));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Unowned-Role1' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('system:serviceaccount:default:sa2');
    const { Stacks } = await formation.send(new DescribeStacksCommand({}));
    expect(Stacks?.map(each => each.StackName)).toEqual(['eksctl-my-cluster-addon-iamserviceaccount-default-sa1']);
  });

  it('hands out the address of the Kubernetes API and the authority that signed for it', async () => {
    const rig = await open(docs());
    const { cluster } = await clients(rig).eks.send(new DescribeClusterCommand({ name: 'my-cluster' }));
    const ca = Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64').toString();
    expect(ca).toBe(rig.sandbox.authority);
    expect((await send(`${cluster?.endpoint}/version`, { ca })).status).toBe(200);
    await expect(send(`${cluster?.endpoint}/version`)).rejects.toThrow(/self-signed certificate|unable to verify/);
  });

  it('has accounts of their own for different keys', async () => {
    const made = makeWorld(worldOptions('demo'), Date.now());
    const rig = await open(made);
    const data = { ...rig, profile: made.profiles[1]! };
    const names = async (each: typeof rig) =>
      (await clients(each, 'eu-west-1').eks.send(new ListClustersCommand({}))).clusters;
    expect([await names(rig), await names(data)]).toEqual([['prod-eu-1', 'stg-eu-1'], ['data-eu-1']]);
  });
});

describe('the sandbox when things go wrong', () => {
  it('counts what was asked, but not what control asks', async () => {
    const rig = await open(docs());
    const { eks } = clients(rig);
    await eks.send(new ListClustersCommand({}));
    await control(rig, 'health');
    const { json } = await control(rig, 'requests');
    expect(json.log).toMatchObject([{ service: 'eks', operation: 'ListClusters', status: 200 }]);
    expect(json.counts['eks:ListClusters']).toMatchObject({ reads: 1, writes: 0 });
  });

  it('cuts the connection before or after a write took effect', async () => {
    const rig = await open(docs());
    const { eks } = clients(rig);
    const count = async () => (await control(rig, 'state')).json.clusters[0].associations.length;
    const roleArn = podRole(rig);
    const create = (serviceAccount: string) =>
      eks.send(
        new CreatePodIdentityAssociationCommand({
          ...{ clusterName: 'my-cluster', namespace: 'default', serviceAccount, roleArn },
        }),
      );
    const cut = (disconnect: 'before' | 'after') =>
      control(rig, 'faults', post({ scripted: [{ operation: 'eks:CreatePodIdentityAssociation', disconnect }] }));
    await cut('before');
    await expect(create('a')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await count()).toBe(0);
    await cut('after');
    await expect(create('b')).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(await count()).toBe(1);
    await create('c');
    expect(await count()).toBe(2);
  });

  it('refuses a body that is too large and serves on', async () => {
    const rig = await open(docs());
    const large = await send(rig.sandbox.url, { method: 'POST', body: 'a'.repeat(8 * 1024 * 1024) });
    expect(large.status).toBe(413);
    expect((await control(rig, 'health')).status).toBe(200);
  });

  it('answers 500 to a fault of its own, says so once, and serves on', async () => {
    const made = docs();
    const rig = await open(made);
    made.world.accounts.get('111122223333')!.roles.set('unowned-role1', undefined as never);
    const { status } = await send(`${rig.sandbox.url}/_sandbox/state`);
    expect(status).toBe(500);
    expect(rig.complaints).toHaveLength(1);
    expect(rig.complaints[0]).toMatch(/^sandbox: "GET \/_sandbox\/state" failed: TypeError/);
    expect((await control(rig, 'health')).status).toBe(200);
  });

  it('gives up on a port that is taken', async () => {
    const rig = await open(docs());
    const port = Number(new URL(rig.sandbox.url).port);
    await expect(open(docs(), { port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('listens on loopback only', async () => {
    const { sandbox } = await open(docs());
    expect(new URL(sandbox.url).hostname).toBe('127.0.0.1');
    for (const cluster of sandbox.world.clusters.values()) {
      expect(new URL(cluster.endpoint).hostname).toBe('127.0.0.1');
    }
  });

  it('cuts requests under way when it closes', async () => {
    const rig = await open(docs());
    await control(rig, 'faults', post({ latency: 60_000 }));
    const waiting = request(rig.sandbox.url, { method: 'POST', headers: { expect: '100-continue' } });
    const cut = once(waiting, 'error');
    await once(waiting, 'continue');
    waiting.end();
    await rig.sandbox.close();
    expect(await cut).toMatchObject([{ code: 'ECONNRESET' }]);
    await expect(send(`${rig.sandbox.url}/_sandbox/health`)).rejects.toThrow(/ECONNREFUSED/);
    expect(rig.complaints).toEqual([]);
  });
});

/** A role that EKS accepts, put there through the world. */
function podRole({ sandbox }: Rig): string {
  const account = sandbox.world.accounts.get('111122223333')!;
  return addRole(sandbox.world, account, { name: 'pods', trust: podIdentityTrust() }).arn;
}
