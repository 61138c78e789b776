import type { Role } from '../theme/theme.ts';

/** A run of text in one role. */
export type Span = { readonly text: string; readonly role?: Role };

/** One line of a page: spans side by side. Text in spans is already sanitised. */
export type Line = readonly Span[];

export const line = (text: string, role?: Role): Line => [role ? { text, role } : { text }];

export const blank: Line = [];

/** Whether two lines say the same in the same roles. */
export const sameLine = (a: Line, b: Line): boolean =>
  a === b || (a.length === b.length && a.every((span, at) => span.text === b[at]?.text && span.role === b[at]?.role));

export const sameLines = (a: readonly Line[], b: readonly Line[]): boolean =>
  a.length === b.length && a.every((line, at) => sameLine(line, b[at] ?? blank));

export const lineText = (spans: Line): string => spans.map(span => span.text).join('');
