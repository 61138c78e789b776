/** `podid-tui delete` in the cases of eksctl's deleter. */
import { expect } from 'vitest';
import { addServiceAccount } from '../../source/sandbox/cluster/builders.ts';
import { addAddon, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, role, type Site } from '../../source/sandbox/worlds/site.ts';
import { accept } from '../helpers/acceptance.ts';
import { configFile, owned } from './eksctl-stack.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';
const remove = 'delete --cluster c --namespace shop --service-account-name api';

const account = (name: string, by?: string) => (site: Site) =>
  addServiceAccount(site.world, site.cluster, {
    namespace: 'shop',
    name,
    ...(by !== undefined && { labels: { 'app.kubernetes.io/managed-by': by } }),
  });

accept('delete', [
  {
    eksctl:
      'one: the association, then its stack with its protection taken off, then the service account that eksctl made',
    scene: {
      furnish: site => {
        account('api', 'eksctl')(site);
        owned('shop/api')(site);
      },
    },
    act: async ({ run, associations, stacks, serviceAccount, writes }) => {
      const { code, stdout } = await run(remove);
      expect(code, stdout).toBe(0);
      expect([associations(), stacks().length, serviceAccount('shop', 'api')]).toEqual([[], 0, undefined]);
      expect(writes()).toMatchObject({ 'cloudformation:UpdateTerminationProtection': 1 });
    },
  },
  {
    eksctl: "a service account that eksctl did not make, or a role of nobody's stack, stays",
    ours: 'the same, and what is left behind is named',
    because: 'somebody has to know of it',
    scene: {
      furnish: site => {
        account('api', 'Helm')(site);
        associate(site, 'shop/api', plain);
      },
    },
    act: async ({ run, associations, serviceAccount, account: { roles }, writes }) => {
      const { code, stdout } = await run(remove);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/Left behind: [\s\S]*role\/plain/)]);
      expect(associations()).toEqual([]);
      expect([serviceAccount('shop', 'api') !== undefined, roles.has('plain')]).toEqual([true, true]);
      expect(writes()).toEqual({ 'eks:DeletePodIdentityAssociation': 1 });
    },
  },
  {
    eksctl: 'two of a file, one in a stack of create iamserviceaccount that was moved: both stacks go',
    scene: {
      furnish: site => {
        owned('shop/api')(site);
        owned('shop/web', { stack: 'eksctl-c-addon-iamserviceaccount-shop-web' })(site);
      },
    },
    act: async ({ run, associations, stacks }) => {
      const { code, stdout } = await run(
        'delete -f FILE',
        configFile('{namespace: shop, serviceAccountName: api}', '{namespace: shop, serviceAccountName: web}'),
      );
      expect(code, stdout).toBe(0);
      expect([associations(), stacks().length]).toEqual([[], 0]);
    },
  },
  {
    eksctl: 'some of a file are not there: a warning, the others go, exit 0',
    scene: { furnish: site => associate(site, 'shop/api', plain) },
    act: async ({ run, associations }) => {
      const { code, stdout } = await run(
        'delete -f FILE',
        configFile('{namespace: shop, serviceAccountName: gone}', '{namespace: shop, serviceAccountName: api}'),
      );
      expect([code, stdout]).toEqual([0, expect.stringMatching(/shop\/gone: it has no pod identity association/)]);
      expect(associations()).toEqual([]);
    },
  },
  {
    eksctl: 'the association is gone, its stack is there: the stack goes, so that a retry ends what was begun',
    scene: { furnish: owned('shop/api', { associated: false }) },
    act: async ({ run, stacks }) => {
      const { code, stdout } = await run(remove);
      expect(code, stdout).toBe(0);
      expect(stacks()).toEqual([]);
    },
  },
  {
    eksctl: 'none there: nothing happens, exit 0',
    act: async ({ run, writes }) => {
      expect((await run(remove)).code).toBe(0);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'an add-on owns it: refused, with a hint at update or delete addon',
    scene: {
      furnish: site =>
        addAddon(site.world, site.cluster, {
          name: 'vpc-cni',
          associations: [{ serviceAccount: 'aws-node', roleArn: role(site, 'cni', podIdentityTrust()) }],
        }),
    },
    act: async ({ run, writes }) => {
      const { code, stdout } = await run('delete --cluster c --namespace kube-system --service-account-name aws-node');
      expect([code, stdout]).toEqual([3, expect.stringMatching(/vpc-cni[\s\S]*aws eks update-addon/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl:
      "the stack's role is used by another association too: the stack goes, and the other one loses its role (no test)",
    ours: 'not without --approve',
    because: 'the other one was not named',
    scene: {
      furnish: site => {
        owned('shop/api')(site);
        const [first] = [...site.cluster.associations.values()];
        associate(site, 'shop/web', first?.roleArn ?? '');
      },
    },
    act: async ({ run, associations, stacks }) => {
      const { code, stdout, stderr } = await run(remove);
      // Either the stack stays with the other association, or somebody has to approve; never is it cut off silently.
      expect(associations()).toContainEqual(expect.stringMatching(/^shop\/web /));
      expect(stacks()).toHaveLength(1);
      expect([0, 3]).toContain(code);
      expect(`${stdout}${stderr}`).toMatch(/shop\/web/);
    },
  },
  {
    eksctl: 'the stack of other-service is not taken for that of service',
    scene: {
      furnish: site => {
        owned('ns/other-service')(site);
        owned('ns/service')(site);
      },
    },
    act: async ({ run, associations, stacks }) => {
      expect((await run('delete -c c --namespace ns --service-account-name service')).code).toBe(0);
      expect(associations()).toEqual([expect.stringMatching(/^ns\/other-service /)]);
      expect(stacks().map(({ name }) => name)).toEqual(['eksctl-c-podidentityrole-ns-other-service']);
    },
  },
  {
    eksctl: 'a stack of that name with the tag of another cluster: "cannot delete stack", after the association',
    ours: 'it is left alone',
    because: 'it is nothing of this cluster',
    scene: {
      furnish: site => {
        owned('shop/api')(site);
        for (const { tags } of site.account.stacks.values())
          for (const key of [...tags.keys()]) if (key.endsWith('cluster-name')) tags.set(key, 'another');
      },
    },
    act: async ({ run, associations, stacks }) => {
      const { code } = await run(remove);
      expect([0, 3]).toContain(code);
      expect(associations()).toEqual([]);
      expect(stacks()).toHaveLength(1);
    },
  },
]);
