import { parseRoleArn } from '../../identity/arn.ts';
import type { RoleFact } from '../../identity/facts.ts';
import { type Failure, failed, lastKnown, read } from '../../identity/reading.ts';
import type { Scope } from '../../identity/scope.ts';
import { readRole } from '../../read/roles.ts';
import type { IamPort } from '../../run/ports.ts';
import { Alarm } from '../alarm.ts';
import type { RoleDemand } from '../store/store.ts';
import { backoff } from './backoff.ts';
import { failureOf, type SyncContext } from './context.ts';
import { OneByOne } from './one-by-one.ts';
import { Poll } from './poll.ts';
import { pump } from './pump.ts';
import type { Tasks } from './tasks.ts';

type AccountScope = Pick<Scope, 'partition' | 'account'>;

/** Reads the roles that clusters name, each in its own account, and each account's OIDC providers and name. */
export class RolesSync implements RoleDemand {
  readonly #context: SyncContext;
  readonly #tasks: Tasks;
  readonly #accounts = new Map<string, AccountSync>();
  /** Roles of accounts that no session belongs to, by account. */
  readonly #homeless = new Map<string, Set<string>>();

  constructor(context: SyncContext, tasks: Tasks) {
    this.#context = context;
    this.#tasks = tasks;
  }

  /** A session belongs to this account: its roles can be read from now on. The first session of an account serves it. */
  attach(scope: AccountScope, iam: IamPort): void {
    const { account } = scope;
    if (this.#accounts.has(account)) return;
    const sync = new AccountSync(this.#context, scope, iam, this.#tasks.child());
    this.#accounts.set(account, sync);
    sync.start();
    for (const arn of this.#homeless.get(account) ?? []) sync.want(arn);
    this.#homeless.delete(account);
  }

  /**
   * A session is asked no more. Where it served an account, roles that clusters still name are nobody's until another
   * session of that account is attached.
   */
  async detach(iam: IamPort): Promise<void> {
    const served = [...this.#accounts].filter(([, sync]) => sync.iam === iam);
    const { sources, roles } = this.#context.store;
    for (const [account, sync] of served) {
      this.#accounts.delete(account);
      sources.forget(sync.source);
      for (const arn of roles.named()) if (accountOf(arn) === account) this.wanted(arn);
    }
    await Promise.all(served.map(([, sync]) => sync.close()));
  }

  wanted(arn: string): void {
    const parsed = parseRoleArn(arn);
    if (!parsed.ok) {
      this.#fail(arn, { kind: 'invalid', message: `"${arn}" is not a role ARN: ${parsed.reason}.` });
      return;
    }
    const { account } = parsed.value;
    const sync = this.#accounts.get(account);
    if (sync) {
      sync.want(arn);
      return;
    }
    this.#homeless.set(account, (this.#homeless.get(account) ?? new Set()).add(arn));
    this.#fail(arn, {
      kind: 'no-credentials',
      message: `Nothing in scope belongs to account ${account}, so its roles cannot be read.`,
    });
  }

  unwanted(arn: string): void {
    const parsed = parseRoleArn(arn);
    if (!parsed.ok) return;
    this.#accounts.get(parsed.value.account)?.drop(arn);
    this.#homeless.get(parsed.value.account)?.delete(arn);
  }

  look(): void {
    for (const account of this.#accounts.values()) account.look();
  }

  /** Reads again: all roles, or these. */
  now(arns?: Iterable<string>): void {
    for (const account of this.#accounts.values()) account.now(arns);
  }

  #fail(arn: string, failure: Failure): void {
    this.#context.store.roles.fail(arn, failure, this.#context.clock.now());
  }
}

const accountOf = (arn: string): string | undefined => {
  const parsed = parseRoleArn(arn);
  return parsed.ok ? parsed.value.account : undefined;
};

class AccountSync {
  readonly iam: IamPort;
  /** Id of the source that is this account's alone. */
  readonly source: string;
  readonly #context: SyncContext;
  readonly #tasks: Tasks;
  readonly #alarm: Alarm;
  readonly #roles: OneByOne<RoleFact>;
  readonly #providers: Poll;
  readonly #account: string;
  readonly #aliasAlarm: Alarm;

  constructor(context: SyncContext, scope: AccountScope, iam: IamPort, tasks: Tasks) {
    const { account } = scope;
    this.iam = iam;
    this.#tasks = tasks;
    this.#context = context;
    this.#alarm = new Alarm(context.clock);
    this.#aliasAlarm = new Alarm(context.clock);
    this.#account = account;
    const source = { id: `iam|${account}`, source: 'iam', covers: account } as const;
    this.source = source.id;
    const part = context.store.sources.part(source, 'GetRole');
    const { roles } = context.store;
    this.#roles = new OneByOne<RoleFact>(context, {
      read: (arn, options) => readRole(iam, arn, scope, options),
      put: (arn, fact, at) => {
        const before = lastKnown(roles.get(arn))?.value;
        roles.put(arn, fact, at);
        const change = before && changeOf(before, fact);
        if (change) context.store.say('info', account, `${change} role ${nameOf(arn)}`);
      },
      fail: (arn, failure, at) => {
        if (roles.get(arn).state !== 'failed')
          context.store.say('warning', account, `role ${nameOf(arn)} cannot be read: ${failure.message}`);
        roles.fail(arn, failure, at);
      },
      works: at => part.live(at),
      broken: (failure, retryAt) => part.failed(failure, retryAt),
    });
    this.#providers = new Poll(context, {
      part: context.store.sources.part(source, 'ListOpenIDConnectProviders'),
      read: async signal => {
        const arns = await iam.listOidcProviders({ signal, priority: 'background' });
        context.store.putOidcProviders(account, arns, context.clock.now());
      },
      failed: (failure, at) => context.store.failOidcProviders(account, failure, at),
      every: () => context.policy.oidcProviders,
    });
  }

  start(): void {
    const { clock, policy } = this.#context;
    const tasks = this.#tasks;
    const ages = () => ({ onScreen: policy.roles.onScreen, other: policy.roles.other(this.#context.store.fleet) });
    tasks.spawn(signal => this.#providers.run(signal));
    tasks.spawn(signal => this.#readAlias(signal));
    tasks.spawn(signal =>
      pump(
        {
          clock,
          alarm: this.#alarm,
          concurrency: policy.concurrency.roles,
          next: now => this.#roles.next(now, this.#onScreen(), ages(), signal),
          nextAt: now => this.#roles.nextAt(now, [], ages()),
        },
        signal,
      ),
    );
  }

  /** Resolves when nothing of it runs any more. */
  close(): Promise<void> {
    return this.#tasks.close();
  }

  want(arn: string): void {
    this.#roles.queue.add(arn);
    this.#alarm.ring('look');
  }

  drop(arn: string): void {
    this.#roles.queue.delete(arn);
  }

  look(): void {
    this.#alarm.ring('look');
  }

  now(arns?: Iterable<string>): void {
    if (arns) for (const arn of arns) this.#roles.queue.renew(arn);
    this.#roles.again(arns ? 'failed' : 'all');
    this.#alarm.ring('look');
    this.#providers.now();
    if (!arns) this.#aliasAlarm.ring('now');
  }

  /**
   * Once: a name hardly ever changes. It is a help and no source: who may not ask sees the account's number alone, and is
   * asked for it again only with everything else.
   */
  async #readAlias(signal: AbortSignal): Promise<void> {
    const { clock, random, store } = this.#context;
    for (let failures = 0; ; ) {
      let pause = Number.POSITIVE_INFINITY;
      try {
        const alias = await this.iam.accountAlias({ signal, priority: 'background' });
        store.putAccountAlias(this.#account, read(alias, clock.now()));
        failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        const failure = failureOf(error);
        store.putAccountAlias(this.#account, failed(failure, clock.now(), store.accountAlias(this.#account)));
        failures += 1;
        if (failure.kind !== 'denied') pause = backoff(failures, random);
      }
      await this.#aliasAlarm.wait(pause, signal);
    }
  }

  /** Roles of what is on screen: rows of roles, and those that rows of service accounts and associations name. */
  #onScreen(): readonly string[] {
    const { attention, store } = this.#context;
    const arns: string[] = [];
    for (const cluster of attention.clusters()) {
      const facts = store.cluster(cluster);
      if (!facts) continue;
      for (const row of attention.rows(cluster)) {
        const entry = facts.associations.get(row) ?? facts.associations.of(row);
        const association = entry && lastKnown(entry.described)?.value.roleArn;
        const annotation = facts.serviceAccounts.get(row)?.roleArn;
        for (const arn of [row, association, annotation]) if (arn !== undefined) arns.push(arn);
      }
    }
    return arns;
  }
}

/** What is worth a line in the log: not that a role was used again. */
function changeOf(before: RoleFact, after: RoleFact): string | undefined {
  if (!before.exists) return after.exists ? 'there is now a' : undefined;
  if (!after.exists) return 'there is no longer a';
  return before.role.trustPolicy === after.role.trustPolicy ? undefined : 'another trust policy on';
}

/** Only ARNs that parse are ever asked for. */
function nameOf(arn: string): string {
  const parsed = parseRoleArn(arn);
  return parsed.ok ? parsed.value.name : arn;
}
