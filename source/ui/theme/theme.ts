/** Colours by role: what a thing means, never where it stands. Meaning is always carried by a sign or a word too. */
export type Style = {
  readonly color?: string;
  readonly backgroundColor?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
};

export type Role =
  | 'text'
  | 'dim'
  | 'accent'
  | 'title'
  | 'strong'
  | 'key'
  | 'ok'
  | 'info'
  | 'warning'
  | 'error'
  | 'unknown'
  | 'border'
  | 'badge'
  | 'sandbox'
  | 'crumb'
  | 'add'
  | 'remove'
  | 'mark'
  | 'button';

export type Theme = {
  readonly name: string;
  readonly roles: Readonly<Record<Role, Style>>;
  /** Laid over a row's own style when the cursor is on it. */
  readonly selection: Style;
};

/** For terminals with 24-bit colour on a dark background; contrast of text roles is 4.5 or better. */
export const dark: Theme = {
  name: 'dark',
  roles: {
    text: {},
    dim: { color: '#9aa4b8' },
    accent: { color: '#56c8d8' },
    title: { color: '#56c8d8', bold: true },
    strong: { bold: true },
    key: { color: '#82aaff' },
    ok: { color: '#8fce6a' },
    info: { color: '#6cb6ff' },
    warning: { color: '#e5b567' },
    error: { color: '#ff7b83' },
    unknown: { color: '#c8a2ff' },
    border: { color: '#4d566b' },
    badge: { color: '#ffffff', backgroundColor: '#b3261e', bold: true },
    sandbox: { color: '#10141a', backgroundColor: '#8fce6a', bold: true },
    crumb: { color: '#10141a', backgroundColor: '#56c8d8' },
    add: { color: '#8fce6a' },
    remove: { color: '#ff7b83' },
    mark: { color: '#f2d675' },
    button: { color: '#10141a', backgroundColor: '#56c8d8', bold: true },
  },
  selection: { backgroundColor: '#22384e', bold: true },
};

/** The terminal's own sixteen colours. */
export const sixteen: Theme = {
  name: 'sixteen',
  roles: {
    text: {},
    dim: { dimColor: true },
    accent: { color: 'cyan' },
    title: { color: 'cyan', bold: true },
    strong: { bold: true },
    key: { color: 'blueBright' },
    ok: { color: 'green' },
    info: { color: 'blueBright' },
    warning: { color: 'yellow' },
    error: { color: 'redBright' },
    unknown: { color: 'magentaBright' },
    border: { color: 'gray' },
    badge: { color: 'white', backgroundColor: 'red', bold: true },
    sandbox: { color: 'black', backgroundColor: 'green' },
    crumb: { color: 'black', backgroundColor: 'cyan' },
    add: { color: 'green' },
    remove: { color: 'redBright' },
    mark: { color: 'yellowBright' },
    button: { color: 'black', backgroundColor: 'cyan', bold: true },
  },
  selection: { inverse: true },
};

/** No colour at all: bold, dim and reverse only (NO_COLOR asks for no colour, not for no emphasis). */
export const mono: Theme = {
  name: 'mono',
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
    button: { inverse: true },
  },
  selection: { inverse: true },
};

/** NO_COLOR (non-empty) and TERM=dumb turn colour off; 24-bit colour only where COLORTERM says so. */
export function pickTheme(environment: Readonly<Record<string, string | undefined>>, noColor = false): Theme {
  if (noColor || environment.NO_COLOR || environment.TERM === 'dumb') return mono;
  return /^(truecolor|24bit)$/.test(environment.COLORTERM ?? '') ? dark : sixteen;
}
