/** What leads to a scene, step by step: keys, time that passes, and what is on the screen then. */
import type { MigrateRequest } from '../../source/plan/request.ts';
import { addNodes } from '../../source/sandbox/cluster/builders.ts';
import { addCluster } from '../../source/sandbox/world.ts';
import type { Stage, StageOptions } from './stage.ts';

export type { StageOptions } from './stage.ts';

export type Act = (stage: Stage) => Promise<void>;

export type Scene = {
  readonly name: string;
  readonly stage?: StageOptions;
  /** What was done in that world before the app is opened. */
  readonly before?: Act;
  /** Leads there from the first frame. */
  readonly act: Act;
  /** What real time has a part in: its digits are not compared. */
  readonly chance?: RegExp;
  /** A size that only this one has. */
  readonly size?: readonly [columns: number, rows: number];
};

export const seconds = (many: number): number => many * 1_000;

export const inTurn =
  (...steps: readonly Act[]): Act =>
  async stage => {
    for (const step of steps) await step(stage);
  };

export const pass =
  (milliseconds: number, ...what: readonly (string | RegExp)[]): Act =>
  async stage => {
    await stage.pass(milliseconds);
    await stage.see(...what);
  };

/** Keys, and a moment for what is read because of them. */
export const press =
  (keys: readonly string[], ...what: readonly (string | RegExp)[]): Act =>
  async stage => {
    await stage.press(...keys);
    await pass(seconds(1), ...what)(stage);
  };

export const typed =
  (text: string, ...what: readonly (string | RegExp)[]): Act =>
  async stage => {
    await stage.type(text);
    await pass(seconds(1), ...what)(stage);
  };

/** A command at the prompt. */
export const command = (text: string, ...what: readonly (string | RegExp)[]): Act =>
  inTurn(press([':']), typed(text), press(['enter'], ...what));

export const down = (rows: number): readonly string[] => Array.from({ length: rows }, () => 'j');

/** The fleet has been read. */
export const opened = pass(seconds(12), 'clusters(all)[4]', '▌');
/** The cursor on prod-eu-1, where everything is production. */
export const prod = inTurn(opened, press(['j'], '▌  prod-eu-1'));
/** The cursor on stg-eu-1. */
export const staging = inTurn(opened, press(['G'], '▌  stg-eu-1'));
export const associations = inTurn(prod, press(['a'], 'associations(prod-eu-1/all)[17]'));

/** The plan of a migration of prod-eu-1. */
export const planned = inTurn(prod, press(['m'], 'PLAN (nothing written)'));
export const approval = inTurn(planned, press(['a'], 'to confirm'));
/** It has begun, and nothing has been answered yet. */
export const running: Act = async stage => {
  await approval(stage);
  await stage.type('prod-eu-1');
  await stage.press('enter', 'enter');
  await stage.see('RUNNING');
};

/** Another program plans and carries out a migration, before the app is opened; after so many requests it is killed. */
export const migrated =
  (name: string, killedAfter = Number.POSITIVE_INFINITY, request: Partial<MigrateRequest> = {}): Act =>
  async stage => {
    const { workbench, kill } = await stage.colleague();
    const { arn, account, region } = stage.cluster(name);
    const usual = { command: 'migrate', removeOidcProviderTrust: false } as const;
    const work = async () => {
      const cluster = { partition: 'aws', arn, name, account, region };
      const { plan } = await workbench.plan(cluster, { ...usual, ...request });
      let requests = 0;
      for await (const event of workbench.run(plan)) {
        if (event.type === 'request') requests += 1;
        if (requests < killedAfter) continue;
        kill();
        break;
      }
    };
    await stage.meanwhile(work());
  };

/** The demo world with a cluster in which nobody has done anything yet. */
export const fresh: StageOptions = {
  furnish: stage => {
    const account = stage.world.accounts.get(stage.cluster('prod-eu-1').account);
    if (!account) throw new Error('every cluster is in an account');
    const cluster = addCluster(stage.world, account, { name: 'new-eu-1', region: 'eu-west-1' });
    addNodes(stage.world, cluster, { count: 1 });
  },
};
