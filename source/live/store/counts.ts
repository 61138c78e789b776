/** What is known about one service account, in bits, for counting. */
export const Trait = { serviceAccount: 1, irsa: 2, association: 4 } as const;

export type Counts = {
  readonly serviceAccounts: number;
  readonly associations: number;
  /** Service accounts with a role annotation. */
  readonly irsa: number;
  /** Service accounts with a role annotation and an association. */
  readonly both: number;
};

type Tally = { -readonly [K in keyof Counts]: Counts[K] };

const none: Counts = { serviceAccounts: 0, associations: 0, irsa: 0, both: 0 };

/** Counts of service accounts by what they have, kept as they change: of a cluster, and of each namespace in it. */
export class SubjectCounts {
  readonly #total: Tally = { ...none };
  readonly #byNamespace = new Map<string, Tally>();

  get total(): Counts {
    return this.#total;
  }

  of(namespace: string): Counts {
    return this.#byNamespace.get(namespace) ?? none;
  }

  /** One service account of `namespace` went from the traits `before` to `after`. */
  move(namespace: string, before: number, after: number): void {
    if (before === after) return;
    const tally = this.#byNamespace.get(namespace) ?? { ...none };
    for (const counts of [tally, this.#total]) {
      add(counts, before, -1);
      add(counts, after, 1);
    }
    if (tally.serviceAccounts === 0 && tally.associations === 0) this.#byNamespace.delete(namespace);
    else this.#byNamespace.set(namespace, tally);
  }
}

function add(tally: Tally, traits: number, by: 1 | -1): void {
  if (traits & Trait.serviceAccount) tally.serviceAccounts += by;
  if (traits & Trait.association) tally.associations += by;
  if (traits & Trait.irsa) tally.irsa += by;
  if (traits & Trait.irsa && traits & Trait.association) tally.both += by;
}
