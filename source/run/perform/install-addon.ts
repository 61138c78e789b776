import type { Addon } from '../../identity/facts.ts';
import type { InstallAddon } from '../../plan/action.ts';
import { addonRetry, isIn, resolved, type WantedByAddon } from './addon-associations.ts';
import { ownAssociations } from './associations.ts';
import { failure, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, type Look, toDo } from './converge.ts';

/** Installs the add-on in the version that EKS has as default for this cluster's Kubernetes, and waits for it. */
export async function installAddon(action: InstallAddon, context: PerformContext): Promise<Outputs> {
  const { request } = action;
  const { clusterName, addonName } = request;
  const { eks } = context.ports;
  const wanted = request.podIdentityAssociations?.map(resolved(context));
  const addon = await converge(context, {
    look: async wrote => {
      const found = await orAbsent(eks.describeAddon(clusterName, addonName, context.call));
      const there = stateOf(found, addonName);
      const state = wanted && there.kind === 'as-wanted' ? await withThese(there.value, wanted, wrote, context) : there;
      return state.kind === 'as-wanted' && action.readyOnNodes ? onNodes(state, addonName, context) : state;
    },
    prior: () => ({ kind: 'nothing' }),
    write: async () => {
      const addonVersion = request.addonVersion ?? (await defaultVersion(addonName, clusterName, context));
      const input = {
        clusterName,
        addonName,
        addonVersion,
        ...(wanted ? { podIdentityAssociations: wanted } : {}),
        ...(request.tags ? { tags: request.tags } : {}),
        clientRequestToken: context.token,
      };
      await eks.createAddon(input, context.call);
    },
    settling: `EKS does not show the add-on ${addonName} yet`,
    every: 2_000,
    atMost: 20 * 60_000,
    // Where somebody else was quicker, the next look waits for theirs.
    retry: (error, tried) =>
      addonRetry(error, tried, context) ?? (error.failure.kind === 'exists' && tried.attempt <= 3 ? 1_000 : undefined),
  });
  return { addonName, addonVersion: addon.version };
}

function stateOf(addon: Addon | undefined, name: string): Look<Addon> {
  if (!addon) return toDo;
  if (addon.status === 'ACTIVE') return asWanted(addon);
  if (isChanging(addon.status)) return busy(`the add-on ${name} is ${addon.status}`);
  throw failure('invalid', `the add-on ${name} is ${addon.status}${issuesText(addon)}`);
}

/**
 * An add-on that has these associations and no others. Throws for one that somebody else installed with others; those that
 * do not show yet are waited for.
 */
async function withThese(
  addon: Addon,
  wanted: readonly WantedByAddon[],
  wrote: boolean,
  context: PerformContext,
): Promise<Look<Addon>> {
  const own = await ownAssociations(addon, context);
  const [has, shown] = [addon.associationArns.length, own.length];
  if (!own.every(isIn(wanted)) || (has !== wanted.length && !wrote))
    throw failure('conflict', `the add-on ${addon.name} was installed since, with other associations: plan again`);
  return shown === wanted.length ? asWanted(addon) : busy(`EKS does not show the associations of ${addon.name} yet`);
}

/** Where EKS puts the DaemonSets of its add-ons. */
const addonNamespace = 'kube-system';

/** An add-on of which the DaemonSet has a ready pod on each of its nodes; until then it is waited for. */
async function onNodes(state: Look<Addon>, name: string, context: PerformContext): Promise<Look<Addon>> {
  const sets = await kubernetesOf(context).listDaemonSets(addonNamespace, context.call);
  const rollout = sets.find(set => set.name === name)?.rollout;
  if (rollout && rollout.desired > 0 && rollout.ready >= rollout.desired) return state;
  const on = rollout ? `ready on ${rollout.ready} of ${rollout.desired} nodes` : 'not on its nodes yet';
  return busy(`the add-on ${name} is ${on}`);
}

export const isChanging = (status: string): boolean => /^(CREATING|UPDATING|DELETING)$/.test(status);

export const issuesText = ({ issues }: Addon): string => (issues.length > 0 ? `: ${issues.join('; ')}` : '');

/** The cluster's own version counts, read now: a default for another Kubernetes may not run on it. */
async function defaultVersion(addonName: string, clusterName: string, context: PerformContext): Promise<string> {
  const { eks } = context.ports;
  const { version: kubernetes } = await eks.describeCluster(clusterName, context.call);
  const versions = await eks.addonVersions(addonName, kubernetes, context.call);
  const chosen = versions.find(({ isDefault }) => isDefault) ?? versions[0];
  if (chosen) return chosen.version;
  throw failure('invalid', `EKS offers no version of ${addonName} for Kubernetes ${kubernetes}`);
}
