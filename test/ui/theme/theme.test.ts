import { describe, expect, it } from 'vitest';
import { colourDepth, type Depth, isLight, needsAscii } from '../../../source/ui/theme/depth.ts';
import { nearest256, xterm } from '../../../source/ui/theme/nearest.ts';
import { roleNames, themeNames, themeOf, usualTheme } from '../../../source/ui/theme/theme.ts';
import { apart, contrast, hexOf } from './colours.ts';

const depths: readonly Depth[] = ['truecolor', '256', '16'];
/** Backgrounds that terminals come with: black, VS Code, One Dark; white, Solarized light. */
const grounds = { dark: ['#000000', '#1e1e1e', '#282c34'], light: ['#ffffff', '#fdf6e3'] };
const groundsOf = (name: string, depth: Depth) => {
  const all = name.includes('light') || name === 'light' ? grounds.light : grounds.dark;
  // With sixteen colours the user's own palette decides; xterm's is on black and on white.
  return depth === '16' ? all.slice(0, 1) : all;
};
/** The terminal's own foreground on such a background. */
const plain = (ground: string) => (contrast(ground, '#ffffff') > contrast(ground, '#000000') ? '#d7dce5' : '#1b1f29');

const coloured = themeNames
  .filter(name => name !== 'mono')
  .flatMap(name => depths.map(depth => [`${name} at ${depth}`, themeOf(name, depth)] as const));

describe('contrast', () => {
  it.each(coloured)('of every role of %s is enough', (_, theme) => {
    const poor = roleNames.flatMap(role => {
      const style = theme.roles[role];
      const least = role === 'dim' || role === 'border' ? 3 : 4.5;
      const behind = style.backgroundColor ? [hexOf(style.backgroundColor)] : groundsOf(theme.name, theme.depth);
      return behind
        .map(ground => contrast(style.color ? hexOf(style.color) : plain(ground), ground))
        .filter(ratio => ratio < least)
        .map(ratio => `${role} ${ratio.toFixed(2)}`);
    });
    expect(poor).toEqual([]);
  });
  it.each(coloured)('of the row under the cursor of %s is enough', (_, { selection }) => {
    if (selection.inverse) return expect(selection).toEqual({ inverse: true });
    expect(contrast(hexOf(selection.color ?? ''), hexOf(selection.backgroundColor ?? ''))).toBeGreaterThan(4.5);
  });
});

describe('themes for people who do not tell red from green', () => {
  it.each(['protanopia', 'deuteranopia'] as const)('keep ok, warning and error apart under %s', eye => {
    for (const name of ['safe', 'safe-light'] as const)
      for (const depth of ['truecolor', '256'] as const) {
        const { ok, warning, error } = themeOf(name, depth).roles;
        const colours = [ok, warning, error].map(style => hexOf(style.color ?? ''));
        const pairs = [
          [0, 1],
          [0, 2],
          [1, 2],
        ].map(([a = 0, b = 0]) => apart(colours[a] ?? '', colours[b] ?? '', eye));
        expect(Math.min(...pairs), `${name} at ${depth}: ${pairs}`).toBeGreaterThan(15);
      }
  });
});

describe('a terminal without colour', () => {
  it('gets no colour from any theme', () => {
    for (const name of themeNames)
      for (const style of Object.values(themeOf(name, 'none').roles))
        expect([style.color, style.backgroundColor]).toEqual([undefined, undefined]);
  });
});

describe('colour depth', () => {
  it.each<[Record<string, string>, boolean, Depth]>([
    [{}, false, '16'],
    [{ TERM: 'xterm-256color' }, false, '256'],
    [{ TERM: 'xterm', COLORTERM: 'truecolor' }, false, 'truecolor'],
    [{ TERM: 'xterm', COLORTERM: '24bit' }, false, 'truecolor'],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, false, 'none'],
    [{ NO_COLOR: '1', COLORTERM: 'truecolor' }, false, 'none'],
    [{ NO_COLOR: '', COLORTERM: 'truecolor' }, false, 'truecolor'],
    [{ COLORTERM: 'truecolor' }, true, 'none'],
    [{ FORCE_COLOR: '3', NO_COLOR: '1', TERM: 'dumb' }, true, 'truecolor'],
    [{ FORCE_COLOR: '2' }, false, '256'],
    [{ FORCE_COLOR: 'true', COLORTERM: 'truecolor' }, false, '16'],
    [{ FORCE_COLOR: '0', COLORTERM: 'truecolor' }, false, 'none'],
  ])('of %j, asked for none: %s, is %s', (environment, noColor, depth) => {
    expect(colourDepth(environment, noColor)).toBe(depth);
  });
  it('of 256 takes the nearest colour that nobody redefines', () => {
    for (let index = 16; index < 256; index += 1) expect(xterm(nearest256(xterm(index)))).toBe(xterm(index));
    expect(nearest256('#000000')).toBe(16);
  });
});

describe('what a terminal says of itself', () => {
  it('tells a light background', () => {
    expect(isLight({ COLORFGBG: '0;15' })).toBe(true);
    expect(isLight({ COLORFGBG: '15;0' })).toBe(false);
    expect(usualTheme({ COLORFGBG: '0;default;7' })).toBe('light');
    expect(usualTheme({})).toBe('dark');
  });
  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ LANG: 'en_GB.UTF-8' }, false],
    [{ LANG: 'C.utf8' }, false],
    [{ LANG: 'C' }, true],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'POSIX' }, true],
    [{ LC_ALL: '', LC_CTYPE: 'de_DE.ISO-8859-1', LANG: 'en_GB.UTF-8' }, true],
    [{ TERM: 'linux', LANG: 'en_GB.UTF-8' }, true],
  ])('asks for ASCII or not: %j', (environment, ascii) => {
    expect(needsAscii(environment)).toBe(ascii);
  });
});
