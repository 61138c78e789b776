import { type NodeStatus, type Outcome, resultJson, type Statuses } from '../plan/json.ts';
import { planMarkdown } from '../plan/markdown.ts';
import { actions, type Plan } from '../plan/plan.ts';
import { planText } from '../plan/text.ts';
import { newRunId } from '../read/make-workbench.ts';
import type { Workbench } from '../read/workbench.ts';
import type { RunEvent, RunResult } from '../run/event.ts';
import type { CommandContext, ExitCode } from './command.ts';
import { jsonText } from './json-text.ts';
import { progressLine, resultText } from './progress-text.ts';

export type OutputFormat = 'text' | 'json' | 'markdown';

type ShowOptions = {
  /** Say by the exit code that there is something to do. */
  readonly changes?: boolean;
  /** How the plan would be carried out, where that is not by --approve. */
  readonly next?: string;
};

/**
 * Prints a plan that is not to be carried out. 3 when something was held back or left out, else 0; with `changes`, 4
 * when there is anything to do.
 */
export function showPlan(
  plan: Plan,
  output: OutputFormat,
  { stdout }: CommandContext,
  { changes = false, next }: ShowOptions = {},
): ExitCode {
  stdout.write(shown(plan, output, next));
  if (changes && actions(plan.root).length > 0) return 4;
  return incomplete(plan) ? 3 : 0;
}

function shown(plan: Plan, output: OutputFormat, next: string | undefined): string {
  if (output === 'json') return jsonText(resultJson(plan));
  return output === 'markdown' ? planMarkdown(plan) : planText(plan, next === undefined ? {} : { next });
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
  if (output !== 'json') context.stdout.write(planText(plan, { approved: true }));
  if (actions(plan.root).length === 0) {
    if (output === 'json') context.stdout.write(jsonText(resultJson(plan)));
    return incomplete(plan) ? 3 : 0;
  }
  const run = newRunId(context.clock);
  return conclude(
    workbench.run(plan, { ...signalsOf(context), runId: run }),
    { run, plan, journaled: Boolean(workbench.resume) },
    output,
    context,
  );
}

export const signalsOf = ({ signal, stopNow }: CommandContext) => ({ signal, ...(stopNow ? { stopNow } : {}) });

/** Follows a run to its end and prints what came of it, with the way on where it is not complete. */
export async function conclude(
  events: AsyncIterable<RunEvent>,
  { run, plan, journaled }: { readonly run: string; readonly plan: Plan; readonly journaled: boolean },
  output: OutputFormat,
  { stdout, stderr }: CommandContext,
): Promise<ExitCode> {
  const say = (line: string) => stderr.write(`${line}\n`);
  if (journaled) say(`run ${run}`);
  const { result, statuses } = await follow(events, plan, say);
  const code = exitCode(plan, result, statuses);
  if (output === 'json') stdout.write(jsonText(resultJson(plan, outcomeOf(run, result), statuses)));
  else stdout.write(`\n${resultText(plan, result, statuses)}`);
  if (journaled) say(isWhole(result) ? `journal: podid-tui runs show ${run}` : `to go on: podid-tui resume ${run}`);
  return code;
}

const isWhole = ({ failed, skipped, held, unknown = [] }: RunResult): boolean =>
  failed.length + skipped.length + held.length + unknown.length === 0;

/** What is unknown counts as failed for programs: it needs somebody to look. */
const outcomeOf = (run: string, { writes, done, failed, skipped, held, unknown = [] }: RunResult): Outcome => ({
  run,
  writes,
  done,
  failed: [...failed, ...unknown],
  skipped,
  held,
});

async function follow(
  events: AsyncIterable<RunEvent>,
  plan: Plan,
  say: (line: string) => unknown,
): Promise<{ readonly result: RunResult; readonly statuses: ReadonlyMap<string, NodeStatus> }> {
  const statuses = new Map<string, NodeStatus>();
  const nodes = actions(plan.root);
  const titles = new Map(nodes.map(node => [node.id, node.title]));
  const cleanUps = new Map(nodes.map(node => [node.id, node.onlyIfFails]));
  /** A clean-up is left out where there is nothing to clean up: that is no news. */
  const isUnneeded = (event: RunEvent) => {
    const of = event.type === 'skipped' ? cleanUps.get(event.id) : undefined;
    return of !== undefined && statuses.get(of) !== 'failed';
  };
  for await (const event of events) {
    if (event.type === 'finished') return { result: event.result, statuses };
    if (event.type === 'started') statuses.set(event.id, 'running');
    else if (event.type === 'done') statuses.set(event.id, event.outcome);
    else if (isEnd(event)) statuses.set(event.id, event.type);
    const line = isUnneeded(event) ? undefined : progressLine(event, titles);
    if (line) say(line);
  }
  throw new Error('the run ended without a result');
}

type EndEvent = Extract<RunEvent, { type: 'failed' | 'skipped' | 'held' | 'unknown' }>;

const isEnd = (event: RunEvent): event is EndEvent =>
  event.type === 'failed' || event.type === 'skipped' || event.type === 'held' || event.type === 'unknown';

/** What was left out because the user said so is no shortfall. */
const incomplete = ({ held, skipped }: Plan): boolean => held.length > 0 || skipped.some(({ chosen }) => !chosen);

function exitCode(plan: Plan, result: RunResult, statuses: Statuses): ExitCode {
  if (isWhole(result)) return incomplete(plan) ? 3 : 0;
  return result.done > takenBack(plan, statuses) || result.held.length > 0 ? 3 : 1;
}

/** How many of the actions that are done leave nothing: clean-ups, and the stacks that these took away again. */
function takenBack(plan: Plan, statuses: Statuses): number {
  const done = actions(plan.root).filter(({ id }) => ['done', 'already'].includes(statuses.get(id) ?? ''));
  const removed = new Set(
    done.flatMap(({ onlyIfFails, action }) =>
      onlyIfFails !== undefined && action.type === 'delete-role-stack' ? [action.request.StackName] : [],
    ),
  );
  const gone = done.filter(
    ({ onlyIfFails, action }) =>
      onlyIfFails !== undefined || (action.type === 'create-role-stack' && removed.has(action.request.StackName)),
  );
  return gone.length;
}
