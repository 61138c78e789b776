import type { Values } from './command.ts';

/** `eksctl get podidentityassociation` and its like: the noun may be said, since nothing else can be meant. */
const nouns = ['podidentityassociation', 'podidentityassociations'];

export const takesNoun = { mostWords: 1 } as const;

/** What is wrong with the words of a command that `takesNoun`. */
export function nounProblems(values: Values, command: string): readonly string[] {
  return (values.words ?? [])
    .filter(word => !nouns.includes(word))
    .map(word => `${command} takes no "${word}": it is about pod identity associations`);
}
