/** Answers of the query protocol (Smithy documentation, "AWS query protocol"). */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** An element; a list becomes `member` elements, what is undefined is left out. */
export function element(name: string, value: XmlValue): string {
  if (value === undefined) {
    return '';
  }
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: XmlValue): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value !== 'object') {
    return escapeText(String(value));
  }
  if (isList(value)) {
    return value.map(each => element('member', each)).join('');
  }
  return Object.entries(value)
    .map(([name, each]) => element(name, each))
    .join('');
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escapeText(text: string): string {
  return text.replaceAll(/[<>&"\u0000-\u0008\u000b-\u001f\u007f]/gu, each => `&#x${each.charCodeAt(0).toString(16)};`);
}

/** ISO 8601 with seconds, as IAM, STS and CloudFormation write times. */
export function xmlTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
