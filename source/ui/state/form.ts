import type { Association } from '../../identity/facts.ts';
import { type RoleRecipe, type WellKnownPolicy, wellKnownPolicies } from '../../plan/wanted.ts';
import { cleanLines } from '../text/sanitise.ts';
import {
  type DocumentId,
  type FieldId,
  type FormFocus,
  formFields,
  hasChoices,
  isDocument,
  isTextField,
  isToggle,
  recipeFields,
  type TextFieldId,
  type ToggleId,
  textFields,
} from './form-fields.ts';
import { tagsText } from './form-tags.ts';
import { policyProblem } from './policy-text.ts';
import { editField, emptyField, type FieldEdit, fieldOf, type TextField } from './text-field.ts';

/** Who made the role that the association of an update has: decides whether it can be changed part by part. */
export type RoleOwner =
  | { readonly kind: 'reading' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown'; readonly reason: string }
  /** A stack of the service account's own. Without a recipe, `reason` says why it cannot be changed here. */
  | { readonly kind: 'stack'; readonly stack: string; readonly recipe?: RoleRecipe; readonly reason?: string };

/** What the place that a new draft was begun from already says. */
export type FormStart = {
  /** The cluster itself; `cluster` is what its field says, a name where only one is called so. */
  readonly clusterArn?: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly role?: string;
};

/** A field that the world has changed since the draft was begun. */
export type Moved = {
  readonly was: string;
  readonly now: string;
  /** The draft says otherwise; else it says what is there now. */
  readonly kept: boolean;
};

/** A draft of an association: a new one, or a change to one, of which cluster, namespace and account are fixed. */
export type Form = {
  readonly mode: 'create' | 'update';
  /** What a new one was begun from. */
  readonly begun?: FormStart;
  /** What an update started from. */
  readonly original?: Association;
  /** What the stack of its role made when a draft that was taken up again was begun, until that is read again. */
  readonly base?: RoleRecipe;
  /** What others have changed since a draft that was taken up again was begun. */
  readonly moved?: Readonly<Partial<Record<FieldId, Moved>>>;
  /** Of an update. */
  readonly owner?: RoleOwner;
  readonly text: Readonly<Record<TextFieldId, TextField>>;
  readonly on: Readonly<Record<ToggleId, boolean>>;
  /** The role is made by a stack, or is the one that a stack made; else the role field names it. */
  readonly made: boolean;
  /** ARNs of managed policies for the role that is made. */
  readonly policyArns: readonly string[];
  readonly wellKnown: readonly WellKnownPolicy[];
  /** Documents as an editor left them, while they are not JSON; the field itself holds them in one line. */
  readonly drafts: Readonly<Partial<Record<DocumentId, string>>>;
  readonly focus: FormFocus;
  /** Highlighted choice of the focused field; undefined: the list is closed. */
  readonly choice?: number;
  /** EKS has refused the change in place: it can be deleted and made again with it. */
  readonly offersRecreate?: true;
  /** The equal command is shown. */
  readonly asCommand?: true;
  /** What AWS refused, at the field it concerns, until that field is edited. */
  readonly refused: Readonly<Partial<Record<FieldId, string>>>;
};

const blank = Object.fromEntries(textFields.map(field => [field, emptyField])) as Record<TextFieldId, TextField>;

const empty = {
  made: false,
  policyArns: [],
  wellKnown: [],
  drafts: {},
  refused: {},
} as const satisfies Partial<Form>;

/** A new draft with what the place it was opened from already says. */
export function newForm(start: FormStart): Form {
  const text = { ...blank };
  for (const key of ['cluster', 'namespace', 'serviceAccount', 'role'] as const) {
    const value = start[key];
    if (value) text[key] = fieldOf(value);
  }
  const wanted = ['cluster', 'namespace', 'serviceAccount', 'role'] as const;
  const focus = wanted.find(field => text[field].value === '') ?? 'targetRole';
  const on = { createAccount: false, sessionTags: true, recreate: false };
  return { ...empty, mode: 'create', begun: start, text, on, focus };
}

/** The draft of a change to an association. */
export function editForm(cluster: string, association: Association): Form {
  return {
    ...empty,
    mode: 'update',
    original: association,
    owner: { kind: 'reading' },
    text: {
      ...blank,
      cluster: fieldOf(cluster),
      namespace: fieldOf(association.namespace),
      serviceAccount: fieldOf(association.serviceAccount),
      role: fieldOf(association.roleArn),
      targetRole: fieldOf(association.targetRoleArn ?? ''),
      policy: fieldOf(association.policy ?? ''),
      tags: fieldOf(tagsText(association.tags)),
    },
    on: { createAccount: false, sessionTags: !association.disableSessionTags, recreate: false },
    focus: 'role',
  };
}

/** What was found out about the role of an update. A role that a stack made opens up, unless another was named since. */
export function withOwner(form: Form, owner: RoleOwner): Form {
  const next: Form = { ...form, owner };
  const untouched = !form.made && form.text.role.value.trim() === form.original?.roleArn;
  return owner.kind === 'stack' && owner.recipe && untouched ? withMadeRole(next) : next;
}

/** The recipe that the fields of a made role begin with: that of the association's own stack. */
export const baseRecipe = (form: Form): RoleRecipe | undefined =>
  form.owner?.kind === 'stack' ? form.owner.recipe : undefined;

/** The role is to be a stack's: its own parts, or none yet. */
export function withMadeRole(form: Form): Form {
  const recipe = baseRecipe(form);
  const text = { ...form.text, role: emptyField };
  if (!recipe) return { ...withoutRefusal(form, 'role'), made: true, text };
  return {
    ...withoutRefusal(form, 'role'),
    made: true,
    policyArns: recipe.permissionPolicyArns,
    wellKnown: recipe.wellKnownPolicies,
    text: { ...text, ...recipeText(recipe) },
  };
}

/** The parts of a recipe that are typed, as their fields say them. */
export const recipeText = (
  recipe: RoleRecipe,
): Pick<Form['text'], 'roleName' | 'inlinePolicy' | 'inlineName' | 'boundary'> => ({
  roleName: fieldOf(recipe.roleName ?? ''),
  inlinePolicy: fieldOf(recipe.permissionPolicy === undefined ? '' : oneLine(recipe.permissionPolicy)),
  inlineName: fieldOf(recipe.permissionPolicyName ?? ''),
  boundary: fieldOf(recipe.permissionsBoundaryArn ?? ''),
});

/** A document in one line: JSON without its white space; what is no JSON only loses its line breaks. */
export function oneLine(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim().replace(/\s*[\r\n]\s*/g, ' ');
  }
}

