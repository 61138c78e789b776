import { addNodes } from '../cluster/builders.ts';
import { addAccount, addCaller, addCluster, createWorld } from '../world.ts';
import { addEksctlRole } from './eksctl.ts';
import { profileOf, role, type Site, settle } from './site.ts';
import { irsaStatement, trust } from './trust.ts';
import type { MadeWorld, WorldOptions } from './worlds.ts';

/**
 * The example of eksctl's documentation (user guide, "EKS Pod Identity Associations", on migrating existing service
 * accounts): `default/sa1` uses a role that eksctl made and owns, `default/sa2` one that it does not, and the agent is
 * not installed.
 */
export function makeDocsWorld({ seed, faults }: WorldOptions, now: number): MadeWorld {
  const world = createWorld({ name: 'docs', seed, now, faults });
  const account = addAccount(world, { id: '111122223333' });
  const caller = addCaller(world, account, { name: 'admin' });
  const cluster = addCluster(world, account, {
    name: 'my-cluster',
    region: 'us-west-2',
    issuer: 'oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE',
    tags: { 'alpha.eksctl.io/cluster-name': 'my-cluster' },
  });
  const site: Site = { world, account, cluster };
  addNodes(world, cluster, { count: 2 });
  const owned = addEksctlRole(world, account, cluster, {
    subject: 'default/sa1',
    roleName: 'eksctl-my-cluster-addon-iamserv-Role1-beYhlhzpwQte',
    policyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
  });
  settle(site, { subject: 'default/sa1', irsa: owned.arn });
  const unowned = role(site, 'Unowned-Role1', trust(irsaStatement(account, cluster, 'default/sa2')), {
    attached: ['arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess'],
  });
  settle(site, { subject: 'default/sa2', irsa: unowned });
  return { world, profiles: [profileOf('docs', caller, cluster.region)] };
}
