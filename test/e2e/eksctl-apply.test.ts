/** `podid-tui apply`, which eksctl lacks, and add-ons of a file in the cases of eksctl's add-on actions. */
import { expect } from 'vitest';
import { addAddon, podIdentityTrust } from '../../source/sandbox/world.ts';
import { associate, role } from '../../source/sandbox/worlds/site.ts';
import { irsaStatement, trust } from '../../source/sandbox/worlds/trust.ts';
import { accept } from '../helpers/acceptance.ts';
import { configFile, owned, readOnly } from './eksctl-stack.ts';

const plain = 'arn:aws:iam::111122223333:role/plain';
const head = 'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, region: us-west-2}\n';

/** A file with one add-on. */
const addonFile = (name: string, ...fields: readonly string[]): string =>
  `${head}addons:\n  - name: ${name}\n${fields.map(field => `    ${field}\n`).join('')}`;

/** A file with one add-on, and all add-ons that it makes get what EKS recommends. */
const autoFile = (name: string, ...fields: readonly string[]): string =>
  `${head}addonsConfig: {autoApplyPodIdentityAssociations: true}\naddons:\n  - ${[name, ...fields].join('\n    ')}\n`;

const ebs = (roleArn: string) =>
  `podIdentityAssociations: [{namespace: kube-system, serviceAccountName: ebs-csi-controller-sa, roleARN: "${roleArn}"}]`;

