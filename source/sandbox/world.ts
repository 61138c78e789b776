/**
 * Makes worlds and moves them through time. The builders put things in place as if they had always been there: no
 * rule of AWS is checked and everything is visible at once, so that a world may also hold what AWS would refuse today.
 */
import { addonNamespace, DEFAULT_ADDON_VERSION } from './cloud/addon-catalogue.ts';
import { addonArn, associationArn, externalIdOf } from './cloud/arns.ts';
import {
  newAccessKeyId,
  newAssociationId,
  newIssuerId,
  newRoleId,
  newSecretAccessKey,
  newUserId,
  newUuid,
} from './cloud/ids.ts';
import { oidcProviderArn } from './cloud/trust-documents.ts';
import type {
  Account,
  AddonRecord,
  AssociationRecord,
  Caller,
  ClusterRecord,
  Faults,
  RoleRecord,
  World,
} from './model.ts';
import { seededRandom } from './random.ts';

export { addStack, type StackSeed } from './cloud/stack-seed.ts';
export {
  oidcProviderArn,
  podIdentityStatement,
  podIdentityTrust,
  webIdentityStatement,
  webIdentityTrust,
} from './cloud/trust-documents.ts';
export { advance, schedule } from './time.ts';

const DAY = 86_400_000;

/** A world without accounts. `now` in milliseconds since the epoch; `faults` default to none. */
export function createWorld(options: {
  readonly name: string;
  readonly seed: number;
  readonly now: number;
  readonly faults?: Partial<Omit<Faults, 'scripted'>>;
}): World {
  return {
    name: options.name,
    accounts: new Map(),
    callers: new Map(),
    clusters: new Map(),
    faults: { latency: 0, throttle: 0, rate: 0, consistency: 0, scripted: [], ...options.faults },
    refusedRegions: new Set(),
    requests: [],
    counts: new Map(),
    schedule: [],
    buckets: new Map(),
    requestTokens: new Map(),
    random: seededRandom(options.seed),
    now: options.now,
  };
}

export function addAccount(
  world: World,
  options: { readonly id: string; readonly partition?: string; readonly alias?: string },
): Account {
  const account: Account = {
    id: options.id,
    partition: options.partition ?? 'aws',
    roles: new Map(),
    oidcProviders: new Map(),
    stacks: new Map(),
    ...(options.alias === undefined ? {} : { alias: options.alias }),
  };
  world.accounts.set(account.id, account);
  return account;
}

export type CallerSeed = {
  readonly name: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Actions refused, e.g. `eks:ListClusters` or `iam:*`. */
  readonly denied?: Iterable<string>;
  readonly expired?: boolean;
  /** False: no cluster of the account lets this caller in through Kubernetes. */
  readonly clusterAccess?: boolean;
};

/** An IAM user with an access key; let into the account's clusters, those there and those still to come. */
export function addCaller(world: World, account: Account, seed: CallerSeed): Caller {
  const caller: Caller = {
    accessKeyId: seed.accessKeyId ?? newAccessKeyId(world),
    secretAccessKey: seed.secretAccessKey ?? newSecretAccessKey(world),
    account: account.id,
    arn: `arn:${account.partition}:iam::${account.id}:user/${seed.name}`,
    userId: newUserId(world),
    denied: new Set(seed.denied),
    expired: seed.expired ?? false,
    clusterAccess: seed.clusterAccess ?? true,
  };
  world.callers.set(caller.accessKeyId, caller);
  if (caller.clusterAccess) {
    for (const cluster of world.clusters.values()) {
      if (cluster.account === account.id) {
        cluster.accessEntries.add(caller.accessKeyId);
      }
    }
  }
  return caller;
}

export type RoleSeed = {
  readonly name: string;
  /** A document as text, or as an object that becomes compact JSON. */
  readonly trust: string | object;
  /** Begins and ends with a slash. */
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Policy ARNs. */
  readonly attached?: readonly string[];
  /** Policy name -> document. */
  readonly inline?: Readonly<Record<string, string>>;
  readonly permissionsBoundary?: string;
  readonly description?: string;
  readonly maxSessionSeconds?: number;
  readonly serviceLinked?: boolean;
  readonly createdAt?: number;
  readonly lastUsedAt?: number;
};

export function addRole(world: World, account: Account, seed: RoleSeed): RoleRecord {
  const path = seed.path ?? '/';
  const createdAt = seed.createdAt ?? world.now - 90 * DAY;
  const role: RoleRecord = {
    name: seed.name,
    path,
    arn: `arn:${account.partition}:iam::${account.id}:role${path}${seed.name}`,
    id: newRoleId(world),
    trustPolicy: typeof seed.trust === 'string' ? seed.trust : JSON.stringify(seed.trust),
    tags: new Map(Object.entries(seed.tags ?? {})),
    attachedPolicies: new Set(seed.attached),
    inlinePolicies: new Map(Object.entries(seed.inline ?? {})),
    ...(seed.permissionsBoundary === undefined ? {} : { permissionsBoundary: seed.permissionsBoundary }),
    ...(seed.description === undefined ? {} : { description: seed.description }),
    maxSessionSeconds: seed.maxSessionSeconds ?? 3600,
    createdAt,
    ...(seed.lastUsedAt === undefined ? {} : { lastUsedAt: seed.lastUsedAt }),
    serviceLinked: seed.serviceLinked ?? false,
    visibleAt: createdAt,
  };
  account.roles.set(role.name.toLowerCase(), role);
  return role;
}

/** A customer managed policy with its document, as text or as an object. Returns its ARN. */
export function addManagedPolicy(account: Account, name: string, document: string | object): string {
  const arn = `arn:${account.partition}:iam::${account.id}:policy/${name}`;
  account.policies ??= new Map();
  account.policies.set(arn, typeof document === 'string' ? document : JSON.stringify(document));
  return arn;
}

