/**
 * Which of some blocks of lines are shown when not all fit: the one with the focus, and as much as there is room for
 * before and after it, from the first one on while that shows the focus.
 *
 * @param heights lines of each block
 * @returns the first block shown and the one after the last
 */
export function windowOf(
  heights: readonly number[],
  focus: number,
  room: number,
): { readonly from: number; readonly to: number } {
  const at = Math.max(0, Math.min(focus, heights.length - 1));
  const fits = (from: number, to: number) => heights.slice(from, to).reduce((sum, height) => sum + height, 0) <= room;
  if (fits(0, heights.length)) return { from: 0, to: heights.length };
  let from = 0;
  while (from < at && !fits(from, Math.min(heights.length, at + 2))) from += 1;
  let to = at + 1;
  while (to < heights.length && fits(from, to + 1)) to += 1;
  while (from > 0 && fits(from - 1, to)) from -= 1;
  return { from, to };
}
