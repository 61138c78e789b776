/** Furnishing a cluster: service accounts with what gives them an identity, and the workloads that use them. */
import {
  addCronJob,
  addDaemonSet,
  addDeployment,
  addServiceAccount,
  addStatefulSet,
  type WorkloadSeed,
} from '../cluster/builders.ts';
import type { Account, Caller, ClusterRecord, World } from '../model.ts';
import type { SandboxProfile } from '../shell/protocol.ts';
import { type AssociationSeed, addAssociation, addRole, type RoleSeed } from '../world.ts';

/** A cluster with the account and the world that it is in. */
export type Site = { readonly world: World; readonly account: Account; readonly cluster: ClusterRecord };

type AssociationPart = Omit<AssociationSeed, 'namespace' | 'serviceAccount'>;

/** One service account and what runs under it. */
export type Workload = {
  /** `namespace/name` of the service account; the workload has the account's name. */
  readonly subject: string;
  /** Default `deployment`. A CronJob is between two runs: it has no pods. */
  readonly kind?: 'deployment' | 'statefulset' | 'daemonset' | 'cronjob' | 'none';
  /** Default 2. */
  readonly replicas?: number;
  /** Value of the annotation `eks.amazonaws.com/role-arn`. */
  readonly irsa?: string;
  /** An association, given by its role's ARN or with more to it. */
  readonly association?: string | AssociationPart;
  readonly pods?: Pick<WorkloadSeed, 'bornWith' | 'bornAt' | 'on' | 'env'>;
};

/** Puts a workload in place as if it had long been there. The cluster's nodes and add-ons come before. */
export function settle(site: Site, workload: Workload): void {
  const { world, cluster } = site;
  const [namespace, name] = split(workload.subject);
  const annotation = workload.irsa === undefined ? {} : { roleArn: workload.irsa };
  addServiceAccount(world, cluster, { namespace, name, ...annotation });
  if (workload.association !== undefined) associate(site, workload.subject, workload.association);
  const seed = { serviceAccount: name, replicas: workload.replicas ?? 2, ...workload.pods };
  switch (workload.kind ?? 'deployment') {
    case 'deployment':
      addDeployment(world, cluster, namespace, name, seed);
      break;
    case 'statefulset':
      addStatefulSet(world, cluster, namespace, name, seed);
      break;
    case 'daemonset':
      addDaemonSet(world, cluster, namespace, name, seed);
      break;
    case 'cronjob':
      addCronJob(world, cluster, namespace, name, seed);
      break;
    case 'none':
      break;
  }
}

/** An association; whether its service account or even its namespace is there is another matter. */
export function associate(site: Site, subject: string, association: string | AssociationPart): void {
  const [namespace, serviceAccount] = split(subject);
  const part = typeof association === 'string' ? { roleArn: association } : association;
  addAssociation(site.world, site.cluster, { namespace, serviceAccount, ...part });
}

/** Makes a role in the site's account, used within the last day, and returns its ARN. */
export function role(
  site: Omit<Site, 'cluster'>,
  name: string,
  trust: object | string,
  more: Partial<RoleSeed> = {},
): string {
  const lastUsedAt = site.world.now - Math.ceil(site.world.random() * 20) * 3_600_000;
  return addRole(site.world, site.account, { name, trust, lastUsedAt, ...more }).arn;
}

export function profileOf(name: string, caller: Caller, region: string): SandboxProfile {
  const { account, accessKeyId, secretAccessKey } = caller;
  return { name, account, region, accessKeyId, secretAccessKey };
}

function split(subject: string): [namespace: string, name: string] {
  const slash = subject.indexOf('/');
  return [subject.slice(0, slash), subject.slice(slash + 1)];
}
