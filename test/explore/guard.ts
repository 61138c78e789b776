/** Watches over the identities of a world: asks its oracle after everything that happened. */
import { type OracleRow, oracle } from '../../source/sandbox/cluster/oracle.ts';
import type { World } from '../../source/sandbox/model.ts';
import { advance } from '../../source/sandbox/world.ts';

/** A service account (or a GitHub workflow) that could get credentials when all began, and cannot now. */
export class IdentityLost extends Error {
  readonly subject: string;
  constructor(subject: string, how: string) {
    super(`${subject}: ${how}`);
    this.subject = subject;
  }
}

type Expectation = {
  readonly subject: string;
  /** A new pod gets this role. */
  readonly newPod: string | undefined;
  /** Every running pod has credentials, for one of these roles; undefined: not so when all began. */
  readonly running: readonly string[] | undefined;
};

/**
 * Made before anything happens. Service accounts that worked then are held to it: a new pod gets the same role, each
 * running pod has credentials (unexpired ones count) for a role that pods had then. Statements that let in somebody who
 * is no service account must stay as they are.
 */
export class Guard {
  readonly #world: World;
  readonly #expected = new Map<string, Expectation>();
  /** What the last answer holds for. */
  #seen = '';
  #seenAt = 0;
  #holdsUntil = 0;
  #events = 0;
  readonly #foreign: readonly { readonly account: string; readonly role: string; readonly statement: string }[];
  checks = 0;
  /** The first loss: adapters take what is thrown under them for a failed request, so it is kept here too. */
  lost: IdentityLost | undefined;

  constructor(world: World) {
    this.#world = world;
    for (const row of oracle(world, world.now)) {
      const { pods, withCredentials, roles } = row.running;
      this.#expected.set(keyOf(row), {
        subject: `${row.namespace}/${row.serviceAccount}`,
        newPod: row.newPod.ok ? row.newPod.role : undefined,
        running: pods > 0 && withCredentials === pods ? roles : undefined,
      });
    }
    this.#foreign = [...world.accounts.values()].flatMap(account =>
      [...account.roles.values()].flatMap(role =>
        foreignStatements(role.trustPolicy).map(statement => ({ account: account.id, role: role.name, statement })),
      ),
    );
  }

  /** How many service accounts are held to something. */
  get watched(): number {
    return [...this.#expected.values()].filter(({ newPod, running }) => newPod !== undefined || running).length;
  }

  /** Service accounts that somebody has cut off on purpose are no longer held to anything. */
  excuse(subjects: readonly string[]): void {
    for (const [key, { subject }] of this.#expected) if (subjects.includes(subject)) this.#expected.delete(key);
  }

  /** Lives through the time until `now`, looking after everything that happens in it. Throws `IdentityLost`. */
  pass(now: number): void {
    const world = this.#world;
    for (let next = world.schedule[0]; next !== undefined && next.at <= now; next = world.schedule[0]) {
      advance(world, Math.max(world.now, next.at));
      this.#events += 1;
      this.look();
    }
    advance(world, now);
    this.look();
  }

  /** Throws `IdentityLost` for the first service account that lost its identity. */
  look(): void {
    if (this.#sameAsBefore()) return;
    this.checks += 1;
    try {
      this.#check();
    } catch (error) {
      if (error instanceof IdentityLost) this.lost ??= error;
      throw error;
    }
  }

  /**
   * Whether the oracle would answer as it did: no object changed, nothing was written or happened by itself, and time
   * alone changes nothing either, for no write is still to show and no pod's credentials are due.
   */
  #sameAsBefore(): boolean {
    const world = this.#world;
    const clusters = [...world.clusters.values()];
    let writes = 0;
    for (const count of world.counts.values()) writes += count.writes;
    const seen = `${clusters.map(({ kube }) => kube.resourceVersion).join()} ${writes} ${this.#events}`;
    if (seen === this.#seen && world.now < this.#holdsUntil) return true;
    const settled = seen === this.#seen && world.now > this.#seenAt + world.faults.consistency;
    if (seen !== this.#seen) this.#seenAt = world.now;
    this.#seen = seen;
    const due = Math.min(...clusters.map(({ kube }) => kube.leasesDueAt ?? Number.POSITIVE_INFINITY));
    this.#holdsUntil = settled || world.faults.consistency === 0 ? due : 0;
    return false;
  }

  #check(): void {
    const world = this.#world;
    const rows = new Map(oracle(world, world.now).map(row => [keyOf(row), row]));
    for (const [key, expected] of this.#expected) checkRow(expected, rows.get(key));
    for (const { account, role, statement } of this.#foreign) {
      const trust = world.accounts.get(account)?.roles.get(role.toLowerCase())?.trustPolicy ?? '';
      if (!foreignStatements(trust).includes(statement))
        throw new IdentityLost(`role ${role}`, `its trust no longer has the statement ${statement}`);
    }
  }
}

function checkRow({ subject, newPod, running }: Expectation, row: OracleRow | undefined): void {
  if (newPod !== undefined) {
    if (!row?.newPod.ok)
      throw new IdentityLost(
        subject,
        `a new pod gets no credentials: ${row?.newPod.why ?? 'neither annotation nor association'}`,
      );
    if (row.newPod.role !== newPod)
      throw new IdentityLost(subject, `a new pod gets ${row.newPod.role} in place of ${newPod}`);
  }
  if (running !== undefined) {
    const { pods, withCredentials, roles } = row?.running ?? { pods: 1, withCredentials: 0, roles: [] };
    if (withCredentials < pods)
      throw new IdentityLost(subject, `${pods - withCredentials} of ${pods} running pods have no credentials`);
    const other = roles.find(role => !running.includes(role));
    if (other) throw new IdentityLost(subject, `running pods have ${other} in place of ${running.join()}`);
  }
}

const keyOf = ({ cluster, namespace, serviceAccount }: OracleRow): string =>
  `${cluster} ${namespace}/${serviceAccount}`;

/** Statements marked as somebody else's by their Sid: as text, key order included. */
function foreignStatements(trust: string): readonly string[] {
  try {
    const { Statement } = JSON.parse(trust) as { Statement?: unknown };
    return [Statement ?? []]
      .flat()
      .filter(each => /^(GitHub|Foreign)/.test(String((each as { Sid?: unknown }).Sid)))
      .map(each => JSON.stringify(each));
  } catch {
    return [];
  }
}
