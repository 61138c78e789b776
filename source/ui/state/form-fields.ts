/** The fields of the form as data: what each is called, what kind it is, and when it is there. */

/** Fields that are typed into. A document is a text that can also go to an editor; policies are searched for. */
export const textFields = [
  'cluster',
  'namespace',
  'serviceAccount',
  'role',
  'roleName',
  'policies',
  'inlinePolicy',
  'inlineName',
  'boundary',
  'targetRole',
  'policy',
  'tags',
] as const;
export type TextFieldId = (typeof textFields)[number];

export type ToggleId = 'createAccount' | 'sessionTags' | 'recreate';

/** In the order of the screen, which is the order of tab. */
export const formFields = [
  'cluster',
  'namespace',
  'serviceAccount',
  'role',
  'roleName',
  'policies',
  'wellKnown',
  'inlinePolicy',
  'inlineName',
  'boundary',
  'targetRole',
  'sessionTags',
  'policy',
  'tags',
  'createAccount',
  'recreate',
] as const;
export type FieldId = (typeof formFields)[number];
export type FormFocus = FieldId | 'cancel' | 'review';

export type DocumentId = 'inlinePolicy' | 'policy';

export const fieldLabels: Readonly<Record<FieldId, string>> = {
  cluster: 'Cluster',
  namespace: 'Namespace',
  serviceAccount: 'Service account',
  createAccount: 'Create account',
  role: 'Role',
  roleName: '· role name',
  policies: '· policies',
  wellKnown: '· well-known',
  inlinePolicy: '· inline policy',
  inlineName: '· its name',
  boundary: '· boundary',
  targetRole: 'Target role',
  sessionTags: 'Session tags',
  policy: 'Session policy',
  tags: 'Tags',
  recreate: 'Recreate',
};

/** A field's name inside a sentence. */
export const fieldName = (field: FieldId): string => fieldLabels[field].replace(/^· /, '').toLowerCase();

/** What the role that a stack makes is made of. */
export const recipeFields: ReadonlySet<FieldId> = new Set([
  'roleName',
  'policies',
  'wellKnown',
  'inlinePolicy',
  'inlineName',
  'boundary',
]);

const isIn =
  <T extends string>(...ids: readonly T[]) =>
  (field: string): field is T =>
    (ids as readonly string[]).includes(field);

export const isTextField = isIn(...textFields);
export const isToggle = isIn<ToggleId>('createAccount', 'sessionTags', 'recreate');
export const isDocument = isIn<DocumentId>('inlinePolicy', 'policy');
/** Fields of which several values are picked. */
export const isPicked = isIn('policies', 'wellKnown');
/** Fields whose values can be chosen from a list. */
export const hasChoices = isIn('cluster', 'namespace', 'serviceAccount', 'role', 'policies', 'wellKnown', 'boundary');
