/**
 * Regular expressions that cannot hang. A pattern becomes a nondeterministic automaton (Thompson's construction) and
 * that, while it is used, a deterministic one: each character of a text is looked at once, whatever the pattern.
 * JavaScript's own expressions try alternatives one after the other, which takes exponential time for patterns as short
 * as `(a+)+b`; a filter runs with each key typed, over every row.
 *
 * What needs memory of what was matched (back references) or looks around is refused. Case does not count.
 */

/** A pattern that cannot be used; the message is for the one who types it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export type LinearPattern = {
  /** Whether it occurs anywhere in the text. */
  test(text: string): boolean;
  /** The longest match that starts first at or after `from`; empty matches are passed over. */
  find(text: string, from?: number): readonly [start: number, end: number] | undefined;
};

type CharacterTest = (code: number) => boolean;

/** Positions between characters that consume nothing. */
type Edge = 'start' | 'end' | 'word' | 'not-word';

type Node =
  | { readonly kind: 'character'; readonly test: CharacterTest; next: number }
  | { readonly kind: 'edge'; readonly edge: Edge; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'accept' };

/** Automata larger than this are refused: `(a{99}){99}` is short to type. */
const mostNodes = 2_000;
/** Deterministic states kept; when there are more, they are forgotten and made again. */
const mostStates = 500;

const isWord: CharacterTest = code =>
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

const escapes: Readonly<Record<string, CharacterTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

