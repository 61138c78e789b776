import type { Place } from '../state/view.ts';

/**
 * What an action may lead to. 0: nothing changes. 1: something of this screen alone, or a plan. 2: one association made
 * or changed, after a review. 3: access taken away, or many things changed at once: a review and a typed phrase, where
 * it is more than one or in production.
 */
export type Danger = 0 | 1 | 2 | 3;

/** What an action needs to make sense; each has one sentence for when it is not there. */
export type Need =
  /** A row under the cursor that still exists. */
  | 'row'
  /** An association under the cursor that has been read. */
  | 'association'
  /** One that no add-on owns: EKS refuses, or reverts, direct edits of those. */
  | 'own-association'
  /** Changes are allowed in this sitting. */
  | 'write'
  /** A plan that is not a run taken up again. */
  | 'own-plan';

/** What the row under the cursor allows. */
export type RowFacts = {
  /** Not in the table any more, while the cursor is on its line. */
  readonly ghost: boolean;
  /** Of a ghost: it is still in the world, or was never in this table. */
  readonly elsewhere?: boolean;
  /** Undefined: not known yet. */
  readonly association: 'one' | 'none' | 'unread';
  /** The add-on that owns the association. */
  readonly owner?: string;
};

export type PlanPhase = 'planning' | 'unplanned' | 'ready' | 'empty' | 'running' | 'finished';

/** What decides whether an action can be used now. */
export type ActionContext = {
  readonly place: Place;
  /** The app is in the embedded world. */
  readonly sandbox: boolean;
  readonly row?: RowFacts;
  /** The table on screen is one whose cursor stays on a row that is followed. */
  readonly following?: boolean;
  /** The table is of all clusters. */
  readonly fleet?: boolean;
  /** State of the plan on screen. */
  readonly plan?: PlanPhase;
  /** The plan on screen is that of a run which is taken up again: it stays as it was approved. */
  readonly resumed?: boolean;
  /** The run on screen has left something: failed, held, skipped or unknown. */
  readonly left?: boolean;
  /** Why nothing may be changed in this sitting; absent: it may. */
  readonly readOnly?: string;
};

/** A key's meaning as data: hints, help, the dispatcher and the tests all read this. */
export type ActionSpec = {
  readonly id: string;
  /** Normalised key names; the first one is shown. */
  readonly keys: readonly string[];
  readonly label: string;
  /** Where it works. */
  readonly scope: readonly Place[];
  readonly danger: Danger;
  readonly needs?: readonly Need[];
  /** A held key may repeat it: of keys that arrive in one piece, only these are taken. */
  readonly repeats?: true;
  /** Place in the hints of the header, lowest first; absent: only in help. */
  readonly hint?: number;
  /** States of the plan on screen in which it means something; absent: in all. */
  readonly phases?: readonly PlanPhase[];
  /** Why it cannot be used now, beyond what it needs; undefined: it can. */
  readonly disabledReason?: (context: ActionContext) => string | undefined;
};
