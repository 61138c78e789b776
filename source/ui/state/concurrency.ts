/** How many actions of a run go at once, as the user may choose it. */
const choices = [1, 2, 4, 8, 16, 32];

export const nextConcurrency = (now: number): number => choices[(choices.indexOf(now) + 1) % choices.length] ?? now;

/** What an earlier sitting has kept; undefined for anything else, since anybody may have edited the file. */
export const parseConcurrency = (value: unknown): number | undefined => choices.find(choice => choice === value);