type Tree =
  | { readonly kind: 'empty' }
  | { readonly kind: 'character'; readonly test: CharacterTest }
  | { readonly kind: 'edge'; readonly edge: Edge }
  | { readonly kind: 'sequence' | 'choice'; readonly of: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly of: Tree; readonly least: number; readonly most: number };

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Tree {
    const tree = this.#choice(0);
    if (this.#at < this.#source.length) throw new PatternError('a ) without its (');
    return tree;
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
    while (this.#at < this.#source.length && this.#next !== '|' && this.#next !== ')') of.push(this.#repeated(depth));
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
        return { kind: 'character', test: literal(character.charCodeAt(0)) };
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
    return { kind: 'character', test: escapes[character] ?? literal(controls[character] ?? character.charCodeAt(0)) };
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

/** Builds the automaton from its end: each part is made knowing the node that follows it. */
class Builder {
  readonly nodes: Node[] = [{ kind: 'accept' }];

  build(tree: Tree, next: number): number {
    switch (tree.kind) {
      case 'empty':
        return next;
      case 'character':
        return this.#add({ kind: 'character', test: tree.test, next });
      case 'edge':
        return this.#add({ kind: 'edge', edge: tree.edge, next });
      case 'sequence':
        return tree.of.reduceRight((after, part) => this.build(part, after), next);
      case 'choice':
        return tree.of
          .map(part => this.build(part, next))
          .reduceRight((other, first) => this.#add({ kind: 'fork', next: first, other }));
      case 'repeat':
        return this.#repeat(tree.of, tree.least, tree.most, next);
    }
  }

  #repeat(of: Tree, least: number, most: number, next: number): number {
    let after = next;
    if (most === Number.POSITIVE_INFINITY) {
      const fork: Extract<Node, { kind: 'fork' }> = { kind: 'fork', next, other: next };
      after = this.#add(fork);
      fork.next = this.build(of, after);
    } else {
      for (let count = most; count > least; count -= 1)
        after = this.#add({ kind: 'fork', next: this.build(of, after), other: next });
    }
    for (let count = 0; count < least; count += 1) after = this.build(of, after);
    return after;
  }

  #add(node: Node): number {
    if (this.nodes.length >= mostNodes) throw new PatternError('too long, counted out');
    return this.nodes.push(node) - 1;
  }
}

/** What is before a position: nothing, a letter or digit, anything else. */
type Before = 0 | 1 | 2;
const nothing: Before = 0;

type State = {
  /** Nodes reached by the characters so far, edges before the next character not yet tried. */
  readonly nodes: readonly number[];
  readonly before: Before;
  /** State after each ASCII character. */
  readonly next: (State | undefined)[];
  /** Whether it matches if the text ends here. */
  atEnd?: boolean;
  /** Accepted already, whatever comes: of a state that was reached through an edge before its last character. */
  readonly accepted: boolean;
};

class Automaton {
  readonly #nodes: readonly Node[];
  readonly #start: number;
  /** Every position of the text may begin a match. */
  readonly #anywhere: boolean;
  #states = new Map<string, State>();
  #first: State;

  constructor(nodes: readonly Node[], start: number, anywhere: boolean) {
    this.#nodes = nodes;
    this.#start = start;
    this.#anywhere = anywhere;
    this.#first = this.#state([start], nothing, false);
  }

  begin(before: Before): State {
    return before === nothing ? this.#first : this.#state([this.#start], before, false);
  }

  step(state: State, code: number): State {
    const known = code < 128 ? state.next[code] : undefined;
    if (known) return known;
    const word = isWord(code);
    const reached = this.#closure(state, word, false);
    const after = new Set<number>();
    for (const at of reached) {
      const node = this.#nodes[at];
      if (node?.kind === 'character' && node.test(code)) after.add(node.next);
    }
    if (this.#anywhere) after.add(this.#start);
    const next = this.#state(
      [...after].sort((a, b) => a - b),
      word ? 1 : 2,
      reached.has(0),
    );
    if (code < 128) state.next[code] = next;
    return next;
  }

  atEnd(state: State): boolean {
    state.atEnd ??= this.#closure(state, false, true).has(0);
    return state.atEnd;
  }

  /** Nodes that can be reached without a character, knowing what stands on both sides. */
  #closure(state: State, wordAfter: boolean, end: boolean): Set<number> {
    const wordBefore = state.before === 1;
    const holds: Readonly<Record<Edge, boolean>> = {
      start: state.before === nothing,
      end,
      word: wordBefore !== wordAfter,
      'not-word': wordBefore === wordAfter,
    };
    const seen = new Set<number>();
    const open = [...state.nodes];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const node = this.#nodes[at];
      if (node?.kind === 'fork') open.push(node.next, node.other);
      if (node?.kind === 'edge' && holds[node.edge]) open.push(node.next);
    }
    return seen;
  }

  #state(nodes: readonly number[], before: Before, accepted: boolean): State {
    const key = `${before}${accepted ? 'a' : ''}:${nodes.join()}`;
    let state = this.#states.get(key);
    if (!state) {
      // States in use keep each other alive; the rest is made again when it is needed.
      if (this.#states.size >= mostStates) this.#states = new Map();
      state = { nodes, before, next: [], accepted };
      this.#states.set(key, state);
    }
    return state;
  }
}

const beforeOf = (text: string, at: number): Before => (at === 0 ? nothing : isWord(text.charCodeAt(at - 1)) ? 1 : 2);

/**
 * @param source as between the slashes of `/re/`
 * @throws PatternError
 */
export function linearPattern(source: string): LinearPattern {
  const builder = new Builder();
  const start = builder.build(new Reader(source).read(), 0);
  const search = new Automaton(builder.nodes, start, true);
  let anchored: Automaton | undefined;
  return {
    test: text => {
      let state = search.begin(nothing);
      for (let at = 0; at < text.length; at += 1) {
        state = search.step(state, text.charCodeAt(at));
        if (state.accepted) return true;
      }
      return search.atEnd(state);
    },
    find: (text, from = 0) => {
      anchored ??= new Automaton(builder.nodes, start, false);
      for (let begin = from; begin < text.length; begin += 1) {
        let state = anchored.begin(beforeOf(text, begin));
        let end = begin;
        for (let at = begin; at < text.length && state.nodes.length > 0; at += 1) {
          state = anchored.step(state, text.charCodeAt(at));
          // Accepted before the character that led here.
          if (state.accepted && at > begin) end = at;
        }
        if (state.nodes.length > 0 && anchored.atEnd(state)) end = text.length;
        if (end > begin) return [begin, end];
      }
      return undefined;
    },
  };
}
