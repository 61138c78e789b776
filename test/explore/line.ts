import { adminToken } from '../../source/sandbox/cluster/access.ts';
import { handle } from '../../source/sandbox/handle.ts';
import type { SandboxRequest, SandboxResponse } from '../../source/sandbox/model.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { faultKinds, scriptFor } from './faults.ts';
import type { Guard } from './guard.ts';
import type { Journals } from './journals.ts';
import { isRecordKill, type Mishap } from './mishap.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';
import { connectionCut } from './wire.ts';

/** One request as it was sent. */
export type Sent = { readonly operation: string; readonly write: boolean };

export type LineOptions = {
  readonly seed: number;
  readonly journals: Journals;
  readonly mishap?: Mishap | undefined;
};

/** Milliseconds of the longest way of a request to the server, or of its answer back. */
const longestWay = 40;

/**
 * All that goes out of one process: its requests to the core of the sandbox and its records to the journal, each with
 * its number, so that something can happen at any of them. A process that is killed sends nothing more and hears nothing
 * more.
 */
export class Line {
  readonly sent: Sent[] = [];
  readonly clock: ReturnType<Timeline['clock']>;
  /** Resolves when the process is killed. */
  readonly killed: Promise<'killed'>;
  readonly #stage: Stage;
  readonly #timeline: Timeline;
  readonly #guard: Guard;
  readonly #options: LineOptions;
  readonly #end = Promise.withResolvers<'killed'>();
  /** Sent and not yet there. */
  readonly #underWay = new Set<() => void>();
  #dead = false;
  #records = 0;

  constructor(stage: Stage, timeline: Timeline, guard: Guard, options: LineOptions) {
    this.#stage = stage;
    this.#timeline = timeline;
    this.#guard = guard;
    this.#options = options;
    this.clock = timeline.clock();
    this.killed = this.#end.promise;
  }

  /** Records that the process has journaled, or tried to. */
  get records(): number {
    return this.#records;
  }

  /** The token that opens the cluster. */
  readonly token = async () => ({ token: adminToken(this.#stage.cluster), expiresAt: Number.MAX_SAFE_INTEGER });

  /** Ends the process as SIGKILL does. */
  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.clock.kill();
    // What has left does not know that nobody waits for it: some of it still arrives.
    const random = seededRandom(this.#options.seed ^ 0x5eed);
    for (const arrive of this.#underWay) if (random() < 0.5) arrive();
    this.#end.resolve('killed');
  }

  /** Sends a request there and back, which takes a while each way; or what the mishap makes of it. */
  readonly serve = async (request: SandboxRequest): Promise<SandboxResponse> => {
    if (this.#dead) return never();
    const { mishap, seed } = this.#options;
    const number = this.sent.length;
    const entry = { operation: '', write: false };
    this.sent.push(entry);
    const what = mishap?.at === number && !isRecordKill(mishap.what) ? mishap.what : undefined;
    if (what === 'kill-before') return this.#killed();
    const random = seededRandom(seed * 7919 + number);
    const way = () => this.clock.sleep(Math.ceil(random() * longestWay));
    let answer: SandboxResponse | undefined;
    const arrive = () => {
      this.#underWay.delete(arrive);
      answer = this.#answer(request, what);
      const logged = this.#stage.world.requests.at(-1);
      Object.assign(entry, { operation: `${logged?.service}:${logged?.operation}`, write: logged?.write ?? false });
    };
    this.#underWay.add(arrive);
    await way();
    arrive();
    this.#guard.look();
    if (what === 'kill-forgotten') this.#options.journals.forgetNewest();
    if (what === 'kill-after' || what === 'kill-forgotten') return this.#killed();
    await way();
    if (!answer || answer.disconnect) throw connectionCut();
    return answer;
  };

  /** Has a record of the journal kept, which takes a moment too. */
  readonly append = async (keep: () => void): Promise<void> => {
    if (this.#dead) return never();
    const { mishap } = this.#options;
    const what = mishap?.at === this.#records ? mishap.what : undefined;
    this.#records += 1;
    if (what === 'kill-unwritten') return this.#killed();
    keep();
    if (what === 'kill-written') return this.#killed();
    await this.clock.sleep(1);
  };

  #answer(request: SandboxRequest, what: Mishap['what'] | undefined): SandboxResponse {
    const { world } = this.#stage;
    const kind = faultKinds.find(each => each === what);
    if (kind) world.faults.scripted.push(scriptFor(kind, request));
    return handle(world, request, this.#timeline.now);
  }

  #killed(): Promise<never> {
    this.kill();
    return never();
  }
}

/** An answer that nobody will ever hear. */
const never = (): Promise<never> => new Promise(() => {});
