/** A live model and a workbench whose answers tests own. */
import type { Association, Cluster, Pod, RoleFact } from '../../source/identity/facts.ts';
import type { Health, HealthCode, HealthLevel } from '../../source/identity/health.ts';
import { type Failure, type Reading, read, unread } from '../../source/identity/reading.ts';
import type { ClusterRef } from '../../source/identity/scope.ts';
import type { Snapshot } from '../../source/identity/snapshot.ts';
import type {
  AssociationRow,
  ClusterRow,
  Focus,
  LiveModel,
  LogLine,
  NamespaceRow,
  RoleRow,
  ServiceAccountRow,
  SourceState,
} from '../../source/live/model.ts';
import type { Action } from '../../source/plan/action.ts';
import type { ActionNode, GroupNode, Plan, PlanNode } from '../../source/plan/plan.ts';
import type { PlanRequest } from '../../source/plan/request.ts';
import type {
  JournalingWorkbench,
  ManagedPolicy,
  PlanOptions,
  RolePolicy,
  Workbench,
} from '../../source/read/workbench.ts';
import type { Clock } from '../../source/run/clock.ts';
import type { RunEvent } from '../../source/run/event.ts';
import { glanceOf } from '../../source/run/glance.ts';
import type { JournalContent, JournalRecord } from '../../source/run/journal.ts';
import { planHash } from '../../source/run/plan-hash.ts';
import { summarise } from '../../source/run/summary.ts';

export const account = '111122223333';
export const start = Date.UTC(2026, 10, 24, 10, 0, 0);
const day = 86_400_000;

export const clusterArn = (name: string, region = 'eu-west-1'): string =>
  `arn:aws:eks:${region}:${account}:cluster/${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

export const health = (level: HealthLevel, code: HealthCode = 'OK', detail = '', more = 0): Health => ({
  level,
  code,
  detail,
  more,
});
export const ok = health('ok');

/** Time moves only when a test says so. */
export class ManualClock implements Clock {
  #now = start;
  #sleepers: { at: number; wake: () => void }[] = [];
  now = (): number => this.#now;
  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      this.#sleepers.push({ at: this.#now + milliseconds, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#sleepers.filter(sleeper => sleeper.at <= this.#now);
    this.#sleepers = this.#sleepers.filter(sleeper => sleeper.at > this.#now);
    for (const sleeper of due) sleeper.wake();
  }
}

export const trustOf = (pods: boolean): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE1` },
        Action: 'sts:AssumeRoleWithWebIdentity',
      },
      ...(pods
        ? [
            {
              Effect: 'Allow',
              Principal: { Service: 'pods.eks.amazonaws.com' },
              Action: ['sts:AssumeRole', 'sts:TagSession'],
            },
          ]
        : []),
    ],
  });

export function clusterRow(
  name: string,
  more: Partial<ClusterRow> & { readonly tags?: Record<string, string> } = {},
): ClusterRow {
  const { tags = {}, ...rest } = more;
  const region = rest.region ?? 'eu-west-1';
  const arn = clusterArn(name, region);
  const cluster: Cluster = {
    arn,
    name,
    partition: 'aws',
    account,
    region,
    status: 'ACTIVE',
    version: '1.33',
    oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE1',
    autoMode: false,
    tags,
  };
  return {
    id: arn,
    name,
    region,
    account,
    cluster: read(cluster, start),
    agent: read(
      {
        kind: 'addon',
        version: 'v1.3.9-eksbuild.1',
        status: 'ACTIVE',
        issues: [],
        rollout: { desired: 12, ready: 12 },
      },
      start,
    ),
    associations: 4,
    serviceAccounts: 9,
    irsa: 2,
    both: 1,
    health: ok,
    errors: 0,
    warnings: 0,
    ...rest,
  };
}

export const namespaceRow = (cluster: string, name: string, more: Partial<NamespaceRow> = {}): NamespaceRow => ({
  id: `${cluster}|${name}`,
  cluster,
  name,
  namespace: { name, phase: 'Active', labels: {}, createdAt: start - 90 * day },
  inCluster: true,
  serviceAccounts: 3,
  associations: 1,
  irsa: 1,
  both: 0,
  pods: 12,
  podsOnIrsa: 0,
  health: ok,
  ...more,
});

