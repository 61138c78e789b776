/** A migration from its plan to its end, and the runs that are remembered. */
import {
  approval,
  command,
  fresh,
  inTurn,
  migrated,
  opened,
  pass,
  planned,
  press,
  prod,
  running,
  type Scene,
  type StageOptions,
  seconds,
  staging,
} from '../steps.ts';

/** What is written shows after seconds, as it does in AWS. */
const asInAws: StageOptions = { furnish: stage => stage.fault({ consistency: 4_000 }) };

export const migrateScenes: readonly Scene[] = [
  {
    name: 'migrate-discovery',
    act: async stage => {
      await prod(stage);
      stage.fault({ latency: 400 });
      await stage.press('m');
      await pass(1_300, 'DISCOVERY')(stage);
    },
  },
  { name: 'migrate-plan', act: planned },
  { name: 'migrate-agent', act: inTurn(opened, press(['m'], 'PLAN (nothing written)')) },
  { name: 'migrate-held', act: inTurn(staging, press(['m'], 'PLAN (nothing written)', 'held')) },
  {
    name: 'migrate-nothing',
    stage: fresh,
    act: inTurn(pass(seconds(12), 'clusters(all)[5]'), press(['j'], '▌  new-eu-1'), press(['m'], 'PLAN')),
  },
  { name: 'migrate-diff', act: inTurn(planned, press(['j', 'j', 'j', 'j', 'd'], '+ ')) },
  { name: 'migrate-reasons', act: inTurn(planned, press(['x'])) },
  { name: 'migrate-retire', act: inTurn(planned, press(['R']), press(['T'])) },
  { name: 'migrate-approve', act: approval },
  { name: 'migrate-running', stage: asInAws, act: inTurn(running, pass(3_000)) },
  {
    name: 'migrate-running-sandbox',
    stage: { ...asInAws, app: { sandbox: true } },
    act: inTurn(running, pass(3_000)),
  },
  { name: 'migrate-stop', stage: asInAws, act: inTurn(running, pass(3_000), press(['ctrl-c'])) },
  { name: 'migrate-finished', act: inTurn(running, pass(seconds(75), 'FINISHED')) },
  {
    name: 'migrate-failed',
    stage: { furnish: stage => stage.fault({ deny: ['eks:CreatePodIdentityAssociation'] }) },
    act: inTurn(running, pass(seconds(75), 'FINISHED')),
  },
  {
    name: 'runs',
    before: inTurn(migrated('prod-us-1'), migrated('prod-eu-1', 9), migrated('batch-de-1')),
    act: inTurn(pass(seconds(12)), press(['esc']), command('runs', 'finished')),
  },
  { name: 'run', before: migrated('prod-us-1'), act: inTurn(opened, command('runs'), press(['enter'])) },
  {
    name: 'run-undo',
    before: migrated('prod-us-1'),
    act: inTurn(opened, command('runs'), press(['u']), pass(seconds(2))),
  },
  { name: 'runs-none', act: inTurn(opened, command('runs', 'No runs here yet')) },
  { name: 'interrupted', before: migrated('prod-eu-1', 9), act: pass(seconds(12), 'was cut off') },
];
