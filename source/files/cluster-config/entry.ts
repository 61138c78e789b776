import { isMap, isScalar, isSeq } from 'yaml';
import type { RoleRecipe, WellKnownPolicy } from '../../plan/wanted.ts';
import { wellKnownPolicies } from '../../plan/wanted.ts';
import {
  mostTags,
  namespaceProblem,
  policyArnProblem,
  roleArnProblem,
  roleNameProblem,
  serviceAccountProblem,
  tagProblem,
} from './checks.ts';
import { didYouMean, nearest } from './nearest.ts';
import { inlinePolicyProblem, sessionPolicyProblem } from './policy-document.ts';
import { type ConfigReader, type Field, type Fields, isNothing } from './reader.ts';

/** Of an entry of `podIdentityAssociations` (eksctl ClusterConfig schema v1alpha5, PodIdentityAssociation). */
export const entryFields = [
  'namespace',
  'serviceAccountName',
  'roleARN',
  'createServiceAccount',
  'roleName',
  'permissionsBoundaryARN',
  'permissionPolicyARNs',
  'permissionPolicyName',
  'permissionPolicy',
  'wellKnownPolicies',
  'tags',
  'targetRoleARN',
  'disableSessionTags',
  'policy',
] as const;

export type EntryField = (typeof entryFields)[number];

/** What the API or the Kubernetes world calls by another name. */
const otherNames: Readonly<Record<string, EntryField>> = {
  serviceaccount: 'serviceAccountName',
  permissionboundaryarn: 'permissionsBoundaryARN',
  permissionsboundary: 'permissionsBoundaryARN',
  attachpolicyarns: 'permissionPolicyARNs',
  attachpolicy: 'permissionPolicy',
  attachrolearn: 'roleARN',
};

const isKnown = (name: string): boolean => entryFields.some(known => known === name);
const meantBy = (name: string): string | undefined => otherNames[name.toLowerCase()] ?? nearest(name, entryFields);

/**
 * One entry with its fields. Every method reports what is wrong with its own field (so each is called once) and answers
 * undefined then, as for a field that is absent, null or empty; `has` tells these apart.
 */
export class Entry {
  readonly field: Field;
  /** Undefined where it is missing or wrong; only the latter has been reported. */
  readonly namespace: string | undefined;
  readonly serviceAccount: string | undefined;
  readonly #reader: ConfigReader;
  readonly #fields: Fields;
  readonly #region: string | undefined;
  /** Known fields that unknown ones were most likely meant to be: to say that they are missing too would mislead. */
  readonly #meant: ReadonlySet<string>;

  private constructor(reader: ConfigReader, field: Field, fields: Fields, region: string | undefined) {
    this.#reader = reader;
    this.field = field;
    this.#fields = fields;
    this.#region = region;
    this.#meant = new Set([...fields.keys()].filter(name => !isKnown(name)).map(name => meantBy(name) ?? ''));
    this.namespace = this.#text('namespace', namespaceProblem);
    this.serviceAccount = this.#text('serviceAccountName', serviceAccountProblem);
  }

  /** Undefined (and reported) when the item is no mapping. `region` is the cluster's, when it is known. */
  static read(reader: ConfigReader, item: Field, region: string | undefined): Entry | undefined {
    if (isNothing(item)) reader.error(item, 'must not be empty');
    const fields = reader.fields(item);
    if (!fields) return undefined;
    for (const [name, field] of fields)
      if (!isKnown(name))
        reader.error(field, `is not a field that eksctl knows${didYouMean(meantBy(name))}`, field.keyAt);
    return new Entry(reader, item, fields, region);
  }

  /** The field of that name, when something is written there. */
  get(name: EntryField): Field | undefined {
    const field = this.#fields.get(name);
    return field && !isNothing(field) ? field : undefined;
  }

  /** Says something: neither null, empty text, an empty list or mapping, nor policies that are all false. */
  has(name: EntryField): boolean {
    const field = this.get(name);
    return field !== undefined && saysSomething(field);
  }

  /** Nothing of that name, nor of a name that was most likely meant to be it. */
  lacks(name: EntryField): boolean {
    return !this.has(name) && !this.#meant.has(name);
  }

  error(name: EntryField, text: string): void {
    const field = this.#fields.get(name);
    if (field) this.#reader.error(field, text);
    else this.#reader.missing(this.field, name, text);
  }

  warn(name: EntryField, text: string): void {
    const field = this.get(name);
    if (field) this.#reader.warn(field, text);
  }

  roleArn(): string | undefined {
    return this.#text('roleARN', text => roleArnProblem(text, this.#region));
  }

