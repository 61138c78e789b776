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
  readonly subjects: Iterable<string>;
  readonly associations: number;
  readonly annotations: number;
};

/** A set of one takes ten times the memory of a list. */
type MutableUse = { subjects: readonly string[] | Set<string>; associations: number; annotations: number };

/** Beyond so many users a set is faster than going through them. */
const FEW = 8;

/** Most roles are named by one association and nothing else: then its key alone says so, for a tenth of the memory. */
type KeptUse = MutableUse | string;

const isAlone = ({ subjects, associations, annotations }: MutableUse): boolean =>
  associations === 1 && annotations === 0 && sizeOf(subjects) === 1;

/** The reverse index of one cluster: by role ARN, who names it. */
export class RoleUses {
  readonly #uses = new Map<string, KeptUse>();
  readonly #first: (arn: string) => void;
  readonly #last: (arn: string) => void;

  /** `first` hears of a role named for the first time, `last` of one that nobody names any more. */
  constructor(first: (arn: string) => void, last: (arn: string) => void) {
    this.#first = first;
    this.#last = last;
  }

  get(arn: string): RoleUse | undefined {
    const use = this.#uses.get(arn);
    return use === undefined ? undefined : spelledOut(use);
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
    const kept = this.#uses.get(arn);
    if (typeof kept === 'object') return kept;
    const use = kept === undefined ? { subjects: none, associations: 0, annotations: 0 } : spelledOut(kept);
    this.#uses.set(arn, use);
    return use;
  }

  #settle(arn: string, key: string, named: boolean): void {
    const use = this.#use(arn);
    const before = sizeOf(use.subjects);
    use.subjects = named ? including(use.subjects, key) : without(use.subjects, key);
    const after = sizeOf(use.subjects);
    if (after > 0) {
      const [only] = use.subjects;
      if (only !== undefined && isAlone(use)) this.#uses.set(arn, only);
      if (before === 0) this.#first(arn);
      return;
    }
    this.#uses.delete(arn);
    if (before > 0) this.#last(arn);
  }
}

const none: readonly string[] = [];

const spelledOut = (kept: KeptUse): MutableUse =>
  typeof kept === 'string' ? { subjects: [kept], associations: 1, annotations: 0 } : kept;

const sizeOf = (subjects: MutableUse['subjects']): number =>
  subjects instanceof Set ? subjects.size : subjects.length;

function including(subjects: MutableUse['subjects'], key: string): MutableUse['subjects'] {
  if (subjects instanceof Set) return subjects.add(key);
  if (subjects.includes(key)) return subjects;
  if (subjects.length === 0) return [key];
  // Unlike a spread, `concat` leaves no room for more in the new list.
  return subjects.length < FEW ? subjects.concat(key) : new Set([...subjects, key]);
}

function without(subjects: MutableUse['subjects'], key: string): MutableUse['subjects'] {
  if (!(subjects instanceof Set)) return subjects.filter(other => other !== key);
  subjects.delete(key);
  return subjects;
}

function arnsOf(names: RoleNames): string[] {
  return [names.irsa, names.association, names.target].filter(arn => arn !== undefined);
}
