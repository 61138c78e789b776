/** What somebody answers to the question for a field of the form. Pure, but for files that are named. */
import { readFile } from 'node:fs/promises';
import { take } from '../controller/form.ts';
import { type Form, setDocument, setText, setToggle, togglePicked, withoutChoice } from '../state/form.ts';
import type { Choice } from '../state/form-facts.ts';
import { type FieldId, isDocument, isPicked, isTextField, isToggle } from '../state/form-fields.ts';
import { jsonProblem, placeOf } from '../state/json-problem.ts';
import { emptyField, fieldOf } from '../state/text-field.ts';
import { cleanInput, cleanLines } from '../text/sanitise.ts';

/** The form with the answer in it, or why it is none. */
export type Answered = { readonly form: Form } | { readonly problem: string };

/** Bytes of a document that is read from a file; far more than AWS takes. */
const largest = 100_000;

/**
 * Puts an answer into a field.
 *
 * @param choices what was suggested, in the order of its numbers
 */
export async function answerField(
  form: Form,
  field: FieldId,
  answer: string,
  choices: readonly Choice[],
): Promise<Answered> {
  const at = withoutChoice({ ...form, focus: field });
  const text = answer.trim();
  if (isToggle(field)) {
    if (/^(y|yes|on)$/i.test(text)) return { form: setToggle(at, field, true) };
    return /^(n|no|off|none)$/i.test(text) ? { form: setToggle(at, field, false) } : { problem: 'yes or no' };
  }
  if (text.toLowerCase() === 'none') return { form: emptied(at, field) };
  if (isPicked(field)) return pick(at, field, text, choices);
  if (isDocument(field)) return documentOf(at, field, text);
  if (!isTextField(field)) return { problem: 'that cannot be typed' };
  const choice = /^\d+$/.test(text) ? choices[Number(text) - 1] : undefined;
  if (choice) return { form: take(at, choice) };
  // `=3` is a name that looks like a number.
  return { form: setText(at, field, fieldOf(cleanInput(text.replace(/^=/, '')))) };
}

function emptied(form: Form, field: FieldId): Form {
  if (field === 'policies') return { ...form, policyArns: [], text: { ...form.text, policies: emptyField } };
  if (field === 'wellKnown') return { ...form, wellKnown: [] };
  if (field === 'role') return { ...setText(form, 'role', emptyField), made: false };
  return isTextField(field) ? setText(form, field, emptyField) : form;
}

/** Numbers and ARNs, one after the other; what is picked already is taken back. */
function pick(form: Form, field: 'policies' | 'wellKnown', text: string, choices: readonly Choice[]): Answered {
  let next = form;
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const value = /^\d+$/.test(word) ? choices[Number(word) - 1]?.value : namedValue(word, choices);
    if (value === undefined) return { problem: `there is no ${cleanInput(word)}` };
    next = togglePicked(next, field, value);
  }
  return { form: next };
}

const namedValue = (word: string, choices: readonly Choice[]): string | undefined =>
  choices.find(({ value, label }) => value === word || label === word)?.value ??
  (word.startsWith('arn:') ? cleanInput(word) : undefined);

async function documentOf(form: Form, field: 'policy' | 'inlinePolicy', text: string): Promise<Answered> {
  if (!text.startsWith('@')) return { form: setDocument(form, field, cleanLines(text).join('\n')) };
  const path = text.slice(1).trim();
  try {
    const content = await readFile(path);
    if (content.length > largest) return { problem: `${path} is larger than ${largest / 1000} kB` };
    return { form: setDocument(form, field, cleanLines(content.toString('utf8')).join('\n')) };
  } catch (error) {
    return { problem: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Whether a document goes on in the next line: nothing is wrong with it but that it ends too early. */
export function goesOn(text: string): boolean {
  const begun = text.trim();
  const problem = begun.startsWith('{') ? jsonProblem(begun) : undefined;
  if (!problem) return false;
  const end = placeOf(begun, begun.length);
  return problem.line === end.line && problem.column === end.column;
}
