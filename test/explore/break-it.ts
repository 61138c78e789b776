/**
 * `npm run break-it`: makes dangerous plans of sound ones, and shows that the model check catches each. The first takes
 * the OIDC trust away in the very edit that lets Pod Identity in, before there is an association, as eksctl does with
 * `--remove-oidc-provider-trust-relationship`. Exit 0 when all are caught, 1 when one gets through.
 */
import { type Break, breaks } from './breaks.ts';
import { type Case, runCase } from './case.ts';
import { onlySandboxKeys } from './environment.ts';
import type { WorldName } from './worlds.ts';

/** Whether the check is silent about the sound plan and catches the broken one. */
async function isCaught({ mode, shows = 'identity lost', spoil }: Break, world: WorldName): Promise<boolean> {
  const scenario: Case = { world, mode, consistency: 0, seed: 1 };
  const sound = await runCase(scenario);
  const broken = await runCase({ ...scenario, spoil });
  console.log(`  ${world}: sound plan: ${sound.problem?.what ?? 'nothing goes wrong'}`);
  console.log(`  ${world}: broken plan: ${broken.problem?.what ?? 'nothing noticed'}`);
  return broken.problem?.kind === shows && sound.problem === undefined;
}

onlySandboxKeys();
let [caught, all] = [0, 0];
for (const each of breaks) {
  console.log(`${each.name}:`);
  for (const world of each.worlds) {
    all += 1;
    if (await isCaught(each, world)) caught += 1;
  }
}
console.log(`break-it: ${caught} of ${all} dangerous plans caught`);
process.exitCode = caught === all ? 0 : 1;
