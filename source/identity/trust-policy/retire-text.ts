import { entry, type JsonNode, type JsonObject } from '../json-text.ts';
import { cuts, entrySpans, type Splice, spliced, statementNodes } from './cut.ts';
import type { TrustPolicy } from './model.ts';
import { separator } from './render.ts';
import type { Cut } from './retire-model.ts';

/** The cuts as splices of the document. */
export function documentSplices(policy: TrustPolicy, found: readonly Cut[], provider: string): readonly Splice[] {
  const nodes = statementNodes(policy);
  const gone = new Set(
    found.filter(({ removed }) => removed.how === 'statement').map(({ removed }) => removed.statement),
  );
  const inside = found.flatMap(cut => {
    const node = nodes[cut.removed.statement];
    return node?.kind === 'object' ? statementSplices(policy, node, cut, provider) : [];
  });
  const { statementNode } = policy;
  if (statementNode.kind === 'array') return [...inside, ...cuts(nodes, index => gone.has(index))];
  return gone.size > 0 ? [{ start: statementNode.start, end: statementNode.end, replacement: '[]' }] : inside;
}

function statementSplices(policy: TrustPolicy, node: JsonObject, cut: Cut, provider: string): readonly Splice[] {
  if (cut.removed.how === 'provider') return withoutFederated(node, value => value === provider);
  if (cut.removed.how !== 'subjects' || !cut.values) return [];
  const { node: list, gone } = cut.values;
  const narrowed = list.kind === 'array' ? cuts(list.items, index => gone.has(index)) : [];
  return sharesIssuer(node, provider) ? split(policy, node, narrowed, provider) : narrowed;
}

/**
 * The condition key `{issuer}:sub` belongs to the issuer, not to the account of its provider. With the same issuer's
 * provider of another account beside ours, the condition speaks for both, so narrowing it would narrow both.
 */
function sharesIssuer(node: JsonObject, provider: string): boolean {
  const issuerOf = (arn: string) => arn.slice(arn.indexOf(':oidc-provider/')).toLowerCase();
  return federated(node).some(value => value !== provider && issuerOf(value) === issuerOf(provider));
}

/** The statement without our provider, and a copy of it for our provider alone, narrowed. Sids are unique: one keeps it. */
function split(
  policy: TrustPolicy,
  node: JsonObject,
  narrowed: readonly Splice[],
  provider: string,
): readonly Splice[] {
  const { text, statementNode } = policy;
  const own = onlyFederated(node, provider);
  const sid = cuts(entrySpans(node), index => node.entries[index]?.key === 'Sid');
  const copy = within(text, node, [...own, ...narrowed, ...sid]);
  const rest = withoutFederated(node, value => value === provider);
  if (statementNode.kind === 'array') {
    const between = separator(text, statementNode, node);
    return [...rest, { start: node.end, end: node.end, replacement: `,${between}${copy}` }];
  }
  return [{ start: node.start, end: node.end, replacement: `[${within(text, node, rest)},${copy}]` }];
}

const within = (text: string, { start, end }: JsonNode, splices: readonly Splice[]): string =>
  spliced(
    text.slice(start, end),
    splices.map(each => ({ ...each, start: each.start - start, end: each.end - start })),
  );

function principalOf(node: JsonObject): JsonObject | undefined {
  const principal = entry(node, 'Principal');
  return principal?.kind === 'object' ? principal : undefined;
}

function federatedNodes(node: JsonObject): readonly JsonNode[] {
  const principal = principalOf(node);
  const value = principal && entry(principal, 'Federated');
  if (!value) return [];
  return value.kind === 'array' ? value.items : [value];
}

const textOf = (node: JsonNode): string => (node.kind === 'string' ? node.value : '');

const federated = (node: JsonObject): readonly string[] => federatedNodes(node).map(textOf);

/** Takes providers out of a statement; the kind goes with its last one. */
function withoutFederated(node: JsonObject, isGone: (provider: string) => boolean): readonly Splice[] {
  const nodes = federatedNodes(node);
  const principal = principalOf(node);
  if (!principal || !nodes.some(each => isGone(textOf(each)))) return [];
  if (nodes.every(each => isGone(textOf(each)))) return cutKinds(principal, key => key === 'Federated');
  return cuts(nodes, index => {
    const each = nodes[index];
    return each !== undefined && isGone(textOf(each));
  });
}

/** Leaves our provider as the only principal. */
function onlyFederated(node: JsonObject, provider: string): readonly Splice[] {
  const principal = principalOf(node);
  return principal
    ? [...withoutFederated(node, value => value !== provider), ...cutKinds(principal, key => key !== 'Federated')]
    : [];
}

const cutKinds = (principal: JsonObject, isCut: (key: string) => boolean): readonly Splice[] =>
  cuts(entrySpans(principal), index => {
    const key = principal.entries[index]?.key;
    return key !== undefined && isCut(key);
  });
