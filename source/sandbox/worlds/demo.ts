import { externalIdOf } from '../cloud/arns.ts';
import { addNodes, failPod } from '../cluster/builders.ts';
import { writeDaemonSetStatus } from '../cluster/daemon-sets.ts';
import { find, objectsOf } from '../cluster/store.ts';
import type { ClusterRecord } from '../model.ts';
import { addAccount, addAddon, addCaller, addCluster, addRole, type ClusterSeed, createWorld } from '../world.ts';
import { furnishBatchDe } from './demo/batch-de.ts';
import { accountIds } from './demo/company.ts';
import { furnishDataEu } from './demo/data-eu.ts';
import { furnishProdEu } from './demo/prod-eu.ts';
import { furnishProdUs } from './demo/prod-us.ts';
import { furnishStaging } from './demo/staging.ts';
import { profileOf } from './site.ts';
import type { MadeWorld, WorldOptions } from './worlds.ts';

/**
 * What `npm start` opens: the fleet of Northwind Pay, an invented company on its way from IRSA to Pod Identity. Four
 * clusters in three regions belong to its production account, a fifth to its data account. What is wrong in each is
 * told where the cluster is furnished.
 */
export function makeDemoWorld({ seed, faults }: WorldOptions, now: number): MadeWorld {
  const world = createWorld({ name: 'demo', seed, now, faults });
  const prod = addAccount(world, { id: accountIds.prod, alias: 'northwind-prod' });
  const data = addAccount(world, { id: accountIds.data, alias: 'northwind-data' });
  const prodCaller = addCaller(world, prod, { name: 'platform-team' });
  const dataCaller = addCaller(world, data, { name: 'platform-team' });
  const at = (account: typeof prod, seed: ClusterSeed, nodes: number, agent: 'addon' | 'none') => {
    const cluster = addCluster(world, account, { ...seed, tags: { company: 'northwind-pay', ...seed.tags } });
    if (agent === 'addon') addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
    addNodes(world, cluster, { count: nodes });
    return { world, account, cluster };
  };

  const prodEu = at(prod, { name: 'prod-eu-1', region: 'eu-west-1', tags: { stage: 'prod' } }, 6, 'addon');
  furnishProdEu(prodEu, data);
  addRole(world, data, { name: 'ledger-writer', trust: ledgerTrust(prod.id, prodEu.cluster) });
  const us = { name: 'prod-us-1', region: 'us-east-1', version: '1.35', autoMode: true, tags: { stage: 'prod' } };
  furnishProdUs(at(prod, us, 4, 'none'));
  const de = { name: 'batch-de-1', region: 'eu-central-1', version: '1.32', tags: { stage: 'prod' } };
  furnishBatchDe(at(prod, de, 3, 'none'));
  const staging = at(
    prod,
    { name: 'stg-eu-1', region: 'eu-west-1', version: '1.35', tags: { stage: 'stg' } },
    2,
    'addon',
  );
  breakOneAgent(staging.cluster);
  furnishStaging(staging);
  const lake = { name: 'data-eu-1', region: 'eu-west-1', version: '1.33', tags: { stage: 'prod' } };
  furnishDataEu(at(data, lake, 3, 'addon'));
  return {
    world,
    profiles: [
      profileOf('northwind-prod', prodCaller, 'eu-west-1'),
      profileOf('northwind-data', dataCaller, 'eu-west-1'),
    ],
  };
}

/** The target role of `payments/ledger`: EKS sends the external id because the association's session tags are off. */
function ledgerTrust(account: string, cluster: ClusterRecord): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:role/payments-ledger` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'sts:ExternalId': externalIdOf(cluster, 'payments', 'ledger') } },
      },
    ],
  };
}

/** The agent crashes on one of the nodes: pods there that rely on Pod Identity get nothing. */
function breakOneAgent(cluster: ClusterRecord): void {
  const agents = [...objectsOf(cluster.kube, 'pods')].filter(
    pod => pod.metadata.labels?.['app.kubernetes.io/name'] === 'eks-pod-identity-agent',
  );
  const first = agents[0];
  if (first) failPod(cluster, 'kube-system', first.metadata.name);
  const agent = find(cluster.kube, 'daemonsets', { namespace: 'kube-system', name: 'eks-pod-identity-agent' });
  if (agent) writeDaemonSetStatus(cluster, agent);
}
