import { actions } from '../../plan/plan.ts';
import { planText } from '../../plan/text.ts';
import type { ActionStatus } from '../../run/event.ts';
import type { PlanSession } from '../state/plan-session.ts';
import { retireActions } from '../state/retirement.ts';
import type { RunProgress } from '../state/run-progress.ts';
import { plural } from '../text/numbers.ts';
import { clean } from '../text/sanitise.ts';

type Say = (line: string) => void;

/** Resolves when the session's state satisfies `holds`. */
const until = (session: PlanSession, holds: (phase: string) => boolean): Promise<void> =>
  new Promise(resolve => {
    let stop = () => {};
    const look = () => {
      if (!holds(session.get().phase)) return;
      stop();
      resolve();
    };
    stop = session.subscribe(look);
    look();
  });

/**
 * Waits for the plan, and says it.
 *
 * @returns what must be typed for it to be carried out; undefined: there is nothing to carry out
 */
export async function sayPlan(session: PlanSession, say: Say): Promise<string | undefined> {
  if (session.get().phase === 'planning') say('Reading the cluster afresh: a plan is made of facts read for it.');
  await until(session, phase => phase !== 'planning');
  const state = session.get();
  if (state.phase === 'unplanned') {
    say(`It could not be planned: ${clean(state.failure.message)}`);
    return undefined;
  }
  if (state.phase !== 'ready') return undefined;
  const { name } = session.cluster;
  const retired = retireActions(state.plan).length;
  const phrase = retired > 0 ? `retire ${retired}` : name;
  for (const line of planText(state.plan, { next: `type ${phrase}` })
    .trimEnd()
    .split('\n'))
    say(clean(line));
  if (state.run) say(`Of it ${state.run.ended - state.run.failed} of ${state.run.total} are done so far.`);
  return actions(state.plan.root).length > 0 ? phrase : undefined;
}

const troubles: Readonly<Partial<Record<ActionStatus, string>>> = {
  failed: 'Failed',
  held: 'Held',
  skipped: 'Not attempted',
  unknown: 'Not known',
};

/** Carries the plan out, and says how far it is at each tenth, what goes wrong when it does, and how it ended. */
export async function carryOut(session: PlanSession, concurrency: number, say: Say): Promise<void> {
  const state = session.get();
  if (state.phase !== 'ready') return;
  const titles = new Map(actions(state.plan.root).map(({ id, title }) => [id, clean(title)]));
  let tenths = 0;
  const said = new Set<string>();
  const tell = (run: RunProgress) => {
    for (const [id, { status, reason, paused }] of run.nodes) {
      const word = paused ? 'Paused' : troubles[status];
      if (!word || said.has(`${id} ${word}`)) continue;
      said.add(`${id} ${word}`);
      say(`${word}: ${titles.get(id) ?? id}${reason ? `: ${clean(reason)}` : ''}.`);
    }
    const now = run.total === 0 ? 10 : Math.floor((run.ended / run.total) * 10);
    if (now <= tenths) return;
    tenths = now;
    say(`${now * 10} %: ${run.ended} of ${plural(run.total, 'step')}.`);
  };
  const stop = session.subscribe(() => {
    const now = session.get();
    if (now.phase === 'running') tell(now.run);
  });
  say(`Run ${session.run} begins.`);
  await session.approve(concurrency);
  stop();
  const end = session.get();
  if (end.phase !== 'finished') return;
  tell(end.run);
  if (end.broken) say(`The run broke off: ${clean(end.broken.message)}. resume ${session.run} goes on with it.`);
}
