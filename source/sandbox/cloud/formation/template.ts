/** A CloudFormation template, read from JSON or YAML (CloudFormation user guide, "Template anatomy"). */
import { type CollectionTag, isScalar, parse, type ScalarTag } from 'yaml';
import { validationError } from '../fault.ts';
import { asStrings, isObject, type JsonObject } from '../values.ts';

export type TemplateResource = {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly retained: boolean;
};

export type Template = {
  readonly description?: string;
  readonly parameters: ReadonlyMap<string, { readonly type: string; readonly default?: string }>;
  readonly mappings: JsonObject;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly outputs: ReadonlyMap<
    string,
    { readonly value: unknown; readonly description?: string; readonly exportName?: unknown }
  >;
};

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Resources',
  'Outputs',
]);
const BODY_LIMIT = 51_200;

/** Throws ValidationError with CloudFormation's text. */
export function readTemplate(text: string): Template {
  if (Buffer.byteLength(text) > BODY_LIMIT) {
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${BODY_LIMIT}`,
    );
  }
  const body = parseBody(text);
  if (!isObject(body)) {
    throw validationError('Template format error: unsupported structure.');
  }
  const unknown = Object.keys(body).filter(key => !SECTIONS.has(key));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  }
  if (!isObject(body.Resources) || Object.keys(body.Resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  return {
    ...(typeof body.Description === 'string' ? { description: body.Description } : {}),
    parameters: new Map(entries(body.Parameters).map(([name, value]) => [name, readParameter(name, value)])),
    mappings: isObject(body.Mappings) ? body.Mappings : {},
    resources: new Map(entries(body.Resources).map(([name, value]) => [name, readResource(name, value)])),
    outputs: new Map(entries(body.Outputs).map(([name, value]) => [name, readOutput(name, value)])),
  };
}

function parseBody(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      throw validationError('Template format error: JSON not well-formed.');
    }
  }
  try {
    return parse(text, { customTags: SHORT_FORMS });
  } catch {
    throw validationError('Template format error: YAML not well-formed.');
  }
}

function entries(section: unknown): [string, unknown][] {
  return isObject(section) ? Object.entries(section) : [];
}

function readParameter(name: string, value: unknown): { type: string; default?: string } {
  if (!isObject(value) || typeof value.Type !== 'string') {
    throw validationError(`Template format error: Every Parameters object must contain a Type member. [${name}]`);
  }
  return {
    type: value.Type,
    ...(value.Default === undefined ? {} : { default: String(value.Default) }),
  };
}

function readResource(name: string, value: unknown): TemplateResource {
  if (!/^[A-Za-z0-9]+$/u.test(name)) {
    throw validationError(`Template format error: Resource name ${name} is non alphanumeric.`);
  }
  if (!isObject(value) || typeof value.Type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  }
  if (!/^(AWS|Custom|Alexa)::[\w@:]+$/u.test(value.Type)) {
    throw validationError(`Template format error: Unrecognized resource types: [${value.Type}]`);
  }
  return {
    type: value.Type,
    properties: isObject(value.Properties) ? value.Properties : {},
    dependsOn: asStrings(value.DependsOn),
    retained: value.DeletionPolicy === 'Retain',
  };
}

function readOutput(name: string, value: unknown): { value: unknown; description?: string; exportName?: unknown } {
  if (!isObject(value) || value.Value === undefined) {
    throw validationError(`Template format error: Every Outputs member must contain a Value object. [${name}]`);
  }
  return {
    value: value.Value,
    ...(typeof value.Description === 'string' ? { description: value.Description } : {}),
    ...(isObject(value.Export) ? { exportName: value.Export.Name } : {}),
  };
}

/** YAML's short forms of the intrinsic functions, turned into the long ones. */
const SHORT_FORMS: (ScalarTag | CollectionTag)[] = [
  { tag: '!Ref', resolve: text => ({ Ref: text }) },
  { tag: '!Sub', resolve: text => ({ 'Fn::Sub': text }) },
  { tag: '!GetAtt', resolve: text => ({ 'Fn::GetAtt': text.split(/\.(.*)/su).slice(0, 2) }) },
  ...['Sub', 'GetAtt', 'Join', 'Select', 'Split', 'FindInMap'].map(
    (name): CollectionTag => ({
      tag: `!${name}`,
      collection: 'seq',
      resolve: list => ({
        [`Fn::${name}`]: list.items.map(item => (isScalar(item) ? item.value : toPlain(item))),
      }),
    }),
  ),
];

function toPlain(item: unknown): unknown {
  const node = item as { toJSON?: () => unknown };
  return typeof node?.toJSON === 'function' ? node.toJSON() : item;
}
