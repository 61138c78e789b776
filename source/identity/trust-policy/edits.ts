import { ok, type Result } from '../result.ts';
import { sameDocument } from './compare.ts';
import type { RequestContext } from './conditions.ts';
import { cuts, spliced, statementNodes } from './cut.ts';
import { podIdentityActions, podIdentityService, type TrustPolicy } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { admitsPods, type PodIdentityScope, type ScopeConditions, scopeParts } from './pod-scope.ts';
import { append } from './render.ts';

export type TrustEdit = { readonly text: string; readonly changed: boolean };

/** `remaining`: statements left. With none the document is not valid IAM, and IAM would refuse it. */
export type TrustRemoval = TrustEdit & { readonly remaining: number };

/** What an addition has put into a document, so that it can be found and taken out again. */
export type AddedStatements = {
  /** JSON texts of the statements. */
  readonly statements: readonly string[];
  /** The document had a single statement, which the addition made a list of. */
  readonly madeList: boolean;
};

const everybody: PodIdentityScope = { kind: 'none' };

/**
 * Lets EKS Pod Identity assume the role and tag its sessions (statement: EKS User Guide, "EKS Pod Identity role"),
 * for everything in `scope`. Only what no statement allows for the whole scope yet is added, so that doing it again
 * changes nothing. All other bytes stay as they are. Refused when the document cannot be understood.
 * `actions`: fewer than both where a statement with conditions gives the other, so that it is not widened.
 */
export function addPodIdentityStatement(
  document: string,
  actions: readonly string[] = podIdentityActions,
  scope: PodIdentityScope = everybody,
): Result<TrustEdit> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const allowedFor = (context: RequestContext) => (action: string) => admitsPods(policy.value, action, context);
  const parts = scopeParts(scope, context => actions.every(allowedFor(context)));
  const statements = parts.map(({ conditions, contexts }) => {
    const missing = actions.filter(action => !contexts.every(context => allowedFor(context)(action)));
    return podIdentityStatement(missing, conditions);
  });
  return ok({ text: append(policy.value, statements), changed: statements.length > 0 });
}

/** Whether EKS Pod Identity is let in for every cluster, namespace and service account alike. */
export const trustsAllPods = (policy: TrustPolicy): boolean => trustsPodsIn(policy, everybody);

/** Whether EKS Pod Identity is let in for everything in the scope, Deny statements apart. */
export const trustsPodsIn = (policy: TrustPolicy, scope: PodIdentityScope): boolean =>
  scopeParts(scope, context => podIdentityActions.every(action => admitsPods(policy, action, context))).length === 0;

const podIdentityStatement = (actions: readonly string[], conditions: ScopeConditions) => ({
  Effect: 'Allow',
  Principal: { Service: podIdentityService },
  Action: actions.length === 1 ? actions[0] : actions,
  ...(Object.keys(conditions).length > 0 && { Condition: { StringEquals: conditions } }),
});

/** The statements of `after` that `before` does not have: what an addition between the two has put in. */
export function addedStatements(before: string, after: string): Result<AddedStatements> {
  const [old, young] = [parseTrustPolicy(before), parseTrustPolicy(after)];
  if (!old.ok) return old;
  if (!young.ok) return young;
  const left = old.value.statements.map(({ text }) => text);
  const statements = young.value.statements.flatMap(({ text }) => {
    const at = left.findIndex(each => sameDocument(each, text));
    if (at < 0) return [text];
    left.splice(at, 1);
    return [];
  });
  const isList = ({ statementNode }: TrustPolicy) => statementNode.kind === 'array';
  return ok({ statements, madeList: !isList(old.value) && isList(young.value) });
}

/**
 * Takes out what an addition has put in, from a document that may have changed otherwise since: of each statement one
 * that is equal (order of keys and white space apart), the last of several. One that is not there is no error. After
 * nothing but the addition, the document is again what it was, byte for byte.
 */
export function removePodIdentityStatement(document: string, added: AddedStatements): Result<TrustRemoval> {
  const policy = parseTrustPolicy(document);
  if (!policy.ok) return policy;
  const { statements, statementNode } = policy.value;
  const gone = new Set<number>();
  for (const ours of added.statements) {
    const at = statements.findLastIndex(({ text, index }) => !gone.has(index) && sameDocument(text, ours));
    if (at >= 0) gone.add(at);
  }
  const remaining = statements.length - gone.size;
  if (gone.size === 0) return ok({ text: document, changed: false, remaining });
  const [kept] = statements.filter(({ index }) => !gone.has(index));
  if (statementNode.kind !== 'array' || (added.madeList && remaining === 1)) {
    const replacement = kept?.text ?? '[]';
    return ok({ text: spliced(document, [{ ...statementNode, replacement }]), changed: true, remaining });
  }
  const text = spliced(
    document,
    cuts(statementNodes(policy.value), index => gone.has(index)),
  );
  return ok({ text, changed: true, remaining });
}
