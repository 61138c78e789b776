import type {
  Addon,
  AddonOffer,
  AgentState,
  Association,
  KubeNode,
  Namespace,
  Pod,
  Role,
  RoleFact,
  RoleStack,
  ServiceAccount,
} from '../../source/identity/facts.ts';
import { type Reading, read } from '../../source/identity/reading.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import type { CreateRequest, UpdateRequest } from '../../source/plan/request.ts';
import type { AssociationChange, WantedAssociation } from '../../source/plan/wanted.ts';
import { account, cluster, podsStatement, policy, webStatement } from '../identity/policies.ts';

/** A small world as facts; planners get a snapshot of it, and the fake ports let a run change it. */
export type Facts = {
  agent: AgentState;
  serviceAccounts: ServiceAccount[];
  associations: Association[];
  addons: Addon[];
  roles: Role[];
  /** Stack by role name. */
  stacks: Map<string, RoleStack>;
  /** Template by stack name. */
  templates: Map<string, string>;
  /** What EKS offers, by add-on name. */
  offers: Map<string, AddonOffer>;
  pods: Pod[];
  oidcProvider: boolean;
  /** ARNs that a request names and nothing else does. */
  asked: string[];
};

export const readAt = Date.UTC(2026, 0, 1);

export const healthyAgent: AgentState = {
  kind: 'addon',
  version: 'v1.3.10-eksbuild.3',
  status: 'ACTIVE',
  issues: [],
  rollout: { desired: 3, ready: 3 },
};

export const facts = (change: Partial<Facts> = {}): Facts => ({
  agent: healthyAgent,
  serviceAccounts: [],
  associations: [],
  addons: [],
  roles: [],
  stacks: new Map(),
  templates: new Map(),
  offers: new Map(),
  pods: [],
  oidcProvider: true,
  asked: [],
  ...change,
});

export const roleArn = (name: string, owner = account) => `arn:aws:iam::${owner}:role/${name}`;

export const role = (name: string, trustPolicy: string, path = '/'): Role => ({
  arn: `arn:aws:iam::${account}:role${path}${name}`,
  name,
  trustPolicy,
  tags: {},
});

/** A role that lets `subjects` (`namespace:name`) in by web identity only. */
export const irsaRole = (name: string, ...subjects: string[]) =>
  role(name, policy(...subjects.map(subject => webStatement(subject))));

export const podRole = (name: string) => role(name, policy(podsStatement()));

/** `subject`: `namespace/name`. */
export function serviceAccount(subject: string, arn?: string): ServiceAccount {
  const [namespace = '', name = ''] = subject.split('/');
  return {
    namespace,
    serviceAccount: name,
    uid: `uid-${subject}`,
    resourceVersion: '1',
    ...(arn && { roleArn: arn }),
    annotations: arn ? { 'eks.amazonaws.com/role-arn': arn } : {},
    labels: {},
  };
}

