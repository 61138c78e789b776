import { type Case, type Outcome, type Problem, runCase, type Scenario } from './case.ts';
import type { Sent } from './line.ts';
import { isRecordKill } from './mishap.ts';

/** One case that did not go as it should. */
export type Finding = { readonly case: Case; readonly problem: Problem };

/**
 * Runs a scenario with one mishap and holds it to the undisturbed course: the same requests until the mishap, the same
 * state in the end.
 */
export async function exploreCase(
  scenario: Scenario,
  mishap: NonNullable<Case['mishap']>,
  course: Pick<Outcome, 'sent' | 'state'>,
): Promise<Finding | undefined> {
  const spec: Case = { ...scenario, mishap };
  const outcome = await runCase(spec, course.state);
  const problem = outcome.problem ?? strayed(course.sent, outcome.sent, isRecordKill(mishap.what) ? 0 : mishap.at);
  return problem && { case: spec, problem };
}

/** A case that takes another course before anything happened to it was not the case that it is called. */
function strayed(course: readonly Sent[], sent: readonly Sent[], until: number): Problem | undefined {
  if (sent.length <= until) return { kind: 'defect', what: `request ${until} was never sent` };
  const at = sent.findIndex((each, index) => index < until && differs(each, course[index]));
  if (at === -1) return undefined;
  return {
    kind: 'defect',
    what: `request ${at} was ${sent[at]?.operation} in place of ${course[at]?.operation}: the case is not repeatable`,
  };
}

/** A request that never arrived has no operation. */
const differs = (one: Sent, other: Sent | undefined): boolean =>
  one.operation !== '' && other?.operation !== '' && one.operation !== other?.operation;