export function association(
  namespace: string,
  serviceAccount: string,
  role: string,
  more: Partial<Association> = {},
): Association {
  const id = `a-${namespace}${serviceAccount}`
    .replace(/[^a-z0-9-]/g, '')
    .padEnd(19, '0')
    .slice(0, 19);
  return {
    id,
    arn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/c/${id}`,
    namespace,
    serviceAccount,
    roleArn: roleArn(role),
    disableSessionTags: false,
    tags: {},
    createdAt: start - 3 * day,
    modifiedAt: start - 3 * day,
    ...more,
  };
}

export function associationRow(
  cluster: string,
  found: Association,
  more: Partial<AssociationRow> = {},
): AssociationRow {
  return {
    id: `${cluster}|${found.id}`,
    cluster,
    clusterName: cluster.slice(cluster.lastIndexOf('/') + 1),
    region: 'eu-west-1',
    account,
    namespace: found.namespace,
    serviceAccount: found.serviceAccount,
    associationId: found.id,
    ...(found.ownerArn ? { ownerArn: found.ownerArn } : {}),
    association: read(found, start),
    pods: 4,
    health: ok,
    ...more,
  };
}

export function accountRow(
  cluster: string,
  namespace: string,
  name: string,
  more: Partial<ServiceAccountRow> = {},
): ServiceAccountRow {
  return {
    id: `${cluster}|${namespace}/${name}`,
    cluster,
    clusterName: cluster.slice(cluster.lastIndexOf('/') + 1),
    namespace,
    name,
    serviceAccount: {
      namespace,
      serviceAccount: name,
      uid: `${namespace}-${name}`,
      resourceVersion: '1',
      annotations: {},
      labels: {},
      createdAt: start - 90 * day,
    },
    inCluster: true,
    association: read(undefined, start),
    pods: 4,
    podsOnIrsa: 0,
    health: ok,
    ...more,
  };
}

export function roleRow(
  cluster: string,
  name: string,
  trustsPods: boolean | undefined,
  more: Partial<RoleRow> = {},
): RoleRow {
  const fact: RoleFact = {
    exists: true,
    role: {
      arn: roleArn(name),
      name,
      trustPolicy: trustOf(trustsPods === true),
      tags: {},
      lastUsedAt: start - 120_000,
    },
  };
  return {
    id: `${cluster}|${roleArn(name)}`,
    cluster,
    arn: roleArn(name),
    name,
    role: trustsPods === undefined ? unread : read(fact, start),
    trustsPods,
    oidcIssuers: ['oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE1'],
    associations: 1,
    irsaServiceAccounts: 0,
    clusters: 1,
    health: ok,
    ...more,
  };
}

export const source = (kind: SourceState['source'], covers: string, more: Partial<SourceState> = {}): SourceState => ({
  id: `${kind}|${covers}`,
  source: kind,
  covers,
  state: 'live',
  at: start - 4000,
  ...more,
});

/** The model as plain arrays: change them, then `commit()`. */
export class FakeModel implements LiveModel {
  revision = 1;
  #listeners = new Set<() => void>();
  clusterRows: readonly ClusterRow[] = [];
  namespaceRows: readonly NamespaceRow[] = [];
  accountRows: readonly ServiceAccountRow[] = [];
  associationRows: readonly AssociationRow[] = [];
  roleRows: readonly RoleRow[] = [];
  podList: Reading<readonly Pod[]> = unread;
  sourceStates: readonly SourceState[] = [];
  logLines: readonly LogLine[] = [];
  who: Reading<{ readonly account: string; readonly arn: string }> = read(
    { account, arn: `arn:aws:sts::${account}:assumed-role/platform/jo` },
    start,
  );
  readonly focused: Focus[] = [];
  readonly refreshed: (string | undefined)[] = [];
  #cache = new Map<string, { from: unknown; rows: readonly unknown[] }>();

  commit(): void {
    this.revision += 1;
    for (const listener of [...this.#listeners]) listener();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  #view<Row>(key: string, from: readonly Row[], keep: (row: Row) => boolean): readonly Row[] {
    const kept = this.#cache.get(key);
    if (kept && kept.from === from) return kept.rows as readonly Row[];
    const rows = from.filter(keep);
    this.#cache.set(key, { from, rows });
    return rows;
  }
  clusters = () => this.clusterRows;
  namespaces = (cluster: string) => this.#view(`ns ${cluster}`, this.namespaceRows, row => row.cluster === cluster);
  serviceAccounts = (cluster?: string, namespace?: string) =>
    this.#view(
      `sa ${cluster} ${namespace}`,
      this.accountRows,
      row =>
        (cluster === undefined || row.cluster === cluster) && (namespace === undefined || row.namespace === namespace),
    );
  associations = (cluster?: string, namespace?: string) =>
    this.#view(
      `a ${cluster} ${namespace}`,
      this.associationRows,
      row =>
        (cluster === undefined || row.cluster === cluster) && (namespace === undefined || row.namespace === namespace),
    );
  roles = (cluster: string) => this.#view(`r ${cluster}`, this.roleRows, row => row.cluster === cluster);
  pods = () => this.podList;
  role = (cluster: string, arn: string) =>
    this.roleRows.find(row => row.cluster === cluster && row.arn === arn)?.role ?? unread;
  sources = () => this.sourceStates;
  log = () => this.logLines;
  caller = () => this.who;
  aliases: Readonly<Record<string, string>> = {};
  accountAlias = (account: string): Reading<string | undefined> => {
    const alias = this.aliases[account];
    return alias === undefined ? unread : read(alias, start);
  };
  focus(what: Focus): void {
    this.focused.push(what);
  }
  refresh(cluster?: string): void {
    this.refreshed.push(cluster);
  }
  close = async () => {};
}

export const prod = clusterArn('prod-eu-1');
export const staging = clusterArn('staging-eu-1');

/** Three clusters with something of everything in two of them. */
export function demoModel(): FakeModel {
  const model = new FakeModel();
  model.clusterRows = [
    clusterRow('prod-eu-1', {
      errors: 3,
      warnings: 4,
      health: health('error', 'TRUST', 'a role does not trust pods', 6),
    }),
    clusterRow('prod-us-1', {
      region: 'us-east-1',
      agent: unread,
      associations: undefined,
      irsa: undefined,
      both: undefined,
      health: health('pending', 'PENDING'),
    }),
    clusterRow('staging-eu-1', { agent: read({ kind: 'auto-mode' }, start) }),
  ];
  for (const cluster of [prod, staging]) {
    model.namespaceRows = [
      ...model.namespaceRows,
      namespaceRow(cluster, 'checkout'),
      namespaceRow(cluster, 'payments', {
        podsOnIrsa: 11,
        health: health('error', 'TRUST', 'payments/refunds: its role does not trust pods', 1),
      }),
      namespaceRow(cluster, 'search', { health: health('warning', 'BOTH', 'search/indexer has both') }),
    ];
    const rows: readonly [string, string, string, Health][] = [
      ['checkout', 'api', 'checkout-api', ok],
      ['payments', 'api', 'payments-api', ok],
      [
        'payments',
        'ledger',
        'payments-ledger',
        health('warning', 'BOTH', 'annotation and association name the same role', 1),
      ],
      [
        'payments',
        'refunds',
        'payments-refunds',
        health('error', 'TRUST', 'role payments-refunds does not trust pods.eks.amazonaws.com'),
      ],
      ['search', 'indexer', 'search-indexer', health('unknown', 'UNKNOWN', 'the role could not be read')],
    ];
    const associations = rows.map(([namespace, name, role, finding]) => ({
      found: association(namespace, name, role),
      finding,
    }));
    model.associationRows = [
      ...model.associationRows,
      ...associations.map(({ found, finding }) => associationRow(cluster, found, { health: finding })),
    ];
    model.accountRows = [
      ...model.accountRows,
      ...associations.map(({ found, finding }) =>
        accountRow(cluster, found.namespace, found.serviceAccount, {
          associationId: found.id,
          association: read(found, start),
          health: finding,
          ...(found.serviceAccount === 'ledger' ? { irsaRoleArn: roleArn('payments-ledger') } : {}),
        }),
      ),
      accountRow(cluster, 'payments', 'webhook', {
        irsaRoleArn: roleArn('payments-webhook'),
        health: health('info', 'IRSA', 'can move to Pod Identity'),
        podsOnIrsa: 4,
      }),
    ];
    model.roleRows = [
      ...model.roleRows,
      ...rows.map(([, , role]) => roleRow(cluster, role, role !== 'payments-refunds')),
      roleRow(cluster, 'payments-webhook', false, { associations: 0, irsaServiceAccounts: 1 }),
    ];
  }
  model.sourceStates = [
    source('sts', 'eu-west-1'),
    source('eks', 'eu-west-1'),
    source('iam', account),
    source('kubernetes', 'prod-eu-1'),
    source('kubernetes', 'staging-eu-1'),
  ];
  model.logLines = [
    { at: start - 3000, level: 'info', source: 'eks eu-west-1', text: 'answers again' },
    { at: start - 1000, level: 'error', source: 'kubernetes staging-eu-1', text: 'Unauthorized' },
  ];
  return model;
}

const base = (cluster: string, subject: string) => ({ account, region: 'eu-west-1', cluster, subject });

export function editTrust(cluster: string, role: string): Action {
  return {
    ...base(cluster, role),
    type: 'edit-trust',
    service: 'iam',
    operation: 'UpdateAssumeRolePolicy',
    roleArn: roleArn(role),
    intent: 'admit',
    expects: trustOf(false),
    request: { RoleName: role, PolicyDocument: trustOf(true) },
    command: `aws iam update-assume-role-policy --role-name ${role} --policy-document file://trust.json`,
    undo: 'yes',
  };
}

