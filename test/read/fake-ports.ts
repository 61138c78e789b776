import type { Addon, Association, Cluster, Role, RoleStack, ServiceAccount } from '../../source/identity/facts.ts';
import type { Failure } from '../../source/identity/reading.ts';
import type { ClusterPorts, KubernetesCollection, KubernetesPort } from '../../source/run/ports.ts';
import { PortError } from '../../source/run/ports.ts';

export const account = '111122223333';
export const roleArn = (name: string, of = account) => `arn:aws:iam::${of}:role/${name}`;

export const cluster: Cluster = {
  arn: `arn:aws:eks:eu-west-1:${account}:cluster/prod`,
  name: 'prod',
  partition: 'aws',
  account,
  region: 'eu-west-1',
  status: 'ACTIVE',
  version: '1.33',
  endpoint: 'https://127.0.0.1:1',
  oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/ABC',
  autoMode: false,
  tags: {},
};

export const association = (id: string, name: string, more: Partial<Association> = {}): Association => ({
  id,
  arn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/${id}`,
  namespace: 'shop',
  serviceAccount: name,
  roleArn: roleArn(name),
  disableSessionTags: false,
  tags: {},
  ...more,
});

export const role = (name: string): Role => ({ arn: roleArn(name), name, trustPolicy: '{}', tags: {} });

export const serviceAccount = (name: string, of?: string): ServiceAccount => ({
  namespace: 'shop',
  serviceAccount: name,
  uid: name,
  resourceVersion: '1',
  annotations: {},
  labels: {},
  ...(of === undefined ? {} : { roleArn: of }),
});

export const stack = (name: string, more: Partial<RoleStack> = {}): RoleStack => ({
  stackName: name,
  stackId: `arn:aws:cloudformation:eu-west-1:${account}:stack/${name}/1`,
  status: 'CREATE_COMPLETE',
  tags: {},
  capabilities: [],
  parameters: {},
  outputs: {},
  terminationProtection: false,
  ...more,
});

export const addon = (name: string, more: Partial<Addon> = {}): Addon => ({
  name,
  version: 'v1',
  status: 'ACTIVE',
  associationArns: [],
  issues: [],
  ...more,
});

export const problem = (kind: Failure['kind'], message = `${kind}.`) => new PortError({ kind, message });

export const fails = (kind: Failure['kind'], message?: string) => () => Promise.reject(problem(kind, message));

export async function* pagesOf<T>(...pages: readonly (readonly T[])[]): AsyncGenerator<readonly T[]> {
  yield* pages;
}

export async function* failing<T>(
  kind: Failure['kind'],
  ...pages: readonly (readonly T[])[]
): AsyncGenerator<readonly T[]> {
  yield* pages;
  throw problem(kind);
}

export function collection<T>(...items: readonly T[]): KubernetesCollection<T> {
  return {
    async *list() {
      for (const item of items) yield { items: [item], resourceVersion: '1' };
    },
    watch: () => {
      throw new Error('Nobody watches here.');
    },
  };
}

const unexpected = (name: string) => () => {
  throw new Error(`${name} was not expected to be called.`);
};

/** Ports that answer only what a test gives them; anything else is a fault. */
export function fakePorts(parts: {
  readonly eks?: Partial<ClusterPorts['eks']>;
  readonly iam?: Partial<ClusterPorts['iam']>;
  readonly cloudformation?: Partial<ClusterPorts['cloudformation']>;
  readonly sts?: Partial<ClusterPorts['sts']>;
  readonly kubernetes?: Partial<KubernetesPort>;
}): ClusterPorts {
  const strict = <T extends object>(port: string, given: Partial<T> | undefined): T =>
    new Proxy((given ?? {}) as T, {
      get: (target, key) => Reflect.get(target, key) ?? unexpected(`${port}.${String(key)}`),
    });
  return {
    eks: strict<ClusterPorts['eks']>('eks', parts.eks),
    iam: strict<ClusterPorts['iam']>('iam', parts.iam),
    cloudformation: strict<ClusterPorts['cloudformation']>('cloudformation', parts.cloudformation),
    sts: strict<ClusterPorts['sts']>('sts', parts.sts),
    ...(parts.kubernetes ? { kubernetes: strict<KubernetesPort>('kubernetes', parts.kubernetes) } : {}),
  };
}
