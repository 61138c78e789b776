import { plural } from '../text/numbers.ts';
import { wrap } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import { blank, type Line, line } from './lines.ts';

/** Where a file says something that it should not, or that has no effect. */
export type FileRemark = { readonly line: number; readonly column: number; readonly message: string };

/** A file that somebody wants applied: with what is wrong with it, or with what to know of it. */
export type FileReview = {
  readonly path: string;
  /** Why nothing can be planned of it: all of it at once. */
  readonly problems: readonly FileRemark[];
  readonly warnings: readonly FileRemark[];
  /** It lists associations, so what it does not list can be pruned. */
  readonly listsAssociations: boolean;
};

/** Everything that is wrong with a file, each with its place. */
export const problemLines = ({ problems, warnings }: FileReview, width: number): readonly Line[] => [
  line(`✗ ${plural(problems.length, 'problem')}; nothing was planned, and nothing is sent`, 'error'),
  blank,
  ...problems.flatMap(problem => remarkLines(problem, '✗', width)),
  ...warningLines(warnings, width),
];

/** What a file says without effect. */
export const warningLines = (warnings: readonly FileRemark[], width: number): readonly Line[] =>
  warnings.length === 0
    ? []
    : [blank, line('Without effect', 'title'), ...warnings.flatMap(warning => remarkLines(warning, '!', width))];

/** Cells for the sign and the place of a remark. */
const placeWidth = 12;

function remarkLines({ line: row, column, message }: FileRemark, sign: '✗' | '!', width: number): readonly Line[] {
  const place = row === 0 ? '' : `${row}:${column}`;
  return wrap(clean(message), Math.max(20, width - placeWidth - 3)).map(
    (text, index): Line => [
      { text: index === 0 ? ` ${sign} ` : '   ', role: sign === '✗' ? 'error' : 'warning' },
      { text: (index === 0 ? place : '').padEnd(placeWidth - 3), role: 'accent' },
      { text },
    ],
  );
}
