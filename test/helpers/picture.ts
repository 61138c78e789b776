/** A terminal screen as SVG and PNG, drawn from the emulator's cells with fonts from npm: the same everywhere. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import type xterm from '@xterm/headless';

const cell = { width: 8.43, height: 16.3, font: 14 };
const background = '#12151c';
const foreground = '#d7dce5';
/** The sixteen colours, as a dark terminal theme would have them. */
const palette = [
  '#1b1f29',
  '#ff7b83',
  '#8fce6a',
  '#e5b567',
  '#82aaff',
  '#d38cf5',
  '#56c8d8',
  '#d7dce5',
  '#6b7489',
  '#ff9aa0',
  '#a9dd8b',
  '#f2d675',
  '#a5c2ff',
  '#e0aef9',
  '#7fd8e5',
  '#ffffff',
];

const hex = (value: number) => `#${value.toString(16).padStart(6, '0')}`;

function indexed(index: number): string {
  if (index < 16) return palette[index] ?? foreground;
  if (index >= 232) return hex((8 + (index - 232) * 10) * 0x010101);
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return hex((level(Math.floor(cube / 36)) << 16) | (level(Math.floor(cube / 6) % 6) << 8) | level(cube % 6));
}

type Style = {
  readonly fg: string;
  readonly bg: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly struck: boolean;
};

function styleOf(at: xterm.IBufferCell): Style {
  const colour = (isDefault: boolean, isRgb: boolean, value: number, otherwise: string) =>
    isDefault ? otherwise : isRgb ? hex(value) : indexed(value);
  let fg = colour(at.isFgDefault(), at.isFgRGB(), at.getFgColor(), foreground);
  let bg = colour(at.isBgDefault(), at.isBgRGB(), at.getBgColor(), background);
  if (at.isInverse()) [fg, bg] = [bg, fg];
  return {
    fg,
    bg,
    bold: at.isBold() !== 0,
    dim: at.isDim() !== 0,
    underline: at.isUnderline() !== 0,
    struck: at.isStrikethrough() !== 0,
  };
}

const escapeXml = (text: string) =>
  text.replace(/[&<>]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);

/** One run of cells that look alike. A sign outside ASCII stands alone, so that the grid holds whatever its width in the font. */
type Run = { text: string; column: number; cells: number; style: Style };

function runsOf(line: xterm.IBufferLine, columns: number): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column++) {
    const at = line.getCell(column);
    if (!at || at.getWidth() === 0) continue;
    const text = at.getChars() || ' ';
    const style = styleOf(at);
    const last = runs.at(-1);
    const plain = text <= '~';
    if (last && plain && (last.text.at(-1) ?? '') <= '~' && JSON.stringify(last.style) === JSON.stringify(style)) {
      last.text += text;
      last.cells += at.getWidth();
    } else runs.push({ text, column, cells: at.getWidth(), style });
  }
  return runs;
}

function drawRun(run: Run, row: number): string {
  const x = 10 + run.column * cell.width;
  const y = 10 + row * cell.height;
  const width = run.cells * cell.width;
  const { fg, bg, bold, dim, underline, struck } = run.style;
  const rect =
    bg === background
      ? ''
      : `<rect x="${x.toFixed(2)}" y="${y}" width="${(width + 0.3).toFixed(2)}" height="${cell.height}" fill="${bg}"/>`;
  if (run.text.trim() === '') return rect;
  const attributes = [
    `x="${x.toFixed(2)}" y="${(y + 12.9).toFixed(2)}" fill="${fg}"`,
    run.text.length > 1 ? `textLength="${width.toFixed(2)}" lengthAdjust="spacingAndGlyphs"` : '',
    bold ? 'font-weight="bold"' : '',
    dim ? 'opacity="0.6"' : '',
    underline ? 'text-decoration="underline"' : struck ? 'text-decoration="line-through"' : '',
  ];
  return `${rect}<text xml:space="preserve" ${attributes.filter(Boolean).join(' ')}>${escapeXml(run.text)}</text>`;
}

/** One row of the screen as SVG, where it stands. */
export function rowSvg(screen: xterm.Terminal, row: number): string {
  const buffer = screen.buffer.active;
  const line = buffer.getLine(buffer.viewportY + row);
  return line
    ? runsOf(line, screen.cols)
        .map(run => drawRun(run, row))
        .join('')
    : '';
}

/** `body` on the background of a terminal of that size. */
export function framedSvg(
  { cols, rows }: { readonly cols: number; readonly rows: number },
  body: readonly string[],
): string {
  const width = Math.ceil(cols * cell.width) + 20;
  const height = Math.ceil(rows * cell.height) + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${cell.font}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="${background}"/>`,
    ...body,
    '</svg>',
  ].join('\n');
}

export const svgOf = (screen: xterm.Terminal): string =>
  framedSvg(
    screen,
    Array.from({ length: screen.rows }, (_, row) => rowSvg(screen, row)),
  );

export function pngOf(screen: xterm.Terminal, scale = 1.5): Buffer {
  const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const fontFiles = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'].map(name => path.join(fonts, name));
  const resvg = new Resvg(svgOf(screen), {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans Mono' },
  });
  return resvg.render().asPng();
}