export function createAction(cluster: string, namespace: string, serviceAccount: string, role: string): Action {
  return {
    ...base(cluster, `${namespace}/${serviceAccount}`),
    type: 'create-association',
    service: 'eks',
    operation: 'CreatePodIdentityAssociation',
    target: { namespace, serviceAccount },
    request: {
      clusterName: cluster.slice(cluster.lastIndexOf('/') + 1),
      namespace,
      serviceAccount,
      roleArn: roleArn(role),
    },
    command: `aws eks create-pod-identity-association --namespace ${namespace} --service-account ${serviceAccount}`,
    undo: 'delete',
  };
}

export function deleteAction(cluster: string, namespace: string, serviceAccount: string, role: string): Action {
  return {
    ...base(cluster, `${namespace}/${serviceAccount}`),
    type: 'delete-association',
    service: 'eks',
    operation: 'DeletePodIdentityAssociation',
    target: { namespace, serviceAccount },
    expects: { roleArn: roleArn(role) },
    request: { clusterName: 'c', associationId: association(namespace, serviceAccount, role).id },
    command: 'aws eks delete-pod-identity-association',
  };
}

export const node = (id: string, title: string, action: Action, needs: readonly string[] = []): ActionNode => ({
  id,
  title,
  kind: 'action',
  needs,
  action,
});
export const group = (
  id: string,
  title: string,
  children: readonly PlanNode[],
  kind: GroupNode['kind'] = 'parallel',
): GroupNode => ({ id, title, kind, children });

