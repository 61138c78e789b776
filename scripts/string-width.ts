/**
 * `string-width` for the bundle: the real one compiles the pattern of all emoji when it first meets a character beyond
 * ASCII, which takes longer than drawing the first frame. What our frames are made of is one column each and needs no
 * pattern; for everything else the real one is asked.
 */
import wholeStringWidth from '../node_modules/string-width/index.js';

/** ASCII, box drawing, blocks and the signs of our screens: narrow, and no part of an emoji (Unicode East Asian Width). */
const narrow = /^[\x20-\x7e\u2500-\u25cf\u2026\u2190-\u2193\u0394\u2713\u2717\u276f\u2800-\u28ff]*$/;
const colours = /\u001B\[[\d;:]*m/g;

export default function stringWidth(text: string, options?: Parameters<typeof wholeStringWidth>[1]): number {
  if (options === undefined && typeof text === 'string') {
    const bare = text.includes('\u001B') ? text.replace(colours, '') : text;
    if (narrow.test(bare)) return bare.length;
  }
  return wholeStringWidth(text, options);
}
