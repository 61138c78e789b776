import { Limiters } from '../../source/aws/limiters.ts';
import { openSession } from '../../source/aws/session.ts';
import { openKubernetes } from '../../source/kubernetes/open.ts';
import { makeWorkbench } from '../../source/read/make-workbench.ts';
import type { Workbench } from '../../source/read/workbench.ts';
import type { Guard } from './guard.ts';
import { Line, type LineOptions } from './line.ts';
import type { Stage } from './stage.ts';
import type { Timeline } from './timeline.ts';
import { awsHandler, kubernetesExchange } from './wire.ts';

/** One life of the program on a cluster: from its start to its end, or until it is killed. */
export type Process = { readonly workbench: Workbench; readonly line: Line };

/** Starts the real adapters, planners and executor over the core of the sandbox. */
export async function startProcess(
  stage: Stage,
  timeline: Timeline,
  guard: Guard,
  options: LineOptions,
): Promise<Process> {
  const line = new Line(stage, timeline, guard, options);
  const { clock } = line;
  const { arn, name, account, region } = stage.cluster;
  const session = await openSession({
    region,
    endpoint: 'http://127.0.0.1:1',
    clock,
    limiters: new Limiters(clock),
    profiles: new Map(),
    requestHandler: awsHandler(line.serve),
  });
  const kubernetes = openKubernetes({
    cluster: { partition: 'aws', account, region, arn, name },
    access: { endpoint: 'https://127.0.0.1:1', token: line.token },
    clock,
    exchange: kubernetesExchange(arn, line.serve),
  });
  const world = {
    portsFor: async () => ({ ...session.ports, kubernetes }),
    sessions: [{ id: session.id, region, known: () => ({}), ...session.ports }],
  };
  const journaling = { store: options.journals.store(line.append), version: 'explored' };
  return { workbench: makeWorkbench(world, clock, undefined, journaling), line };
}
