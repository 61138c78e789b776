import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { standIns, toAscii } from '../../../source/ui/text/ascii.ts';

const folder = path.join(import.meta.dirname, '../../../source/ui');
const drawn = new Set(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .flatMap(name => [...readFileSync(path.join(folder, name), 'utf8')])
    .filter(sign => sign > '\u007f'),
);

describe('signs', () => {
  it('that the app draws each take one cell', () => {
    expect([...drawn].filter(sign => stringWidth(sign) !== 1)).toEqual([]);
  });
  it('that the app draws each have a stand-in', () => {
    expect([...drawn].filter(sign => standIns[sign] === undefined)).toEqual([]);
  });
  it('of Ink and its table have stand-ins too', () => {
    expect(toAscii('╭─╮│╰─╯')).toBe('+-+|+-+');
    expect(toAscii('┌┬┐├┼┤└┴┘')).toBe('+++++++++');
  });
  it('are replaced by one ASCII character', () => {
    expect(Object.values(standIns).filter(sign => !/^[\x20-\x7e]$/.test(sign))).toEqual([]);
  });
});

describe('a text in ASCII', () => {
  it.each([
    ['plain', 'plain'],
    ['✗ TRUST …', 'x TRUST .'],
    ['\u001b[31m● LIVE\u001b[39m\n', '\u001b[31m* LIVE\u001b[39m\n'],
    ['naïve', 'na?ve'],
    ['cafe\u0301 ok', 'cafe ok'],
    ['日本 x', '???? x'],
    ['👩‍👩‍👧!', '??!'],
  ])('%j is %j', (text, ascii) => {
    expect(toAscii(text)).toBe(ascii);
    expect(stringWidth(ascii)).toBe(stringWidth(text));
  });
});
