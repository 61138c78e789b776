import type { Failure } from '../identity/reading.ts';
import type { RequestNote } from './ports.ts';

/** How far an action has come: the word that the JSON answer uses too. */
export type { NodeStatus as ActionStatus } from '../plan/json.ts';

/** What came of a plan that was carried out. */
export type RunResult = {
  /** Actions that wrote something. */
  readonly writes: number;
  /** Actions that are now as planned, whether this run wrote them or found them so. */
  readonly done: number;
  readonly failed: readonly { readonly id: string; readonly subject: string; readonly reason: string }[];
  /** Not attempted because something they need failed, or because the run was stopped. */
  readonly skipped: readonly { readonly id: string; readonly subject: string; readonly reason: string }[];
  /** A gate was not passed, or waits behind one that was not. */
  readonly held: readonly { readonly id: string; readonly subject: string; readonly reason: string }[];
  /** In flight when the run was stopped at once: resume tells what became of them. Absent: none. */
  readonly unknown?: readonly { readonly id: string; readonly subject: string; readonly reason: string }[];
  readonly milliseconds: number;
};

/** What a run tells while it goes; the app and the commands read the same stream. `at`: ms since the epoch. */
export type RunEvent =
  | { readonly type: 'started'; readonly at: number; readonly id: string }
  /** Still on it: waiting for propagation, a stack, an add-on, or after throttling. */
  | {
      readonly type: 'waiting';
      readonly at: number;
      readonly id: string;
      readonly attempt: number;
      readonly reason: string;
    }
  | {
      readonly type: 'done';
      readonly at: number;
      readonly id: string;
      /** `already`: the world was as wanted, nothing was written. */
      readonly outcome: 'done' | 'already';
      readonly outputs: Readonly<Record<string, string>>;
    }
  | { readonly type: 'failed'; readonly at: number; readonly id: string; readonly failure: Failure }
  | { readonly type: 'skipped'; readonly at: number; readonly id: string; readonly reason: string }
  | { readonly type: 'held'; readonly at: number; readonly id: string; readonly reason: string }
  /** Stopped at once: whether it took effect is not known; resume settles it. */
  | { readonly type: 'unknown'; readonly at: number; readonly id: string }
  /** Credentials ran out: the branches of this account wait and go on by themselves when they are back. */
  | { readonly type: 'paused'; readonly at: number; readonly id: string; readonly reason: string }
  | { readonly type: 'request'; readonly at: number; readonly note: RequestNote }
  | { readonly type: 'finished'; readonly at: number; readonly result: RunResult };
