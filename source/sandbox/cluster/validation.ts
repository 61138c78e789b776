/** What the API checks of an object before it stores it. Texts as kube-apiserver v1.20 words them. */
import type { KubeObject } from '../model.ts';
import type { ResourceType } from './resources.ts';
import { fieldsOf, isFields, podTemplateOf } from './shapes.ts';
import { invalid, type StatusCause } from './status.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/u;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/u;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/u;

const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const PARTS_RULE =
  "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** All annotations of an object together. */
const ANNOTATION_BYTES = 256 * 1024;

/** Throws Invalid with all that is wrong. */
export function validate(type: ResourceType, object: KubeObject): void {
  const causes = [...nameProblems(type, object), ...metadataProblems(object), ...workloadProblems(type, object)];
  if (causes.length > 0) {
    throw invalid(type, object.metadata.name, causes);
  }
}

/** What may not change once an object is there. Throws Invalid. */
export function validateChange(type: ResourceType, before: KubeObject, after: KubeObject): void {
  const causes: StatusCause[] = [];
  if (after.metadata.uid !== before.metadata.uid) {
    const cause = problem('metadata.uid', after.metadata.uid, 'field is immutable');
    causes.push(cause, cause);
  }
  const selectors = [before, after].map(object => JSON.stringify(fieldsOf(object.spec).selector));
  if (type.group === 'apps' && selectors[0] !== selectors[1]) {
    causes.push(problem('spec.selector', fieldsOf(after.spec).selector, 'field is immutable'));
  }
  if (causes.length > 0) {
    throw invalid(type, before.metadata.name, causes);
  }
}

function nameProblems(type: ResourceType, { metadata }: KubeObject): StatusCause[] {
  const { name } = metadata;
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    return [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }];
  }
  const isLabel = type.resource === 'namespaces';
  const [pattern, rule, longest] = isLabel ? [LABEL, LABEL_RULE, 63] : [SUBDOMAIN, SUBDOMAIN_RULE, 253];
  return [
    ...(pattern.test(name) ? [] : [problem('metadata.name', name, rule)]),
    ...(name.length <= longest ? [] : [problem('metadata.name', name, `must be no more than ${longest} characters`)]),
  ];
}

function metadataProblems({ metadata }: KubeObject): StatusCause[] {
  const labels = Object.entries(metadata.labels ?? {});
  const annotations = Object.entries(metadata.annotations ?? {});
  const bytes = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...labels.flatMap(([key, value]) => [
      ...qualifiedNameProblems('metadata.labels', key),
      ...(LABEL_VALUE.test(value) ? [] : [problem('metadata.labels', value, LABEL_VALUE_RULE)]),
      ...(value.length <= 63 ? [] : [problem('metadata.labels', value, 'must be no more than 63 characters')]),
    ]),
    ...annotations.flatMap(([key]) => qualifiedNameProblems('metadata.annotations', key.toLowerCase(), key)),
    ...(bytes <= ANNOTATION_BYTES
      ? []
      : [
          {
            reason: 'FieldValueTooLong',
            message: `Too long: must have at most ${ANNOTATION_BYTES} bytes`,
            field: 'metadata.annotations',
          },
        ]),
  ];
}

function qualifiedNameProblems(field: string, key: string, shown = key): StatusCause[] {
  const parts = key.split('/');
  const [prefix, name] = parts.length === 1 ? [undefined, parts[0]] : parts;
  if (parts.length > 2 || name === undefined) {
    return [problem(field, shown, PARTS_RULE)];
  }
  return [
    ...(prefix === undefined || SUBDOMAIN.test(prefix) ? [] : [problem(field, shown, `prefix part ${SUBDOMAIN_RULE}`)]),
    ...(name === '' ? [problem(field, shown, 'name part must be non-empty')] : []),
    ...(name.length <= 63 ? [] : [problem(field, shown, 'name part must be no more than 63 characters')]),
    ...(QUALIFIED.test(name) ? [] : [problem(field, shown, QUALIFIED_RULE)]),
  ];
}

function workloadProblems(type: ResourceType, object: KubeObject): StatusCause[] {
  if (type.group !== 'apps') {
    return [];
  }
  const wanted = fieldsOf(fieldsOf(fieldsOf(object.spec).selector).matchLabels);
  const template = podTemplateOf(object);
  const labels = template.metadata?.labels ?? {};
  const containers =
    template.spec.containers.length > 0
      ? []
      : [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.template.spec.containers' }];
  const selector =
    Object.keys(wanted).length > 0
      ? []
      : [{ reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' }];
  const fits = selector.length === 0 && Object.entries(wanted).every(([key, value]) => labels[key] === value);
  const shown = template.metadata?.labels;
  const mismatch = '`selector` does not match template `labels`';
  return [...selector, ...(fits ? [] : [problem('spec.template.metadata.labels', shown, mismatch)]), ...containers];
}

function problem(field: string, value: unknown, rule: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${show(value)}: ${rule}`, field };
}

function show(value: unknown): string {
  if (value === undefined) {
    return 'map[string]string(nil)';
  }
  return isFields(value) ? `map[string]string${JSON.stringify(value)}` : JSON.stringify(value);
}