const ref = (arn: string): ClusterRef => ({
  arn,
  name: arn.slice(arn.lastIndexOf('/') + 1),
  partition: 'aws',
  account,
  region: 'eu-west-1',
});

export const planOf = (
  command: Plan['command'],
  cluster: string,
  children: readonly PlanNode[],
  more: Partial<Plan> = {},
): Plan => ({
  version: 1,
  command,
  cluster: ref(cluster),
  readAt: start,
  root: group('root', command, children, 'sequence'),
  skipped: [],
  held: [],
  same: [],
  notes: [],
  ...more,
});

/** What the planners would say, in small. */
export function planFor(cluster: ClusterRef, request: PlanRequest): Plan {
  switch (request.command) {
    case 'create':
      return planOf(
        'create',
        cluster.arn,
        [
          ...request.associations.flatMap(({ namespace, serviceAccount, role }) => {
            const name = role.kind === 'existing' ? (role.roleArn.split('/').pop() ?? '') : 'made';
            return [
              node('trust', 'add pods.eks.amazonaws.com to the trust policy', editTrust(cluster.arn, name)),
              node(
                'create',
                `associate ${namespace}/${serviceAccount}`,
                createAction(cluster.arn, namespace, serviceAccount, name),
                ['trust'],
              ),
            ];
          }),
        ],
        { notes: ['1 other association uses this role; it keeps its access'] },
      );
    case 'update':
      return planOf(
        'update',
        cluster.arn,
        request.changes.map(({ namespace, serviceAccount }) =>
          node(
            'create',
            `change ${namespace}/${serviceAccount}`,
            createAction(cluster.arn, namespace, serviceAccount, 'x'),
          ),
        ),
      );
    case 'delete':
      return planOf(
        'delete',
        cluster.arn,
        request.subjects.map(subject =>
          node(
            `delete-${subject.serviceAccount}`,
            `delete ${subject.namespace}/${subject.serviceAccount}`,
            deleteAction(cluster.arn, subject.namespace, subject.serviceAccount, 'x'),
          ),
        ),
      );
    case 'apply':
      return planOf('apply', cluster.arn, []);
    case 'migrate':
      return planOf(
        'migrate',
        cluster.arn,
        [
          group('trust-group', 'trust policies', [
            node(
              't1',
              'let pods.eks.amazonaws.com assume payments-webhook',
              editTrust(cluster.arn, 'payments-webhook'),
            ),
            node('t2', 'let pods.eks.amazonaws.com assume search-indexer', editTrust(cluster.arn, 'search-indexer')),
          ]),
          group('association-group', 'associations', [
            node(
              'a1',
              'associate payments/webhook',
              createAction(cluster.arn, 'payments', 'webhook', 'payments-webhook'),
              ['t1'],
            ),
            node('a2', 'associate search/indexer', createAction(cluster.arn, 'search', 'indexer', 'search-indexer'), [
              't2',
            ]),
          ]),
        ],
        {
          skipped: [{ subject: 'ml-batch/trainer', reason: 'its role does not exist' }],
          same: [{ subject: 'payments/ledger', reason: 'already associated with the same role' }],
          notes: ['role search-indexer is shared with 2 clusters'],
        },
      );
  }
}

