/** The worlds that are explored: each small, each with one thing that has gone wrong for somebody. */
import type { WantedAssociation } from '../../source/plan/wanted.ts';
import { agentTemplate } from '../../source/sandbox/cluster/agent.ts';
import {
  addCronJob,
  addCustomResource,
  addNodes,
  addSelfManagedAgent,
  addServiceAccount,
} from '../../source/sandbox/cluster/builders.ts';
import {
  addAccount,
  addAddon,
  addCaller,
  addCluster,
  addOidcProvider,
  addStack,
  advance,
  type ClusterSeed,
  createWorld,
} from '../../source/sandbox/world.ts';
import { addEksctlRole } from '../../source/sandbox/worlds/eksctl.ts';
import { associate, role, type Site, settle } from '../../source/sandbox/worlds/site.ts';
import { githubStatement, irsaStatement, podsStatement, trust } from '../../source/sandbox/worlds/trust.ts';
import { keys, type Stage } from './stage.ts';

export const start = Date.UTC(2026, 0, 15, 12);

type Furnish = (site: Site) => void;

export type WorldSpec = {
  readonly furnish: Furnish;
  readonly agent?: boolean;
  readonly cluster?: Partial<ClusterSeed>;
};

/** The same seed gives the same world, ids and all. `consistency`: milliseconds until a write shows. */
export function makeStage(name: WorldName, seed: number, consistency: number): Stage {
  const { furnish, agent = true, cluster: more }: WorldSpec = worlds[name];
  const world = createWorld({ name, seed, now: start, faults: { consistency } });
  const account = addAccount(world, { id: '111122223333' });
  addCaller(world, account, { name: 'explorer', ...keys });
  const cluster = addCluster(world, account, { name: 'prod', region: 'eu-west-1', ...more });
  if (agent) addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
  addNodes(world, cluster, { count: 2 });
  furnish({ world, account, cluster });
  // Controllers settle what was put in place.
  advance(world, start);
  return { world, cluster };
}

const irsa = (site: Site, name: string, ...subjects: readonly string[]): string =>
  role(site, name, trust(irsaStatement(site.account, site.cluster, ...subjects)));

/** Each service account with a role of its own that nothing owns. */
const unowned: Furnish = site => {
  settle(site, { subject: 'shop/api', irsa: irsa(site, 'shop-api', 'shop/api') });
  settle(site, { subject: 'shop/queue', kind: 'statefulset', irsa: irsa(site, 'shop-queue', 'shop/queue') });
};

/** One role for three accounts in two namespaces, and for one of another cluster in the same account. */
const shared: Furnish = site => {
  const { world, account } = site;
  const other = addCluster(world, account, { name: 'blue', region: 'eu-west-1' });
  addNodes(world, other, { count: 1 });
  const arn = role(
    site,
    'shared',
    trust(
      irsaStatement(account, site.cluster, 'shop/a', 'shop/b'),
      { Sid: 'ForeignBlue', ...irsaStatement(account, other, 'shop/a') },
      irsaStatement(account, site.cluster, 'pay/a'),
    ),
  );
  for (const subject of ['shop/a', 'shop/b', 'pay/a']) settle(site, { subject, irsa: arn });
  settle({ ...site, cluster: other }, { subject: 'shop/a', irsa: arn });
};

/** Subjects with a wildcard, and a statement that names no subject at all. */
const wildcard: Furnish = site => {
  const any = irsa(site, 'team-any', 'team/*');
  settle(site, { subject: 'team/one', irsa: any });
  settle(site, { subject: 'team/two', replicas: 1, irsa: any });
  const { Condition: _, ...open } = irsaStatement(site.account, site.cluster, 'team/three');
  const audience = { StringEquals: { [`${site.cluster.issuer}:aud`]: 'sts.amazonaws.com' } };
  settle(site, { subject: 'team/three', irsa: role(site, 'open', trust({ ...open, Condition: audience })) });
};

/** A role that an eksctl stack owns, beside one that nothing owns. */
const owned: Furnish = site => {
  const { world, account, cluster } = site;
  const subject = 'shop/one';
  const roleName = 'eksctl-prod-addon-iamserv-Role1-one';
  const made = addEksctlRole(world, account, cluster, { subject, roleName, policyArns: [] });
  settle(site, { subject, irsa: made.arn });
  settle(site, { subject: 'shop/two', irsa: irsa(site, 'two', 'shop/two') });
};

/** A role in somebody else's stack: its owner will drift, its pods must not notice. */
const strangersStack: Furnish = site => {
  const { world, account, cluster } = site;
  const document = trust(irsaStatement(account, cluster, 'shop/api'));
  const arn = role(site, 'app-Role-1', document);
  addStack(world, account, {
    name: 'app',
    region: cluster.region,
    physicalIds: { Role: 'app-Role-1' },
    template: {
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document } } },
    },
  });
  settle(site, { subject: 'shop/api', irsa: arn });
  settle(site, { subject: 'shop/web', irsa: irsa(site, 'shop-web', 'shop/web') });
};

