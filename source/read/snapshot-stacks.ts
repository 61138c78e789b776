import type { RoleFact, RoleStack } from '../identity/facts.ts';
import { failed, known, type Reading, unread } from '../identity/reading.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { defaultAddonStacks, ownStacks } from '../plan/needs.ts';
import { isEksctls } from '../plan/role-owner.ts';
import type { Clock } from '../run/clock.ts';
import type { CallOptions, CloudFormationPort } from '../run/ports.ts';
import { attempt } from './attempt.ts';
import { readRoleStack, readStackIndex, readStackNamed, type StackIndex } from './stacks.ts';
import type { Want } from './want.ts';
import type { ReadProgress } from './workbench.ts';

export type StackReaderOptions = {
  readonly clock: Clock;
  readonly calls: CallOptions;
  readonly want: Want;
  readonly onProgress: (progress: ReadProgress) => void;
};

type Stacks = NonNullable<Snapshot['stacks']>;

/** The part of a snapshot that CloudFormation tells: who owns roles, what has which name, and templates. */
export class StackReader {
  readonly #cloudformation: CloudFormationPort;
  readonly #options: StackReaderOptions;

  constructor(cloudformation: CloudFormationPort, options: StackReaderOptions) {
    this.#cloudformation = cloudformation;
    this.#options = options;
  }

  async index(): Promise<Reading<StackIndex>> {
    if (!this.#options.want.roleStacks) return unread;
    return this.#try(() => readStackIndex(this.#cloudformation, this.#options.calls));
  }

  /** By role ARN, of the roles that are there: only those can be edited. */
  async owners(
    roles: ReadonlyMap<string, Reading<RoleFact>>,
    index: Reading<StackIndex>,
  ): Promise<Snapshot['roleStacks']> {
    if (index.state === 'unread') return new Map();
    const facts = [...roles.values()].map(known).filter(fact => fact?.exists === true);
    const arns = new Set(facts.map(fact => fact.role.arn));
    return this.#each('owners of roles', arns, async (arn): Promise<Reading<RoleStack | undefined>> => {
      if (index.state !== 'read') return failed(index.failure, index.at);
      return this.#try(() => readRoleStack(this.#cloudformation, index.value, arn, this.#options.calls));
    });
  }

  /** By name, for what is to be made under it, changed or deleted. */
  async named(
    cluster: string,
    index: Reading<StackIndex>,
    associations: Snapshot['associations'],
    offers: NonNullable<Snapshot['addonOffers']>,
  ): Promise<Stacks> {
    const { want, calls } = this.#options;
    const ofAddons = want.defaultStacks.flatMap(addon => {
      const offer = known(offers.get(addon) ?? unread);
      return defaultAddonStacks(cluster, addon, offer?.podIdentity.map(each => each.serviceAccount) ?? []);
    });
    const few = new Set([...want.stacks, ...ofAddons]);
    const ofAll = want.allStacks ? (known(associations) ?? []).flatMap(each => ownStacks(cluster, each)) : [];
    return this.#each('stacks', new Set([...few, ...ofAll]), async (name): Promise<Reading<RoleStack | undefined>> => {
      // Those of a whole cluster are too many to be asked for one by one.
      if (index.state === 'failed' && !few.has(name)) return failed(index.failure, index.at);
      return this.#try(() => readStackNamed(this.#cloudformation, known(index), name, calls));
    });
  }

  /** Of eksctl's stacks, which own roles or have a name that is wanted: the roles of all others are changed directly. */
  async templates(owners: Snapshot['roleStacks'], named: Stacks): Promise<Snapshot['templates']> {
    if (!this.#options.want.roleTemplates) return undefined;
    const stacks = [...owners.values(), ...named.values()].flatMap(reading => known(reading) ?? []).filter(isEksctls);
    const ids = new Map(stacks.map(({ stackName, stackId }) => [stackName, stackId]));
    return this.#each('templates of stacks', new Set(ids.keys()), name =>
      this.#try(() => this.#cloudformation.getTemplate(ids.get(name) ?? name, this.#options.calls)),
    );
  }

  /** A reading of each, all at once; the limiter spreads them. */
  async #each<T>(
    what: string,
    keys: ReadonlySet<string>,
    read: (key: string) => Promise<T>,
  ): Promise<ReadonlyMap<string, T>> {
    let done = 0;
    const entries = [...keys].map(async key => {
      const value = await read(key);
      done += 1;
      this.#options.onProgress({ what, done, of: keys.size });
      return [key, value] as const;
    });
    return new Map(await Promise.all(entries));
  }

  #try<T>(work: () => Promise<T>): Promise<Reading<T>> {
    return attempt(this.#options.clock, work);
  }
}
