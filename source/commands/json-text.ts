/** What JSON itself leaves as it is and a terminal may act on or be deceived by: C1 controls, format and bidi characters. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const escaped = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
    .map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('');

export const isUnsafe = (text: string): boolean => text.search(unsafe) >= 0;

/** One line of JSON, or of YAML in double quotes, with such characters as `\u` escapes. */
export const escapeUnsafe = (line: string): string => line.replace(unsafe, escaped);

/**
 * A value as indented JSON that is safe to show, ending with a newline. Nothing is lost: names from AWS and Kubernetes
 * keep every character, those that could drive a terminal as `\u` escapes.
 */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map(line => `${escapeUnsafe(line)}\n`)
    .join('');
