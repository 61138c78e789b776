import { ok, type Result, refused } from '../result.ts';
import { sameDocument } from './compare.ts';
import { cuts, spliced, statementNodes } from './cut.ts';
import type { TrustEdit, TrustRemoval } from './edits.ts';
import type { TrustPolicy } from './model.ts';
import { parseTrustPolicy } from './parse.ts';
import { appendTexts } from './render.ts';

/** What an addition has put into a document, so that it can be found and taken out again. */
export type AddedStatements = {
  /** JSON texts of the statements. */
  readonly statements: readonly string[];
  /** The document had a single statement, which the addition made a list of. */
  readonly madeList: boolean;
};

/** The statements of `after` that `before` does not have: what an addition between the two has put in. */
export function addedStatements(before: string, after: string): Result<AddedStatements> {
  const [old, young] = [parseTrustPolicy(before), parseTrustPolicy(after)];
  if (!old.ok) return old;
  return young.ok ? ok(addedBetween(old.value, young.value)) : young;
}

function addedBetween(old: TrustPolicy, young: TrustPolicy): AddedStatements {
  const isList = ({ statementNode }: TrustPolicy) => statementNode.kind === 'array';
  return { statements: without(textsOf(young), textsOf(old)), madeList: !isList(old) && isList(young) };
}

const textsOf = ({ statements }: TrustPolicy): readonly string[] => statements.map(({ text }) => text);

/** The texts but for one that is equal to each of `others`. */
function without(texts: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return texts.filter(text => {
    const at = left.findIndex(each => sameDocument(each, text));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
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

/**
 * Takes one edit back, `before` to `after`, from a document that others may have changed since: what the edit took out
 * or narrowed is there again as it was, what it added is gone, and what others did stays. From `after`, however it is
 * written, it gives `before`, byte for byte. Refused where others changed the very statements that the edit had narrowed.
 */
export function takeBackEdit(document: string, before: string, after: string): Result<TrustEdit> {
  if (sameDocument(document, before)) return ok({ text: document, changed: false });
  if (sameDocument(document, after)) return ok({ text: before, changed: true });
  const [live, old, young] = [parseTrustPolicy(document), parseTrustPolicy(before), parseTrustPolicy(after)];
  if (!live.ok) return live;
  if (!old.ok) return old;
  if (!young.ok) return young;
  const added = addedBetween(old.value, young.value);
  const lost = without(textsOf(old.value), textsOf(young.value));
  const missing = without(lost, textsOf(live.value));
  const isThere = without(added.statements, textsOf(live.value)).length === 0;
  if (missing.length > 0 && !isThere)
    return refused('a statement that the edit had changed was changed by somebody else since');
  const removed = removePodIdentityStatement(document, added);
  const rest = removed.ok ? parseTrustPolicy(removed.value.text) : removed;
  if (!rest.ok) return rest;
  const text = appendTexts(rest.value, missing);
  return ok({ text, changed: text !== document });
}