export function association(subject: string, arn: string, change: Partial<Association> = {}): Association {
  const [namespace = '', name = ''] = subject.split('/');
  const id = change.id ?? `a-${`${namespace}${name}`.replaceAll('-', '').padEnd(17, '0').slice(0, 17)}`;
  return {
    namespace,
    serviceAccount: name,
    id,
    arn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/${id}`,
    roleArn: arn,
    disableSessionTags: false,
    tags: {},
    ...change,
  };
}

export function pod(subject: string, change: Partial<Pod> = {}): Pod {
  const [namespace = '', name = ''] = subject.split('/');
  return {
    namespace,
    serviceAccount: name,
    name: `${name}-1`,
    uid: `pod-${subject}`,
    phase: 'Running',
    mechanism: 'irsa',
    platform: 'linux',
    ...change,
  };
}

export const addon = (name: string, change: Partial<Addon> = {}): Addon => ({
  name,
  version: 'v1.0.0',
  status: 'ACTIVE',
  associationArns: [],
  issues: [],
  ...change,
});

/** An eksctl stack that owns the role. */
export const stack = (roleName: string, change: Partial<RoleStack> = {}): RoleStack => ({
  stackName: `eksctl-prod-addon-iamserviceaccount-${roleName}`,
  stackId: `arn:aws:cloudformation:eu-west-1:${account}:stack/eksctl-prod-addon-iamserviceaccount-${roleName}/1`,
  status: 'CREATE_COMPLETE',
  tags: { 'alpha.eksctl.io/cluster-name': 'prod', team: 'payments', 'aws:cloudformation:stack-id': 'x' },
  capabilities: ['CAPABILITY_IAM'],
  parameters: {},
  outputs: { Role1: roleArn(roleName) },
  terminationProtection: true,
  ...change,
});

/** A request to create one association with a role that is there. `subject`: `namespace/name`. */
export function createOf(subject: string, arn: string, change: Partial<WantedAssociation> = {}): CreateRequest {
  const [namespace = '', name = ''] = subject.split('/');
  const role = { kind: 'existing', roleArn: arn } as const;
  return { command: 'create', associations: [{ namespace, serviceAccount: name, role, tags: {}, ...change }] };
}

/** A request to change one association. */
export function updateOf(subject: string, change: Partial<AssociationChange>): UpdateRequest {
  const [namespace = '', name = ''] = subject.split('/');
  return { command: 'update', changes: [{ namespace, serviceAccount: name, ...change }] };
}

/** What a reader would have read of the world; `change` replaces readings, e.g. with failed ones. */
export function snapshotOf(world: Facts, change: Partial<Snapshot> = {}): Snapshot {
  const named = new Set([
    ...world.asked,
    ...world.serviceAccounts.flatMap(({ roleArn: arn }) => arn ?? []),
    ...world.associations.map(({ roleArn: arn }) => arn),
    ...world.addons.flatMap(({ serviceAccountRoleArn: arn }) => arn ?? []),
    ...world.roles.map(({ arn }) => arn),
  ]);
  const names = new Set([...world.serviceAccounts, ...world.pods].map(({ namespace }) => namespace));
  const namespaces: Namespace[] = [...names].map(name => ({ name, phase: 'Active', labels: {} }));
  return {
    cluster: { ...cluster, status: 'ACTIVE', version: '1.33', autoMode: false, tags: {} },
    readAt,
    agent: read(world.agent, readAt),
    namespaces: read(namespaces, readAt),
    serviceAccounts: read([...world.serviceAccounts], readAt),
    associations: read([...world.associations], readAt),
    addons: read([...world.addons], readAt),
    oidcProvider: read(world.oidcProvider, readAt),
    pods: read([...world.pods], readAt),
    roles: new Map([...named].map(arn => [arn, roleReading(world, arn)])),
    nodes: read(nodesOf(world), readAt),
    webIdentityUsers: read([], readAt),
    chaining: new Map(world.roles.map(({ arn }) => [arn, read(false, readAt)])),
    roleStacks: new Map(world.roles.map(({ arn, name }) => [arn, read(world.stacks.get(name), readAt)])),
    stacks: new Asked([...world.stacks.values()].map(each => [each.stackName, read(each, readAt)])),
    templates: new Map([...world.templates].map(([name, text]) => [name, read(text, readAt)])),
    addonOffers: new Map([...world.offers].map(([name, offer]) => [name, read(offer, readAt)])),
    ...change,
  };
}

/** Whatever name is asked for was looked for: what is not there is known not to be. */
class Asked extends Map<string, Reading<RoleStack | undefined>> {
  override get(name: string): Reading<RoleStack | undefined> {
    return super.get(name) ?? read(undefined, readAt);
  }
}

/** One node, and those that pods name; the agent is on all that its roll-out counts. */
const nodesOf = (world: Facts): KubeNode[] =>
  [...new Set(['node-1', ...world.pods.flatMap(({ node }) => node ?? [])])].map(name => linuxNode(name));

export const linuxNode = (name: string, change: Partial<KubeNode> = {}): KubeNode => ({
  name,
  platform: 'linux',
  ready: true,
  labels: {},
  ...change,
});

/** As IAM answers: it is asked by the name after the last slash, in its own account. */
function roleReading(world: Facts, arn: string): Reading<RoleFact> {
  const found = world.roles.find(({ name }) => name === arn.slice(arn.lastIndexOf('/') + 1));
  return read(found ? { exists: true, role: found } : { exists: false }, readAt);
}

export const failedReading: Reading<never> = {
  state: 'failed',
  at: readAt,
  failure: { kind: 'denied', message: 'not allowed to look', operation: 'eks:List' },
};
