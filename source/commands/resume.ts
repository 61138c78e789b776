import { beginOf, isComplete } from '../run/resume.ts';
import { conclude, signalsOf } from './carry-out.ts';
import { type Command, oneOf, UsageError, type Values } from './command.ts';
import { connectionFlags, connectionUsage } from './connect.ts';
import { withWorkbench } from './workbench.ts';

const usage = `podid-tui resume: go on with a run that was cut short

Usage
  podid-tui resume RUN

Goes on with the plan that was approved, and never plans anew: what is done is not repeated, what was in flight is looked
up, what failed or was held is tried again. Refused with credentials of another account or another endpoint.

Options
  -o, --output text|json
${connectionUsage}
Exit codes: 0 done, or nothing left to do; 1 failed; 2 wrong usage; 3 partly: something failed or is held.
`;

/** `podid-tui resume RUN`. */
export const resume: Command = {
  usage,
  mostWords: 1,
  flags: { ...connectionFlags, output: { type: 'string', short: 'o' } },
  async run(values, context) {
    const run = runOf(values, 'resume');
    const output = oneOf(values, 'output', ['text', 'json'], 'text');
    return withWorkbench(values, context, async workbench => {
      const content = await workbench.journals.read(run);
      const { plan } = beginOf(content);
      if (isComplete(content)) context.stderr.write(`run ${run} is complete: nothing is left to do\n`);
      const events = workbench.resume(run, signalsOf(context));
      return conclude(events, { run, plan, journaled: true }, output, context);
    });
  },
};

/** The one word of a command that is about a run. @throws UsageError */
export function runOf(values: Values, command: string): string {
  const [run] = values.words ?? [];
  if (run === undefined) throw new UsageError(`${command} needs the id of a run; podid-tui runs lists them`);
  return run;
}
