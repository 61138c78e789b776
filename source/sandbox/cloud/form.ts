import { AwsFault, validationError } from './fault.ts';

/** The parameters of a query-protocol request: `Tags.member.1.Key=…` (Smithy documentation, "AWS query protocol"). */
export class Form {
  readonly #values: ReadonlyMap<string, string>;

  constructor(encoded: string) {
    this.#values = new Map(new URLSearchParams(encoded));
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** Throws ValidationError when it is missing or empty. */
  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined || value === '') {
      throw validationError(
        `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
      );
    }
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : value === 'true';
  }

  /** Throws ValidationError outside `least`..`most`. */
  number(name: string, least: number, most: number): number | undefined {
    const text = this.#values.get(name);
    const value = Number(text);
    if (text !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
      throw validationError(
        `1 validation error detected: Value '${text}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
      );
    }
    return text === undefined ? undefined : value;
  }

  /** Whether the list was sent; an empty one is sent as the bare name. */
  hasList(name: string): boolean {
    return this.#values.has(name) || this.#values.has(`${name}.member.1`) || this.list(name).length > 0;
  }

  strings(name: string): string[] {
    const found: string[] = [];
    for (let value = this.#values.get(`${name}.member.1`); value !== undefined; ) {
      found.push(value);
      value = this.#values.get(`${name}.member.${found.length + 1}`);
    }
    return found;
  }

  /** A list of structures: each one's members by name. */
  list(name: string): ReadonlyMap<string, string>[] {
    const found: Map<string, string>[] = [];
    for (const [key, value] of this.#values) {
      const match = /^(.+)\.member\.(\d+)\.(.+)$/u.exec(key);
      if (match?.[1] === name) {
        const index = Number(match[2]) - 1;
        found[index] ??= new Map();
        found[index].set(match[3] ?? '', value);
      }
    }
    return found.filter(each => each !== undefined);
  }

  /** `Tags` as both IAM and CloudFormation send them. Throws on a key sent twice. */
  tags(): Map<string, string> {
    const tags = new Map<string, string>();
    for (const each of this.list('Tags')) {
      const key = each.get('Key') ?? '';
      if (tags.has(key)) {
        throw new AwsFault(
          400,
          'InvalidInput',
          'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
        );
      }
      tags.set(key, each.get('Value') ?? '');
    }
    return tags;
  }
}
