/** A regular expression as it is read from its source: what it is made of. */

/** A pattern that cannot be used; the message is for the one who types it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export type CharacterTest = (code: number) => boolean;

/** Positions between characters that consume nothing. */
export type Edge = 'start' | 'end' | 'word' | 'not-word';

export type Tree =
  | { readonly kind: 'empty' }
  /** `sign`: the one character that it is, lower-case, where it is one of ASCII. */
  | { readonly kind: 'character'; readonly test: CharacterTest; readonly sign?: string }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number };

export type Source = {
  readonly tree: Tree;
  /** What follows one another in it, each as it was written; undefined: it is a choice. */
  readonly parts: readonly string[] | undefined;
};

/**
 * @param source as between the slashes of `/re/`
 * @throws PatternError
 */
export const readSource = (source: string): Source => new Reader(source).read();

/** A letter, a digit or `_`. */
export const isWord: CharacterTest = code =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isDigit: CharacterTest = code => code >= 48 && code <= 57;
const isSpace: CharacterTest = code => /\s/.test(String.fromCharCode(code));
const any: CharacterTest = code => code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029;
const not =
  (test: CharacterTest): CharacterTest =>
  code =>
    !test(code);

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);
const upper = (code: number): number => (code >= 97 && code <= 122 ? code - 32 : code);

const literal = (code: number): CharacterTest => {
  const wanted = lower(code);
  return candidate => lower(candidate) === wanted;
};

/** A character that stands for itself. */
const itself = (code: number): Tree => ({
  kind: 'character',
  test: literal(code),
  ...(code < 128 && { sign: String.fromCharCode(lower(code)) }),
});

const escapes: Readonly<Record<string, CharacterTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

class Reader {
  readonly #source: string;
  readonly #parts: string[] = [];
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Source {
    const tree = this.#choice(0);
    if (this.#at < this.#source.length) throw new PatternError('a ) without its (');
    return { tree, parts: tree.kind === 'choice' ? undefined : this.#parts };
  }

  get #next(): string {
    return this.#source[this.#at] ?? '';
  }

  #choice(depth: number): Tree {
    if (depth > 50) throw new PatternError('too many brackets inside one another');
    const of = [this.#sequence(depth)];
    while (this.#next === '|') {
      this.#at += 1;
      of.push(this.#sequence(depth));
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'choice', of };
  }

  #sequence(depth: number): Tree {
    const of: Tree[] = [];
    while (this.#at < this.#source.length && this.#next !== '|' && this.#next !== ')') {
      const from = this.#at;
      of.push(this.#repeated(depth));
      if (depth === 0) this.#parts.push(this.#source.slice(from, this.#at));
    }
    return { kind: 'sequence', of };
  }

  #repeated(depth: number): Tree {
    const atom = this.#atom(depth);
    let tree = atom;
    for (let count = this.#counts(); count; count = this.#counts()) {
      if (atom.kind === 'edge' || tree !== atom) throw new PatternError('nothing to repeat');
      tree = { kind: 'repeat', of: tree, ...count };
      // Lazy or not, it matches the same texts.
      if (this.#next === '?') this.#at += 1;
    }
    return tree;
  }

  #counts(): { least: number; most: number } | undefined {
    const simple: Readonly<Record<string, { least: number; most: number }>> = {
      '*': { least: 0, most: Number.POSITIVE_INFINITY },
      '+': { least: 1, most: Number.POSITIVE_INFINITY },
      '?': { least: 0, most: 1 },
    };
    const found = simple[this.#next];
    if (found) {
      this.#at += 1;
      return found;
    }
    const range = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.#at));
    if (!range) return undefined;
    this.#at += range[0].length;
    const least = Number(range[1]);
    const most = range[2] === undefined ? least : range[3] ? Number(range[3]) : Number.POSITIVE_INFINITY;
    if (most < least) throw new PatternError(`${range[0]} is the wrong way round`);
    return { least, most };
  }

  #atom(depth: number): Tree {
    const character = this.#next;
    this.#at += 1;
    switch (character) {
      case '(':
        return this.#group(depth);
      case '[':
        return { kind: 'character', test: this.#class() };
      case '.':
        return { kind: 'character', test: any };
      case '^':
        return { kind: 'edge', edge: 'start' };
      case '$':
        return { kind: 'edge', edge: 'end' };
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new PatternError('nothing to repeat');
      default:
        return itself(character.charCodeAt(0));
    }
  }

  #group(depth: number): Tree {
    if (this.#next === '?') {
      if (this.#source[this.#at + 1] !== ':') throw new PatternError('looking around is not possible here');
      this.#at += 2;
    }
    const tree = this.#choice(depth + 1);
    if (this.#next !== ')') throw new PatternError('a ( without its )');
    this.#at += 1;
    // A group of its own, so that `(a*)*` is a repetition of a repetition and no mistake.
    return { kind: 'sequence', of: [tree] };
  }

  #escape(): Tree {
    const character = this.#next;
    if (character === '') throw new PatternError('a \\ with nothing after it');
    this.#at += 1;
    if (character === 'b') return { kind: 'edge', edge: 'word' };
    if (character === 'B') return { kind: 'edge', edge: 'not-word' };
    if (/[1-9k]/.test(character)) throw new PatternError('referring back is not possible here');
    const test = escapes[character];
    return test ? { kind: 'character', test } : itself(controls[character] ?? character.charCodeAt(0));
  }

  #class(): CharacterTest {
    const inverse = this.#next === '^';
    if (inverse) this.#at += 1;
    const tests: CharacterTest[] = [];
    while (this.#next !== ']') {
      const from = this.#member();
      if (
        typeof from === 'number' &&
        this.#next === '-' &&
        !/^-?\]?$/.test(this.#source.slice(this.#at, this.#at + 2))
      ) {
        this.#at += 1;
        const to = this.#member();
        if (typeof to !== 'number' || to < from) throw new PatternError('a range in [ ] the wrong way round');
        tests.push(code => between(code, from, to) || between(lower(code), from, to) || between(upper(code), from, to));
      } else tests.push(typeof from === 'number' ? literal(from) : from);
    }
    this.#at += 1;
    const test: CharacterTest = code => tests.some(each => each(code));
    return inverse ? not(test) : test;
  }

  #member(): CharacterTest | number {
    const character = this.#next;
    if (character === '') throw new PatternError('a [ without its ]');
    this.#at += 1;
    if (character !== '\\') return character.charCodeAt(0);
    const escaped = this.#next;
    if (escaped === '') throw new PatternError('a [ without its ]');
    this.#at += 1;
    return escapes[escaped] ?? (escaped === 'b' ? 8 : (controls[escaped] ?? escaped.charCodeAt(0)));
  }
}

const between = (code: number, from: number, to: number): boolean => code >= from && code <= to;
