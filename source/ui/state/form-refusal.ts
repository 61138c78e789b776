import type { Failure } from '../../identity/reading.ts';
import type { FieldId } from './form-fields.ts';

/** What a role that is made can be refused for, by words of IAM and CloudFormation. */
const recipeWords: readonly (readonly [RegExp, FieldId])[] = [
  [/permissions? ?boundary/i, 'boundary'],
  [/role with name|rolename|already exists/i, 'roleName'],
  [/policy arn|policies per role|PoliciesPerRole|does not exist or is not attachable|attach/i, 'policies'],
  [/inline polic|policy document|policyname|malformed/i, 'inlinePolicy'],
];

/** What no other value in a field mends: it is for whoever gives rights, or for another try. */
const elsewhere: ReadonlySet<Failure['kind']> = new Set<Failure['kind']>([
  'denied',
  'no-credentials',
  'expired-credentials',
  'throttled',
  'unreachable',
  'server',
  'aborted',
]);

/**
 * The field that an API's refusal concerns, from its code and what its message names. Undefined: no field can mend it.
 *
 * @param made the role was to be made by a stack, so what the stack says concerns the fields of that role
 */
export function fieldOfFailure(failure: Failure, made = false): FieldId | undefined {
  const text = `${failure.code ?? ''} ${failure.message}`;
  if (made && /stack|cloudformation|iam:/i.test(`${text} ${failure.operation ?? ''}`))
    return recipeWords.find(([words]) => words.test(text))?.[1] ?? 'role';
  if (elsewhere.has(failure.kind)) return /iam:PassRole/.test(text) ? 'role' : undefined;
  if (failure.kind === 'exists' || /ResourceInUse/.test(text)) return 'serviceAccount';
  if (/target role/i.test(text)) return 'targetRole';
  if (/session polic|policy (document|is|exceeds|must)|disableSessionTags|packed polic/i.test(text)) {
    return /trust policy/i.test(text) ? 'role' : 'policy';
  }
  if (/\btags?\b/i.test(text) && !/session ?tags|TagSession/i.test(text)) return 'tags';
  if (/namespace/i.test(text)) return 'namespace';
  if (/cluster/i.test(text) && failure.kind === 'not-found') return 'cluster';
  return 'role';
}
