import { parse } from 'yaml';
import type { Addon, Association, PodMechanism, Role, RoleStack, Rollout } from '../../source/identity/facts.ts';
import { subjectText } from '../../source/identity/scope.ts';
import { parseTrustPolicy, podIdentityTrust } from '../../source/identity/trust-policy.ts';
import type { RunEvent, RunResult } from '../../source/run/event.ts';
import type { ClusterPorts, PortError, StackEvent } from '../../source/run/ports.ts';
import { account, cluster } from '../identity/policies.ts';
import type { Facts } from '../plan/world.ts';
import type { FakeClock } from './fake-clock.ts';
import { type FakeWorkload, fakeKubernetes, mechanismOf } from './fake-kubernetes.ts';
import { problem } from './problem.ts';

export { problem };

/** What goes wrong with a call: nothing, an error instead of it, or its answer lost after it took effect. */
export type Fault = (call: Call) => { readonly error: PortError; readonly after?: boolean } | undefined;

export type Call = { readonly operation: string; readonly subject: string; readonly write: boolean };

/**
 * A cluster, its account and its stacks in memory, with the manners of AWS that matter to a run: one association for a
 * service account, roles checked when an association is made, trust that EKS sees late, stacks and add-ons that take
 * their time. `facts` is the state; tests change it at will.
 */
export class FakeWorld {
  readonly facts: Facts;
  readonly clock: FakeClock;
  readonly calls: Call[] = [];
  /** Milliseconds until EKS sees a changed trust policy. */
  propagation = 0;
  fault: Fault = () => undefined;
  /** By stack name. */
  readonly templates = new Map<string, string>();
  readonly updates: Parameters<ClusterPorts['cloudformation']['updateStack']>[0][] = [];
  /** Why stack updates fail; undefined: they do not. */
  stackFailure: string | undefined;
  /** What an add-on becomes that is created or updated. */
  addonResult: Pick<Addon, 'status' | 'issues'> = { status: 'ACTIVE', issues: [] };
  /** Lists lag behind and do not show anything yet. */
  listsLag = false;
  readonly tokens: (string | undefined)[] = [];
  /** Who we are, as STS tells it. */
  caller = { account, arn: `arn:aws:sts::${account}:assumed-role/deployer/one` };
  /** On how many nodes the agent has to be, and on how many it is, once its add-on is there. */
  agentNodes = (): Rollout => ({ desired: 1, ready: 1 });
  /** What a new pod of a service account is born with. */
  webhook = (subject: string): PodMechanism => mechanismOf(this.facts, subject);
  /** By `kind/name`, in the one namespace that has any. */
  readonly workloads = new Map<string, FakeWorkload>();

  readonly #due: { readonly at: number; readonly happen: () => void }[] = [];
  readonly #events: StackEvent[] = [];
  readonly #trustSeen = new Map<string, { readonly until: number; readonly document: string }>();
  #made = 0;

  constructor(facts: Facts, clock: FakeClock) {
    this.facts = facts;
    this.clock = clock;
  }

  /** Calls that changed something, or tried to. */
  get writes(): readonly string[] {
    return this.calls.filter(({ write }) => write).map(({ operation, subject }) => `${operation} ${subject}`);
  }

  role(name: string): Role | undefined {
    return this.facts.roles.find(role => role.name === name);
  }

  setTrust(name: string, trustPolicy: string): void {
    const old = this.role(name);
    if (old) this.#trustSeen.set(name, { until: this.clock.now() + this.propagation, document: old.trustPolicy });
    this.facts.roles = this.facts.roles.map(role => (role.name === name ? { ...role, trustPolicy } : role));
  }

  associationOf(subject: string): Association | undefined {
    return this.facts.associations.find(each => subjectText(each) === subject);
  }

