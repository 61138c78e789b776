/** What of a service account names a role. */
export type RoleNames = {
  /** Its annotation. */
  readonly irsa?: string | undefined;
  /** Its association. */
  readonly association?: string | undefined;
  /** Its association's target role. */
  readonly target?: string | undefined;
};

export type RoleUse = {
  /** Keys of the service accounts that name the role, by annotation or by association. */
  readonly subjects: ReadonlySet<string>;
  readonly associations: number;
  readonly annotations: number;
};

type MutableUse = { readonly subjects: Set<string>; associations: number; annotations: number };

/** The reverse index of one cluster: by role ARN, who names it. */
export class RoleUses {
  readonly #uses = new Map<string, MutableUse>();
  readonly #first: (arn: string) => void;
  readonly #last: (arn: string) => void;

  /** `first` hears of a role named for the first time, `last` of one that nobody names any more. */
  constructor(first: (arn: string) => void, last: (arn: string) => void) {
    this.#first = first;
    this.#last = last;
  }

  get(arn: string): RoleUse | undefined {
    return this.#uses.get(arn);
  }

  arns(): Iterable<string> {
    return this.#uses.keys();
  }

  /** The service account `key` named the roles `before` and now names `after`. */
  move(key: string, before: RoleNames, after: RoleNames): void {
    if (before.irsa === after.irsa && before.association === after.association && before.target === after.target)
      return;
    const touched = new Set([...arnsOf(before), ...arnsOf(after)]);
    this.#count(before, -1);
    this.#count(after, 1);
    for (const arn of touched) this.#settle(arn, key, arnsOf(after).includes(arn));
  }

  #count(names: RoleNames, by: 1 | -1): void {
    if (names.irsa !== undefined) this.#use(names.irsa).annotations += by;
    if (names.association !== undefined) this.#use(names.association).associations += by;
    if (names.target !== undefined && names.target !== names.association) this.#use(names.target).associations += by;
  }

  #use(arn: string): MutableUse {
    let use = this.#uses.get(arn);
    if (!use) {
      use = { subjects: new Set(), associations: 0, annotations: 0 };
      this.#uses.set(arn, use);
    }
    return use;
  }

  #settle(arn: string, key: string, named: boolean): void {
    const { subjects } = this.#use(arn);
    const before = subjects.size;
    if (named) subjects.add(key);
    else subjects.delete(key);
    if (before === 0 && subjects.size > 0) this.#first(arn);
    if (subjects.size > 0) return;
    this.#uses.delete(arn);
    if (before > 0) this.#last(arn);
  }
}

function arnsOf(names: RoleNames): string[] {
  return [names.irsa, names.association, names.target].filter(arn => arn !== undefined);
}
