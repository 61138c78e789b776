import { addNodes, addServiceAccount } from '../cluster/builders.ts';
import type { Account, World } from '../model.ts';
import {
  addAccount,
  addAddon,
  addAssociation,
  addCaller,
  addCluster,
  createWorld,
  podIdentityTrust,
} from '../world.ts';
import { profileOf, role, type Site } from './site.ts';
import { irsaStatement, trust } from './trust.ts';
import type { MadeWorld, WorldOptions } from './worlds.ts';

const regions = ['eu-west-1', 'us-east-1', 'eu-central-1', 'us-west-2'] as const;
const teams = [
  'payments',
  'checkout',
  'search',
  'ledger',
  'risk',
  'lake',
  'mail',
  'media',
  'identity',
  'growth',
] as const;
const parts = ['api', 'worker', 'indexer', 'exporter', 'cache', 'cron', 'gateway', 'stream', 'sync', 'audit'] as const;

/** Enough for the agent to have somewhere to run. */
const nodesPerCluster = 3;

/**
 * As many clusters and associations as asked for, to see how things scale: namespaces of ten service accounts, roles
 * shared by the clusters of the account, a tenth more service accounts on IRSA, some without any identity, and about
 * one association in a hundred with something wrong. No pods but the
 * agent's: their number would hide what is measured.
 */
export function makeFleetWorld(options: WorldOptions, now: number): MadeWorld {
  const { clusters, associations, seed, faults } = options;
  const world = createWorld({ name: 'fleet', seed, now, faults });
  const account = addAccount(world, { id: '111122223333' });
  const caller = addCaller(world, account, { name: 'fleet-admin' });
  const subjects = Array.from({ length: associations }, (_, index) => subjectAt(index));
  const shared = makeRoles(world, account, subjects);
  for (let index = 0; index < clusters; index++) {
    const cluster = addCluster(world, account, {
      name: `fleet-${String(index + 1).padStart(String(clusters).length, '0')}`,
      region: regions[index % regions.length] ?? regions[0],
      autoMode: index % 10 === 9,
      tags: { stage: index % 3 === 0 ? 'prod' : 'test' },
    });
    if (!cluster.autoMode) addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
    addNodes(world, cluster, { count: nodesPerCluster });
    furnish({ world, account, cluster }, subjects, shared);
  }
  return { world, profiles: [profileOf('fleet', caller, regions[0])] };
}

type Subject = { readonly namespace: string; readonly name: string };

/** Ten to a namespace; namespaces beyond the teams' first ones are numbered. */
function subjectAt(index: number): Subject {
  const group = Math.floor(index / parts.length);
  const team = teams[group % teams.length] ?? teams[0];
  const round = Math.floor(group / teams.length);
  return { namespace: round === 0 ? team : `${team}-${round + 1}`, name: parts[index % parts.length] ?? parts[0] };
}

function makeRoles(world: World, account: Account, subjects: readonly Subject[]): readonly string[] {
  const anywhere = { world, account };
  return subjects.map(({ namespace, name }) => role(anywhere, `${namespace}-${name}`, podIdentityTrust()));
}

function furnish(site: Site, subjects: readonly Subject[], roles: readonly string[]): void {
  const { world, account, cluster } = site;
  subjects.forEach((subject, index) => {
    const trouble = world.random();
    const roleArn = trouble < 0.003 ? `arn:aws:iam::${account.id}:role/gone` : (roles[index] ?? '');
    addAssociation(world, cluster, { namespace: subject.namespace, serviceAccount: subject.name, roleArn });
    // A few associations have outlived their service account, a few accounts kept their annotation.
    if (trouble >= 0.003 && trouble < 0.006) return;
    const annotation = trouble >= 0.006 && trouble < 0.01 ? { roleArn } : {};
    addServiceAccount(world, cluster, { ...subject, ...annotation });
  });
  addOthers(site, Math.max(1, Math.ceil(subjects.length / 10)));
}

/** Service accounts without an association: half of them on IRSA with a role of this cluster, half without identity. */
function addOthers(site: Site, count: number): void {
  const { world, account, cluster } = site;
  for (let index = 0; index < count; index++) {
    const { namespace, name } = subjectAt(index * parts.length);
    const onIrsa = `${name}-legacy`;
    const document = trust(irsaStatement(account, cluster, `${namespace}/${onIrsa}`));
    const roleArn = role(site, `${cluster.name}-${namespace}-${onIrsa}`, document);
    addServiceAccount(world, cluster, { namespace, name: onIrsa, roleArn });
    addServiceAccount(world, cluster, { namespace, name: `${name}-plain` });
  }
}
