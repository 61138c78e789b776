import { type NodeStatus, resultJson } from '../plan/json.ts';
import { actions, type Plan, type Remark } from '../plan/plan.ts';
import { planText } from '../plan/text.ts';
import { newRunId } from '../read/make-workbench.ts';
import type { Workbench } from '../read/workbench.ts';
import type { RunEvent, RunResult } from '../run/event.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { jsonText } from './json-text.ts';
import { progressLine, resultText } from './progress-text.ts';

export type OutputFormat = 'text' | 'json';

/** Prints a plan that is not to be carried out. 3 when something was held back or left out, else 0. */
export function showPlan(plan: Plan, output: OutputFormat, { stdout }: CommandContext): ExitCode {
  stdout.write(output === 'json' ? jsonText(resultJson(plan)) : planText(plan));
  return incomplete(plan) ? 3 : 0;
}

/**
 * Carries out an approved plan, with its progress on stderr and its result on stdout. 0 when all is as planned, 1 when
 * nothing could be done, 3 when something failed, was left out or held back.
 */
export async function carryOut(
  workbench: Workbench,
  plan: Plan,
  output: OutputFormat,
  context: CommandContext,
): Promise<ExitCode> {
  if (output === 'text') context.stdout.write(planText(plan, { approved: true }));
  if (actions(plan.root).length === 0) {
    if (output === 'json') context.stdout.write(jsonText(resultJson(plan)));
    return incomplete(plan) ? 3 : 0;
  }
  const run = newRunId(context.clock);
  const { result, statuses } = await follow(workbench.run(plan, { signal: context.signal, runId: run }), plan, line =>
    context.stderr.write(`${line}\n`),
  );
  if (output === 'json') context.stdout.write(jsonText(resultJson(plan, { run, ...result }, statuses)));
  else context.stdout.write(`\n${resultText(plan, result)}`);
  return exitCode(plan, result);
}

async function follow(
  events: AsyncIterable<RunEvent>,
  plan: Plan,
  say: (line: string) => unknown,
): Promise<{ readonly result: RunResult; readonly statuses: ReadonlyMap<string, NodeStatus> }> {
  const statuses = new Map<string, NodeStatus>();
  const titles = new Map(actions(plan.root).map(node => [node.id, node.title]));
  for await (const event of events) {
    if (event.type === 'finished') return { result: event.result, statuses };
    if (event.type === 'started') statuses.set(event.id, 'running');
    else if (event.type === 'done') statuses.set(event.id, event.outcome);
    else if (event.type === 'failed' || event.type === 'skipped') statuses.set(event.id, event.type);
    const line = progressLine(event, titles);
    if (line) say(line);
  }
  throw new Error('the run ended without a result');
}

const incomplete = (plan: Plan): boolean => plan.held.length > 0 || plan.skipped.length > 0;

function exitCode(plan: Plan, { done, failed, skipped }: RunResult): ExitCode {
  const wrong: readonly Remark[] = [...failed, ...skipped];
  if (wrong.length === 0) return incomplete(plan) ? 3 : 0;
  return done === 0 ? 1 : 3;
}
