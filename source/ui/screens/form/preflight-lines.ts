import type { Form } from '../../state/form.ts';
import type { FormFacts } from '../../state/form-facts.ts';
import { type Check, preflight } from '../../state/form-preflight.ts';
import { type Line, line, lineText, type Span } from '../../state/lines.ts';
import { levelRole, levelSign } from '../../text/health.ts';
import { cells, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

const checkSpan = ({ level, text }: Check): Span => ({
  text: `${levelSign[level]} ${clean(text)}`,
  role: levelRole[level],
});

const gap: Span = { text: '   ' };

/** The checks side by side, in as many lines as they need. Where one does not pass, those that do keep in the background. */
export function preflightLines(form: Form, facts: FormFacts, width: number): readonly Line[] {
  const rows: Span[][] = [];
  const checks = preflight(form, facts);
  const clear = checks.every(({ level }) => level === 'ok');
  const spans = checks.map(check =>
    clear || check.level !== 'ok' ? checkSpan(check) : { ...checkSpan(check), role: 'dim' as const },
  );
  for (const span of spans) {
    const last = rows.at(-1);
    if (last && cells(lineText(last)) + cells(gap.text) + cells(span.text) <= width) last.push(gap, span);
    else rows.push([span]);
  }
  return [ruled('preflight', width), ...rows];
}

/** A command in as many lines as it needs, at most as many as there is room for. */
export function commandBlock(command: string, width: number, room: number): readonly Line[] {
  const lines = wrap(clean(command), width).map(text => line(text));
  const shown = lines.length > room ? [...lines.slice(0, room - 1), line('… it is copied whole', 'dim')] : lines;
  return [ruled('the same by hand, copied; <ctrl-t> hides it', width), ...shown];
}

const ruled = (title: string, width: number): Line => {
  const begin = `─ ${title} `;
  return line(begin + '─'.repeat(Math.max(0, width - cells(begin))), 'dim');
};
