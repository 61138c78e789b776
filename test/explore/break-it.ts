/**
 * `npm run break-it`: makes plans as dangerous as eksctl's with `--remove-oidc-provider-trust-relationship`, which takes
 * the OIDC trust away in the edit that lets Pod Identity in, before there is an association; and shows that the model
 * check catches each. Exit 0 when all are caught, 1 when one gets through.
 */
import type { Action } from '../../source/plan/action.ts';
import type { Plan, PlanNode } from '../../source/plan/plan.ts';
import { type Case, runCase } from './case.ts';
import { onlySandboxKeys } from './environment.ts';
import type { WorldName } from './worlds.ts';

type Statement = { readonly Principal?: unknown };

/** The document without what lets service accounts in by web identity. */
function withoutWebIdentity(document: string): string {
  const policy = JSON.parse(document) as { readonly Statement: Statement | readonly Statement[] };
  const kept = [policy.Statement].flat().filter(({ Principal }) => !JSON.stringify(Principal).includes('oidc.eks.'));
  return JSON.stringify({ ...policy, Statement: kept });
}

function retireAtOnce(action: Action): Action {
  if (action.type === 'edit-trust') {
    const { request } = action;
    return { ...action, request: { ...request, PolicyDocument: withoutWebIdentity(request.PolicyDocument) } };
  }
  if (action.type === 'edit-stack-trust') {
    return { ...action, trustPolicy: withoutWebIdentity(action.trustPolicy) };
  }
  return action;
}

const spoiled = (node: PlanNode): PlanNode =>
  node.kind === 'action'
    ? { ...node, action: retireAtOnce(node.action) }
    : { ...node, children: node.children.map(spoiled) };

const retireFirst = (plan: Plan): Plan => ({
  ...plan,
  root: { ...plan.root, children: plan.root.children.map(spoiled) },
});

const worlds: readonly WorldName[] = ['unowned', 'shared', 'owned', 'no-agent'];

/** Whether the check is silent about the sound plan and catches the spoiled one. */
async function isCaught(world: WorldName): Promise<boolean> {
  const scenario: Case = { world, mode: 'stay', consistency: 0, seed: 1 };
  const sound = await runCase(scenario);
  const broken = await runCase({ ...scenario, spoil: retireFirst });
  const caught = broken.problem?.kind === 'identity lost' && sound.problem === undefined;
  console.log(`${world}: sound plan: ${sound.problem?.what ?? 'no identity lost'}`);
  console.log(`${world}: IRSA retired first: ${broken.problem?.what ?? 'nothing noticed'}`);
  return caught;
}

onlySandboxKeys();
let caught = 0;
for (const world of worlds) if (await isCaught(world)) caught += 1;
console.log(`break-it: IRSA retired before the association exists, caught in ${caught} of ${worlds.length} worlds`);
process.exitCode = caught === worlds.length ? 0 : 1;
