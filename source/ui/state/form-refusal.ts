import type { Failure } from '../../identity/reading.ts';
import type { FieldId } from './form.ts';

/** The field that an API's refusal concerns, from its code and what its message names. */
export function fieldOfFailure(failure: Failure): FieldId {
  const text = `${failure.code ?? ''} ${failure.message}`;
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