accept('apply', [
  {
    eksctl: 'there is no such command: create fails on what is there, update on what is not',
    ours: 'creates what is missing, changes what differs, says what is the same; a second time nothing',
    because: 'a file says what shall be',
    scene: {
      furnish: site => {
        associate(site, 'shop/api', plain);
        associate(site, 'shop/web', plain);
        owned('shop/jobs')(site);
      },
    },
    act: async ({ run, json, associations, writes }) => {
      const file = configFile(
        `{namespace: shop, serviceAccountName: api, roleARN: "${plain}"}`,
        `{namespace: shop, serviceAccountName: web, roleARN: "${plain.replace('plain', 'other')}"}`,
        `{namespace: shop, serviceAccountName: jobs, permissionPolicyARNs: ["${readOnly}"], disableSessionTags: true}`,
        `{namespace: shop, serviceAccountName: new, roleARN: "${plain}", createServiceAccount: true}`,
      );
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code, stdout).toBe(0);
      expect(associations()).toEqual([
        'shop/api plain',
        expect.stringMatching(/^shop\/jobs eksctl-c-podidentityrole-shop-jobs-/),
        'shop/new plain',
        'shop/web other',
      ]);
      expect(writes()).toMatchObject({ 'eks:CreatePodIdentityAssociation': 1, 'eks:UpdatePodIdentityAssociation': 2 });
      expect(await json('apply -f FILE', file)).toMatchObject({ run: null, writes: 0, failed: [], skipped: [] });
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'nothing deletes what a file no longer names',
    ours: '--prune does, and not without --approve; never what an add-on owns',
    because: 'what was not named needs approval',
    scene: {
      furnish: site => {
        associate(site, 'shop/api', plain);
        associate(site, 'shop/old', plain);
        addAddon(site.world, site.cluster, {
          name: 'vpc-cni',
          associations: [{ serviceAccount: 'aws-node', roleArn: role(site, 'cni', podIdentityTrust()) }],
        });
      },
    },
    act: async ({ run, json, associations, writes }) => {
      const file = configFile(`{namespace: shop, serviceAccountName: api, roleARN: "${plain}"}`);
      const shown = await run('apply --prune -f FILE', file);
      expect(shown.code).toBe(3);
      expect(shown.stdout).toMatch(/beyond what was named \(1\):\n {4}- shop\/old/);
      expect(shown.stderr).toMatch(/--approve/);
      expect((await json('apply --prune --dry-run -f FILE', file)).beyond).toMatchObject([{ subject: 'shop/old' }]);
      expect(writes()).toEqual({});
      expect((await run('apply --prune --approve -f FILE', file)).code).toBe(0);
      expect(associations()).toEqual(['kube-system/aws-node cni', 'shop/api plain']);
    },
  },
  {
    eksctl: 'an add-on that takes no associations: refused ("does not support pod identity associations")',
    act: async ({ run, writes }) => {
      const { code, stdout } = await run('apply -f FILE', addonFile('coredns', ebs(plain)));
      expect([code, stdout]).toEqual([3, expect.stringMatching(/coredns/)]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'create addon with an association',
    act: async ({ run, associations, cluster }) => {
      const { code, stdout } = await run('apply -f FILE', addonFile('aws-ebs-csi-driver', ebs(plain)));
      expect(code, stdout).toBe(0);
      expect(cluster.addons.get('aws-ebs-csi-driver')?.associationIds).toHaveLength(1);
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa plain']);
    },
  },
  {
    eksctl: 'useDefaultPodIdentityAssociations: a role with what EKS recommends',
    act: async ({ run, associations, stacks }) => {
      const { code, stdout } = await run(
        'apply -f FILE',
        addonFile('aws-ebs-csi-driver', 'useDefaultPodIdentityAssociations: true'),
      );
      expect(code, stdout).toBe(0);
      expect(associations()).toEqual([expect.stringMatching(/^kube-system\/ebs-csi-controller-sa eksctl-c-addon-/)]);
      expect(stacks().map(({ name }) => name)).toEqual([
        'eksctl-c-addon-aws-ebs-csi-driver-podidentityrole-ebs-csi-controller-sa',
      ]);
      expect(stacks()[0]?.template).toContain('AmazonEBSCSIDriverPolicy');
    },
  },
  {
    eksctl:
      'the service account has an association already: the error of EKS, after the roles were made, and they are deleted again',
    ours: 'the add-on is installed without, the association is left and reported',
    because: 'EKS cannot take it over without a gap',
    scene: { furnish: site => associate(site, 'kube-system/ebs-csi-controller-sa', plain) },
    act: async ({ run, writes, associations }) => {
      const { code, stdout } = await run('apply -f FILE', addonFile('aws-ebs-csi-driver', ebs(plain)));
      expect([code, stdout]).toEqual([3, expect.stringMatching(/ebs-csi-controller-sa/)]);
      expect(writes()).toEqual({ 'eks:CreateAddon': 1 });
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa plain']);
    },
  },
  {
    eksctl: 'update addon: another role, and `[]` removes all',
    scene: {
      furnish: site =>
        addAddon(site.world, site.cluster, {
          name: 'aws-ebs-csi-driver',
          associations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: plain }],
        }),
    },
    act: async ({ run, associations }) => {
      const other = plain.replace('plain', 'other');
      const changed = await run('apply -f FILE', addonFile('aws-ebs-csi-driver', ebs(other)));
      expect(changed.code, changed.stdout).toBe(0);
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa other']);
      const file = addonFile('aws-ebs-csi-driver', 'podIdentityAssociations: []');
      const removed = await run('apply --approve -f FILE', file);
      expect(removed.code, removed.stdout).toBe(0);
      expect(associations()).toEqual([]);
    },
  },
  {
    eksctl:
      'IRSA to an association: the IRSA stack is deleted before UpdateAddon, so that running pods lose their role',
    ours: 'the role stays; it lets Pod Identity in first',
    because: 'nobody loses access in between',
    scene: {
      furnish: site => {
        const subject = 'kube-system/ebs-csi-controller-sa';
        const irsa = role(site, 'ebs', trust(irsaStatement(site.account, site.cluster, subject)));
        addAddon(site.world, site.cluster, { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: irsa });
      },
    },
    act: async ({ run, associations, account }) => {
      const file = addonFile('aws-ebs-csi-driver', ebs(plain.replace('plain', 'ebs')));
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code, stdout).toBe(0);
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa ebs']);
      expect(JSON.parse(account.roles.get('ebs')?.trustPolicy ?? '{}').Statement).toHaveLength(2);
    },
  },
  {
    eksctl: 'the agent in the file: installed in the version for the default Kubernetes version of eksctl',
    ours: "in the version for the cluster's own, before what needs it",
    because: "that is the cluster's",
    scene: { agent: false },
    act: async ({ run, cluster, associations }) => {
      const file = `${configFile(`{namespace: shop, serviceAccountName: api, roleARN: "${plain}"}`)}addons: [{name: eks-pod-identity-agent}]\n`;
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code, stdout).toBe(0);
      expect(cluster.addons.get('eks-pod-identity-agent')?.status).toBe('ACTIVE');
      expect(associations()).toEqual(['shop/api plain']);
    },
  },
  {
    eksctl: 'autoApplyPodIdentityAssociations, an add-on that takes roles: made with what EKS recommends, and its tags',
    act: async ({ run, associations, cluster, stacks }) => {
      const file = autoFile('name: aws-ebs-csi-driver', 'tags: {team: storage}');
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code, stdout).toBe(0);
      expect(associations()).toEqual([expect.stringMatching(/^kube-system\/ebs-csi-controller-sa eksctl-c-addon-/)]);
      expect(stacks()[0]?.template).toContain('AmazonEBSCSIDriverPolicy');
      expect(cluster.addons.get('aws-ebs-csi-driver')?.tags.get('team')).toBe('storage');
    },
  },
  {
    eksctl: 'autoApplyPodIdentityAssociations, an add-on that takes no roles: made without',
    ours: 'left to eksctl, and said',
    because: 'it has nothing to do with Pod Identity',
    act: async ({ run, writes }) => {
      const { code, stdout } = await run('apply -f FILE', autoFile('name: coredns'));
      expect([code, stdout]).toEqual([0, expect.stringContaining('coredns takes no Pod Identity roles')]);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'update addon with autoApplyPodIdentityAssociations: the associations that there are stay',
    scene: {
      furnish: site =>
        addAddon(site.world, site.cluster, {
          name: 'aws-ebs-csi-driver',
          associations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: plain }],
        }),
    },
    act: async ({ run, associations, writes }) => {
      const { code, stdout } = await run('apply -f FILE', autoFile('name: aws-ebs-csi-driver'));
      expect(code, stdout).toBe(0);
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa plain']);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'update addon with another version: updated; without associations in the file where it has some: refused',
    ours: 'its associations are left; another version is named with its command',
    because: 'what a file does not mention stays, and a new version cannot be taken back',
    scene: {
      furnish: site =>
        addAddon(site.world, site.cluster, {
          name: 'aws-ebs-csi-driver',
          version: 'v1.48.0-eksbuild.2',
          associations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: plain }],
        }),
    },
    act: async ({ run, associations, writes }) => {
      const file = addonFile('aws-ebs-csi-driver', 'version: v1.53.0-eksbuild.1', ebs(plain));
      const { code, stdout } = await run('apply -f FILE', file);
      expect(code).toBe(3);
      expect(stdout).toMatch(/not v1\.53\.0-eksbuild\.1: its version is not changed here/);
      expect(stdout).toMatch(
        /aws eks update-addon .* --addon-version v1\.53\.0-eksbuild\.1 --resolve-conflicts PRESERVE/,
      );
      expect(associations()).toEqual(['kube-system/ebs-csi-controller-sa plain']);
      expect(writes()).toEqual({});
    },
  },
  {
    eksctl: 'nothing deletes by a file that names half of what is there',
    ours: 'each one that would go is shown with its role; without --prune, or with a file without the list, none goes',
    because: 'half a file must not be a mass deletion by accident',
    scene: {
      furnish: site => {
        for (const name of ['api', 'web', 'jobs']) associate(site, `shop/${name}`, plain);
        owned('other/made')(site);
      },
    },
    act: async ({ run, json, associations, writes }) => {
      const half = configFile(`{namespace: shop, serviceAccountName: api, roleARN: "${plain}"}`);
      const all = associations();
      expect(await json('apply -f FILE', half)).toMatchObject({ run: null, writes: 0 });
      const { code, stdout } = await run('apply --prune -f FILE', half);
      expect(code).toBe(3);
      expect(stdout).toMatch(/beyond what was named \(3\)/);
      for (const name of ['other/made', 'shop/jobs', 'shop/web'])
        expect(stdout).toMatch(new RegExp(`- ${name}: association a-\\w+ is deleted.*it gives arn:`));
      const none = `${head}addons:\n  - name: eks-pod-identity-agent\n`;
      const refused = await run('apply --prune --approve -f FILE', none);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the file has no such list')]);
      expect([associations(), writes()]).toEqual([all, {}]);
    },
  },
  {
    eksctl: 'nothing writes what is there as a file',
    ours: 'export does, and apply finds it all the same',
    because: 'there must be a way back',
    scene: {
      furnish: site => {
        associate(site, 'shop/api', { roleArn: plain, disableSessionTags: true, tags: { team: 'a' } });
        owned('shop/web')(site);
      },
    },
    act: async ({ run, json, writes }) => {
      const { code, stdout } = await run('export --cluster c --to eksctl');
      expect(code).toBe(0);
      const answer = await json('apply -f FILE', stdout);
      expect(answer).toMatchObject({ writes: 0, skipped: [] });
      expect(answer.same.map((each: { subject: string }) => each.subject)).toEqual(
        expect.arrayContaining(['shop/api', 'shop/web']),
      );
      expect(writes()).toEqual({});
    },
  },
]);
