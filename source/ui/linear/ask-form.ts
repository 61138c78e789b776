import { settled } from '../../live/settled.ts';
import { performOf } from '../actions/perform/all.ts';
import { discardDraft, sayKept } from '../actions/perform/open-form.ts';
import { factsFor, wantPolicies } from '../controller/form.ts';
import { documentText, type Form, isFixed, shownFields, withoutChoice } from '../state/form.ts';
import { isTouched } from '../state/form-draft.ts';
import { type Choice, choicesFor, formCluster } from '../state/form-facts.ts';
import {
  type FieldId,
  fieldLabels,
  fieldName,
  hasChoices,
  isDocument,
  isTextField,
  isToggle,
} from '../state/form-fields.ts';
import { preflight } from '../state/form-preflight.ts';
import { movedText } from '../state/form-rebase.ts';
import { validate } from '../state/form-validation.ts';
import { pop } from '../state/navigation.ts';
import { policyName } from '../state/policy-list.ts';
import { topFrame } from '../state/state.ts';
import { emptyField } from '../state/text-field.ts';
import { clean } from '../text/sanitise.ts';
import { answerField, goesOn } from './field-answer.ts';
import { page } from './place-lines.ts';
import type { Talk } from './talk.ts';

/** What is waited for before a question is asked with what is known. Milliseconds. */
const patience = 15_000;

const intro =
  'One question a field. An empty line leaves a field as it is, none empties it. back, cancel (the draft is kept), discard, clear; review goes on at once.';

/**
 * Asks for the draft on the stack, field by field, and judges each answer at once. Leads to its review when all is answered.
 *
 * @param plan says the review, asks for its phrase, and carries it out
 */
export async function askForm(talk: Talk, plan: () => Promise<void>): Promise<void> {
  const { app, say } = talk;
  const first = formOf(talk);
  if (!first) return;
  const what = first.original
    ? `A change of ${first.original.namespace}/${first.original.serviceAccount}`
    : 'A new association';
  say(`${clean(what)}. ${intro}`);
  talk.news();
  let field = await firstField(talk);
  let again = false;
  while (field !== undefined) {
    const how: How = await askField(talk, field, again);
    again = how === 'again';
    if (how === 'ended') {
      // A script that stops in the middle has not asked for what it was to ask for.
      say('The input ended before it was sent: nothing was written.');
      talk.note(2);
    }
    if (how === 'left' || how === 'ended') return leaveForm(talk);
    if (how === 'discarded') return;
    if (how === 'back') {
      field = fieldBefore(talk, field);
      continue;
    }
    field = how === 'review' ? undefined : how === 'again' ? field : await nextField(talk, field);
    if (field !== undefined) continue;
    field = await review(talk, plan);
  }
  // Sent, or left by the way.
  if (topFrame(app.store.get()).view.kind === 'form') leaveForm(talk);
}

const formOf = (talk: Talk): Form | undefined => talk.app.store.get().form;

const change = (talk: Talk, form: Form): void =>
  talk.app.store.update(state => (state.form ? { ...state, form } : state));

function leaveForm({ app }: Talk): void {
  if (topFrame(app.store.get()).view.kind === 'form') app.store.update(pop);
  sayKept(app);
}

const fieldsOf = (form: Form): readonly FieldId[] => shownFields(form).filter(field => !isFixed(form, field));

/** The first field after another one; undefined: that was the last. */
async function nextField(talk: Talk, after: FieldId | undefined): Promise<FieldId | undefined> {
  const { app } = talk;
  if (after === 'cluster') await settled(app.model, app.clock, patience, app.ended.signal);
  // Who made the role decides which fields there are.
  await until(talk, () => formOf(talk)?.owner?.kind !== 'reading');
  const form = formOf(talk);
  if (!form) return undefined;
  const fields = fieldsOf(form);
  if (after === undefined) return fields[0];
  const at = fields.indexOf(after);
  return at < 0 ? undefined : fields[at + 1];
}

function fieldBefore(talk: Talk, field: FieldId): FieldId {
  const form = formOf(talk);
  const fields = form ? fieldsOf(form) : [];
  return fields[Math.max(0, fields.indexOf(field) - 1)] ?? field;
}

/** Where the questions begin: after what the place has answered already; of a draft, at its beginning. */
async function firstField(talk: Talk): Promise<FieldId | undefined> {
  const first = await nextField(talk, undefined);
  const form = formOf(talk);
  return form && form.mode === 'create' && !isTouched(form) ? (fieldInFocus(form) ?? first) : first;
}

async function until({ app }: Talk, holds: () => boolean): Promise<void> {
  const end = app.clock.now() + patience;
  while (!holds() && app.clock.now() < end && !app.ended.signal.aborted) await app.clock.sleep(50);
}

type How = 'next' | 'again' | 'back' | 'review' | 'left' | 'ended' | 'discarded';

async function askField(talk: Talk, field: FieldId, again: boolean): Promise<How> {
  const choices = await suggestions(talk, field);
  const form = formOf(talk);
  if (!form) return 'left';
  // What can be chosen was just said when the answer was none.
  if (!again) {
    talk.say(question(form, field));
    sayChoices(talk, choices, 0);
  }
  for (let said = page; ; ) {
    const line = await talk.ask(`${fieldName(field)}> `);
    const word = line?.trim().toLowerCase();
    if (line === undefined) return 'ended';
    if (word === 'cancel' || word === 'quit') return 'left';
    if (word === 'back' || word === 'review') return word;
    if (word === 'discard') {
      discardDraft(talk.app);
      talk.app.store.update(pop);
      return 'discarded';
    }
    if (word === 'clear') {
      performOf('clear-form')?.(talk.app);
      talk.say('All fields are as they were.');
      return 'again';
    }
    if (word === 'more' || word === '?') {
      if (word === '?') said = 0;
      sayChoices(talk, choices, said);
      said += page;
      continue;
    }
    if (word !== '' && !(await takeAnswer(talk, field, line, choices))) continue;
    return verdictOf(talk, field);
  }
}

