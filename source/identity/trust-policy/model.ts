import type { JsonNode } from '../json-text.ts';

/** Who a statement is about. `any`: `"*"` or `{"AWS": "*"}`, which IAM takes as the same. */
export type Principals = {
  /** NotPrincipal: everybody but these. */
  readonly negated: boolean;
  readonly any: boolean;
  readonly service: readonly string[];
  readonly aws: readonly string[];
  readonly federated: readonly string[];
  readonly canonicalUser: readonly string[];
};

export type Actions = {
  /** NotAction: every action but these. */
  readonly negated: boolean;
  /** As written; `*` and `?` are wildcards, letter case does not matter. */
  readonly patterns: readonly string[];
};

/** One key under one operator; the values are alternatives. */
export type Condition = {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  /** As written; condition keys are compared without regard to letter case. */
  readonly key: string;
  readonly values: readonly string[];
};

export type TrustStatement = {
  /** Position in the document, from 0. */
  readonly index: number;
  /** Exactly as it stands in the document. */
  readonly text: string;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals: Principals;
  readonly actions: Actions;
  readonly conditions: readonly Condition[];
  /** Keys that a trust statement does not have by the grammar we know: what they mean is not checked. */
  readonly unknownKeys: readonly string[];
};

/** A role's trust policy: what it says, and the text that says it. Edits are made in the text. */
export type TrustPolicy = {
  readonly text: string;
  readonly version?: string;
  readonly id?: string;
  readonly statements: readonly TrustStatement[];
  /** The `Statement` value in the text: a list, or a single object. */
  readonly statementNode: JsonNode;
};

export const podIdentityService = 'pods.eks.amazonaws.com';

export const podIdentityActions = ['sts:AssumeRole', 'sts:TagSession'] as const;
