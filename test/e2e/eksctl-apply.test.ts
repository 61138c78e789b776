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