/** @returns whether the answer was one */
async function takeAnswer(talk: Talk, field: FieldId, first: string, choices: readonly Choice[]): Promise<boolean> {
  const form = formOf(talk);
  if (!form) return false;
  let text = first;
  while (isDocument(field) && goesOn(text)) {
    const more = await talk.ask('... ');
    if (more === undefined || more.trim() === '') break;
    text += `\n${more}`;
  }
  const answered = await answerField(form, field, text, choices);
  if ('problem' in answered) {
    talk.say(`Not taken: ${clean(answered.problem)}.`);
    return false;
  }
  // Whoever says the same again means it: AWS may take it now.
  const { [field]: _, ...refused } = answered.form.refused;
  change(talk, { ...withoutChoice(answered.form), refused, focus: 'review' });
  wantPolicies(talk.app, formOf(talk));
  return true;
}

/** Says what the field is now worth. What keeps the form from being sent is asked again. */
function verdictOf(talk: Talk, field: FieldId): How {
  const form = formOf(talk);
  if (!form) return 'left';
  const { level, text } = validate(form, factsFor(talk.app, form))[field];
  const wrong = level === 'error' || level === 'pending';
  // A session policy is judged with the session tags: either may be the one to change.
  talk.say(
    `${fieldLabels[field].replace(/^· /, '')}: ${valueText(form, field)}. ${wrong ? 'Not yet: ' : ''}${clean(text)}.`,
  );
  return wrong ? 'again' : 'next';
}

function question(form: Form, field: FieldId): string {
  const name = fieldLabels[field].replace(/^· /, '');
  const moved = form.moved?.[field];
  const how = isToggle(field)
    ? ' yes or no.'
    : isDocument(field)
      ? ' JSON, in one line or several, or @FILE.'
      : field === 'tags'
        ? ' key=value key=value.'
        : field === 'policies' || field === 'wellKnown'
          ? ' Numbers, or ARNs; what is picked already is taken back.'
          : '';
  return `${name}, now ${valueText(form, field)}.${how}${moved ? ` ${clean(movedText(moved))}.` : ''}`;
}

function valueText(form: Form, field: FieldId): string {
  if (isToggle(field)) return form.on[field] ? 'yes' : 'no';
  if (field === 'policies') return form.policyArns.map(policyName).map(clean).join(', ') || 'none';
  if (field === 'wellKnown') return form.wellKnown.join(', ') || 'none';
  if (field === 'role' && form.made) return 'a role that a stack makes';
  const text = isDocument(field) ? documentText(form, field) : isTextField(field) ? form.text[field].value : '';
  if (text.trim() === '') return 'none';
  return isDocument(field) ? `a document of ${text.trim().length} characters` : clean(text);
}

/** Everything that a field can be, whatever it says now. */
async function suggestions(talk: Talk, field: FieldId): Promise<readonly Choice[]> {
  const form = formOf(talk);
  if (!form || !hasChoices(field)) return [];
  const { app } = talk;
  if (field === 'policies' || field === 'boundary') {
    wantPolicies(app, form);
    const account = formCluster(factsFor(app, form))?.account;
    await until(talk, () => app.policies.of(account).phase !== 'reading');
  }
  const blank: Form = isTextField(field) ? { ...form, text: { ...form.text, [field]: emptyField } } : form;
  return choicesFor(blank, factsFor(app, blank), field);
}

function sayChoices({ say }: Talk, choices: readonly Choice[], from: number): void {
  choices.slice(from, from + page).forEach(({ value, label, hint, picked }, index) => {
    const about = [...(picked ? ['picked'] : []), ...(hint === '' ? [] : [hint])].join(', ');
    say(`${from + index + 1}. ${clean(label ?? value)}${about === '' ? '' : `: ${clean(about)}`}`);
  });
  const left = choices.length - from - page;
  if (left > 0) say(`${left} more: more`);
  else if (from > 0 && from >= choices.length) say('Nothing more.');
}

/**
 * Says what is known that bears on it, and leads to the review.
 *
 * @returns the field to be asked next: what is wrong there was said; undefined: it was sent, or is left
 */
async function review(talk: Talk, plan: () => Promise<void>): Promise<FieldId | undefined> {
  const { app, say } = talk;
  const form = formOf(talk);
  if (!form) return undefined;
  const words = { ok: '', info: '', warning: 'note: ', error: 'wrong: ', unknown: 'not known: ', pending: '' } as const;
  const checks = preflight(form, factsFor(app, form)).map(({ level, text }) => `${words[level]}${clean(text)}`);
  say(`Before it: ${checks.join('; ')}.`);
  performOf('review')?.(app);
  talk.news();
  if (topFrame(app.store.get()).view.kind !== 'review') return fieldInFocus(formOf(talk));
  await plan();
  talk.news();
  // What AWS has refused is asked again, with what it said.
  const after = formOf(talk);
  const refused = after && topFrame(app.store.get()).view.kind === 'form' && Object.keys(after.refused).length > 0;
  return refused ? fieldInFocus(after) : undefined;
}

const fieldInFocus = (form: Form | undefined): FieldId | undefined =>
  form && form.focus !== 'cancel' && form.focus !== 'review' ? form.focus : undefined;
