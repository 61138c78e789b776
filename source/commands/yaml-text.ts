import { Document, Scalar, visit } from 'yaml';
import { escapeUnsafe, isUnsafe } from './json-text.ts';

/** A value as YAML that is safe to show; text that could drive a terminal is quoted, with such characters as escapes. */
export function yamlText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && isUnsafe(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).split('\n').map(escapeUnsafe).join('\n');
}
