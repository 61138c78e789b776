import type { Pod } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { VerifyPods } from '../../plan/action.ts';
import { HeldError, kubernetesOf, type Outputs, type PerformContext } from './context.ts';
import { isBornWith, isLive, mechanismText, podNames, refuseBornWithNeither } from './pods.ts';

/** Pods that were told to end are waited for this long: they still use what they were born with. */
const patience = 5 * 60_000;
const every = 3_000;

/** Looks at what the running pods were born with; throws `HeldError` with what is missing. Changes nothing. */
export async function verifyPods(action: VerifyPods, context: PerformContext): Promise<Outputs> {
  const { clock, call } = context;
  const { namespace, serviceAccount } = action.target;
  const kubernetes = kubernetesOf(context);
  const began = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    const pods = await kubernetes.podsOf(namespace, serviceAccount, call);
    refuseBornWithNeither(pods, action.wants, context.plannedAt);
    const obstacle = missing(pods, action);
    if (obstacle !== undefined) throw new HeldError(obstacle);
    const ending = pods.filter(pod => pod.terminating && !isBornWith(pod, action.wants));
    if (ending.length === 0) return {};
    const reason = `${podNames(ending)} of ${subjectText(action.target)} is still ending with the old credentials`;
    if (clock.now() - began >= patience) throw new HeldError(reason);
    context.waiting(attempt, reason);
    await clock.sleep(every);
  }
}

function missing(pods: readonly Pod[], { target, wants }: VerifyPods): string | undefined {
  const live = pods.filter(isLive);
  const subject = subjectText(target);
  if (!live.some(({ phase }) => phase === 'Running'))
    return `no pod of ${subject} runs, so nothing shows that ${mechanismText(wants)} works: resume while one runs`;
  const old = live.filter(pod => !isBornWith(pod, wants));
  if (old.length === 0) return undefined;
  const how = `${old.length} of ${live.length} pods of ${subject} were not born with ${mechanismText(wants)}`;
  return `${how} (${podNames(old)}): re-create them, then resume`;
}