/** Plans at once or when told; its runs tell what a test pushes. */
export class FakeWorkbench implements JournalingWorkbench {
  readonly planned: { readonly cluster: ClusterRef; readonly request: PlanRequest }[] = [];
  readonly runs: {
    readonly plan: Plan;
    readonly signal: AbortSignal | undefined;
    readonly stopNow: AbortSignal | undefined;
    readonly concurrency: number | undefined;
    readonly runId: string | undefined;
  }[] = [];
  readonly resumed: string[] = [];
  readonly undone: { readonly run: string; readonly restartWorkloads: boolean | undefined }[] = [];
  /** Journals as they would be read back, newest first. */
  contents: readonly (JournalContent | { readonly run: string; readonly unreadable: string })[] = [];
  /** Runs that another process carries out. */
  inHand: ReadonlyMap<string, { readonly pid: number; readonly host: string; readonly since: number }> = new Map();
  planner: (cluster: ClusterRef, request: PlanRequest) => Plan = planFor;
  /** The way back that is planned for any run. */
  wayBack: Plan | undefined;
  failure: Error | undefined;
  /** The agent of the snapshots that plans are made of. */
  agent: Snapshot['agent'] = read({ kind: 'auto-mode' }, start);
  hold = false;
  /** What else is in the snapshots that plans are made of. */
  facts: Partial<Snapshot> = {};
  /** Pages of managed policies; a page that is an error is thrown. */
  policyPages: readonly (readonly ManagedPolicy[] | Error)[] = [];
  managedPolicies: NonNullable<Workbench['managedPolicies']> = async function* (this: FakeWorkbench) {
    for (const page of this.policyPages) {
      if (page instanceof Error) throw page;
      yield page;
    }
  };
  /** What a role's policies come to, one after the other; an error is thrown. */
  rolePolicyItems: readonly (RolePolicy | Error)[] = [];
  readonly policiesAsked: string[] = [];
  rolePolicies: NonNullable<Workbench['rolePolicies']> = async function* (this: FakeWorkbench, _cluster, roleName) {
    this.policiesAsked.push(roleName);
    for (const item of this.rolePolicyItems) {
      if (item instanceof Error) throw item;
      yield item;
    }
  };
  #progress: PlanOptions['onProgress'];
  #release: (() => void) | undefined;
  #events: RunEvent[] = [];
  #wake: (() => void) | undefined;
  plan: Workbench['plan'] = async (cluster, request, options) => {
    this.planned.push({ cluster, request });
    this.#progress = options?.onProgress;
    if (this.hold) await new Promise<void>(resolve => (this.#release = resolve));
    if (this.failure) throw this.failure;
    return { plan: this.planner(cluster, request), snapshot: { agent: this.agent, ...this.facts } as Snapshot };
  };
  run: JournalingWorkbench['run'] = (plan, options) => {
    const { signal, stopNow, concurrency, runId } = options ?? {};
    this.runs.push({ plan, signal, stopNow, concurrency, runId });
    return this.#follow(stopNow);
  };
  resume: JournalingWorkbench['resume'] = (run, options) => {
    this.resumed.push(run);
    return this.#follow(options?.stopNow);
  };
  undo: JournalingWorkbench['undo'] = async (run, options) => {
    this.undone.push({ run, restartWorkloads: options?.restartWorkloads });
    if (!this.wayBack) throw new Error(`no such run: ${run}`);
    return { plan: this.wayBack, snapshot: { agent: this.agent } as Snapshot };
  };
  readonly journals: JournalingWorkbench['journals'] = {
    list: async () =>
      this.contents.map(content => {
        if ('unreadable' in content) return content;
        const holder = this.inHand.get(content.run);
        return { ...glanceOf(summarise(content)), ...(holder && { state: 'running' as const, holder }) };
      }),
    read: async run => {
      const found = this.contents.find(content => content.run === run);
      if (!found || 'unreadable' in found) throw new Error(`no such run: ${run}`);
      return found;
    },
  };
  /** What was pushed, until it is finished; stopped at once, it says so as the executor does. */
  #follow(stopNow: AbortSignal | undefined): AsyncIterable<RunEvent> {
    const next = () => this.#next();
    stopNow?.addEventListener('abort', () => this.push(finished(0)), { once: true });
    return (async function* () {
      for (;;) {
        const event = await next();
        yield event;
        if (event.type === 'finished') return;
      }
    })();
  }
  progress(what: string, done: number, of: number): void {
    this.#progress?.({ what, done, of });
  }
  release(): void {
    this.#release?.();
  }
  push(...events: RunEvent[]): void {
    this.#events.push(...events);
    this.#wake?.();
  }
  async #next(): Promise<RunEvent> {
    for (;;) {
      const event = this.#events.shift();
      if (event) return event;
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }
}

export const denied: Failure = {
  kind: 'denied',
  message: 'jo may not call eks:ListPodIdentityAssociations',
  code: 'AccessDeniedException',
  operation: 'eks:ListPodIdentityAssociations',
  requestId: '5e1f',
};

export const finished = (
  done: number,
  failed: readonly { id: string; subject: string; reason: string }[] = [],
): RunEvent => ({
  type: 'finished',
  at: start + 1000,
  result: { writes: done, done, failed, skipped: [], held: [], milliseconds: 1000 },
});

/** A journal of a run of the plan, with the records that a test adds to its beginning. */
export const journalOf = (
  run: string,
  plan: Plan,
  records: readonly JournalRecord[],
  more: Partial<JournalContent> = {},
): JournalContent => ({
  run,
  torn: false,
  records: [
    {
      type: 'begin',
      at: start,
      run,
      version: '1.2.3',
      caller: `arn:aws:sts::${account}:assumed-role/platform/jo`,
      place: { partition: 'aws', account, region: 'eu-west-1', cluster: plan.cluster },
      plan,
      planHash: planHash(plan),
    },
    ...records,
  ],
  ...more,
});
