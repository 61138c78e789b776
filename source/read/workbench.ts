/**
 * What the commands and the app do beyond looking: make a plan from facts read for it, and carry it out.
 * The implementation is `makeWorkbench` in this folder; screens see only this interface.
 */
import type { Owner } from '../identity/facts.ts';
import type { ClusterRef } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanRequest } from '../plan/request.ts';
import type { RunEvent } from '../run/event.ts';
import type { JournalStore } from '../run/journal.ts';
import type { RolePolicy } from '../run/ports.ts';

export type { RolePolicy } from '../run/ports.ts';

/** Progress of reading, for a screen: what is being read and how much of it is there. */
export type ReadProgress = { readonly what: string; readonly done: number; readonly of?: number };

export type PlanOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
  /** By role ARN: owners that are known from elsewhere, e.g. a Terraform state. */
  readonly roleOwners?: ReadonlyMap<string, Owner>;
};

export interface Workbench {
  /** Reads a fresh snapshot of the cluster for the request, and plans. Throws `PortError` when nothing can be read. */
  plan(
    cluster: ClusterRef,
    request: PlanRequest,
    options?: PlanOptions,
  ): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }>;
  /**
   * Carries out an approved plan; the last event is `finished`. `signal` stops it after what is in flight.
   * Ending the iteration early does not stop the run: abort the signal for that. Throws `PortError` before the first
   * event when there is no way to the cluster.
   */
  run(plan: Plan, options?: CarryOutOptions & { readonly runId?: string }): AsyncIterable<RunEvent>;
  /**
   * Takes a run up again where its journal ends; never plans anew. Events as of `run`. Throws `PortError` before the first
   * one: no such run, another account or endpoint, a run that somebody else carries out. Absent where nothing is journaled.
   */
  resume?(run: string, options?: CarryOutOptions): AsyncIterable<RunEvent>;
  /**
   * Plans the way back from a run, of its journal and facts read for it; the plan is carried out by `run`, as a run of its
   * own. Throws `PortError` when there is no such run or no way to its cluster. Absent where nothing is journaled.
   */
  undo?(
    run: string,
    options?: Pick<PlanOptions, 'signal' | 'onProgress'> & { readonly restartWorkloads?: boolean },
  ): Promise<{ readonly plan: Plan; readonly snapshot: Snapshot }>;
  /**
   * Managed policies that a role in the cluster's account can have, a page at a time: the account's own, then those of AWS.
   * Throws `PortError`. Absent where they cannot be listed.
   */
  managedPolicies?(
    cluster: ClusterRef,
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<readonly ManagedPolicy[]>;
  /**
   * Permission policies of a role of the cluster's account, each with its document, as they are read. Throws `PortError`.
   * Absent where they cannot be read.
   */
  rolePolicies?(
    cluster: ClusterRef,
    roleName: string,
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterable<RolePolicy>;
  /** The runs of this user in this world. Absent where nothing is journaled. */
  readonly journals?: Pick<JournalStore, 'list' | 'read'>;
}

/** A workbench whose runs are written down. */
export type JournalingWorkbench = Workbench & Required<Pick<Workbench, 'resume' | 'undo' | 'journals'>>;

export type ManagedPolicy = { readonly arn: string; readonly name: string };

export type CarryOutOptions = {
  /** Starts nothing new; what is in flight is finished. */
  readonly signal?: AbortSignal;
  /** Ends at once: what is in flight is told as unknown, and resume settles it. */
  readonly stopNow?: AbortSignal;
  /** How many actions run at once; absent: as many as the executor thinks right. */
  readonly concurrency?: number;
};