/** `issuer` is without `https://`. Returns the provider's ARN. */
export function addOidcProvider(
  account: Account,
  issuer: string,
  clientIds: readonly string[] = ['sts.amazonaws.com'],
): string {
  const arn = oidcProviderArn(account, issuer);
  account.oidcProviders.set(arn, { url: issuer, clientIds: [...clientIds] });
  return arn;
}

export type ClusterSeed = {
  readonly name: string;
  readonly region: string;
  readonly version?: string;
  readonly platformVersion?: string;
  readonly status?: string;
  readonly autoMode?: boolean;
  readonly authenticationMode?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly createdAt?: number;
  /** Without `https://`; `false`: the cluster has none. By default one in EKS's form. */
  readonly issuer?: string | false;
  /** Whether IAM knows the issuer as a provider; default true. */
  readonly oidcProvider?: boolean;
  /** By default what the shell fills in once its sockets are open. */
  readonly endpoint?: string;
  readonly certificateAuthority?: string;
};

/** A cluster with an empty Kubernetes store, and (unless told otherwise) its OIDC provider in the account. */
export function addCluster(world: World, account: Account, seed: ClusterSeed): ClusterRecord {
  const issuer =
    seed.issuer === false
      ? undefined
      : (seed.issuer ?? `oidc.eks.${seed.region}.amazonaws.com/id/${newIssuerId(world)}`);
  const callers = [...world.callers.values()].filter(each => each.account === account.id && each.clusterAccess);
  const cluster: ClusterRecord = {
    arn: `arn:${account.partition}:eks:${seed.region}:${account.id}:cluster/${seed.name}`,
    name: seed.name,
    account: account.id,
    region: seed.region,
    status: seed.status ?? 'ACTIVE',
    version: seed.version ?? '1.34',
    platformVersion: seed.platformVersion ?? 'eks.9',
    endpoint: seed.endpoint ?? '',
    certificateAuthority: seed.certificateAuthority ?? '',
    ...(issuer === undefined ? {} : { issuer }),
    autoMode: seed.autoMode ?? false,
    authenticationMode: seed.authenticationMode ?? 'API_AND_CONFIG_MAP',
    tags: new Map(Object.entries(seed.tags ?? {})),
    createdAt: seed.createdAt ?? world.now - 120 * DAY,
    associations: new Map(),
    addons: new Map(),
    updates: new Map(),
    accessEntries: new Set(callers.map(each => each.accessKeyId)),
    kube: {
      resourceVersion: 1,
      objects: new Map(),
      history: [],
      compactedAt: 0,
      listeners: new Set(),
      unreachable: false,
    },
  };
  world.clusters.set(cluster.arn, cluster);
  if (issuer !== undefined && (seed.oidcProvider ?? true)) {
    addOidcProvider(account, issuer);
  }
  return cluster;
}

export type AssociationSeed = {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ownerArn?: string;
  readonly id?: string;
  readonly createdAt?: number;
};

export function addAssociation(world: World, cluster: ClusterRecord, seed: AssociationSeed): AssociationRecord {
  const id = seed.id ?? newAssociationId(world);
  const createdAt = seed.createdAt ?? world.now - 30 * DAY;
  const association: AssociationRecord = {
    id,
    arn: associationArn(cluster, id),
    namespace: seed.namespace,
    serviceAccount: seed.serviceAccount,
    roleArn: seed.roleArn,
    ...(seed.targetRoleArn === undefined
      ? {}
      : {
          targetRoleArn: seed.targetRoleArn,
          externalId: externalIdOf(cluster, seed.namespace, seed.serviceAccount),
        }),
    disableSessionTags: seed.disableSessionTags ?? false,
    ...(seed.policy === undefined ? {} : { policy: seed.policy }),
    tags: new Map(Object.entries(seed.tags ?? {})),
    ...(seed.ownerArn === undefined ? {} : { ownerArn: seed.ownerArn }),
    createdAt,
    modifiedAt: createdAt,
    visibleAt: createdAt,
    deleted: false,
  };
  cluster.associations.set(id, association);
  return association;
}

export type AddonSeed = {
  readonly name: string;
  readonly version?: string;
  readonly status?: string;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  /** Associations that the add-on owns; the namespace is the add-on's own unless given. */
  readonly associations?: readonly {
    readonly serviceAccount: string;
    readonly roleArn: string;
    readonly namespace?: string;
  }[];
  readonly issues?: readonly { readonly code: string; readonly message: string }[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly createdAt?: number;
};

export function addAddon(world: World, cluster: ClusterRecord, seed: AddonSeed): AddonRecord {
  const createdAt = seed.createdAt ?? world.now - 100 * DAY;
  const arn = addonArn(cluster, seed.name, newUuid(world));
  const owned = (seed.associations ?? []).map(each =>
    addAssociation(world, cluster, { namespace: addonNamespace(seed.name), ...each, ownerArn: arn, createdAt }),
  );
  const addon: AddonRecord = {
    name: seed.name,
    arn,
    version: seed.version ?? DEFAULT_ADDON_VERSION[seed.name] ?? 'v1.0.0-eksbuild.1',
    status: seed.status ?? 'ACTIVE',
    ...(seed.serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn: seed.serviceAccountRoleArn }),
    ...(seed.configurationValues === undefined ? {} : { configurationValues: seed.configurationValues }),
    associationIds: owned.map(each => each.id),
    issues: (seed.issues ?? []).map(each => ({ ...each })),
    tags: new Map(Object.entries(seed.tags ?? {})),
    createdAt,
    modifiedAt: createdAt,
  };
  cluster.addons.set(addon.name, addon);
  return addon;
}
