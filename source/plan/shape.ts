/** Small checks of parsed JSON: each says what is wrong and where, or nothing. Strict: keys that are not known are wrong. */
export type Check = (value: unknown, path: string) => string | undefined;

export const text: Check = (value, path) => (typeof value === 'string' ? undefined : `${path} is not a text`);

export const count: Check = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? undefined : `${path} is not a number`;

export const flag: Check = (value, path) => (typeof value === 'boolean' ? undefined : `${path} is not true or false`);

export const oneOf =
  (...values: readonly (string | number | boolean | null)[]): Check =>
  (value, path) =>
    values.some(each => each === value) ? undefined : `${path} is none of ${values.join(', ')}`;

export const either =
  (...checks: readonly Check[]): Check =>
  (value, path) => {
    const wrong = checks.map(check => check(value, path));
    return wrong.includes(undefined) ? undefined : wrong[0];
  };

export const listOf =
  (item: Check): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return `${path} is not a list`;
    for (const [index, each] of value.entries()) {
      const wrong = item(each, `${path}[${index}]`);
      if (wrong) return wrong;
    }
    return undefined;
  };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const mapOf =
  (item: Check): Check =>
  (value, path) => {
    if (!isObject(value)) return `${path} is not an object`;
    for (const [key, each] of Object.entries(value)) {
      const wrong = item(each, `${path}.${key}`);
      if (wrong) return wrong;
    }
    return undefined;
  };

type Fields = Readonly<Record<string, Check>>;

export const object =
  (required: Fields, optional: Fields = {}): Check =>
  (value, path) => {
    if (!isObject(value)) return `${path} is not an object`;
    for (const key of Object.keys(required)) if (!Object.hasOwn(value, key)) return `${path}.${key} is missing`;
    for (const [key, each] of Object.entries(value)) {
      const check = (Object.hasOwn(required, key) && required[key]) || (Object.hasOwn(optional, key) && optional[key]);
      if (!check) return `${path}.${key} is not known`;
      const wrong = check(each, `${path}.${key}`);
      if (wrong) return wrong;
    }
    return undefined;
  };

/** The check that belongs to the value of one key. */
export const by =
  (key: string, cases: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    const kind = isObject(value) ? value[key] : undefined;
    const check = typeof kind === 'string' && Object.hasOwn(cases, kind) ? cases[kind] : undefined;
    return check ? check(value, path) : `${path}.${key} is none of ${Object.keys(cases).join(', ')}`;
  };
