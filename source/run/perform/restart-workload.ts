import type { Pod } from '../../identity/facts.ts';
import type { RestartWorkload } from '../../plan/action.ts';
import type { Workload } from '../ports.ts';
import { failure, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';
import { belongsTo, isBornWith, isLive, mechanismText, podNames, refuseBornWithNeither } from './pods.ts';

/** Re-creates a workload's pods, one or all, and looks at what the new ones were born with. */
export async function restartWorkload(action: RestartWorkload, context: PerformContext): Promise<Outputs> {
  if (action.scope === 'one-pod') await restartOne(action, context);
  else await rollOut(action, context);
  return {};
}

/** An association is not seen at once by everything in EKS (EKS User Guide): so often is a pod re-created once more. */
const tries = 3;
const betweenTries = 10_000;

async function restartOne(action: RestartWorkload, context: PerformContext): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const born = await replaceOne(action, context);
    if (!born || isBornWith(born, action.wants)) return;
    const reason = `pod ${born.name} was born with ${born.mechanism} instead of ${mechanismText(action.wants)}`;
    if (attempt >= tries) throw failure('invalid', `${reason}, ${tries} times`);
    context.waiting(attempt, reason);
    await context.clock.sleep(betweenTries);
  }
}

/** Deletes a pod of the old way and gives the pod that took its place; undefined when there is none to delete. */
async function replaceOne(action: RestartWorkload, context: PerformContext): Promise<Pod | undefined> {
  const { namespace } = action.target;
  const kubernetes = kubernetesOf(context);
  const { name } = action.workload;
  let victim: Pod | undefined;
  const present = new Set<string>();
  return converge<Pod | undefined>(context, {
    look: async wrote => {
      const pods = await podsOfWorkload(action, context);
      const proof = pods.find(pod => isBornWith(pod, action.wants));
      const born = wrote ? (pods.find(({ uid }) => !present.has(uid)) ?? proof) : proof;
      if (born) return born.ready ? asWanted(born) : busy(`pod ${born.name} is not ready yet`);
      if (wrote) return toDo;
      [victim] = pods;
      if (!victim) return asWanted(undefined);
      for (const { uid } of pods) present.add(uid);
      return toDo;
    },
    prior: () => ({ kind: 'nothing' }),
    write: async () => {
      if (victim) await orAbsent(kubernetes.deletePod(namespace, victim.name, victim.uid, context.call));
    },
    settling: `no pod has taken the place of the deleted one of ${name} yet`,
    every: 2_000,
    atMost: 10 * 60_000,
  });
}

async function rollOut(action: RestartWorkload, context: PerformContext): Promise<void> {
  const { kind, name } = action.workload;
  const { namespace } = action.target;
  const kubernetes = kubernetesOf(context);
  // The same for the same plan: a run that is taken up again sees that it was there already.
  const restartedAt = new Date(context.plannedAt).toISOString();
  let seen: Workload | undefined;
  await converge(context, {
    look: async () => {
      seen = await kubernetes.getWorkload(kind, namespace, name, context.call);
      return compare(seen, await podsOfWorkload(action, context), action, restartedAt);
    },
    prior: () => ({ kind: 'workload', restartedAt: seen?.restartedAt ?? null }),
    write: async () => {
      await kubernetes.restartWorkload(kind, namespace, name, restartedAt, context.call);
    },
    settling: `${kind} ${name} does not show that it is restarted yet`,
    every: 2_000,
    atMost: 30 * 60_000,
  });
}

function compare(
  workload: Workload,
  pods: readonly Pod[],
  { wants }: RestartWorkload,
  restartedAt: string,
): Look<undefined> {
  const { kind, name, desired } = workload;
  const old = pods.filter(pod => !isBornWith(pod, wants));
  const through = isThrough(workload);
  if (old.length === 0 && (through || desired === 0)) return asWanted(undefined);
  if (workload.restartedAt === restartedAt) {
    if (!through) return busy(progress(workload));
    throw failure('invalid', `${kind} ${name} is restarted, but ${podNames(old)} has no ${mechanismText(wants)}`);
  }
  if (workload.paused)
    throw failure('invalid', `${kind} ${name} is paused: resume its roll-outs, then resume this run`);
  if (workload.onDelete)
    throw failure(
      'invalid',
      `${kind} ${name} replaces pods only when they are deleted (OnDelete): delete them by hand`,
    );
  return toDo;
}

/** As `kubectl rollout status` tells it. */
const isThrough = ({ generation, observedGeneration, desired, total, updated, ready }: Workload): boolean =>
  observedGeneration >= generation && updated >= desired && total <= updated && ready >= desired;

const progress = ({ kind, name, desired, updated, ready }: Workload): string =>
  `${kind} ${name} is being restarted: ${Math.min(updated, desired)} of ${desired} pods new, ${ready} ready`;

/** The workload's live pods under the service account, by name. Throws for one that was born without any identity. */
async function podsOfWorkload(action: RestartWorkload, context: PerformContext): Promise<readonly Pod[]> {
  const { namespace, serviceAccount } = action.target;
  const all = await kubernetesOf(context).podsOf(namespace, serviceAccount, context.call);
  const own = all.filter(pod => belongsTo(pod, action.workload));
  refuseBornWithNeither(own, action.wants, context.plannedAt);
  return own.filter(isLive).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