/** Add-ons with IRSA roles, and a workload that borrowed one of them. */
const addons: Furnish = site => {
  const { world, cluster } = site;
  const cni = irsa(site, 'cni', 'kube-system/aws-node');
  addAddon(world, cluster, { name: 'vpc-cni', serviceAccountRoleArn: cni });
  settle(site, { subject: 'kube-system/aws-node', kind: 'daemonset', irsa: cni });
  const ebs = irsa(site, 'ebs', 'kube-system/ebs-csi-controller-sa', 'storage/snapshots');
  addAddon(world, cluster, { name: 'aws-ebs-csi-driver', serviceAccountRoleArn: ebs });
  settle(site, { subject: 'kube-system/ebs-csi-controller-sa', irsa: ebs });
  settle(site, { subject: 'storage/snapshots', replicas: 1, irsa: ebs });
};

/** Associations that are there already: with the same role, with another one, and half a migration. */
const standing: Furnish = site => {
  const { account, cluster } = site;
  const both = (name: string, subject: string) =>
    role(site, name, trust(irsaStatement(account, cluster, subject), podsStatement));
  const same = both('same', 'shop/same');
  settle(site, { subject: 'shop/same', irsa: same, association: same, pods: { bornWith: 'irsa' } });
  settle(site, {
    subject: 'shop/torn',
    irsa: irsa(site, 'torn-old', 'shop/torn'),
    association: role(site, 'torn-new', trust(podsStatement)),
    pods: { bornWith: 'irsa' },
  });
  // A run that died between the trust and the association.
  settle(site, { subject: 'shop/half', irsa: both('half', 'shop/half') });
  settle(site, { subject: 'shop/new-way', association: role(site, 'new-way', trust(podsStatement)) });
  associate(site, 'gone/nobody', role(site, 'nobody', trust(podsStatement)));
};

/**
 * Roles that somebody else uses too: GitHub Actions, a Deny, another cluster by a statement of many conditions. The agent
 * is one that somebody installed without the add-on.
 */
