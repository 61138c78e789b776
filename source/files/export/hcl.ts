/** A quoted text in Terraform's language (Terraform documentation, "Strings and Templates": escape sequences). */
export function hclText(text: string): string {
  const escaped = text
    .replaceAll(/["\\]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, sign => `\\u${hex(sign)}`)
    .replaceAll(/[$%](?=\{)/g, '$&$&');
  return `"${escaped}"`;
}

const hex = (sign: string): string => sign.charCodeAt(0).toString(16).padStart(4, '0');

/** Lines `name = value` with their signs of equality in one column, as `terraform fmt` writes them. */
export function hclArguments(pairs: readonly (readonly [name: string, value: string])[], indent: string): string[] {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}
