import { type Depth, isLight } from './depth.ts';
import { nearest256 } from './nearest.ts';
import { type ColourTheme, type Palette, type Plate, palettes, type Sixteen, sixteens } from './palettes.ts';

/** Colours by role: what a thing means, never where it stands. Meaning is always carried by a sign or a word too. */
export type Style = {
  readonly color?: string;
  readonly backgroundColor?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
  readonly strikethrough?: boolean;
};

export const roleNames = [
  'text',
  'dim',
  'accent',
  'title',
  'strong',
  'key',
  'ok',
  'info',
  'warning',
  'error',
  'unknown',
  'border',
  'badge',
  'sandbox',
  'crumb',
  'add',
  'remove',
  'mark',
  'gone',
  'button',
] as const;

export type Role = (typeof roleNames)[number];

/** As they are called on the command line and after `:theme`. `safe`: for people who do not tell red from green. */
export const themeNames = ['dark', 'light', 'safe', 'safe-light', 'mono'] as const;

export type ThemeName = (typeof themeNames)[number];

export const isThemeName = (value: unknown): value is ThemeName => themeNames.some(name => name === value);

export type Theme = {
  readonly name: ThemeName;
  readonly depth: Depth;
  readonly roles: Readonly<Record<Role, Style>>;
  /** Laid over a row's own style when the cursor is on it. */
  readonly selection: Style;
};

/** The style of each role from a theme's colours, which `colour` turns into what Ink takes. */
function coloured(name: ColourTheme, depth: Depth, palette: Palette, colour: (hex: string) => string): Theme {
  const ink = (hex: string): Style => ({ color: colour(hex) });
  const plate = ({ text, on }: Plate): Style => ({ color: colour(text), backgroundColor: colour(on) });
  return {
    name,
    depth,
    roles: {
      text: {},
      dim: ink(palette.dim),
      accent: ink(palette.accent),
      title: { ...ink(palette.accent), bold: true },
      strong: { bold: true },
      key: ink(palette.key),
      ok: ink(palette.ok),
      info: ink(palette.info),
      warning: ink(palette.warning),
      error: ink(palette.error),
      unknown: ink(palette.unknown),
      border: ink(palette.border),
      badge: { ...plate(palette.badge), bold: true },
      sandbox: { ...plate(palette.sandbox), bold: true },
      crumb: plate(palette.bar),
      add: ink(palette.ok),
      remove: ink(palette.error),
      mark: ink(palette.mark),
      gone: { ...ink(palette.dim), strikethrough: true },
      button: { ...plate(palette.bar), bold: true },
    },
    selection: { ...plate(palette.selection), bold: true },
  };
}

/** The terminal's own sixteen colours: its user chose them, and whether they are dark or light. */
function ofSixteen(name: ColourTheme, colours: Sixteen): Theme {
  const ink = (color: string | undefined): Style => (color === undefined ? {} : { color });
  const plate = ({ text, on }: Plate): Style => ({ color: text, backgroundColor: on });
  return {
    name,
    depth: '16',
    roles: {
      text: {},
      dim: { dimColor: true },
      accent: ink(colours.accent),
      title: { ...ink(colours.accent), bold: true },
      strong: { bold: true },
      key: ink(colours.key),
      ok: ink(colours.ok),
      info: ink(colours.info),
      warning: colours.warning ? ink(colours.warning) : { bold: true },
      error: ink(colours.error),
      unknown: colours.unknown ? ink(colours.unknown) : { bold: true },
      border: ink(colours.border),
      badge: { ...plate(colours.badge), bold: true },
      sandbox: plate(colours.sandbox),
      crumb: plate(colours.bar),
      add: ink(colours.ok),
      remove: ink(colours.error),
      mark: colours.warning ? ink(colours.warning) : { bold: true },
      gone: { dimColor: true, strikethrough: true },
      button: { ...plate(colours.bar), bold: true },
    },
    selection: { inverse: true },
  };
}

/** No colour at all: bold, dim and reverse only (NO_COLOR asks for no colour, not for no emphasis). */
const mono = (depth: Depth): Theme => ({
  name: 'mono',
  depth,
  roles: {
    text: {},
    dim: { dimColor: true },
    accent: {},
    title: { bold: true },
    strong: { bold: true },
    key: {},
    ok: {},
    info: {},
    warning: { bold: true },
    error: { bold: true },
    unknown: {},
    border: { dimColor: true },
    badge: { inverse: true, bold: true },
    sandbox: { inverse: true },
    crumb: { inverse: true },
    add: {},
    remove: {},
    mark: { bold: true },
    gone: { dimColor: true },
    button: { inverse: true },
  },
  selection: { inverse: true },
});

function make(name: ThemeName, depth: Depth): Theme {
  if (name === 'mono' || depth === 'none') return mono(depth);
  if (depth === '16') return ofSixteen(name, sixteens[name]);
  return coloured(name, depth, palettes[name], depth === '256' ? hex => `ansi256(${nearest256(hex)})` : hex => hex);
}

const made = new Map<string, Theme>();

/** A theme for a terminal with that many colours; the same object each time. */
export function themeOf(name: ThemeName, depth: Depth): Theme {
  const key = `${name} ${depth}`;
  const theme = made.get(key) ?? make(name, depth);
  made.set(key, theme);
  return theme;
}

/** What is used until somebody chooses: as the terminal's background is, which most do not tell and is then dark. */
export const usualTheme = (environment: Readonly<Record<string, string | undefined>>): ThemeName =>
  isLight(environment) ? 'light' : 'dark';
