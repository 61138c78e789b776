/**
 * Names, tags, errors and policies come from outside and may hold anything. Whatever reaches a `Text` passes here
 * first: control characters (C0, C1, DEL), bidirectional overrides, zero-width and tag characters become one visible
 * sign, so that text can neither drive the terminal nor look like other text.
 */
const plain = /^[\x20-\x7e]*$/;

const unsafe =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\u034f|\p{Variation_Selector}|[\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** One line, safe to print. */
export const clean = (text: string): string => (plain.test(text) ? text : text.replace(unsafe, '\ufffd'));

/** Text of several lines, each safe to print; tabs become two spaces. */
export const cleanLines = (text: string): readonly string[] =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, '  ').split('\n').map(clean);

/** What a paste or a burst may put into a field of one line: line breaks and tabs become spaces, the rest is dropped. */
export const cleanInput = (text: string): string => text.replace(/[\r\n\t]+/g, ' ').replace(unsafe, '');
