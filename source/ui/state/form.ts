import type { Association } from '../../identity/facts.ts';
import type { CreateRequest, UpdateRequest } from '../../plan/request.ts';
import type { AssociationChange, WantedAssociation } from '../../plan/wanted.ts';
import { parseTags } from './form-tags.ts';
import { editField, emptyField, type FieldEdit, fieldOf, type TextField } from './text-field.ts';

export const textFields = ['cluster', 'namespace', 'serviceAccount', 'role', 'targetRole', 'policy', 'tags'] as const;
export type TextFieldId = (typeof textFields)[number];

/** In the order of the screen, which is the order of tab. */
export const formFields = [
  'cluster',
  'namespace',
  'serviceAccount',
  'role',
  'targetRole',
  'sessionTags',
  'policy',
  'tags',
] as const;
export type FieldId = (typeof formFields)[number];
export type FormFocus = FieldId | 'cancel' | 'review';

export const fieldLabels: Readonly<Record<FieldId, string>> = {
  cluster: 'Cluster',
  namespace: 'Namespace',
  serviceAccount: 'Service account',
  role: 'Role',
  targetRole: 'Target role',
  sessionTags: 'Session tags',
  policy: 'Session policy',
  tags: 'Tags',
};

/** A draft of an association. Only the last four fields of an existing one can change (EKS API). */
export type Form = {
  readonly mode: 'create' | 'update';
  /** What an update started from. */
  readonly original?: Association;
  readonly text: Readonly<Record<TextFieldId, TextField>>;
  readonly sessionTags: boolean;
  readonly focus: FormFocus;
  /** Highlighted choice of the focused field; undefined: the list is closed. */
  readonly choice?: number;
  /** What AWS refused, at the field it concerns, until that field is edited. */
  readonly refused: Readonly<Partial<Record<FieldId, string>>>;
};

const blank: Readonly<Record<TextFieldId, TextField>> = {
  cluster: emptyField,
  namespace: emptyField,
  serviceAccount: emptyField,
  role: emptyField,
  targetRole: emptyField,
  policy: emptyField,
  tags: emptyField,
};

/** A new draft with what the place it was opened from already says. */
export function newForm(start: { cluster?: string; namespace?: string; serviceAccount?: string; role?: string }): Form {
  const text = { ...blank };
  for (const key of ['cluster', 'namespace', 'serviceAccount', 'role'] as const) {
    const value = start[key];
    if (value) text[key] = fieldOf(value);
  }
  const focus = formFields.find(field => field !== 'sessionTags' && text[field].value === '') ?? 'role';
  return { mode: 'create', text, sessionTags: true, focus, refused: {} };
}

/** The draft of a change to an association. */
export function editForm(cluster: string, association: Association): Form {
  return {
    mode: 'update',
    original: association,
    text: {
      cluster: fieldOf(cluster),
      namespace: fieldOf(association.namespace),
      serviceAccount: fieldOf(association.serviceAccount),
      role: fieldOf(association.roleArn),
      targetRole: fieldOf(association.targetRoleArn ?? ''),
      policy: fieldOf(association.policy ?? ''),
      tags: fieldOf(
        Object.entries(association.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      ),
    },
    sessionTags: !association.disableSessionTags,
    focus: 'role',
    refused: {},
  };
}

export const isFixed = (form: Form, field: FieldId): boolean =>
  form.mode === 'update' && (field === 'cluster' || field === 'namespace' || field === 'serviceAccount');

/** Where tab can stop. */
export const focusOrder = (form: Form): readonly FormFocus[] => [
  ...formFields.filter(field => !isFixed(form, field)),
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

const isTextField = (focus: FormFocus): focus is TextFieldId =>
  focus !== 'sessionTags' && focus !== 'cancel' && focus !== 'review';

/** The field that typing goes to, if one has the focus. */
export const focusedText = (form: Form): TextFieldId | undefined => (isTextField(form.focus) ? form.focus : undefined);

/** Fields whose values the model can offer. */
export const hasChoices = (field: FormFocus): boolean =>
  field === 'cluster' || field === 'namespace' || field === 'serviceAccount' || field === 'role';

/** Editing opens the choices of what is typed so far; an emptied field closes them. */
export function editFocused(form: Form, edit: FieldEdit): Form {
  const field = focusedText(form);
  if (!field) return form;
  const text = editField(form.text[field], edit);
  if (text === form.text[field]) return form;
  const next = setText(form, field, text);
  if (!hasChoices(field) || text.value === form.text[field].value) return next;
  return text.value.trim() === '' ? withoutChoice(next) : { ...next, choice: 0 };
}

export function setText(form: Form, field: TextFieldId, value: TextField): Form {
  const changed = form.text[field].value !== value.value;
  const { [field]: _, ...refused } = form.refused;
  const next: Form = { ...form, text: { ...form.text, [field]: value }, refused: changed ? refused : form.refused };
  return changed && form.choice !== undefined ? { ...next, choice: 0 } : next;
}

export const setSessionTags = (form: Form, on: boolean): Form => {
  const { sessionTags: _, policy: __, ...refused } = form.refused;
  return { ...form, sessionTags: on, refused };
};

const trimmed = (form: Form, field: TextFieldId): string => form.text[field].value.trim();

/** The request for a planner; ask only when the form has no error. `roleArn` is the role field, made an ARN. */
export function createRequest(form: Form, roleArn: string): CreateRequest {
  const target = trimmed(form, 'targetRole');
  const policy = trimmed(form, 'policy');
  const tags = parseTags(trimmed(form, 'tags'));
  const wanted: WantedAssociation = {
    namespace: trimmed(form, 'namespace'),
    serviceAccount: trimmed(form, 'serviceAccount'),
    role: { kind: 'existing', roleArn },
    ...(target ? { targetRoleArn: target } : {}),
    ...(form.sessionTags ? {} : { disableSessionTags: true }),
    ...(policy ? { policy } : {}),
    tags: tags.ok ? tags.tags : {},
  };
  return { command: 'create', associations: [wanted] };
}

/** Only what differs from the association; `null` clears. */
export function updateRequest(form: Form, original: Association, roleArn: string): UpdateRequest {
  const target = trimmed(form, 'targetRole');
  const policy = trimmed(form, 'policy');
  const tags = parseTags(trimmed(form, 'tags'));
  const wanted = tags.ok ? tags.tags : original.tags;
  const change: AssociationChange = {
    namespace: original.namespace,
    serviceAccount: original.serviceAccount,
    ...(roleArn === original.roleArn ? {} : { roleArn }),
    ...(target === (original.targetRoleArn ?? '') ? {} : { targetRoleArn: target || null }),
    ...(form.sessionTags === !original.disableSessionTags ? {} : { disableSessionTags: !form.sessionTags }),
    ...(policy === (original.policy ?? '').trim() ? {} : { policy: policy || null }),
    ...(sameTags(wanted, original.tags) ? {} : { tags: wanted }),
  };
  return { command: 'update', changes: [change] };
}

const sameTags = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
