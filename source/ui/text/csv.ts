/** A spreadsheet runs what begins with one of these; a quote before it makes it text (OWASP, CSV injection). */
const formula = /^[=+@\t\r]|^-(?=[^\d\s])./;

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180, with a line for the titles. */
export const csvText = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [titles, ...rows].map(row => `${row.map(cell).join(',')}\r\n`).join('');
