import { actions } from '../../plan/plan.ts';
import { restoredTrust } from '../../plan/undo/restored.ts';
import type { RunSummary } from '../../run/summary.ts';
import type { SessionState } from '../state/plan-session.ts';
import { plural } from '../text/numbers.ts';
import type { App } from './app.ts';

/** `; 6 of 6 trust policies equal their former selves`, of a run that has been taken back; empty where it changed none. */
export async function trustRestoredText(app: App, run: string, state: SessionState): Promise<string> {
  if (state.phase !== 'finished') return '';
  const summary = await app.runs.show(run);
  const before = new Map(summary ? trustBefore(summary) : []);
  const done = actions(state.plan.root).filter(({ id }) => {
    const status = state.run.nodes.get(id)?.status;
    return status === 'done' || status === 'already';
  });
  const { equal, of } = restoredTrust(before, done);
  return of === 0
    ? ''
    : `; ${equal} of ${plural(of, 'trust policy', 'trust policies')} ${equal === 1 ? 'equals its former self' : 'equal their former selves'}`;
}

/** By role ARN: its trust policy before the first edit that the run really made. */
function trustBefore({ actions: records }: RunSummary): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const { prior, outcome } of records) {
    if (outcome !== 'done' || (prior?.kind !== 'trust' && prior?.kind !== 'stack')) continue;
    if (!found.has(prior.roleArn)) found.set(prior.roleArn, prior.document);
  }
  return [...found];
}
