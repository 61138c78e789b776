/** What goes wrong, in each place where it does. */

import type { Fault, StageOptions } from '../stage.ts';
import {
  associations,
  command,
  fresh,
  inTurn,
  opened,
  pass,
  press,
  prod,
  type Scene,
  seconds,
  typed,
} from '../steps.ts';

const from = (fault: Fault): StageOptions => ({ furnish: stage => stage.fault(fault) });
const cut: Fault = { scripted: [{ operation: '*:*', times: 1_000_000, disconnect: 'before' }] };
const prodCut = from({ unreachable: 'prod-eu-1' });
const noRoles = from({ deny: ['iam:*'] });
const noAssociations = from({ deny: ['eks:ListPodIdentityAssociations'] });
const trickle = from({ throttle: 5 });
/** A cluster in which nobody has done anything. */
const inFresh = inTurn(pass(seconds(12), 'clusters(all)[5]'), press(['j'], '▌  new-eu-1'));

export const troubleScenes: readonly Scene[] = [
  { name: 'loading', stage: from({ latency: 60_000 }), act: pass(seconds(1), 'Reading clusters') },
  { name: 'loading-associations', stage: trickle, act: inTurn(pass(seconds(8)), press(['j', 'a'])) },
  { name: 'loading-roles', stage: trickle, act: inTurn(pass(seconds(8)), press(['j', 'r'])) },
  { name: 'throttled', stage: trickle, act: pass(seconds(5)) },
  {
    name: 'empty',
    stage: { world: 'bare', regions: ['eu-west-1', 'us-east-1'] },
    act: pass(seconds(12), 'No clusters'),
  },
  { name: 'empty-associations', stage: fresh, act: inTurn(inFresh, press(['a'])) },
  { name: 'empty-roles', stage: fresh, act: inTurn(inFresh, press(['r'])) },
  { name: 'denied', stage: from({ deny: ['eks:*'] }), act: pass(seconds(12), '✗ Cannot read') },
  { name: 'denied-associations', stage: noAssociations, act: inTurn(pass(seconds(12)), press(['j', 'a'])) },
  { name: 'denied-roles', stage: noRoles, act: inTurn(pass(seconds(12)), press(['j', 'r'])) },
  {
    name: 'denied-role-trust',
    stage: noRoles,
    act: inTurn(pass(seconds(12)), press(['j', 'r']), press(['enter', '2'])),
  },
  { name: 'denied-plan', stage: noRoles, act: inTurn(pass(seconds(12)), press(['j', 'm']), pass(seconds(5))) },
  { name: 'expired', stage: from({ expire: true }), act: pass(seconds(12)) },
  { name: 'unreachable', stage: from(cut), act: pass(seconds(40), '✗ Cannot read') },
  { name: 'unreachable-cluster', stage: prodCut, act: inTurn(pass(seconds(12)), press(['j'])) },
  { name: 'unreachable-namespaces', stage: prodCut, act: inTurn(pass(seconds(12)), press(['j', 'enter'])) },
  { name: 'unreachable-service-accounts', stage: prodCut, act: inTurn(pass(seconds(12)), press(['j', 's'])) },
  {
    name: 'unreachable-association',
    stage: prodCut,
    act: inTurn(pass(seconds(12)), press(['j', 'a']), press(['enter'])),
  },
  {
    name: 'no-credentials',
    stage: { profiles: [], regions: ['us-east-1'] },
    act: pass(seconds(12), 'open the sandbox'),
    // Where credentials could be is looked up in files, by several at once; a try again has chance in it.
    chance: /tried again in \d+s/,
  },
  {
    name: 'stale',
    act: async stage => {
      await prod(stage);
      stage.fault(cut);
      await pass(seconds(70))(stage);
    },
  },
  {
    name: 'stale-associations',
    act: async stage => {
      await associations(stage);
      stage.fault({ expire: true });
      await pass(seconds(90))(stage);
    },
  },
  {
    name: 'changed-by-others',
    act: async stage => {
      await associations(stage);
      await stage.press('j');
      await othersChange(stage);
      await pass(seconds(12))(stage);
    },
  },
  {
    name: 'deleted-by-others',
    act: async stage => {
      await associations(stage);
      await press(['j', 'enter'], 'association checkout/promo')(stage);
      await othersChange(stage);
      await pass(seconds(12))(stage);
    },
  },
  { name: 'read-only', stage: { app: { readOnly: true } }, act: inTurn(associations, press(['n'])) },
  {
    name: 'read-only-help',
    stage: { app: { readOnly: true } },
    act: inTurn(associations, press(['?', '/']), typed('delete')),
  },
  { name: 'log', stage: prodCut, act: inTurn(pass(seconds(30)), command('log')) },
  { name: 'log-empty', act: inTurn(opened, command('log')) },
  { name: 'too-small', size: [50, 12], act: pass(seconds(12), 'needed') },
];

/** A colleague takes one association away and makes another. */
async function othersChange(stage: Parameters<Scene['act']>[0]): Promise<void> {
  const { world } = await stage.colleague();
  const { arn, account, region, name } = stage.cluster('prod-eu-1');
  const work = async () => {
    const { eks } = await world.portsFor({ partition: 'aws', arn, account, region, name });
    const promo = [...stage.cluster(name).associations.values()].find(
      ({ serviceAccount }) => serviceAccount === 'promo',
    );
    if (!promo) throw new Error('the demo world has an association of checkout/promo');
    await eks.deleteAssociation(name, promo.id);
    const subject = { clusterName: name, namespace: 'monitoring', serviceAccount: 'grafana' };
    await eks.createAssociation({ ...subject, roleArn: `arn:aws:iam::${account}:role/payments-api` });
  };
  await stage.meanwhile(work());
}
