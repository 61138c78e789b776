import type { Place } from '../state/view.ts';

/** What an action may change: nothing, one association, or something that takes access away. */
export type Danger = 0 | 1 | 2;

/** What the row under the cursor allows. */
export type RowFacts = {
  /** Gone from the model while the cursor was on it. */
  readonly ghost: boolean;
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
  /** State of the plan on screen. */
  readonly plan?: PlanPhase;
  /** The plan on screen is that of a run which is taken up again: it stays as it was approved. */
  readonly resumed?: boolean;
  /** The run on screen has left something: failed, held, skipped or unknown. */
  readonly left?: boolean;
};

/** A key's meaning as data: hints, help, the dispatcher and the tests all read this. */
export type ActionSpec = {
  readonly id: string;
  /** Normalised key names; the first one is shown. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly places: readonly Place[];
  readonly danger: Danger;
  /** Place in the hints of the header, lowest first; absent: only in help. */
  readonly hint?: number;
  /** States of the plan on screen in which it means something; absent: in all. */
  readonly phases?: readonly PlanPhase[];
  /** Why it cannot be used now; undefined: it can. */
  readonly disabledReason?: (context: ActionContext) => string | undefined;
};
