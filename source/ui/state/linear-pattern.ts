/**
 * Regular expressions that cannot hang. JavaScript's own try alternatives one after the other, which takes exponential
 * time for patterns as short as `(a+)+b`; a filter runs with each key typed, over every row.
 *
 * What needs memory of what was matched (back references) or looks around is refused. Case does not count.
 */
import { Automaton, nodesOf } from './linear-pattern-automaton.ts';
import { readSource, type Tree } from './linear-pattern-tree.ts';

export { PatternError } from './linear-pattern-tree.ts';

/** Texts are lower-case. */
export type LinearPattern = {
  /** Whether it occurs anywhere in the text. */
  test(text: string): boolean;
  /** The longest match that starts first at or after `from`; empty matches are passed over. */
  find(text: string, from?: number): readonly [start: number, end: number] | undefined;
  /** The text that it is, when it is nothing but a text in ASCII; undefined: it is more than that, or empty. */
  readonly plain: string | undefined;
  /** Texts in ASCII that all stand in whatever it is found in. */
  readonly holds: readonly string[];
  /** What follows one another in it, as it was written; undefined: it is a choice. */
  readonly parts: readonly string[] | undefined;
};

/**
 * @param source as between the slashes of `/re/`
 * @throws PatternError
 */
export function linearPattern(source: string): LinearPattern {
  const { tree, parts } = readSource(source);
  const { nodes, start } = nodesOf(tree);
  const signs = signsOf(tree);
  const runs = runsOf(signs);
  const beginning = signs[0] === undefined ? undefined : runs[0];
  const longest = runs.reduce((a, b) => (b.length > a.length ? b : a), '');
  const search = new Automaton(nodes, start, true);
  let anchored: Automaton | undefined;
  return {
    plain: runs.length === 1 && !signs.includes(undefined) ? runs[0] : undefined,
    holds: runs,
    parts,
    // Finding a text is many times faster than going through one character by character.
    test: text => {
      if (beginning === undefined) return (longest === '' || text.includes(longest)) && search.finds(text, 0);
      const from = text.indexOf(beginning);
      return from >= 0 && (longest === beginning || text.includes(longest, from)) && search.finds(text, from);
    },
    find: (text, from = 0) => {
      anchored ??= new Automaton(nodes, start, false);
      // Nothing begins elsewhere than where its first text stands.
      const next = (at: number): number => (beginning === undefined ? at : text.indexOf(beginning, at));
      for (let begin = next(from); begin >= 0 && begin < text.length; begin = next(begin + 1)) {
        const end = anchored.longest(text, begin);
        if (end > begin) return [begin, end];
      }
      return undefined;
    },
  };
}

/** What follows one another in a pattern, where it is a sign; undefined: anything else. */
const signsOf = (tree: Tree): readonly (string | undefined)[] =>
  tree.kind === 'sequence' ? tree.of.map(part => (part.kind === 'character' ? part.sign : undefined)) : [undefined];

/** The texts that stand in a pattern. */
function runsOf(signs: readonly (string | undefined)[]): readonly string[] {
  const runs: string[] = [];
  signs.forEach((sign, at) => {
    if (sign === undefined) return;
    if (at > 0 && signs[at - 1] !== undefined) runs.push((runs.pop() ?? '') + sign);
    else runs.push(sign);
  });
  return runs;
}