const github: Furnish = site => {
  const { world, account, cluster } = site;
  addSelfManagedAgent(world, cluster, agentTemplate(cluster));
  addOidcProvider(account, 'token.actions.githubusercontent.com');
  const deploy = githubStatement(account, 'example/shop');
  const arn = role(site, 'deploy', {
    Version: '2012-10-17',
    Id: 'kept',
    Statement: [
      irsaStatement(account, cluster, 'shop/api'),
      deploy,
      {
        Sid: 'ForeignDeny',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
  settle(site, { subject: 'shop/api', irsa: arn });
  const single = { Version: '2012-10-17', Statement: irsaStatement(account, cluster, 'shop/single') };
  settle(site, { subject: 'shop/single', irsa: role(site, 'single', single, { path: '/team/' }) });
};

/** Pods where Pod Identity is not offered, accounts without a pod, and one whose web identity an operator takes too. */
const places: Furnish = site => {
  const { world, cluster } = site;
  settle(site, { subject: 'shop/fargate', irsa: irsa(site, 'fargate', 'shop/fargate'), pods: { on: 'fargate' } });
  addNodes(world, cluster, { count: 1, kind: 'windows' });
  settle(site, { subject: 'shop/windows', irsa: irsa(site, 'windows', 'shop/windows'), pods: { on: 'windows' } });
  settle(site, { subject: 'shop/idle', kind: 'none', irsa: irsa(site, 'idle', 'shop/idle') });
  settle(site, { subject: 'shop/night', kind: 'none', irsa: irsa(site, 'night', 'shop/night') });
  addCronJob(world, cluster, 'shop', 'night', { serviceAccount: 'night' });
  settle(site, { subject: 'shop/api', irsa: irsa(site, 'api', 'shop/api') });
  settle(site, { subject: 'shop/store', replicas: 1, irsa: irsa(site, 'store', 'shop/store') });
  const auth = { jwt: { serviceAccountRef: { name: 'store' } } };
  const vault = { name: 'vault', namespace: 'shop', spec: { provider: { aws: { service: 'SecretsManager', auth } } } };
  addCustomResource(world, cluster, 'secretstores', vault);
};

/** Roles that no tool should trip over: unreadable, refused by IAM, in another account, gone, full. */
const odd: Furnish = site => {
  const { world, account, cluster } = site;
  const irsaOf = (subject: string) => irsaStatement(account, cluster, subject);
  settle(site, { subject: 'odd/broken', irsa: role(site, 'broken', '{"Version":"2012-10-17","Statement":[{') });
  const orphan = { Effect: 'Allow', Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' }, Action: 'sts:AssumeRole' };
  settle(site, { subject: 'odd/orphan', irsa: role(site, 'orphan', trust(irsaOf('odd/orphan'), orphan)) });
  settle(site, { subject: 'odd/gone', irsa: `arn:aws:iam::${account.id}:role/gone` });
  const data = addAccount(world, { id: '444455556666' });
  addOidcProvider(data, cluster.issuer ?? '');
  const elsewhere = trust(irsaStatement(data, cluster, 'odd/elsewhere'));
  settle(site, { subject: 'odd/elsewhere', irsa: role({ world, account: data }, 'elsewhere', elsewhere) });
  const full = trust(irsaOf('odd/full'), {
    ...irsaOf('odd/full'),
    Sid: 'ForeignLong',
    Condition: {
      StringLike: {
        [`${cluster.issuer}:sub`]: Array.from(
          { length: 30 },
          (_, n) => `system:serviceaccount:x:${n}-${'y'.repeat(12)}`,
        ),
      },
    },
  });
  settle(site, { subject: 'odd/full', irsa: role(site, 'full', full) });
  settle(site, { subject: 'odd/api', irsa: irsa(site, 'api', 'odd/api') });
};

/** A role that goes on to another one: session tags would have to be allowed there too. */
const chained: Furnish = site => {
  const onward = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] };
  const arn = role(site, 'chain', trust(irsaStatement(site.account, site.cluster, 'shop/chain')), {
    inline: { onward: JSON.stringify(onward) },
  });
  settle(site, { subject: 'shop/chain', irsa: arn });
  settle(site, { subject: 'shop/plain', replicas: 1, irsa: irsa(site, 'plain', 'shop/plain') });
};

const two: Furnish = site => {
  settle(site, { subject: 'shop/api', irsa: irsa(site, 'shop-api', 'shop/api') });
  settle(site, { subject: 'shop/web', replicas: 1, irsa: irsa(site, 'shop-web', 'shop/web') });
};

/** Service accounts that are to get a role of their own, beside stacks, roles and accounts that are none of our business. */
const made: Furnish = site => {
  const { world, account, cluster } = site;
  settle(site, { subject: 'shop/web', irsa: irsa(site, 'shop-web', 'shop/web') });
  addEksctlRole(world, account, cluster, { subject: 'shop/one', roleName: 'eksctl-prod-one', policyArns: [] });
  settle(site, { subject: 'shop/one', irsa: `arn:aws:iam::${account.id}:role/eksctl-prod-one` });
  strangersStack(site);
  addServiceAccount(world, cluster, {
    namespace: 'data',
    name: 'queue',
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  });
  role(site, 'ready', trust(podsStatement));
};

/** One role cannot be made, for its name is taken; the other one's association is not allowed. */
const failing: Furnish = site => {
  settle(site, { subject: 'shop/web', irsa: irsa(site, 'shop-web', 'shop/web') });
  settle(site, { subject: 'shop/api', irsa: irsa(site, 'taken', 'shop/api') });
  for (const caller of site.world.callers.values()) caller.denied.add('eks:CreatePodIdentityAssociation');
};

const recipe = {
  permissionPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
  wellKnownPolicies: ['externalDNS'],
} as const;

/** What is created in a world, and deleted again. */
export function wantedIn(world: WorldName): readonly WantedAssociation[] {
  if (world === 'failing')
    return [
      {
        namespace: 'data',
        serviceAccount: 'a',
        role: { kind: 'made', recipe: { ...recipe, roleName: 'taken' } },
        tags: {},
      },
      { namespace: 'data', serviceAccount: 'b', role: { kind: 'made', recipe }, tags: {} },
    ];
  return [
    { namespace: 'fresh', serviceAccount: 'new', role: { kind: 'made', recipe }, tags: {}, createServiceAccount: true },
    {
      namespace: 'data',
      serviceAccount: 'queue',
      role: { kind: 'made', recipe: { ...recipe, permissionPolicy: ownPolicy, roleName: 'queue' } },
      tags: { team: 'data' },
      createServiceAccount: true,
    },
    { namespace: 'data', serviceAccount: 'ready', role: { kind: 'existing', roleArn: readyRole }, tags: {} },
  ];
}

const ownPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
});
const readyRole = 'arn:aws:iam::111122223333:role/ready';

const worlds = {
  unowned: { furnish: unowned },
  shared: { furnish: shared },
  wildcard: { furnish: wildcard },
  owned: { furnish: owned },
  stranger: { furnish: strangersStack },
  addons: { furnish: addons },
  standing: { furnish: standing },
  github: { furnish: github, agent: false },
  places: { furnish: places },
  odd: { furnish: odd },
  chained: { furnish: chained },
  made: { furnish: made },
  failing: { furnish: failing },
  'no-agent': { furnish: two, agent: false },
  'auto-mode': { furnish: two, agent: false, cluster: { autoMode: true } },
} satisfies Readonly<Record<string, WorldSpec>>;

export type WorldName = keyof typeof worlds;
export const worldNames = Object.keys(worlds) as readonly WorldName[];
