/** What a colour is to an eye: WCAG's contrast, and how it looks to people who do not tell red from green. */
import { rgb, xterm } from '../../../source/ui/theme/nearest.ts';

/** xterm's sixteen, as it ships them; every terminal has its own. */
const sixteen: Readonly<Record<string, string>> = {
  black: '#000000',
  red: '#cd0000',
  green: '#00cd00',
  yellow: '#cdcd00',
  blue: '#0000ee',
  magenta: '#cd00cd',
  cyan: '#00cdcd',
  white: '#e5e5e5',
  gray: '#7f7f7f',
  redBright: '#ff0000',
  greenBright: '#00ff00',
  yellowBright: '#ffff00',
  blueBright: '#5c5cff',
  magentaBright: '#ff00ff',
  cyanBright: '#00ffff',
  whiteBright: '#ffffff',
};

/** `#rrggbb` of a colour as Ink takes it. */
export function hexOf(colour: string): string {
  const index = /^ansi256\((\d+)\)$/.exec(colour)?.[1];
  if (index !== undefined) return xterm(Number(index));
  const found = colour.startsWith('#') ? colour : sixteen[colour];
  if (found === undefined) throw new Error(`no such colour: ${colour}`);
  return found;
}

/** Light of an sRGB part, 0 to 1 (WCAG 2.2, relative luminance). */
const linear = (part: number): number => {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const luminance = (hex: string): number => {
  const [red, green, blue] = rgb(hex);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
};

/** WCAG 2.2, contrast ratio: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

type Triple = readonly [number, number, number];

const multiply = (matrix: readonly Triple[], [a, b, c]: Triple): Triple => {
  const [x = 0, y = 0, z = 0] = matrix.map(([p, q, r]) => p * a + q * b + r * c);
  return [x, y, z];
};

/** Machado, Oliveira and Fernandes (2009), severity 1. */
const seen: Readonly<Record<'protanopia' | 'deuteranopia', readonly Triple[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** sRGB to XYZ (IEC 61966-2-1), under D65. */
const toXyz: readonly Triple[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];

function lab(light: Triple): Triple {
  const [x, y, z] = multiply(toXyz, light);
  const root = (share: number) => (share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116);
  const [fx, fy, fz] = [root(x / 0.95047), root(y), root(z / 1.08883)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** How far two colours are apart (CIE 1976 difference) for somebody who sees so. */
export function apart(one: string, other: string, eye: keyof typeof seen): number {
  const [a, b] = [one, other].map(hex => {
    const [red, green, blue] = rgb(hex);
    const light = multiply(seen[eye], [linear(red), linear(green), linear(blue)]);
    return lab([Math.max(0, light[0]), Math.max(0, light[1]), Math.max(0, light[2])]);
  });
  return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) : 0;
}
