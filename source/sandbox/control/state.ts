import type {
  Account,
  AssociationRecord,
  Caller,
  ClusterRecord,
  KubeObject,
  RoleRecord,
  StackRecord,
  World,
} from '../model.ts';

/** The whole world as JSON values, for people and tests: no secret keys, no Kubernetes secrets, no machinery. */
export function describeWorld(world: World, clusters: Iterable<ClusterRecord>): object {
  return {
    name: world.name,
    now: world.now,
    accounts: [...world.accounts.values()].map(describeAccount),
    callers: [...world.callers.values()].map(describeCaller),
    clusters: [...clusters].map(describeCluster),
    scheduled: world.schedule.length,
  };
}

function describeAccount(account: Account): object {
  return {
    id: account.id,
    partition: account.partition,
    roles: [...account.roles.values()].map(describeRole),
    oidcProviders: [...account.oidcProviders].map(([arn, provider]) => ({ arn, ...provider })),
    stacks: [...account.stacks.values()].map(describeStack),
  };
}

function describeRole(role: RoleRecord): object {
  return {
    ...role,
    tags: Object.fromEntries(role.tags),
    attachedPolicies: [...role.attachedPolicies],
    inlinePolicies: Object.fromEntries(role.inlinePolicies),
  };
}

function describeStack(stack: StackRecord): object {
  return {
    name: stack.name,
    id: stack.id,
    region: stack.region,
    status: stack.status,
    statusReason: stack.statusReason,
    template: stack.template,
    parameters: Object.fromEntries(stack.parameters),
    tags: Object.fromEntries(stack.tags),
    capabilities: stack.capabilities,
    outputs: Object.fromEntries(stack.outputs),
    resources: Object.fromEntries(stack.resources),
    terminationProtection: stack.terminationProtection,
    createdAt: stack.createdAt,
    updatedAt: stack.updatedAt,
    deletedAt: stack.deletedAt,
  };
}

function describeCaller({ secretAccessKey: _secret, ...caller }: Caller): object {
  return { ...caller, denied: [...caller.denied] };
}

function describeCluster(cluster: ClusterRecord): object {
  return {
    arn: cluster.arn,
    name: cluster.name,
    account: cluster.account,
    region: cluster.region,
    status: cluster.status,
    version: cluster.version,
    platformVersion: cluster.platformVersion,
    endpoint: cluster.endpoint,
    issuer: cluster.issuer,
    autoMode: cluster.autoMode,
    authenticationMode: cluster.authenticationMode,
    tags: Object.fromEntries(cluster.tags),
    associations: [...cluster.associations.values()].map(describeAssociation),
    addons: [...cluster.addons.values()].map(addon => ({ ...addon, tags: Object.fromEntries(addon.tags) })),
    unreachable: cluster.kube.unreachable,
    resourceVersion: cluster.kube.resourceVersion,
    objects: describeObjects(cluster.kube.objects),
  };
}

function describeAssociation(association: AssociationRecord): object {
  return { ...association, tags: Object.fromEntries(association.tags) };
}

function describeObjects(objects: ReadonlyMap<string, ReadonlyMap<string, KubeObject>>): object {
  const shown = [...objects].filter(([resource]) => resource !== 'secrets');
  return Object.fromEntries(shown.map(([resource, byName]) => [resource, [...byName.values()]]));
}
