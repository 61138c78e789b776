import { entry, type JsonNode } from '../json-text.ts';
import { versionWithVariables } from './conditions.ts';
import type { TrustStatement } from './model.ts';

/** A value of a condition on the subject, by what it stands for. */
export type SubjectValue = {
  readonly text: string;
  /** One subject; subjects by `*` and `?`; or what a policy variable will say. */
  readonly form: 'name' | 'wildcard' | 'variable';
};

/** A condition on the subject of an issuer's tokens, with its place in the text. */
export type SubjectCondition = {
  readonly operator: string;
  readonly key: string;
  /**
   * `exact`: met by the listed subjects alone, so a value can be taken out. `excluding`: it lists who is not meant, or
   * asks only whether there is a subject. `inexact`: neither, or not for certain.
   */
  readonly kind: 'exact' | 'excluding' | 'inexact';
  readonly values: readonly SubjectValue[];
  /** The value: text or a list. */
  readonly node: JsonNode;
};

/**
 * The conditions of a statement on `{issuer}:sub`, keys in any letter case. A token has one subject, so `ForAnyValue:`
 * says nothing more; `IfExists` and `ForAllValues:` are also met without one (IAM User Guide, "Set operators for
 * multivalued context keys", "IfExists condition operators").
 */
export function subjectConditions(
  { conditions }: TrustStatement,
  statement: JsonNode,
  issuer: string,
  version: string | undefined,
): readonly SubjectCondition[] {
  const wanted = `${issuer}:sub`.toLowerCase();
  const block = entry(statement, 'Condition');
  const ours = conditions.filter(({ key }) => key.toLowerCase() === wanted);
  return ours.flatMap(({ operator, key, values }) => {
    const under = block && entry(block, operator);
    const node = under && entry(under, key);
    if (!node) return [];
    // The same key under the same operator twice, told apart by letter case: how IAM reads that is nowhere said.
    const twice = ours.filter(other => other.operator.toLowerCase() === operator.toLowerCase()).length > 1;
    const kind = twice ? 'inexact' : kindOf(operator);
    return [{ operator, key, kind, values: values.map(text => subjectValue(text, operator, version)), node }];
  });
}

const kinds: Readonly<Record<string, SubjectCondition['kind']>> = {
  stringequals: 'exact',
  stringlike: 'exact',
  stringnotequals: 'excluding',
  stringnotlike: 'excluding',
  stringnotequalsignorecase: 'excluding',
  null: 'excluding',
};

const kindOf = (operator: string): SubjectCondition['kind'] =>
  kinds[operator.toLowerCase().replace(/^foranyvalue:/, '')] ?? 'inexact';

function subjectValue(text: string, operator: string, version: string | undefined): SubjectValue {
  if (version === versionWithVariables && text.includes('${')) return { text, form: 'variable' };
  return { text, form: /like$/i.test(operator) && /[*?]/.test(text) ? 'wildcard' : 'name' };
}
