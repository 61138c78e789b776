import type { Addon, Association } from '../../identity/facts.ts';
import type { UpdateAddon } from '../../plan/action.ts';
import { addonRetry, isIn, resolved, type WantedByAddon as Wanted } from './addon-associations.ts';
import { ownAssociations } from './associations.ts';
import { changedSince, failure, type Outputs, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';
import { isChanging, issuesText } from './install-addon.ts';

/**
 * Gives an add-on its associations and waits until it is ACTIVE with them. UpdateAddon replaces the add-on's whole list
 * (EKS API reference), so an add-on that has others by now is left alone.
 */
export async function updateAddon(action: UpdateAddon, context: PerformContext): Promise<Outputs> {
  const { clusterName, addonName } = action.request;
  const { eks } = context.ports;
  const wanted = action.request.podIdentityAssociations.map(resolved(context));
  const addon = await converge(context, {
    look: async () => {
      const found = await eks.describeAddon(clusterName, addonName, context.call);
      const state = stateOf(found, await ownAssociations(found, context), wanted, action);
      if (state.kind !== 'as-wanted' || !takesAway(action)) return state;
      const left = await shownStill(clusterName, found, context);
      return left === undefined ? state : busy(`EKS still shows association ${left} of the add-on ${addonName}`);
    },
    prior: () => ({ kind: 'nothing' }),
    write: async () => {
      const input = { ...action.request, podIdentityAssociations: wanted, clientRequestToken: context.token };
      await eks.updateAddon(input, context.call);
    },
    settling: `EKS does not show the associations of the add-on ${addonName} yet`,
    every: 2_000,
    atMost: 20 * 60_000,
    retry: (error, tried) => addonRetry(error, tried, context),
  });
  return { addonName, addonVersion: addon.version };
}

/** Whether the update ends an association of the add-on's. */
const takesAway = ({ request, expects = [] }: UpdateAddon): boolean =>
  expects.length > 0 && request.podIdentityAssociations.length < expects.length;

/**
 * An association of the add-on's that it has no more: new pods may still be born with it, and could not use it. Its end
 * shows later than the add-on says so.
 */
async function shownStill(
  clusterName: string,
  addon: Addon,
  { ports, call }: PerformContext,
): Promise<string | undefined> {
  const own = new Set(addon.associationArns);
  for await (const page of ports.eks.listAssociations(clusterName, {}, call)) {
    const left = page.find(({ arn, ownerArn }) => ownerArn !== undefined && ownerArn === addon.arn && !own.has(arn));
    if (left) return left.id;
  }
  return undefined;
}

function stateOf(
  addon: Addon,
  own: readonly Association[],
  wanted: readonly Wanted[],
  { request, expects = [] }: UpdateAddon,
): Look<Addon> {
  const { addonName } = request;
  if (isChanging(addon.status)) return busy(`the add-on ${addonName} is ${addon.status}`);
  if (addon.status !== 'ACTIVE')
    throw failure('invalid', `the add-on ${addonName} is ${addon.status}${issuesText(addon)}`);
  if (addon.version !== request.addonVersion) throw changedSince(`the version of the add-on ${addonName}`);
  if (own.length === wanted.length && own.every(isIn(wanted))) return asWanted(addon);
  // Part of what is wanted is what an update that is under way shows.
  if (own.every(isIn(wanted)) || (own.length === expects.length && own.every(isIn(expects)))) return toDo;
  throw changedSince(`the list of associations of the add-on ${addonName}`);
}
