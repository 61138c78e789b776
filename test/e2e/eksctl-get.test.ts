/** `podid-tui get` in the cases of eksctl's getter. */
import { expect } from 'vitest';
import { parse } from 'yaml';
import { addAddon } from '../../source/sandbox/world.ts';
import { associate, role, type Site } from '../../source/sandbox/worlds/site.ts';
import { accept } from '../helpers/acceptance.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';

function three(site: Site): void {
  associate(site, 'shop/web', plain);
  associate(site, 'shop/api', {
    roleArn: plain,
    targetRoleArn: 'arn:aws:iam::444455556666:role/target',
    disableSessionTags: true,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    tags: { team: 'shop' },
  });
  addAddon(site.world, site.cluster, {
    name: 'vpc-cni',
    associations: [{ serviceAccount: 'aws-node', roleArn: role(site, 'cni', '{}') }],
  });
}

const many = (count: number) => (site: Site) => {
  for (let index = 0; index < count; index++) associate(site, `shop/app-${String(index).padStart(3, '0')}`, plain);
};

const refused = (operation: string, code: string, status: number) => ({ operation, times: 1, code, status });

accept('get', [
  {
    eksctl: 'listing fails: an error, exit 1',
    act: async ({ run, caller }) => {
      caller.denied.add('eks:ListPodIdentityAssociations');
      const { code, stdout, stderr } = await run('get --cluster c');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^podid-tui: .*eks:ListPodIdentityAssociations.*\n$/);
    },
  },
  {
    eksctl: 'a describe fails: an error without its cause, and nothing shown',
    ours: 'the rest is shown, what could not be read is named with its cause, exit 3',
    because: 'one refused association keeps no other back',
    scene: { furnish: three },
    act: async ({ run, world }) => {
      world.faults.scripted.push(refused('eks:DescribePodIdentityAssociation', 'AccessDeniedException', 403));
      const { code, stdout, stderr } = await run('get --cluster c -o json');
      expect(code).toBe(3);
      expect(JSON.parse(stdout)).toHaveLength(2);
      expect(stderr).toMatch(/^(shop|kube-system)\/[\w-]+: .*eks:DescribePodIdentityAssociation/);
    },
  },
  {
    eksctl: 'every describe fails: an error',
    ours: 'each is named, nothing is shown as if it were all, exit 1',
    because: 'what could not be loaded is never shown as empty',
    scene: { furnish: three },
    act: async ({ run, caller }) => {
      caller.denied.add('eks:DescribePodIdentityAssociation');
      const { code, stdout, stderr } = await run('get --cluster c');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.trimEnd().split('\n')).toHaveLength(3);
    },
  },
  {
    eksctl: 'three associations, one with an owner: five fields of each, by association ARN',
    ours: 'every field that EKS has, by namespace and service account',
    because: 'target role, session tags, policy, tags and dates decide what an association does',
    scene: { furnish: three },
    act: async ({ run, cluster }) => {
      const rows = JSON.parse((await run('get --cluster c -o json')).stdout);
      expect(rows.map((row: { serviceAccount: string }) => row.serviceAccount)).toEqual(['aws-node', 'api', 'web']);
      expect(rows[0].ownerArn).toBe(cluster.addons.get('vpc-cni')?.arn);
      expect(rows[1]).toMatchObject({
        clusterName: 'c',
        namespace: 'shop',
        roleArn: plain,
        targetRoleArn: 'arn:aws:iam::444455556666:role/target',
        externalId: 'us-west-2/111122223333/c/shop/api',
        disableSessionTags: true,
        policy: '{"Version":"2012-10-17","Statement":[]}',
        tags: { team: 'shop' },
      });
      expect(parse((await run('get podidentityassociations --cluster=c -o yaml')).stdout)).toEqual(rows);
      const wide = (await run('get -c c -o wide')).stdout;
      expect(wide).toMatch(/arn:aws:iam::444455556666:role\/target +us-west-2\/111122223333\/c\/shop\/api +off/);
    },
  },
  {
    eksctl: 'a namespace, or one service account of it: passed to the API',
    scene: { furnish: three },
    act: async ({ run }) => {
      const some = JSON.parse((await run('get --cluster c --namespace shop -o json')).stdout);
      expect(some).toHaveLength(2);
      const one = JSON.parse((await run('get --cluster c --namespace shop --service-account-name web -o json')).stdout);
      expect(one).toMatchObject([{ serviceAccount: 'web' }]);
    },
  },
  {
    eksctl: 'none: "No podidentityassociations found", [] in JSON and YAML',
    ours: '"No pod identity associations found"',
    because: 'in words',
    act: async ({ run }) => {
      expect(await run('get --cluster c')).toEqual({
        code: 0,
        stdout: 'No pod identity associations found\n',
        stderr: '',
      });
      expect((await run('get --cluster c -o json')).stdout).toBe('[]\n');
      expect((await run('get --cluster c -o yaml')).stdout).toBe('[]\n');
    },
  },
  {
    eksctl: 'more than 100: only the first page is shown (no test)',
    ours: 'all of them',
    because: 'the API has pages of 100',
    scene: { furnish: many(230) },
    act: async ({ run }) => {
      const { code, stdout } = await run('get --cluster c -o json');
      expect(code).toBe(0);
      expect(new Set(JSON.parse(stdout).map((row: { associationId: string }) => row.associationId)).size).toBe(230);
    },
  },
  {
    eksctl: 'one is deleted between list and describe: the whole command fails',
    ours: 'it is left out with a note, exit 0',
    because: 'it is not there',
    scene: { furnish: three },
    act: async ({ run, world }) => {
      world.faults.scripted.push(refused('eks:DescribePodIdentityAssociation', 'ResourceNotFoundException', 404));
      const { code, stdout, stderr } = await run('get --cluster c -o json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toHaveLength(2);
      expect(stderr).toMatch(/: deleted since it was listed; left out\n$/);
    },
  },
  {
    eksctl: 'no such cluster: "unable to describe cluster control plane"',
    ours: 'the name and where it was looked for',
    because: 'that is what helps',
    act: async ({ run }) => {
      const { code, stderr } = await run('get --cluster nope');
      expect(code).toBe(1);
      expect(stderr).toMatch(/There is no cluster named "nope" in us-west-2/);
    },
  },
  {
    eksctl: 'a file: its metadata name the cluster and the region, its list is no filter',
    scene: { furnish: three },
    act: async ({ run }) => {
      const file = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: us-west-2}\n';
      expect(JSON.parse((await run('get -f FILE -o json', file)).stdout)).toHaveLength(3);
    },
  },
]);
