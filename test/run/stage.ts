import type { Action } from '../../source/plan/action.ts';
import { actionNode, noFindings, planOf, root, type Seed } from '../../source/plan/nodes.ts';
import type { ActionNode, Plan } from '../../source/plan/plan.ts';
import type { RunEvent, RunResult } from '../../source/run/event.ts';
import type { Faults } from '../../source/sandbox/model.ts';
import {
  addAccount,
  addAddon,
  addCaller,
  addCluster,
  advance,
  createWorld,
  podIdentityTrust,
} from '../../source/sandbox/world.ts';
import type { Site } from '../../source/sandbox/worlds/site.ts';
import { Guard } from '../explore/guard.ts';
import { Journals } from '../explore/journals.ts';
import type { Mishap } from '../explore/mishap.ts';
import { startProcess } from '../explore/process.ts';
import { keys } from '../explore/stage.ts';
import { Timeline } from '../explore/timeline.ts';

const start = Date.UTC(2026, 0, 15, 12);

type Draft = Action extends infer Each ? (Each extends Action ? Omit<Each, DraftLess> : never) : never;
type DraftLess = 'account' | 'region' | 'cluster' | 'command';

export type Ran = { readonly events: readonly RunEvent[]; readonly result: RunResult | undefined };

/** A cluster in the sandbox's core, and runs on it through the real adapters, on a clock of their own. */
export class RunStage {
  readonly site: Site;
  readonly timeline = new Timeline(start);
  readonly journals = new Journals();
  readonly #guard: Guard;
  #lives = 0;

  constructor(furnish: (site: Site) => void = () => {}, faults: Partial<Omit<Faults, 'scripted'>> = {}) {
    const world = createWorld({ name: 'run', seed: 11, now: start, faults });
    const account = addAccount(world, { id: '111122223333' });
    addCaller(world, account, { name: 'runner', ...keys });
    const cluster = addCluster(world, account, { name: 'prod', region: 'eu-west-1' });
    addAddon(world, cluster, { name: 'eks-pod-identity-agent' });
    this.site = { world, account, cluster };
    furnish(this.site);
    advance(world, start);
    this.#guard = new Guard(world);
    this.timeline.onPass = now => this.#guard.pass(now);
  }

  /** An action of a plan on this cluster. */
  node(seed: Omit<Seed, 'title'>, draft: Draft): ActionNode {
    const { account, region, arn } = this.site.cluster;
    const whole = { ...draft, account, region, cluster: arn } as Parameters<typeof actionNode>[1];
    return actionNode({ title: seed.id, ...seed }, whole);
  }

  plan(...nodes: readonly ActionNode[]): Plan {
    const { account, region, arn, name } = this.site.cluster;
    const cluster = { partition: 'aws', account, region, arn, name };
    const made = {
      command: 'apply',
      cluster,
      readAt: this.timeline.now,
      root: root('sequence', 'test', nodes),
    } as const;
    return planOf(made, noFindings());
  }

  /** Carries a plan out, or, given a run's name, takes it up again. A run that is killed has no result. */
  async run(what: Plan | string, runId = 'run-1', mishap?: Mishap): Promise<Ran> {
    this.#lives += 1;
    const options = { seed: this.#lives, journals: this.journals, mishap };
    const { workbench, line } = await startProcess(this.site, this.timeline, this.#guard, options);
    const events: RunEvent[] = [];
    const carryOut = async () => {
      const run = typeof what === 'string' ? workbench.resume?.(what) : workbench.run(what, { runId });
      for await (const event of run ?? []) events.push(event);
    };
    await this.timeline.drive(Promise.race([carryOut(), line.killed]));
    line.kill();
    const last = events.at(-1);
    return { events, result: last?.type === 'finished' ? last.result : undefined };
  }

  /** Fails the next `times` requests of an operation, e.g. `cloudformation:CreateStack`. */
  fail(operation: string, fault: Omit<Faults['scripted'][number], 'operation' | 'times'>, times = 1): void {
    this.site.world.faults.scripted.push({ operation, times, ...fault });
  }

  /** Stacks that are there, by name. */
  get stacks(): readonly string[] {
    return [...this.site.account.stacks.values()].flatMap(({ name, status }) =>
      status === 'DELETE_COMPLETE' ? [] : `${name} ${status}`,
    );
  }

  get roles(): readonly string[] {
    return [...this.site.account.roles.values()].map(({ name }) => name);
  }

  /** Writes that the servers took, in order. */
  get writes(): readonly string[] {
    return this.site.world.requests
      .filter(({ write, status }) => write && status < 400)
      .map(({ operation }) => operation);
  }

  /** Number of the first request of an operation, by which a mishap meets it in a run that goes the same way. */
  numberOf(operation: string): number {
    const number = this.site.world.requests.findIndex(each => each.operation === operation);
    if (number < 0) throw new Error(`no ${operation} was sent`);
    return number;
  }
}

export const stackName = 'eksctl-prod-podidentityrole-shop-api';

/** A template in the shape of eksctl's, for a role with one policy of its own. */
export const template = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: {
      Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: podIdentityTrust(), ...change } },
      Policy1: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: { 'Fn::Sub': `\${AWS::StackName}-Policy1` },
          Roles: [{ Ref: 'Role1' }],
          PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] },
        },
      },
    },
    Outputs: { Role1: { Value: { 'Fn::GetAtt': 'Role1.Arn' } } },
  });

export const reasonsOf = ({ result }: Ran): readonly string[] => (result?.failed ?? []).map(({ reason }) => reason);

/** `id outcome` of what is done. */
export const outcomesOf = ({ events }: Ran): readonly string[] =>
  events.flatMap(event => (event.type === 'done' ? [`${event.id} ${event.outcome}`] : []));
