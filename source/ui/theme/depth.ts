/** How many colours a terminal has. */
export type Depth = 'truecolor' | '256' | '16' | 'none';

type Environment = Readonly<Record<string, string | undefined>>;

const forced: Readonly<Record<string, Depth>> = {
  '0': 'none',
  false: 'none',
  '': '16',
  '1': '16',
  true: '16',
  '2': '256',
  '3': 'truecolor',
};

/**
 * FORCE_COLOR decides, then what the user asked of this program, then NO_COLOR, then what the terminal says of itself.
 *
 * Sources: no-color.org (NO_COLOR counts when it is not empty); force-color.org and the levels that Node gives it
 * (`tty.WriteStream.getColorDepth`); COLORTERM as terminals set it (truecolor, 24bit).
 *
 * @param noColor the flag
 */
export function colourDepth(environment: Environment, noColor = false): Depth {
  const force = environment.FORCE_COLOR;
  if (force !== undefined) return forced[force] ?? '16';
  if (noColor || environment.NO_COLOR) return 'none';
  const { TERM: term = '', COLORTERM: colourTerm = '' } = environment;
  if (term === 'dumb') return 'none';
  if (/^(truecolor|24bit)$/i.test(colourTerm)) return 'truecolor';
  return /-256(color)?$/.test(term) ? '256' : '16';
}

/** Whether the terminal says that its background is light: COLORFGBG, set by rxvt, Konsole and iTerm2, ends in its colour. */
export const isLight = (environment: Environment): boolean => /;(7|15)$/.test(environment.COLORFGBG ?? '');

/** Whether signs outside ASCII would be shown wrong: the Linux console's font has few, and a locale may not be UTF-8. */
export function needsAscii(environment: Environment): boolean {
  if (environment.TERM === 'linux') return true;
  // POSIX: the first of these that is set and not empty names the character set.
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale);
}