/** A document of several lines. As it is while it is wrong, so that its lines can be named and it can be mended. */
export function setDocument(form: Form, field: DocumentId, text: string): Form {
  const line = oneLine(text);
  const next = setText(form, field, fieldOf(line));
  const drafts = without(form.drafts, field);
  const wrong = line !== '' && policyProblem(field, line) !== undefined;
  return { ...next, drafts: wrong ? { ...drafts, [field]: text } : drafts };
}

/** A document as an editor should show it. */
export const documentText = (form: Form, field: DocumentId): string => form.drafts[field] ?? form.text[field].value;

export const isFixed = (form: Form, field: FormFocus): boolean =>
  form.mode === 'update' && (field === 'cluster' || field === 'namespace' || field === 'serviceAccount');

/** Whether a field is on the screen at all. */
function isThere(form: Form, field: FieldId): boolean {
  if (field === 'inlineName') return form.made && form.text.inlinePolicy.value !== '';
  if (recipeFields.has(field)) return form.made;
  if (field === 'createAccount') return form.mode === 'create';
  if (field === 'recreate') return form.mode === 'update' && (form.on.recreate || form.offersRecreate || renames(form));
  return true;
}

/** Whether the role that a stack has made would get another name, which makes CloudFormation replace it. */
export function renames(form: Form): boolean {
  const base = baseRecipe(form);
  const name = form.text.roleName.value.trim();
  return form.made && base !== undefined && name !== '' && name !== base.roleName;
}

/** Fields on the screen, in order. */
export const shownFields = (form: Form): readonly FieldId[] => formFields.filter(field => isThere(form, field));

/** Where tab can stop. */
export const focusOrder = (form: Form): readonly FormFocus[] => [
  ...shownFields(form).filter(field => !isFixed(form, field)),
  'cancel',
  'review',
];

