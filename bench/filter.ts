/** From a letter typed into the filter to the bytes that it makes. */
import { figures, overSizes, type Row, type TypingFigures, timesOf } from './typing.ts';

/** Each of a word's letters, then each taken back: `first` builds what a filter searches. */
export const benchFilter = (): Promise<TypingFigures> =>
  overSizes(async screen => {
    const typed: Record<string, Row> = {};
    for (const [name, text] of [
      ['a word', 'service-0042'],
      ['not', '!team-07'],
      ['a pattern', '/role-1[0-9]$/'],
      ['a column', 'role:role-12'],
    ] as const) {
      await screen.press('/');
      await screen.rest();
      typed[name] = figures(await timesOf(screen, [...text]));
      typed[`${name}, taken back`] = figures(await timesOf(screen, Array(text.length).fill('\u007f')));
      await screen.press('\u001b');
      await screen.rest();
    }
    return typed;
  });
