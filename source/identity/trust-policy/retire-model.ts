import type { JsonNode } from '../json-text.ts';
import type { Subject } from '../scope.ts';
import type { TrustRemoval } from './edits.ts';

/** Whose trust shall go: one cluster's issuer, for service accounts that do not need it any more. */
export type IssuerTrust = {
  /** With or without `https://`. */
  readonly issuer: string;
  readonly partition: string;
  /** Account of the ROLE: its IAM holds the provider. */
  readonly account: string;
  readonly subjects: readonly Subject[];
  /** Every service account of the cluster; undefined: they could not be read. What a wildcard covers is told by them. */
  readonly serviceAccounts: readonly Subject[] | undefined;
  /** Also take out wildcards and statements without a subject, where all they cover is among `subjects`. */
  readonly retireWildcards: boolean;
};

/** Trust that an edit takes out. */
export type RemovedTrust = {
  /** Position in the document before, from 0. */
  readonly statement: number;
  /** The statement is gone; its provider is gone from it; or only values of its subject condition are. */
  readonly how: 'statement' | 'provider' | 'subjects';
  /** Subjects as written in the document; empty: the statement asked for none. */
  readonly subjects: readonly string[];
  /** One clause for people. */
  readonly says: string;
};

/** Trust in the issuer that still lets in some of the subjects, and why it cannot go. */
export type KeptTrust = {
  /** Position in the document before, from 0. */
  readonly statement: number;
  readonly why:
    | 'wildcard' // a pattern, see `pattern`, that may serve others now or later
    | 'any-subject' // no condition on the subject
    | 'condition' // a condition on the subject that cannot be narrowed exactly
    | 'everybody' // a principal that is not this provider alone: "*", NotPrincipal
    | 'not-action' // NotAction
    | 'unknown-key'; // a key that trust statements do not have
  /** One clause for people. */
  readonly reason: string;
  /** The subject as written, when one pattern is the cause. */
  readonly pattern?: string;
  /** Service accounts that it serves and that are not among the subjects, as far as they are known. */
  readonly others?: readonly Subject[];
};

export type IssuerRemoval = TrustRemoval & {
  readonly removed: readonly RemovedTrust[];
  readonly kept: readonly KeptTrust[];
};

/** What to take out of one statement. */
export type Cut = {
  readonly removed: RemovedTrust;
  /** For `how: 'subjects'`: the values in the text and which of them go. */
  readonly values?: { readonly node: JsonNode; readonly gone: ReadonlySet<number> };
};
