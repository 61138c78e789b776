import { actions, type Plan } from '../../plan/plan.ts';
import { planText } from '../../plan/text.ts';
import type { ActionStatus } from '../../run/event.ts';
import { reviewLines } from '../screens/review/lines.ts';
import { lineText } from '../state/lines.ts';
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

/** Commands whose plan is told as on the review screen; the others, as their command tells it. */
const reviewed: ReadonlySet<string> = new Set(['create', 'update', 'delete', 'apply']);

/** Lines that nothing folds: a screen reader, or a terminal, does that by itself. */
const unfolded = 100_000;

const planLines = (plan: Plan, phrase: string): readonly string[] =>
  reviewed.has(plan.command)
    ? reviewLines(plan, unfolded).map(line => lineText(line).replace(' <esc> leads back.', '').trimEnd())
    : planText(plan, { next: `type ${phrase}` })
        .trimEnd()
        .split('\n');

/**
 * Waits for the plan, and says it.
 *
 * @param usual what must be typed, unless the plan takes the old way away; asked once the plan is there
 * @returns what must be typed for it to be carried out; undefined: there is nothing to carry out
 */
export async function sayPlan(session: PlanSession, usual: () => string, say: Say): Promise<string | undefined> {
  if (session.get().phase === 'planning') say('Reading the cluster afresh: a plan is made of facts read for it.');
  await until(session, phase => phase !== 'planning');
  const state = session.get();
  if (state.phase === 'unplanned') {
    say(`It could not be planned: ${clean(state.failure.message)}`);
    return undefined;
  }
  if (state.phase !== 'ready') return undefined;
  const retired = retireActions(state.plan).length;
  const phrase = retired > 0 ? `retire ${retired}` : usual();
  for (const line of planLines(state.plan, phrase)) say(clean(line));
  if (state.run) say(`Of it ${state.run.ended - state.run.failed} of ${state.run.total} are done so far.`);
  return actions(state.plan.root).length > 0 ? phrase : undefined;
}

const troubles: Readonly<Partial<Record<ActionStatus, string>>> = {
  failed: 'Failed',
  held: 'Held',
  skipped: 'Not attempted',
  unknown: 'Not known',
};

/**
 * Carries the plan out, and says how far it is at each tenth, what goes wrong when it does, and how it ended.
 *
 * @returns how a command would end: 0 all is done, 3 not all, 1 nothing
 */
export async function carryOut(session: PlanSession, concurrency: number, say: Say): Promise<0 | 1 | 3> {
  const state = session.get();
  if (state.phase !== 'ready') return 1;
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
  if (end.phase !== 'finished') return 1;
  tell(end.run);
  if (end.broken) say(`The run broke off: ${clean(end.broken.message)}. resume ${session.run} goes on with it.`);
  const { result } = end.run;
  if (end.broken || !result) return 1;
  const left = [result.failed, result.held, result.skipped, result.unknown ?? []].some(list => list.length > 0);
  if (!left) return end.plan.held.length > 0 || end.plan.skipped.some(({ chosen }) => !chosen) ? 3 : 0;
  return result.done > 0 || result.held.length > 0 ? 3 : 1;
}
