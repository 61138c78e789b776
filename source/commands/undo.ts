import { carryOut, showPlan } from './carry-out.ts';
import { type Command, on, oneOf } from './command.ts';
import { connectionFlags, connectionUsage } from './connect.ts';
import { runOf } from './resume.ts';
import { withWorkbench } from './workbench.ts';

const usage = `podid-tui undo: the way back from a run

Usage
  podid-tui undo RUN             print the plan; nothing is written
  podid-tui undo RUN --approve   carry it out, as a run of its own

The plan is made of the run's journal and the world as it is now: OIDC trust and annotations back, associations deleted,
pods restarted, and last the trust in Pod Identity taken out. What others changed since is not overwritten. The agent stays.

Options
  --approve                carry the plan out
  --restart-workloads      restart pods that use Pod Identity; without it their service accounts are held
  -o, --output text|json
${connectionUsage}
Exit codes: 0 planned or done; 1 failed; 2 wrong usage; 3 partly: something failed, was skipped or is held.
`;

/** `podid-tui undo RUN`: plan, or carry out. */
export const undo: Command = {
  usage,
  mostWords: 1,
  flags: {
    ...connectionFlags,
    approve: { type: 'boolean' },
    'restart-workloads': { type: 'boolean' },
    output: { type: 'string', short: 'o' },
  },
  async run(values, context) {
    const run = runOf(values, 'undo');
    const output = oneOf(values, 'output', ['text', 'json'], 'text');
    return withWorkbench(values, context, async workbench => {
      const { signal } = context;
      const { plan } = await workbench.undo(run, { signal, restartWorkloads: on(values, 'restart-workloads') });
      return on(values, 'approve') ? carryOut(workbench, plan, output, context) : showPlan(plan, output, context);
    });
  },
};
