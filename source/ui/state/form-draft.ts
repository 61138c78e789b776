/** What of a form is worth keeping, what it is a draft of, and how it comes back from where it was kept. */
import type { Association } from '../../identity/facts.ts';
import { type RoleRecipe, wellKnownPolicies } from '../../plan/wanted.ts';
import { baseRecipe, editForm, type Form, type FormStart, newForm, withOwner } from './form.ts';
import { type FormFocus, formFields, type TextFieldId, type ToggleId, textFields } from './form-fields.ts';
import { fieldOf } from './text-field.ts';

const toggles = ['createAccount', 'sessionTags', 'recreate'] as const satisfies readonly ToggleId[];
const documents = ['inlinePolicy', 'policy'] as const;

/** A form as it is kept: what was typed and chosen, and what it was begun from. Nothing that was only read. */
export type StoredForm = {
  readonly mode: Form['mode'];
  readonly begun?: FormStart;
  readonly original?: Association;
  /** What the stack of the role made when the draft was begun. */
  readonly base?: RoleRecipe;
  readonly text: Readonly<Record<TextFieldId, string>>;
  readonly on: Form['on'];
  readonly made: boolean;
  readonly policyArns: readonly string[];
  readonly wellKnown: Form['wellKnown'];
  readonly drafts: Form['drafts'];
  readonly focus: FormFocus;
};

/** What a form is a draft of. One draft of a change a service account; one of something new a place it was begun from. */
export function draftKey({ begun, original, text }: Form): string {
  if (original) return changeKey(text.cluster.value, original);
  const { clusterArn = '', namespace = '', serviceAccount = '', role = '' } = begun ?? {};
  // The role of a service account is its annotation's, which may be another one tomorrow.
  return JSON.stringify(['new', clusterArn, namespace, serviceAccount, serviceAccount === '' ? role : '']);
}

/** The key of a change to the association of a service account. */
export const changeKey = (
  cluster: string,
  { namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string },
): string => JSON.stringify(['change', cluster, namespace, serviceAccount]);

/** What is kept of a form. */
export function storedForm(form: Form): StoredForm {
  const { mode, begun, original, on, made, policyArns, wellKnown, drafts, focus } = form;
  const base = baseRecipe(form) ?? form.base;
  return {
    mode,
    ...(begun ? { begun } : {}),
    ...(original ? { original: essential(original) } : {}),
    ...(base ? { base } : {}),
    text: Object.fromEntries(textFields.map(field => [field, form.text[field].value])) as StoredForm['text'],
    on,
    made,
    policyArns,
    wellKnown,
    drafts,
    focus,
  };
}

/** What a draft is compared with when it is taken up again. */
const essential = (association: Association): Association => {
  const { id, arn, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags, policy, tags } = association;
  const texts = {
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    ...(policy === undefined ? {} : { policy }),
  };
  return { id, arn, namespace, serviceAccount, roleArn, disableSessionTags, tags, ...texts };
};

/** Whether a form says anything that the place it was begun from did not say already. */
export function isTouched(form: Form): boolean {
  const { original, owner, text, begun } = form;
  const said = contentOf(form);
  if (!original)
    return [newForm(begun ?? {}), newForm({ cluster: text.cluster.value })].every(at => contentOf(at) !== said);
  const fresh = editForm(text.cluster.value, original);
  return contentOf(owner ? withOwner(fresh, owner) : fresh) !== said;
}

function contentOf(form: Form): string {
  const { text, on, made, policyArns, wellKnown, drafts } = storedForm(form);
  return JSON.stringify([text, on, made, policyArns, wellKnown, drafts]);
}

/** A form out of what was kept; undefined: it is not one. What was read for it then is to be read again. */
export function formOfStored(value: unknown): Form | undefined {
  if (!isRecord(value)) return undefined;
  const { mode, begun, original, base, text, on, made, policyArns, wellKnown, drafts, focus } = value;
  if (mode !== 'create' && mode !== 'update') return undefined;
  if (!isRecord(text) || !textFields.every(field => typeof text[field] === 'string')) return undefined;
  if (!isRecord(on) || !toggles.every(field => typeof on[field] === 'boolean')) return undefined;
  if (typeof made !== 'boolean' || !isTexts(policyArns) || !isTexts(wellKnown)) return undefined;
  if (!isRecord(drafts) || !Object.values(drafts).every(isText)) return undefined;
  const from = mode === 'update' ? associationOf(original) : undefined;
  if (mode === 'update' && !from) return undefined;
  const recipe = base === undefined ? undefined : recipeOf(base);
  if (base !== undefined && !recipe) return undefined;
  const start = begun === undefined ? undefined : startOf(begun);
  if (begun !== undefined && !start) return undefined;
  return {
    mode,
    ...(start ? { begun: start } : {}),
    ...(from ? { original: from, owner: { kind: 'reading' } } : {}),
    ...(recipe ? { base: recipe } : {}),
    text: Object.fromEntries(textFields.map(field => [field, fieldOf(String(text[field]))])) as Form['text'],
    on: Object.fromEntries(toggles.map(field => [field, on[field] === true])) as Form['on'],
    made,
    policyArns,
    wellKnown: wellKnownOf(wellKnown),
    drafts: textsOf(drafts, documents),
    focus: focusOf(focus) ?? 'role',
    refused: {},
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

/** Those of the named members that are texts. */
const textsOf = <Name extends string>(
  value: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> =>
  Object.fromEntries(names.flatMap(name => (isText(value[name]) ? [[name, value[name]]] : []))) as Partial<
    Record<Name, string>
  >;

const wellKnownOf = (names: readonly string[]): Form['wellKnown'] =>
  names.flatMap(name => wellKnownPolicies.find(policy => policy === name) ?? []);

const focusOf = (value: unknown): FormFocus | undefined =>
  [...formFields, 'cancel' as const, 'review' as const].find(field => field === value);

const startOf = (value: unknown): FormStart | undefined =>
  isRecord(value) ? textsOf(value, ['clusterArn', 'cluster', 'namespace', 'serviceAccount', 'role']) : undefined;

function associationOf(value: unknown): Association | undefined {
  if (!isRecord(value) || typeof value.disableSessionTags !== 'boolean') return undefined;
  const { id, arn, namespace, serviceAccount, roleArn, disableSessionTags, tags } = value;
  if (!isText(id) || !isText(arn) || !isText(namespace) || !isText(serviceAccount) || !isText(roleArn))
    return undefined;
  if (!isRecord(tags) || !Object.values(tags).every(isText)) return undefined;
  return {
    id,
    arn,
    namespace,
    serviceAccount,
    roleArn,
    disableSessionTags,
    tags: textsOf(tags, Object.keys(tags)) as Association['tags'],
    ...textsOf(value, ['targetRoleArn', 'policy']),
  };
}

function recipeOf(value: unknown): RoleRecipe | undefined {
  if (!isRecord(value)) return undefined;
  const { permissionPolicyArns, wellKnownPolicies: wellKnown } = value;
  if (!isTexts(permissionPolicyArns) || !isTexts(wellKnown)) return undefined;
  return {
    permissionPolicyArns,
    wellKnownPolicies: wellKnownOf(wellKnown),
    ...textsOf(value, ['roleName', 'permissionsBoundaryArn', 'permissionPolicy', 'permissionPolicyName']),
  };
}
