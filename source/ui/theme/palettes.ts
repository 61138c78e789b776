/**
 * The colours of each theme. Text of every role has a contrast of 4.5 or better on the backgrounds that the theme is for,
 * dim text and borders 3 or better (WCAG 2.2, 1.4.3 and 1.4.11); a test computes it.
 */

/** A theme that has colours; each is for a dark or a light background. */
export type ColourTheme = 'dark' | 'light' | 'safe' | 'safe-light';

/** Text on a ground of its own. */
export type Plate = { readonly on: string; readonly text: string };

export type Palette = {
  readonly dim: string;
  readonly border: string;
  readonly accent: string;
  readonly key: string;
  readonly ok: string;
  readonly info: string;
  readonly warning: string;
  readonly error: string;
  readonly unknown: string;
  readonly mark: string;
  readonly badge: Plate;
  readonly sandbox: Plate;
  /** The crumb of this place, and the button with the focus. */
  readonly bar: Plate;
  readonly selection: Plate;
};

const darkSelection: Plate = { on: '#22384e', text: '#f2f6fb' };
const lightSelection: Plate = { on: '#cfe4f7', text: '#0d1b2a' };

/** 24-bit colours; 256 colours are the nearest ones to them. */
export const palettes: Readonly<Record<ColourTheme, Palette>> = {
  dark: {
    dim: '#9aa4b8',
    border: '#747d93',
    accent: '#56c8d8',
    key: '#8fb3ff',
    ok: '#8fce6a',
    info: '#6cb6ff',
    warning: '#e5b567',
    error: '#ff858c',
    unknown: '#c8a2ff',
    mark: '#f2d675',
    badge: { text: '#ffffff', on: '#b3261e' },
    sandbox: { text: '#10141a', on: '#8fce6a' },
    bar: { text: '#10141a', on: '#56c8d8' },
    selection: darkSelection,
  },
  light: {
    dim: '#566072',
    border: '#7d879a',
    accent: '#006374',
    key: '#2452c4',
    ok: '#276511',
    info: '#0b58a6',
    warning: '#7f4c00',
    error: '#b3121d',
    unknown: '#7138ab',
    mark: '#655700',
    badge: { text: '#ffffff', on: '#b3261e' },
    sandbox: { text: '#ffffff', on: '#276511' },
    bar: { text: '#ffffff', on: '#006374' },
    selection: lightSelection,
  },
  // Blue, yellow and orange stay apart for people who do not tell red from green.
  safe: {
    dim: '#a3acbd',
    border: '#747d93',
    accent: '#a8d4ff',
    key: '#a8d4ff',
    ok: '#56b4e9',
    info: '#bcc7d8',
    warning: '#f0e442',
    error: '#ff9440',
    unknown: '#e6a5cf',
    mark: '#f0e442',
    badge: { text: '#10141a', on: '#ff9440' },
    sandbox: { text: '#10141a', on: '#56b4e9' },
    bar: { text: '#10141a', on: '#a8d4ff' },
    selection: darkSelection,
  },
  'safe-light': {
    dim: '#566072',
    border: '#7d879a',
    accent: '#003f6e',
    key: '#003f6e',
    ok: '#0065b3',
    info: '#44506a',
    warning: '#846800',
    error: '#6f1500',
    unknown: '#8a2f6b',
    mark: '#846800',
    badge: { text: '#ffffff', on: '#6f1500' },
    sandbox: { text: '#ffffff', on: '#005a9c' },
    bar: { text: '#ffffff', on: '#003f6e' },
    selection: lightSelection,
  },
};

/** The names of the terminal's own sixteen colours, as Ink takes them; absent: the terminal's own foreground. */
export type Sixteen = {
  readonly accent: string;
  readonly key: string;
  readonly ok?: string;
  readonly info: string;
  readonly warning?: string;
  readonly error: string;
  readonly unknown?: string;
  readonly border: string;
  readonly badge: Plate;
  readonly sandbox: Plate;
  readonly bar: Plate;
};

/** Where a background leaves few of the sixteen readable, the signs and words tell alone. */
export const sixteens: Readonly<Record<ColourTheme, Sixteen>> = {
  dark: {
    accent: 'cyan',
    key: 'cyanBright',
    ok: 'green',
    info: 'cyan',
    warning: 'yellow',
    error: 'redBright',
    unknown: 'magentaBright',
    border: 'gray',
    badge: { text: 'whiteBright', on: 'red' },
    sandbox: { text: 'black', on: 'green' },
    bar: { text: 'black', on: 'cyan' },
  },
  light: {
    accent: 'blue',
    key: 'blue',
    info: 'blue',
    error: 'red',
    border: 'gray',
    badge: { text: 'whiteBright', on: 'red' },
    sandbox: { text: 'black', on: 'green' },
    bar: { text: 'whiteBright', on: 'blue' },
  },
  safe: {
    accent: 'whiteBright',
    key: 'whiteBright',
    ok: 'cyan',
    info: 'white',
    warning: 'yellow',
    error: 'magentaBright',
    border: 'gray',
    badge: { text: 'whiteBright', on: 'magenta' },
    sandbox: { text: 'black', on: 'cyan' },
    bar: { text: 'black', on: 'white' },
  },
  'safe-light': {
    accent: 'black',
    key: 'black',
    ok: 'blue',
    info: 'black',
    error: 'red',
    border: 'gray',
    badge: { text: 'whiteBright', on: 'red' },
    sandbox: { text: 'whiteBright', on: 'blue' },
    bar: { text: 'whiteBright', on: 'black' },
  },
};