  ports(): ClusterPorts {
    return {
      eks: this.#eks(),
      iam: this.#iam(),
      cloudformation: this.#cloudformation(),
      sts: { callerIdentity: () => this.#call('GetCallerIdentity', account, false, () => ({ ...this.caller })) },
      kubernetes: fakeKubernetes(this, (operation, subject, write, work) =>
        this.#call(operation, subject, write, work),
      ),
    };
  }

  /** Lets what is under way come to its end. */
  async rest(): Promise<void> {
    await this.clock.sleep(60_000);
    this.#catchUp();
  }

  /** Every call goes through here: time catches up, the call is noted, faults strike. */
  async #call<T>(operation: string, subject: string, write: boolean, work: () => T): Promise<T> {
    await Promise.resolve();
    this.#catchUp();
    const call = { operation, subject, write };
    this.calls.push(call);
    const fault = this.fault(call);
    if (fault && !fault.after) throw fault.error;
    const result = work();
    if (fault) throw fault.error;
    return result;
  }

  #catchUp(): void {
    for (const event of this.#due.splice(0)) {
      if (event.at <= this.clock.now()) event.happen();
      else this.#due.push(event);
    }
  }

  later(milliseconds: number, happen: () => void): void {
    this.#later(milliseconds, happen);
  }

  #later(milliseconds: number, happen: () => void): void {
    this.#due.push({ at: this.clock.now() + milliseconds, happen });
  }

  #association(id: string): Association {
    const found = this.facts.associations.find(each => each.id === id);
    if (!found) throw problem('not-found', `no association ${id}`);
    return found;
  }

  #replace(id: string, change: Partial<Association>): Association {
    const changed = { ...this.#association(id), ...change };
    this.facts.associations = this.facts.associations.map(each => (each.id === id ? changed : each));
    return changed;
  }

  #insert(input: Omit<Association, 'id' | 'arn' | 'disableSessionTags' | 'tags'> & Partial<Association>): Association {
    this.#made += 1;
    const id = `a-${String(this.#made).padStart(17, 'm')}`;
    const made = {
      disableSessionTags: false,
      tags: {},
      ...input,
      id,
      arn: `arn:aws:eks:eu-west-1:${account}:podidentityassociation/prod/${id}`,
    };
    this.facts.associations.push(made);
    return made;
  }

  #checkRole(arn: string, subject: { namespace: string; serviceAccount: string }): void {
    const role = this.facts.roles.find(each => each.arn === arn);
    if (!role) throw problem('invalid', 'Role provided in the request does not exist.');
    const late = this.#trustSeen.get(role.name);
    const document = late && late.until > this.clock.now() ? late.document : role.trustPolicy;
    const policy = parseTrustPolicy(document);
    const trust =
      policy.ok &&
      podIdentityTrust(policy.value, {
        ...subject,
        clusterArn: cluster.arn,
        clusterName: cluster.name,
        account,
        sessionTags: true,
      });
    if (!trust || trust.assumeRole.verdict === 'no' || trust.tagSession.verdict === 'no')
      throw problem('invalid', 'Trust policy of the role provided is invalid.');
  }

  #eks(): ClusterPorts['eks'] {
    const unused = () => {
      throw new Error('a run does not need this');
    };
    return {
      listClusters: unused,
      describeCluster: name =>
        this.#call('DescribeCluster', name, false, () => ({
          ...cluster,
          status: 'ACTIVE',
          version: '1.33',
          autoMode: false,
          tags: {},
        })),
      listAssociations: (_cluster, filter) => {
        const page = () =>
          this.#call('ListPodIdentityAssociations', `${filter?.namespace}/${filter?.serviceAccount}`, false, () =>
            this.facts.associations.filter(
              each =>
                !this.listsLag &&
                each.namespace === filter?.namespace &&
                each.serviceAccount === filter?.serviceAccount,
            ),
          );
        return (async function* () {
          yield await page();
        })();
      },
      describeAssociation: (_cluster, id) =>
        this.#call('DescribePodIdentityAssociation', id, false, () => this.#association(id)),
      createAssociation: ({ clusterName: _, clientRequestToken, tags = {}, ...input }) =>
        this.#call('CreatePodIdentityAssociation', subjectText(input), true, () => {
          this.tokens.push(clientRequestToken);
          this.#checkRole(input.roleArn, input);
          const existing = this.associationOf(subjectText(input));
          if (existing) throw problem('exists', `Association already exists: ${existing.id}`);
          return this.#insert({ ...input, tags });
        }),
      updateAssociation: ({ clusterName: _, associationId, clientRequestToken: __, ...change }) =>
        this.#call('UpdatePodIdentityAssociation', associationId, true, () => {
          const old = this.#association(associationId);
          if (change.roleArn) this.#checkRole(change.roleArn, old);
          const { targetRoleArn, policy, ...rest } = { ...old, ...change };
          this.facts.associations = this.facts.associations.filter(({ id }) => id !== associationId);
          const next = { ...rest, ...(targetRoleArn && { targetRoleArn }), ...(policy && { policy }) };
          this.facts.associations.push(next);
          return next;
        }),
      deleteAssociation: (_cluster, id) =>
        this.#call('DeletePodIdentityAssociation', id, true, () => {
          this.#association(id);
          this.#later(1_500, () => {
            this.facts.associations = this.facts.associations.filter(each => each.id !== id);
          });
        }),
      listAddons: unused,
      describeAddon: (_cluster, name) => this.#call('DescribeAddon', name, false, () => this.#addon(name)),
      createAddon: input =>
        this.#call('CreateAddon', input.addonName, true, () => {
          if (this.facts.addons.some(({ name }) => name === input.addonName)) throw problem('exists', 'it exists');
          const { addonName: name, addonVersion: version = '' } = input;
          const made: Addon = { name, version, status: 'CREATING', associationArns: [], issues: [] };
          this.facts.addons.push(made);
          this.#later(5_000, () => this.#setAddon(name, this.addonResult));
          return made;
        }),
      updateAddon: input =>
        this.#call('UpdateAddon', input.addonName, true, () => {
          this.#setAddon(input.addonName, { status: 'UPDATING' });
          const made = (input.podIdentityAssociations ?? []).map(each =>
            this.#insert({ ...each, namespace: 'kube-system', ownerArn: `arn:x:addon/prod/${input.addonName}/1` }),
          );
          this.#later(5_000, () =>
            this.#setAddon(input.addonName, { ...this.addonResult, associationArns: made.map(({ arn }) => arn) }),
          );
          return { updateId: 'u-1' };
        }),
      addonVersions: (_name, kubernetes) =>
        this.#call('DescribeAddonVersions', kubernetes, false, () => [
          { version: `v9-for-${kubernetes}`, isDefault: false },
          { version: `v1-for-${kubernetes}`, isDefault: true },
        ]),
      addonServiceAccounts: unused,
      addonRecommendations: unused,
      tagResource: (arn, tags) =>
        this.#call('TagResource', arn, true, () => {
          const id = arn.slice(arn.lastIndexOf('/') + 1);
          this.#replace(id, { tags: { ...this.#association(id).tags, ...tags } });
        }),
      untagResource: (arn, keys) =>
        this.#call('UntagResource', arn, true, () => {
          const id = arn.slice(arn.lastIndexOf('/') + 1);
          const kept = Object.entries(this.#association(id).tags).filter(([key]) => !keys.includes(key));
          this.#replace(id, { tags: Object.fromEntries(kept) });
        }),
    };
  }

  #addon(name: string): Addon {
    const found = this.facts.addons.find(each => each.name === name);
    if (!found) throw problem('not-found', `no add-on ${name}`);
    return found;
  }

  #setAddon(name: string, change: Partial<Addon>): void {
    this.facts.addons = this.facts.addons.map(each => (each.name === name ? { ...each, ...change } : each));
    if (change.status === 'ACTIVE' && name === 'eks-pod-identity-agent')
      this.facts.agent = {
        kind: 'addon',
        version: 'v1',
        status: 'ACTIVE',
        issues: [],
        rollout: { desired: 1, ready: 1 },
      };
  }

  #iam(): ClusterPorts['iam'] {
    return {
      getRole: name =>
        this.#call('GetRole', name, false, () => {
          const role = this.role(name);
          if (!role) throw problem('not-found', `no role ${name}`);
          return role;
        }),
      listRoles: () => {
        throw new Error('a run does not need this');
      },
      mayChain: async () => false,
      rolePolicies: async function* () {},
      updateAssumeRolePolicy: (name, document) =>
        this.#call('UpdateAssumeRolePolicy', name, true, () => this.setTrust(name, document)),
      listManagedPolicies: () => {
        throw new Error('a run does not need this');
      },
      listOidcProviders: async () => [],
      accountAlias: async () => undefined,
    };
  }

  #stack(nameOrId: string): RoleStack {
    const found = [...this.facts.stacks.values()].find(
      ({ stackName, stackId }) => stackName === nameOrId || stackId === nameOrId,
    );
    if (!found) throw problem('not-found', `no stack ${nameOrId}`);
    return found;
  }

  #setStack(name: string, status: string): void {
    for (const [role, stack] of this.facts.stacks)
      if (stack.stackName === name) this.facts.stacks.set(role, { ...stack, status });
    this.#event(name, 'AWS::CloudFormation::Stack', status);
  }

  #event(logicalId: string, resourceType: string, status: string, reason?: string): void {
    const id = String(this.#events.length);
    const at = this.clock.now() + this.#events.length;
    this.#events.unshift({ id, at, logicalId, resourceType, status, ...(reason && { reason }) });
  }

  #cloudformation(): ClusterPorts['cloudformation'] {
    const elsewhere = () => {
      throw new Error('stacks are made and deleted in the tests with the sandbox');
    };
    return {
      createStack: elsewhere,
      deleteStack: elsewhere,
      setTerminationProtection: elsewhere,
      listStacks: () => {
        throw new Error('a run does not need this');
      },
      stackOfResource: async () => undefined,
      describeStack: name => this.#call('DescribeStacks', name, false, () => this.#stack(name)),
      stackResources: name =>
        this.#call('DescribeStackResources', name, false, () => {
          const stack = this.#stack(name);
          const roleName = [...this.facts.stacks].find(([, each]) => each === stack)?.[0] ?? '';
          return [{ logicalId: 'Role1', physicalId: roleName, type: 'AWS::IAM::Role' }];
        }),
      getTemplate: name =>
        this.#call('GetTemplate', name, false, () => this.templates.get(this.#stack(name).stackName) ?? ''),
      updateStack: input =>
        this.#call('UpdateStack', input.stackName, true, () => {
          const stack = this.#stack(input.stackName);
          if (this.templates.get(stack.stackName) === input.templateBody)
            throw problem('invalid', 'No updates are to be performed.');
          this.updates.push(input);
          this.#setStack(stack.stackName, 'UPDATE_IN_PROGRESS');
          this.#later(4_000, () => this.#finishStack(stack.stackName, input.templateBody));
        }),
      stackEvents: name => this.#call('DescribeStackEvents', name, false, () => [...this.#events]),
    };
  }

  #finishStack(name: string, template: string): void {
    if (this.stackFailure) {
      this.#event('Role1', 'AWS::IAM::Role', 'UPDATE_FAILED', this.stackFailure);
      this.#setStack(name, 'UPDATE_ROLLBACK_COMPLETE');
      return;
    }
    this.templates.set(name, template);
    const [roleName] = [...this.facts.stacks].find(([, { stackName }]) => stackName === name) ?? [];
    const document = parse(template, { logLevel: 'silent' }).Resources.Role1.Properties.AssumeRolePolicyDocument;
    if (roleName) this.setTrust(roleName, JSON.stringify(document));
    this.#setStack(name, 'UPDATE_COMPLETE');
  }
}

/** Reads a run to its end. */
export async function collect(
  run: AsyncIterable<RunEvent>,
): Promise<{ readonly events: readonly RunEvent[]; readonly result: RunResult }> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  const last = events.at(-1);
  if (last?.type !== 'finished') throw new Error(`the last event is ${last?.type}`);
  return { events, result: last.result };
}
