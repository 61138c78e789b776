/** Label and field selectors, with the API's texts for those that it does not understand. */
import type { KubeObject } from '../model.ts';
import type { ResourceType } from './resources.ts';
import { fieldsOf } from './shapes.ts';
import { badRequest } from './status.ts';

export type Matcher = (object: KubeObject) => boolean;

type Requirement = { readonly key: string; readonly operator: Operator; readonly values: readonly string[] };
type Operator = 'exists' | 'absent' | 'in' | 'notin' | 'gt' | 'lt';

/** `a=b,c!=d,e in (f,g),!h,i`; everything for an empty text. Throws a BadRequest. */
export function labelMatcher(text: string): Matcher {
  const requirements = new LabelParser(text).parse();
  return object => requirements.every(each => meets(each, object.metadata.labels?.[each.key]));
}

/** `metadata.name=x,status.phase!=Running`. Throws a BadRequest. */
export function fieldMatcher(text: string, type: ResourceType): Matcher {
  const terms = text
    .split(',')
    .filter(term => term !== '')
    .map(term => readTerm(term, text));
  for (const { field } of terms) {
    checkField(field, type);
  }
  return object => terms.every(({ field, value, equal }) => (readField(object, field) === value) === equal);
}

function readTerm(term: string, whole: string): { field: string; value: string; equal: boolean } {
  const match = /^([^=!]+)(!=|==|=)(.*)$/su.exec(term);
  if (match === null) {
    throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  }
  return { field: match[1] ?? '', value: match[3] ?? '', equal: match[2] !== '!=' };
}

function checkField(field: string, type: ResourceType): void {
  if (field === 'metadata.name' || (field === 'metadata.namespace' && type.namespaced) || type.fields.includes(field)) {
    return;
  }
  throw badRequest(
    type.fields.length > 0
      ? `field label not supported: ${field}`
      : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

/** A field that is not there counts as empty. */
function readField(object: KubeObject, field: string): string {
  const value = field.split('.').reduce((parent: unknown, key) => fieldsOf(parent)[key], object);
  return value === undefined || value === null ? '' : String(value);
}

function meets({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}

class LabelParser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = text.match(/==|!=|[=!,()<>]|[^\s=!,()<>]+/gu) ?? [];
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    while (this.#next < this.#tokens.length) {
      if (this.#peek() === ',') {
        throw badRequest("found ',', expected: !, identifier, or 'end of string'");
      }
      requirements.push(this.#requirement());
      const separator = this.#take();
      if (separator !== undefined && separator !== ',') {
        throw problem(`found '${separator}', expected: ',' or 'end of string'`);
      }
      if (separator === ',' && this.#next === this.#tokens.length) {
        throw problem("found '', expected: identifier after ','");
      }
    }
    return requirements;
  }

  #requirement(): Requirement {
    if (this.#peek() === '!') {
      this.#take();
      return { key: this.#identifier(), operator: 'absent', values: [] };
    }
    const key = this.#identifier();
    switch (this.#peek()) {
      case undefined:
      case ',':
        return { key, operator: 'exists', values: [] };
      case '=':
      case '==':
        this.#take();
        return { key, operator: 'in', values: [this.#value()] };
      case '!=':
        this.#take();
        return { key, operator: 'notin', values: [this.#value()] };
      case '<':
      case '>':
        return { key, operator: this.#take() === '<' ? 'lt' : 'gt', values: [this.#value()] };
      case 'in':
      case 'notin':
        return { key, operator: this.#take() === 'in' ? 'in' : 'notin', values: this.#values() };
      default:
        throw problem(`found '${this.#peek()}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  #values(): string[] {
    const open = this.#take();
    if (open !== '(') {
      throw problem(`found '${open ?? ''}' expected: '('`);
    }
    const values: string[] = [];
    for (let token = this.#take(); token !== ')'; token = this.#take()) {
      if (token === undefined) {
        throw problem("found '', expected: ',' or ')'");
      }
      if (token !== ',') {
        values.push(token);
      }
    }
    return values;
  }

  #identifier(): string {
    const token = this.#take();
    if (token === undefined || isSymbol(token)) {
      throw problem(`found '${token ?? ''}', expected: identifier`);
    }
    return token;
  }

  /** `a=` selects an empty value. */
  #value(): string {
    const token = this.#peek();
    if (token === undefined || token === ',') {
      return '';
    }
    return this.#identifier();
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next];
  }

  #take(): string | undefined {
    const token = this.#tokens[this.#next];
    this.#next += 1;
    return token;
  }
}

const isSymbol = (token: string) => /^(==|!=|[=!,()<>])$/u.test(token);

const problem = (what: string) => badRequest(`unable to parse requirement: ${what}`);
