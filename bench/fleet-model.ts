/** A live model of a fleet in memory: the real store and views, filled at once, with nothing that syncs. */
import type { Association, Cluster, Role, ServiceAccount } from '../source/identity/facts.ts';
import type { LiveModel } from '../source/live/model.ts';
import { Store } from '../source/live/store/store.ts';
import { Views } from '../source/live/views/views.ts';
import { systemClock } from '../source/run/clock.ts';

const account = '111122223333';
const region = 'eu-west-1';
const day = 86_400_000;
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
});

const clusterOf = (name: string): Cluster => ({
  partition: 'aws',
  account,
  region,
  arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
  name,
  status: 'ACTIVE',
  version: '1.33',
  oidcIssuer: `https://oidc.eks.${region}.amazonaws.com/id/${name.toUpperCase()}`,
  autoMode: true,
  tags: {},
});

const roleOf = (name: string, at: number): Role => ({
  arn: `arn:aws:iam::${account}:role/${name}`,
  name,
  id: `AROA${name}`,
  trustPolicy: trust,
  createdAt: at - 90 * day,
  tags: {},
});

function subjectOf(cluster: string, index: number, at: number): { account: ServiceAccount; association: Association } {
  const namespace = `team-${String(index % 20).padStart(2, '0')}`;
  const serviceAccount = `service-${String(index).padStart(5, '0')}`;
  const id = `a-${cluster}${String(index).padStart(6, '0')}`.padEnd(19, '0').slice(0, 19);
  return {
    account: {
      namespace,
      serviceAccount,
      uid: `${cluster}-${index}`,
      resourceVersion: '1',
      annotations: {},
      labels: {},
      createdAt: at - (index % 90) * day,
    },
    association: {
      namespace,
      serviceAccount,
      id,
      arn: `arn:aws:eks:${region}:${account}:podidentityassociation/${cluster}/${id}`,
      roleArn: `arn:aws:iam::${account}:role/${namespace}-role-${index % 40}`,
      disableSessionTags: false,
      tags: {},
      createdAt: at - (index % 90) * day,
    },
  };
}

/** `clusters` clusters of `each` service accounts, each of them associated. */
export function fleetModel(clusters: number, each: number): LiveModel {
  const store = new Store(systemClock);
  const views = new Views(store);
  const at = systemClock.now();
  store.putCaller({ account, arn: `arn:aws:sts::${account}:assumed-role/platform/jo` }, at);
  const eks = store.sources.part({ id: 'eks', source: 'eks', covers: region }, 'list');
  eks.live(at);
  for (let number = 0; number < clusters; number += 1) {
    const cluster = clusterOf(`fleet-${String(number).padStart(3, '0')}`);
    const facts = store.addCluster(cluster);
    facts.putCluster(cluster, at);
    facts.putAgent({ kind: 'auto-mode' }, at);
    for (let index = 0; index < 20; index += 1) {
      const name = `team-${String(index).padStart(2, '0')}`;
      facts.putNamespace({ name, phase: 'Active', labels: {} });
    }
    for (let index = 0; index < each; index += 1) {
      const subject = subjectOf(cluster.name, index, at);
      facts.putServiceAccount(subject.account);
      facts.putSummary(subject.association);
      facts.putAssociation(subject.association, at);
    }
    facts.namespacesListed(at);
    facts.serviceAccountsListed(at);
    facts.associationsListed(at);
  }
  for (let team = 0; team < 20; team += 1) {
    for (let number = 0; number < 40; number += 1) {
      const role = roleOf(`team-${String(team).padStart(2, '0')}-role-${number}`, at);
      store.roles.put(role.arn, { exists: true, role }, at);
    }
  }
  store.notifier.flush();
  return {
    get revision() {
      return store.revision;
    },
    subscribe: listener => store.notifier.subscribe(listener),
    clusters: () => views.clusters(),
    namespaces: cluster => views.of(cluster)?.namespaces() ?? [],
    serviceAccounts: (cluster, namespace) =>
      cluster === undefined ? views.serviceAccounts(namespace) : (views.of(cluster)?.serviceAccounts(namespace) ?? []),
    associations: (cluster, namespace) =>
      cluster === undefined ? views.associations(namespace) : (views.of(cluster)?.associations(namespace) ?? []),
    roles: cluster => views.of(cluster)?.roles() ?? [],
    pods: cluster => views.of(cluster)?.pods() ?? { state: 'unread' },
    role: (_cluster, arn) => store.roles.get(arn),
    sources: () => store.sources.states(),
    log: () => store.log.lines(),
    caller: () => store.caller,
    accountAlias: account => store.accountAlias(account),
    focus: () => {},
    refresh: () => {},
    close: async () => {},
  };
}
