/** The six steps of each part of the colour cube (xterm's 256 colours, 16 to 231). */
const steps = [0, 95, 135, 175, 215, 255] as const;

/** Red, green and blue of `#rrggbb`, 0 to 255. */
export const rgb = (hex: string): readonly [number, number, number] => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** What xterm shows for a number from 16 on; those below are the terminal's own. */
export function xterm(index: number): string {
  const grey = 8 + (index - 232) * 10;
  const cube = index - 16;
  const parts =
    index >= 232
      ? [grey, grey, grey]
      : [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(step => steps[step] ?? 0);
  return `#${parts.map(part => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The number of the colour of the 256 that is nearest to `#rrggbb`; never one of the sixteen, which users redefine. */
export function nearest256(hex: string): number {
  const wanted = rgb(hex);
  let best = 16;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 16; index < 256; index += 1) {
    const distance = rgb(xterm(index)).reduce((sum, part, at) => sum + (part - (wanted[at] ?? 0)) ** 2, 0);
    if (distance >= least) continue;
    least = distance;
    best = index;
  }
  return best;
}