export function moveFocus(form: Form, delta: 1 | -1): Form {
  const order = focusOrder(form);
  const at = order.indexOf(form.focus);
  const focus = order[(at + delta + order.length) % order.length] ?? 'role';
  return { ...withoutChoice(form), focus };
}

export const withoutChoice = (form: Form): Form => {
  const { choice: _, ...rest } = form;
  return rest;
};

function withoutRefusal(form: Form, ...fields: readonly FieldId[]): Form {
  const refused = Object.fromEntries(
    Object.entries(form.refused).filter(([field]) => !fields.includes(field as never)),
  );
  return { ...form, refused };
}

/** The field that typing goes to, if one has the focus. */
export const focusedText = (form: Form): TextFieldId | undefined => (isTextField(form.focus) ? form.focus : undefined);

/** Editing opens the choices of what is typed so far; an emptied field closes them. */
export function editFocused(form: Form, typed: FieldEdit): Form {
  const { focus } = form;
  if (isToggle(focus)) return flips(typed) ? setToggle(form, focus, !form.on[focus]) : form;
  if (!isTextField(focus) || isFixed(form, focus)) return form;
  const before = form.text[focus];
  if (isDocument(focus) && typed.type === 'insert' && /[\r\n]/.test(typed.text) && before.value === '')
    return setDocument(form, focus, cleanLines(typed.text).join('\n'));
  const edit = isDocument(focus) || focus === 'tags' ? typed : unwrapped(typed);
  if (edit.type === 'backspace' && before.value === '') return backspaceEmpty(form);
  const text = editField(before, edit);
  if (text === before) return form;
  const next = setText(form, focus, text);
  if (!hasChoices(focus) || text.value === before.value) return next;
  return text.value.trim() === '' ? withoutChoice(next) : { ...next, choice: 0 };
}

/** Names and ARNs have no line breaks: those in a paste come from where it was copied. */
const unwrapped = (edit: FieldEdit): FieldEdit =>
  edit.type === 'insert' ? { ...edit, text: edit.text.replace(/\s*[\r\n]\s*/g, '') } : edit;

const flips = (edit: FieldEdit): boolean =>
  edit.type === 'left' || edit.type === 'right' || (edit.type === 'insert' && edit.text === ' ');

/** Nothing is left of the text: takes the last picked policy back, or the role that was to be made. */
function backspaceEmpty(form: Form): Form {
  if (form.focus === 'policies') return { ...form, policyArns: form.policyArns.slice(0, -1) };
  return form.focus === 'role' && form.made ? { ...form, made: false } : form;
}

/** Text in the role field names a role, so none is made then. */
export function setText(form: Form, field: TextFieldId, value: TextField): Form {
  const changed = form.text[field].value !== value.value;
  const next: Form = { ...(changed ? withoutRefusal(form, field) : form), text: { ...form.text, [field]: value } };
  if (!changed) return next;
  const drafts = isDocument(field) ? without(next.drafts, field) : next.drafts;
  const made = field === 'role' && value.value !== '' ? false : next.made;
  return { ...next, drafts, made, ...(form.choice === undefined ? {} : { choice: 0 }) };
}

function without(drafts: Form['drafts'], field: DocumentId): Form['drafts'] {
  const { [field]: _, ...rest } = drafts;
  return rest;
}

/** Session tags and a session policy are judged together. */
export const setToggle = (form: Form, field: ToggleId, on: boolean): Form => ({
  ...withoutRefusal(form, field, 'policy'),
  on: { ...form.on, [field]: on },
});

/** Picks a value of a field that takes several, or takes it back. */
export function togglePicked(form: Form, field: 'policies' | 'wellKnown', value: string): Form {
  const next = withoutRefusal(form, field);
  if (field === 'policies') return { ...next, policyArns: toggled(form.policyArns, value) };
  const policy = wellKnownPolicies.find(name => name === value);
  return policy ? { ...next, wellKnown: toggled(form.wellKnown, policy) } : form;
}

const toggled = <T>(list: readonly T[], value: T): readonly T[] =>
  list.includes(value) ? list.filter(item => item !== value) : [...list, value];
