/**
 * What a run did, durably: record 0 is the approved plan, then for each action the state before its write, then what
 * came of it. Appended, flushed to disk and checksummed line by line, so that a torn tail is recognised and everything
 * before it counts. Never holds a secret: plans and documents only.
 */

import type { Failure } from '../identity/reading.ts';
import type { ClusterRef } from '../identity/scope.ts';
import type { Plan } from '../plan/plan.ts';

/** Where a run took place; resume and undo refuse another account or endpoint. */
export type RunPlace = {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly cluster: ClusterRef;
  /** Custom endpoint of EKS, when there is one: the sandbox is not the account of the same number. */
  readonly endpoint?: string;
};

export type JournalRecord =
  | {
      readonly type: 'begin';
      readonly at: number;
      readonly run: string;
      readonly version: string;
      readonly caller?: string;
      readonly place: RunPlace;
      readonly plan: Plan;
      /** sha256 of the plan's canonical JSON, hex. */
      readonly planHash: string;
    }
  /** A later sitting takes the run up again. */
  | { readonly type: 'resume'; readonly at: number; readonly caller?: string }
  /**
   * Written and flushed before the first write of an action is sent; once for an action, however often its write is tried
   * and in however many sittings: the first prior state is what undo goes back to.
   */
  | {
      readonly type: 'before';
      readonly at: number;
      readonly id: string;
      /** Idempotency token sent with the request. */
      readonly token: string;
      readonly prior: PriorState;
    }
  | {
      readonly type: 'after';
      readonly at: number;
      readonly id: string;
      readonly outcome: 'done' | 'already' | 'failed' | 'skipped' | 'held';
      readonly outputs?: Readonly<Record<string, string>>;
      readonly failure?: Failure;
      readonly requestIds?: readonly string[];
    }
  /** `outline`: what the run has come to, so that a list need not read what is before. */
  | { readonly type: 'end'; readonly at: number; readonly stopped: boolean; readonly outline?: RunOutline };

/** A run in numbers. */
export type RunOutline = {
  /** All that was approved is done. */
  readonly complete: boolean;
  /** It restarts workloads: its way back does, too. */
  readonly restarts: boolean;
  readonly done: number;
  /** Clean-ups that were not called for do not count. */
  readonly of: number;
  readonly failed: number;
  readonly held: number;
  /** Begun, and nothing tells how they ended. */
  readonly unknown: number;
};

/** The exact state before a write, as received: what undo sends back. */
export type PriorState =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'trust'; readonly roleArn: string; readonly document: string }
  | {
      readonly kind: 'stack';
      readonly stackName: string;
      readonly roleArn: string;
      readonly document: string;
      readonly template: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly capabilities: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
    }
  /** A stack that makes a role, with its template as submitted, before it is updated or deleted. */
  | {
      readonly kind: 'role-stack';
      readonly stack: import('../identity/facts.ts').RoleStack;
      readonly template: string;
    }
  /** Null: not there, so that what is there afterwards was made by the run. */
  | { readonly kind: 'service-account'; readonly found: import('../identity/facts.ts').ServiceAccount | null }
  | { readonly kind: 'association'; readonly described: import('../identity/facts.ts').Association | null }
  | {
      readonly kind: 'annotations';
      readonly resourceVersion: string;
      readonly annotations: Readonly<Record<string, string | null>>;
    }
  | { readonly kind: 'workload'; readonly restartedAt: string | null };

/** Where an executor writes; each call resolves when the record is on disk. */
export interface JournalWriter {
  append(record: JournalRecord): Promise<void>;
  close(): Promise<void>;
}

/** A journal as read back. */
export type JournalContent = {
  readonly run: string;
  readonly records: readonly JournalRecord[];
  /** The last line was cut short or does not match its checksum; it was left out. */
  readonly torn: boolean;
};

/** A run as a list shows it. */
export type RunGlance = {
  readonly run: string;
  /** Milliseconds since the epoch at which it began. */
  readonly at: number;
  readonly place: RunPlace;
  readonly command: Plan['command'];
  readonly caller?: string;
  /** `running`: a process that lives, or one of another host, has its lock: see `holder`. */
  readonly state: 'running' | 'complete' | 'incomplete' | 'interrupted';
  readonly holder?: { readonly pid: number; readonly host: string; readonly since: number };
  readonly torn: boolean;
  /** Absent: its journal just ends, and is too long to be read for a list. */
  readonly outline?: RunOutline;
};

export type UnreadableRun = { readonly run: string; readonly unreadable: string };

/** All runs of this user on this machine, and the locks that keep two runs off one cluster. */
export interface JournalStore {
  /** Takes the lock of the cluster and of the run id; throws `PortError` `conflict` naming who has it. */
  create(begin: Extract<JournalRecord, { type: 'begin' }>): Promise<JournalWriter>;
  reopen(run: string): Promise<{ readonly content: JournalContent; readonly writer: JournalWriter }>;
  read(run: string): Promise<JournalContent>;
  /**
   * Newest first, by a glance at each; unreadable ones are listed by name with their reason, never dropped. What is in the
   * middle of a journal is not looked at.
   */
  list(): Promise<readonly (RunGlance | UnreadableRun)[]>;
}
