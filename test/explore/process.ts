import { Limiters } from '../../source/aws/limiters.ts';
import { openSession } from '../../source/aws/session.ts';
import { openKubernetes } from '../../source/kubernetes/open.ts';
import { makeWorkbench } from '../../source/read/make-workbench.ts';
import type { ClusterPorts } from '../../source/run/ports.ts';
import { adminToken } from '../../source/sandbox/cluster/access.ts';
import { handle } from '../../source/sandbox/handle.ts';
import type { ClusterRecord, SandboxRequest, SandboxResponse, World } from '../../source/sandbox/model.ts';
import { seededRandom } from '../../source/sandbox/random.ts';
import { type FaultKind, faultKinds, scriptFor } from './faults.ts';
import type { Guard } from './guard.ts';
import type { Journals } from './journals.ts';
import type { Timeline } from './timeline.ts';
import { awsHandler, connectionCut, kubernetesExchange, type Serve } from './wire.ts';

export const keys = { accessKeyId: 'AKIAEXPLOREEXPLORE01', secretAccessKey: 'explore' } as const;

/** Killed before a request leaves; after it took effect, with nobody to hear the answer; likewise, and the journal lost. */
export const requestKills = ['kill-before', 'kill-after', 'kill-forgotten'] as const;
/** Killed before a record of the journal is kept, or right after. */
export const recordKills = ['kill-unwritten', 'kill-written'] as const;

/** What happens to a process once, at a request of it or at a record that it journals. */
export type Mishap =
  /** `at`: number of the request. */
  | { readonly at: number; readonly what: FaultKind | (typeof requestKills)[number] }
  /** `at`: number of the record. */
  | { readonly at: number; readonly what: (typeof recordKills)[number] };

export const isRecordKill = (what: Mishap['what']): boolean => recordKills.some(each => each === what);
export const isKill = (what: Mishap['what']): boolean => what.startsWith('kill');

/** One request as it was sent. */
export type Sent = { readonly operation: string; readonly write: boolean };

export type Stage = { readonly world: World; readonly cluster: ClusterRecord };

/** One life of the program on a cluster: from its start to its end, or until it is killed. */
export type Process = {
  readonly ports: ClusterPorts;
  readonly workbench: ReturnType<typeof makeWorkbench>;
  readonly sent: readonly Sent[];
  /** Records it has journaled, or tried to. */
  readonly journaled: () => number;
  /** Resolves when the process is killed. */
  readonly killed: Promise<'killed'>;
  /** Ends it as SIGKILL does: nothing more is sent, and nobody hears an answer. */
  kill(): void;
};

export type ProcessOptions = {
  readonly seed: number;
  readonly journals: Journals;
  readonly mishap?: Mishap | undefined;
};

const forever = Number.MAX_SAFE_INTEGER;

/** Milliseconds of the longest way of a request to the server, or of its answer back. */
const longestWay = 40;

/** Starts the real adapters, planners and executor over the core of the sandbox. */
export async function startProcess(
  { world, cluster }: Stage,
  timeline: Timeline,
  guard: Guard,
  { seed, journals, mishap }: ProcessOptions,
): Promise<Process> {
  const clock = timeline.clock();
  const sent: Sent[] = [];
  /** Sent and not yet there. */
  const underWay = new Set<() => void>();
  const end = Promise.withResolvers<'killed'>();
  let dead = false;

  const kill = () => {
    if (dead) return;
    dead = true;
    clock.kill();
    // What has left does not know that nobody waits for it: some of it still arrives.
    const random = seededRandom(seed ^ 0x5eed);
    for (const arrive of underWay) if (random() < 0.5) arrive();
    end.resolve('killed');
  };

  const serve: Serve = async request => {
    if (dead) return never();
    const number = sent.length;
    const entry = { operation: '', write: false };
    sent.push(entry);
    const what = mishap?.at === number && !isRecordKill(mishap.what) ? mishap.what : undefined;
    if (what === 'kill-before') {
      kill();
      return never();
    }
    const random = seededRandom(seed * 7919 + number);
    let answer: SandboxResponse | undefined;
    const arrive = () => {
      underWay.delete(arrive);
      answer = answerOf(request, what);
      const logged = world.requests.at(-1);
      Object.assign(entry, { operation: `${logged?.service}:${logged?.operation}`, write: logged?.write ?? false });
    };
    underWay.add(arrive);
    await clock.sleep(Math.ceil(random() * longestWay));
    arrive();
    guard.look();
    if (what === 'kill-after' || what === 'kill-forgotten') {
      kill();
      if (what === 'kill-forgotten') journals.forgetNewest();
      return never();
    }
    await clock.sleep(Math.ceil(random() * longestWay));
    if (!answer || answer.disconnect) throw connectionCut();
    return answer;
  };

  const answerOf = (request: SandboxRequest, what: Mishap['what'] | undefined): SandboxResponse => {
    const kind = faultKinds.find(each => each === what);
    if (kind) world.faults.scripted.push(scriptFor(kind, request));
    return handle(world, request, timeline.now);
  };

  let journaled = 0;
  const store = journals.store(async keep => {
    if (dead) return never();
    const what = mishap?.at === journaled ? mishap.what : undefined;
    journaled += 1;
    if (what === 'kill-unwritten') {
      kill();
      return never();
    }
    keep();
    if (what === 'kill-written') {
      kill();
      return never();
    }
    await clock.sleep(1);
  });

  const { arn, name, account, region } = cluster;
  const ref = { partition: 'aws', account, region, arn, name };
  const session = await openSession({
    region,
    endpoint: 'http://127.0.0.1:1',
    clock,
    limiters: new Limiters(clock),
    profiles: new Map(),
    requestHandler: awsHandler(serve),
  });
  const kubernetes = openKubernetes({
    cluster: ref,
    access: {
      endpoint: 'https://127.0.0.1:1',
      token: async () => ({ token: adminToken(cluster), expiresAt: forever }),
    },
    clock,
    exchange: kubernetesExchange(arn, serve),
  });
  const ports = { ...session.ports, kubernetes };
  const sessions = [{ id: session.id, region, ...session.ports }];
  const journaling = { store, version: 'explored' };
  const workbench = makeWorkbench({ portsFor: async () => ports, sessions }, clock, undefined, journaling);
  return { ports, workbench, sent, journaled: () => journaled, killed: end.promise, kill };
}

/** An answer that nobody will ever hear. */
const never = (): Promise<never> => new Promise(() => {});