  targetRoleArn(): string | undefined {
    return this.#text('targetRoleARN', text => roleArnProblem(text, this.#region));
  }

  policy(): string | undefined {
    return this.#text('policy', sessionPolicyProblem);
  }

  flag(name: 'createServiceAccount' | 'disableSessionTags'): boolean | undefined {
    return this.#reader.flag(this.get(name));
  }

  tags(): Readonly<Record<string, string>> | undefined {
    return readTags(this.#reader, this.get('tags'));
  }

  /** The parts that are mentioned, empty lists among them. */
  recipe(): Partial<RoleRecipe> {
    const roleName = this.#text('roleName', roleNameProblem);
    const boundary = this.#text('permissionsBoundaryARN', text => policyArnProblem(text, this.#region));
    const arns = this.#policyArns();
    const policy = this.#inlinePolicy();
    const policyName = this.#policyName();
    const known = this.#wellKnown();
    return {
      ...(roleName !== undefined && { roleName }),
      ...(boundary !== undefined && { permissionsBoundaryArn: boundary }),
      ...(arns && { permissionPolicyArns: arns }),
      ...(policy !== undefined && { permissionPolicy: policy }),
      ...(policyName !== undefined && { permissionPolicyName: policyName }),
      ...(known && { wellKnownPolicies: known }),
    };
  }

  #text(name: EntryField, problemOf: (text: string) => string | undefined): string | undefined {
    const text = this.#reader.text(this.get(name));
    if (text === undefined || text === '') return undefined;
    const problem = problemOf(text);
    if (problem === undefined) return text;
    this.error(name, problem);
    return undefined;
  }

  #policyArns(): readonly string[] | undefined {
    const texts = this.#reader.texts(this.get('permissionPolicyARNs'));
    const seen = new Set<string>();
    for (const [text, field] of texts ?? []) {
      const problem = policyArnProblem(text, this.#region) ?? (seen.has(text) ? 'is there twice' : undefined);
      if (problem) this.#reader.error(field, problem);
      seen.add(text);
    }
    return texts?.map(([text]) => text);
  }

  #inlinePolicy(): string | undefined {
    const field = this.get('permissionPolicy');
    if (!field) return undefined;
    const document = this.#reader.json(field);
    if (document === undefined) return undefined;
    const problem =
      typeof document === 'string'
        ? 'must be a mapping, not text: write the document without quotes and without |'
        : inlinePolicyProblem(document);
    if (problem === undefined) return JSON.stringify(document);
    this.#reader.error(field, problem);
    return undefined;
  }

  /** eksctl names the policy's resource by the letters and digits of this name. */
  #policyName(): string | undefined {
    const name = this.#text('permissionPolicyName', text =>
      /[A-Za-z0-9]/.test(text) ? undefined : 'must have at least one letter or digit',
    );
    if (this.has('permissionPolicyName') && !this.get('permissionPolicy'))
      this.error('permissionPolicyName', 'requires permissionPolicy to be set');
    return name;
  }

  #wellKnown(): readonly WellKnownPolicy[] | undefined {
    const fields = this.#reader.fields(this.get('wellKnownPolicies'));
    if (!fields) return undefined;
    for (const [name, field] of fields)
      if (!isWellKnown(name))
        this.#reader.error(
          field,
          `is not a well-known policy${didYouMean(nearest(name, wellKnownPolicies))}`,
          field.keyAt,
        );
    const flags = new Map([...fields].map(([name, field]) => [name, this.#reader.flag(field)]));
    return wellKnownPolicies.filter(name => flags.get(name) === true);
  }
}

const isWellKnown = (name: string): name is WellKnownPolicy => wellKnownPolicies.some(known => known === name);

export function saysSomething({ node }: Field): boolean {
  if (isSeq(node)) return node.items.length > 0;
  if (isMap(node)) return node.items.some(({ value }) => !isNull(value) && !(isScalar(value) && value.value === false));
  return !isNull(node) && !(isScalar(node) && node.value === '');
}

const isNull = (node: unknown): boolean => node === null || (isScalar(node) && node.value === null);

/** Tags of an entry, an add-on or the metadata, each checked. */
export function readTags(reader: ConfigReader, field: Field | undefined): Readonly<Record<string, string>> | undefined {
  const pairs = reader.textPairs(field);
  if (!pairs || !field) return undefined;
  for (const [key, text, place] of pairs) {
    const problem = tagProblem(key, text);
    if (problem) reader.error(place, problem);
  }
  if (pairs.length > mostTags) reader.error(field, `must have at most ${mostTags} tags; there are ${pairs.length}`);
  return Object.fromEntries(pairs);
}
