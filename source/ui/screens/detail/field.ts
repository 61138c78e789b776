import type { Line } from '../../state/lines.ts';

/** `Role          arn:...`: a labelled value, the label dim. */
export const field = (label: string, value: string): readonly Line[] => [
  [{ text: label.padEnd(15), role: 'dim' }, { text: value }],
];
