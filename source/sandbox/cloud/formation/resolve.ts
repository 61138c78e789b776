/** Works out a template's intrinsic functions (CloudFormation user guide, "Intrinsic function reference"). */
import { validationError } from '../fault.ts';
import { asList, isObject, type JsonObject } from '../values.ts';

/** What a template's values may refer to. Each returns undefined for what it does not know. */
export type Scope = {
  readonly mappings: JsonObject;
  /** A parameter, a pseudo parameter or the physical id of a resource. */
  readonly ref: (name: string) => string | undefined;
  readonly attribute: (logicalId: string, attribute: string) => string | undefined;
};

const NO_VALUE = Symbol('AWS::NoValue');

/** The value with every function replaced by its result; members that are `AWS::NoValue` are left out. */
export function resolve(value: unknown, scope: Scope): unknown {
  const result = resolveValue(value, scope);
  return result === NO_VALUE ? undefined : result;
}

function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map(each => resolveValue(each, scope)).filter(each => each !== NO_VALUE);
  }
  if (!isObject(value)) {
    return value;
  }
  const call = functionCall(value);
  if (call !== undefined) {
    return evaluate(call.name, call.argument, scope);
  }
  const members: [string, unknown][] = [];
  for (const [key, each] of Object.entries(value)) {
    const result = resolveValue(each, scope);
    if (result !== NO_VALUE) {
      members.push([key, result]);
    }
  }
  return Object.fromEntries(members);
}

function functionCall(value: JsonObject): { name: string; argument: unknown } | undefined {
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0 || !(entry[0] === 'Ref' || entry[0].startsWith('Fn::'))) {
    return undefined;
  }
  return { name: entry[0], argument: entry[1] };
}

function evaluate(name: string, argument: unknown, scope: Scope): unknown {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NO_VALUE : known(scope.ref(String(argument)), String(argument));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = attributePath(argument);
      return known(scope.attribute(logicalId, attribute), logicalId);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [separator, parts] = asList(argument);
      return asList(resolve(parts, scope)).map(String).join(String(separator));
    }
    case 'Fn::Select': {
      const [index, list] = asList(argument);
      return asList(resolve(list, scope))[Number(resolve(index, scope))];
    }
    case 'Fn::Split': {
      const [separator, text] = asList(argument);
      return String(resolve(text, scope)).split(String(separator));
    }
    case 'Fn::FindInMap': {
      const [map, first, second] = asList(resolve(argument, scope)).map(String);
      const outer = scope.mappings[map ?? ''];
      const inner = isObject(outer) ? outer[first ?? ''] : undefined;
      return known(isObject(inner) ? inner[second ?? ''] : undefined, `${map}/${first}/${second}`);
    }
    default:
      throw validationError(`Template error: ${name} is not supported by this sandbox.`);
  }
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, extra] = Array.isArray(argument) ? argument : [argument, undefined];
  const own = isObject(extra) ? extra : {};
  return String(text).replaceAll(/\$\{(!?)([^}]*)\}/gu, (_whole, literal: string, inner: string) => {
    if (literal !== '') {
      return `\${${inner}}`;
    }
    const name = inner.trim();
    if (name in own) {
      return String(resolve(own[name], scope));
    }
    const dot = name.indexOf('.');
    return String(
      dot < 0 ? known(scope.ref(name), name) : known(scope.attribute(name.slice(0, dot), name.slice(dot + 1)), name),
    );
  });
}

function attributePath(argument: unknown): [logicalId: string, attribute: string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot < 0 ? [argument, ''] : [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, attribute] = asList(argument);
  return [String(logicalId), String(attribute)];
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) {
    throw unresolved(name);
  }
  return value;
}

export function unresolved(name: string): Error {
  return validationError(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}

/** Names that a value refers to: parameters, pseudo parameters and logical ids. */
export function references(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) {
      collect(each, found);
    }
    return;
  }
  if (!isObject(value)) {
    return;
  }
  if (typeof value.Ref === 'string') {
    found.add(value.Ref);
  }
  if (value['Fn::GetAtt'] !== undefined) {
    found.add(attributePath(value['Fn::GetAtt'])[0]);
  }
  if (value['Fn::Sub'] !== undefined) {
    const [text, extra] = asList(value['Fn::Sub']);
    const own = isObject(extra) ? extra : {};
    for (const [, name = ''] of String(text).matchAll(/\$\{([^!}][^}]*)\}/gu)) {
      const plain = name.trim();
      if (!(plain in own)) {
        found.add(plain.split('.')[0] ?? plain);
      }
    }
  }
  for (const each of Object.values(value)) {
    collect(each, found);
  }
}
