/**
 * A regular expression as automata: a nondeterministic one (Thompson's construction), and that, while it is used, a
 * deterministic one. Each character of a text is looked at once, whatever the pattern.
 */
import { type CharacterTest, type Edge, isWord, PatternError, type Tree } from './linear-pattern-tree.ts';

type Node =
  | { readonly kind: 'character'; readonly test: CharacterTest; next: number }
  | { readonly kind: 'edge'; readonly edge: Edge; next: number }
  | { readonly kind: 'fork'; next: number; other: number }
  | { readonly kind: 'accept' };

/** Automata larger than this are refused: `(a{99}){99}` is short to type. */
const mostNodes = 2_000;
/** Deterministic states kept; when there are more, they are forgotten and made again. */
const mostStates = 500;
/** The characters whose next state is kept. */
const ascii = 128;

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

/**
 * The nodes of a pattern and where they begin; node 0 accepts.
 *
 * @throws PatternError when there are too many
 */
export function nodesOf(tree: Tree): { readonly nodes: readonly Node[]; readonly start: number } {
  const builder = new Builder();
  const start = builder.build(tree, 0);
  return { nodes: builder.nodes, start };
}

/** What is before a position: nothing, a letter or digit, anything else. */
type Before = 0 | 1 | 2;
const nothing: Before = 0;

const beforeOf = (text: string, at: number): Before => (at === 0 ? nothing : isWord(text.charCodeAt(at - 1)) ? 1 : 2);

type State = {
  /** Nodes reached by the characters so far, edges before the next character not yet tried. */
  readonly nodes: readonly number[];
  readonly before: Before;
  /** Accepted already, whatever comes: of a state that was reached through an edge before its last character. */
  readonly accepted: boolean;
  /** Whether it matches if the text ends here. */
  atEnd?: boolean;
};

/** Number of a state, from 1; negative when it has accepted. 0: not known. */
type StateNumber = number;

/** The deterministic one: its states are made as texts lead to them. */
export class Automaton {
  readonly #nodes: readonly Node[];
  readonly #start: number;
  /** Every position of the text may begin a match. */
  readonly #anywhere: boolean;
  /** By number; the first place is empty. */
  #states: (State | undefined)[] = [undefined];
  #numbers = new Map<string, StateNumber>();
  /** For each state the one after each ASCII character: one array, since this is where the time goes. */
  #after = new Int16Array(32 * ascii);
  /** Where a match may begin, by what is before it. */
  readonly #firsts: [StateNumber, StateNumber, StateNumber] = [0, 0, 0];

  constructor(nodes: readonly Node[], start: number, anywhere: boolean) {
    this.#nodes = nodes;
    this.#start = start;
    this.#anywhere = anywhere;
  }

  /** Whether a match begins at or after `from`; where every position may begin one. */
  finds(text: string, from: number): boolean {
    let state = this.#begin(beforeOf(text, from));
    let after = this.#after;
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      // As `#step`, without a call for each character of each row.
      let next = code < ascii ? (after[state * ascii + code] ?? 0) : 0;
      if (next === 0) {
        next = this.#made(state, code);
        after = this.#after;
      }
      if (next < 0) return true;
      state = next;
    }
    return this.#endsWell(state);
  }

  /** Where the longest match that begins at `from` ends; `from` when none does or it is empty. */
  longest(text: string, from: number): number {
    let state = this.#begin(beforeOf(text, from));
    let end = from;
    let at = from;
    for (; at < text.length && this.#isAlive(state); at += 1) {
      const next = this.#step(state, text.charCodeAt(at));
      state = Math.abs(next);
      // Accepted before the character that led here.
      if (next < 0 && at > from) end = at;
    }
    return this.#isAlive(state) && this.#endsWell(state) ? text.length : end;
  }

  #begin(before: Before): StateNumber {
    if (this.#firsts[before] === 0) this.#firsts[before] = this.#numberOf([this.#start], before, false);
    return this.#firsts[before];
  }

  #step(state: StateNumber, code: number): StateNumber {
    const known = code < ascii ? (this.#after[state * ascii + code] ?? 0) : 0;
    return known === 0 ? this.#made(state, code) : known;
  }

  #made(number: StateNumber, code: number): StateNumber {
    const state = this.#states[number];
    if (!state) throw new Error(`there is no state ${number}`);
    const word = isWord(code);
    const reached = this.#closure(state, word, false);
    const after = new Set<number>();
    for (const at of reached) {
      const node = this.#nodes[at];
      if (node?.kind === 'character' && node.test(code)) after.add(node.next);
    }
    if (this.#anywhere) after.add(this.#start);
    const sorted = [...after].sort((a, b) => a - b);
    const next = this.#numberOf(sorted, word ? 1 : 2, reached.has(0));
    // Making room for it may have forgotten the state that it comes after.
    if (code < ascii && this.#states[number] === state) this.#after[number * ascii + code] = next;
    return next;
  }

  #isAlive(state: StateNumber): boolean {
    return (this.#states[state]?.nodes.length ?? 0) > 0;
  }

  #endsWell(number: StateNumber): boolean {
    const state = this.#states[number];
    if (!state) return false;
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

  #numberOf(nodes: readonly number[], before: Before, accepted: boolean): StateNumber {
    const key = `${before}${accepted ? 'a' : ''}:${nodes.join()}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#states.length > mostStates) this.#forget();
    const number = this.#states.push({ nodes, before, accepted }) - 1;
    if (this.#states.length * ascii > this.#after.length) {
      const larger = new Int16Array(this.#after.length * 2);
      larger.set(this.#after);
      this.#after = larger;
    }
    const signed = accepted ? -number : number;
    this.#numbers.set(key, signed);
    return signed;
  }

  #forget(): void {
    this.#states = [undefined];
    this.#numbers = new Map();
    this.#after.fill(0);
    this.#firsts.fill(0);
  }
}
