import type { Key } from 'ink';
import { graphemes } from '../text/pad.ts';

/** One key, by name (`j`, `G`, `ctrl-d`, `esc`), and the text it would type, if any. */
export type KeyPress = { readonly key: string; readonly text: string; readonly burst: boolean };

const control: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001b': 'esc',
  '\u007f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

function named(key: Key): string | undefined {
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return key.shift ? 'shift-left' : 'left';
  if (key.rightArrow) return key.shift ? 'shift-right' : 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  return undefined;
}

const isPrintable = (text: string): boolean => !/^[\u0000-\u001f\u007f-\u009f]/.test(text);

/** A control byte inside a chunk: the names that a lone one would have, `ctrl-a` ... `ctrl-z` for the rest. */
function keyOfCharacter(character: string): string | undefined {
  const known = control[character];
  if (known) return known;
  if (isPrintable(character)) return character;
  if (character === '\u0000') return 'ctrl-space';
  if (character === '\u001c') return 'ctrl-\\';
  const code = character.codePointAt(0) ?? 0;
  return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(96 + code)}` : undefined;
}

const begins: ReadonlySet<string> = new Set([':', '/', '?']);

/**
 * The keys of one input event. Held keys and slow links deliver several in one chunk, which Ink hands over as one
 * string; they come back one by one, marked as a burst.
 */
export function keyPresses(input: string, key: Key): readonly KeyPress[] {
  if (key.eventType === 'release') return [];
  // Two presses that a slow link brings together: each is one step back.
  const step: KeyPress = { key: 'esc', text: '', burst: false };
  if (key.escape && key.meta) return [step, step];
  const name = named(key);
  if (name) return [{ key: name, text: '', burst: false }];
  if (key.ctrl) return input === '' ? [] : [{ key: `ctrl-${input === ' ' ? 'space' : input}`, text: '', burst: false }];
  // Esc and what begins something new, typed faster than a busy machine reads: nobody means alt with these.
  if (key.meta && begins.has(input)) return [step, { key: input, text: input, burst: false }];
  if (key.meta || input === '') return [];
  const parts = graphemes(input);
  return parts.flatMap(part => {
    const found = keyOfCharacter(part);
    return found ? [{ key: found, text: isPrintable(part) ? part : '', burst: parts.length > 1 }] : [];
  });
}
