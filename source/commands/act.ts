import type { Plan } from '../plan/plan.ts';
import type { PlanRequest } from '../plan/request.ts';
import { carryOut, showPlan } from './carry-out.ts';
import {
  type Command,
  type CommandContext,
  duration,
  type ExitCode,
  type Flags,
  on,
  oneOf,
  refuse,
  text,
  type Values,
} from './command.ts';
import { configFlags, incompatibleWithFile } from './config-file.ts';
import { connectionFlags, connectionUsage } from './connect.ts';
import type { Said } from './flags/association.ts';
import { nounProblems, takesNoun } from './noun.ts';
import { withTimeout } from './timeout.ts';
import { readyCluster } from './wait-for-cluster.ts';
import { withWorkbench } from './workbench.ts';

/** What one file asks for, and of which cluster. */
export type FileOrder = { readonly clusterName: string; readonly region: string; readonly request: PlanRequest };

/** A command that writes associations, as far as it differs from the others. */
export type ActingCommand = {
  readonly name: 'create' | 'update' | 'delete' | 'apply';
  readonly usage: string;
  /** Flags that say what a file says. */
  readonly asked: Flags;
  /** Flags besides. */
  readonly also?: Flags;
  /** What is wrong with the flags besides, whether or not there is a file. */
  readonly problems?: (values: Values) => readonly string[];
  fromFlags(values: Values): Promise<Said<PlanRequest>>;
  /** Only where `--config-file` is set. @throws UsageError */
  fromFile(values: Values, context: CommandContext): Promise<FileOrder>;
};

const place = { cluster: { type: 'string', short: 'c' } } as const satisfies Flags;

export const actUsage = `  -c, --cluster NAME|ARN      the cluster
  -f, --config-file FILE|-    eksctl ClusterConfig, in place of the flags above, --cluster and --region
  --dry-run                   print the plan; nothing is written
  --approve                   also what goes beyond what was named; without it such a plan is printed only (exit 3)
  --wait-for-cluster          wait until the cluster is there and ACTIVE
  --timeout 25m               give up after this long
  -o, --output text|json
  --sandbox                   on the embedded AWS and Kubernetes; takes the options of podid-tui sandbox
${connectionUsage}`;

export const actExits = `Exit codes: 0 done, planned or nothing to do; 1 failed; 2 wrong usage; 3 partly: something failed, was skipped or is held, or
needs --approve.
`;

/** A command that makes a plan of its flags or its file and carries it out at once, as eksctl does. */
export function acting(command: ActingCommand): Command {
  return {
    usage: command.usage,
    ...takesNoun,
    flags: {
      ...connectionFlags,
      ...place,
      ...configFlags,
      ...command.asked,
      ...command.also,
      'dry-run': { type: 'boolean' },
      approve: { type: 'boolean' },
      'wait-for-cluster': { type: 'boolean' },
      timeout: { type: 'string' },
      output: { type: 'string', short: 'o' },
    },
    run: (values, context) =>
      withTimeout(context, duration(values, 'timeout'), async bounded => {
        const output = oneOf(values, 'output', ['text', 'json'], 'text');
        const order = await orderOf(command, values, bounded);
        return act(order, values, output, bounded);
      }),
  };
}

type Order = { readonly cluster: string; readonly region?: string; readonly request: PlanRequest };

async function orderOf(command: ActingCommand, values: Values, context: CommandContext): Promise<Order> {
  const problems = [...nounProblems(values, command.name), ...(command.problems?.(values) ?? [])];
  if (text(values, 'config-file') !== undefined) {
    const stray = incompatibleWithFile(values, { ...place, region: connectionFlags.region, ...command.asked });
    refuse([...problems, ...stray]);
    const { clusterName, region, request } = await command.fromFile(values, context);
    return { cluster: clusterName, region, request };
  }
  const cluster = text(values, 'cluster');
  const said = await command.fromFlags(values);
  refuse([...problems, ...(cluster === undefined ? ['--cluster must be set'] : []), ...(said.ok ? [] : said.problems)]);
  if (!said.ok || cluster === undefined) throw new Error('what is wrong with the flags was refused');
  return { cluster, request: said.value };
}

function act(order: Order, values: Values, output: 'text' | 'json', context: CommandContext): Promise<ExitCode> {
  const where = order.region === undefined ? values : { ...values, region: [order.region] };
  const waiting = { wait: on(values, 'wait-for-cluster'), bounded: text(values, 'timeout') !== undefined };
  return withWorkbench(where, context, async (workbench, world) => {
    const cluster = await readyCluster(world, order.cluster, context, waiting);
    const { plan } = await workbench.plan(cluster, order.request, { signal: context.signal });
    const unapproved = goesBeyond(plan) && !on(values, 'approve');
    if (on(values, 'dry-run')) {
      const next = `run again without --dry-run${unapproved ? ' and with --approve' : ''}`;
      return showPlan(plan, output, context, { next });
    }
    if (unapproved) {
      showPlan(plan, output, context);
      context.stderr.write('This goes beyond what was named, so nothing was done: --approve does it.\n');
      return 3;
    }
    return carryOut(workbench, plan, output, context);
  });
}

const goesBeyond = ({ beyond = [] }: Plan): boolean => beyond.length > 0;
