/** Where in a text something is wrong; both count from 1, as editors do. */
export type TextProblem = { readonly line: number; readonly column: number; readonly reason: string };

class Wrong extends Error {
  readonly at: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.at = at;
  }
}

/**
 * The first thing that keeps a text from being JSON (RFC 8259), with its place; undefined: it is JSON. The parser's own
 * message has no place for most mistakes, and quotes the text.
 */
export function jsonProblem(text: string): TextProblem | undefined {
  try {
    const end = value(text, blanks(text, 0), 0);
    const rest = blanks(text, end);
    if (rest < text.length) throw new Wrong(rest, 'something follows the end of the document');
    return undefined;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { ...placeOf(text, error.at), reason: error.message };
  }
}

/** Line and column of an offset. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const deepest = 200;

const blanks = (text: string, at: number): number => {
  let next = at;
  while (next < text.length && ' \t\n\r'.includes(text.charAt(next))) next += 1;
  return next;
};

function value(text: string, at: number, depth: number): number {
  if (depth > deepest) throw new Wrong(at, 'it is nested too deeply');
  const sign = text.charAt(at);
  if (sign === '') throw new Wrong(at, 'the document ends too early');
  if (sign === '{') return members(text, at, depth, '}', string);
  if (sign === '[') return members(text, at, depth, ']');
  if (sign === '"') return string(text, at);
  const word = /^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)(?![\w.+-])/.exec(
    text.slice(at, at + 400),
  )?.[0];
  if (word === undefined) throw new Wrong(at, wrongWord(text, at));
  return at + word.length;
}

function wrongWord(text: string, at: number): string {
  const sign = text.charAt(at);
  if (sign === "'") return "texts stand in double quotes, not in '";
  if (sign === '}' || sign === ']' || sign === ',') return `a value is missing before ${sign}`;
  return 'this is no value: texts stand in double quotes';
}

/** What stands between braces or brackets, separated by commas. */
function members(
  text: string,
  open: number,
  depth: number,
  close: '}' | ']',
  key?: (text: string, at: number) => number,
): number {
  let at = blanks(text, open + 1);
  if (text.charAt(at) === close) return at + 1;
  for (;;) {
    if (key) {
      if (text.charAt(at) !== '"') throw new Wrong(at, keyProblem(text.charAt(at)));
      at = blanks(text, key(text, at));
      if (text.charAt(at) !== ':') throw new Wrong(at, 'a colon is missing after the key');
      at = blanks(text, at + 1);
    }
    at = blanks(text, value(text, at, depth + 1));
    const sign = text.charAt(at);
    if (sign === close) return at + 1;
    if (sign === '') throw new Wrong(at, `the ${close} of what opens in line ${placeOf(text, open).line} is missing`);
    if (sign !== ',') throw new Wrong(at, `a comma or ${close} is missing`);
    const comma = at;
    at = blanks(text, at + 1);
    if (text.charAt(at) === close) throw new Wrong(comma, `no comma may stand before ${close}`);
  }
}

const keyProblem = (sign: string): string =>
  sign === '' ? 'the document ends too early' : 'a key in double quotes is missing';

function string(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (sign === '"') return at + 1;
    if (sign < ' ') throw new Wrong(open, 'the closing quote of this text is missing');
    if (sign !== '\\') continue;
    const escaped = /^\\(["\\/bfnrt]|u[\da-fA-F]{4})/.exec(text.slice(at, at + 6))?.[0];
    if (escaped === undefined) throw new Wrong(at, 'this escape is not one of JSON');
    at += escaped.length - 1;
  }
  throw new Wrong(open, 'the closing quote of this text is missing');
}
