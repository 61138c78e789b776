import type { Addon, Association } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { mentioned } from '../difference.ts';
import type { RoleUse } from '../intents.ts';
import { keptRole, type Made, type MadeRole, newRole } from '../made-role.ts';
import { compare, type Findings } from '../nodes.ts';
import { addonRoleStack } from '../role-stack/names.ts';
import { addonUser } from '../role-stack/nodes.ts';
import { stackState } from '../role-stack/stacks.ts';
import { addonOfStack, addonStackTags, isOfCluster } from '../role-stack/tags.ts';
import { gapText } from '../subjects.ts';
import type { RoleRecipe, WantedAddon, WantedAddonAssociation } from '../wanted.ts';
import { recommended } from './recommended.ts';

/** Where EKS installs add-ons unless told otherwise (EKS User Guide, "Amazon EKS add-ons"). */
const home = 'kube-system';

/** What an add-on has, and what it can take. */
export type AddonState = {
  readonly namespace: string;
  /** Its own associations. */
  readonly current: readonly Association[];
  readonly supported: readonly { readonly serviceAccount: string; readonly recommendedPolicyArns: readonly string[] }[];
};

/** A service account of an add-on with the role that it shall have. */
export type AddonRole = {
  readonly serviceAccount: string;
  readonly role: MadeRole;
  /** A role that was named: it must let Pod Identity in. */
  readonly use?: RoleUse;
};

export function addonState(
  snapshot: Snapshot,
  { name, associations, useDefaults, autoApply }: WantedAddon,
  addon: Addon | undefined,
): Result<AddonState> {
  const all = known(snapshot.associations) ?? [];
  const current = all.filter(({ arn }) => addon?.associationArns.includes(arn));
  if (addon && current.length !== addon.associationArns.length)
    return refused('its associations were not all read, and an update replaces the whole list');
  const offer = snapshot.addonOffers?.get(name);
  const fallback = addon?.podIdentityServiceAccounts?.map(serviceAccount => ({
    serviceAccount,
    recommendedPolicyArns: [],
  }));
  const supported = offer?.state === 'read' ? offer.value.podIdentity : useDefaults || autoApply ? undefined : fallback;
  if (!supported) {
    const gap = offer ? gapText(offer) : 'was not read';
    return refused(`which of its service accounts can take a role is not known: what EKS offers ${gap}`);
  }
  if (supported.length === 0 && (useDefaults || (associations ?? []).length > 0))
    return refused(`"${name}" addon does not support pod identity associations in this version`);
  return ok({ namespace: current[0]?.namespace ?? home, current, supported });
}

/**
 * The whole list that the add-on shall have. A service account that cannot have what is wanted is a remark, and keeps
 * what it has: an update replaces the list, so leaving it out would take its role away. `lacking`: those that have none.
 */
export function rolesOf(
  snapshot: Snapshot,
  wanted: WantedAddon,
  state: AddonState,
  findings: Findings,
): { readonly roles: readonly AddonRole[]; readonly lacking: readonly string[] } {
  const named = wanted.associations ?? recommended(snapshot, wanted, state);
  const groups = [...Map.groupBy(named, ({ serviceAccount }) => serviceAccount)].toSorted(([a], [b]) => compare(a, b));
  const lacking: string[] = [];
  const roles = groups.flatMap(([serviceAccount, [one, another]]) => {
    const current = state.current.find(each => each.serviceAccount === serviceAccount);
    const made =
      another || !one ? problem('it is named several times: name it once') : roleOf(snapshot, wanted, state, one);
    if (made.ok) return [{ serviceAccount, ...made.value }];
    const subject = `addon ${wanted.name}, service account ${serviceAccount}`;
    findings.skipped.push({ subject, reason: made.reason, ...(made.command && { command: made.command }) });
    if (!current && !made.keeps) lacking.push(serviceAccount);
    return current ? [{ serviceAccount, role: asItIs(current.roleArn) }] : [];
  });
  if (wanted.associations) return { roles, lacking };
  const others = state.current.filter(
    each => !roles.some(({ serviceAccount }) => serviceAccount === each.serviceAccount),
  );
  const kept = others.map(({ serviceAccount, roleArn }) => ({ serviceAccount, role: asItIs(roleArn) }));
  return { roles: [...roles, ...kept], lacking };
}

/** `keeps`: its role is given otherwise, and stays. */
type Found =
  | { readonly ok: true; readonly value: Omit<AddonRole, 'serviceAccount'> }
  | (Extract<Made, { ok: false }> & { readonly keeps?: true });

const problem = (reason: string): Extract<Found, { ok: false }> => ({ ok: false, reason });

const asItIs = (roleArn: string): MadeRole => ({ roleArn, nodes: [], needs: [], ifFails: () => [] });

function roleOf(
  snapshot: Snapshot,
  wanted: WantedAddon,
  state: AddonState,
  { serviceAccount, role }: WantedAddonAssociation,
): Found {
  const { namespace, supported, current } = state;
  if (!supported.some(each => each.serviceAccount === serviceAccount))
    return problem(
      `the add-on takes roles for ${supported.map(each => each.serviceAccount).join(', ') || 'none of its service accounts'} only`,
    );
  const own = current.find(each => each.serviceAccount === serviceAccount);
  const standalone = own ? undefined : standaloneOf(snapshot, wanted.name, namespace, serviceAccount);
  if (standalone)
    return {
      ...problem(
        `${subjectText(standalone)} has association ${standalone.id} of its own, which an add-on cannot take over ` +
          'without a gap: it is left as it is',
      ),
      keeps: true,
    };
  if (role.kind === 'made') return madeRole(snapshot, wanted, serviceAccount, role.recipe);
  const user = { namespace, serviceAccount, sessionTags: true };
  const unchanged = own?.roleArn === role.roleArn;
  return {
    ok: true,
    value: { role: asItIs(role.roleArn), ...(!unchanged && { use: { roleArn: role.roleArn, user } }) },
  };
}

/** Add-ons of others are often installed in a namespace of their own name. */
const standaloneOf = (snapshot: Snapshot, addon: string, namespace: string, serviceAccount: string) =>
  known(snapshot.associations)?.find(
    each =>
      each.ownerArn === undefined &&
      each.serviceAccount === serviceAccount &&
      (each.namespace === namespace || each.namespace === addon),
  );

function madeRole(snapshot: Snapshot, wanted: WantedAddon, serviceAccount: string, recipe: RoleRecipe): Found {
  const { name: cluster } = snapshot.cluster;
  const name = addonRoleStack(cluster, wanted.name, serviceAccount);
  const user = addonUser(wanted.name, serviceAccount);
  const state = stackState(snapshot, name);
  if (state.kind === 'unknown') return problem(state.reason);
  const tags = addonStackTags(cluster, wanted.name, serviceAccount, wanted.stackTags, wanted.tags);
  if (state.kind === 'none') return withRole(newRole(snapshot, user, recipe, { name, tags }));
  const { stack } = state;
  if (addonOfStack(stack) !== wanted.name || !isOfCluster(stack, cluster))
    return problem(`there is a stack ${name} already, which was not made for it: name a role that is there`);
  return withRole(keptRole(snapshot, user, state, mentioned(recipe)));
}

const withRole = (made: Made | Result<MadeRole>): Found => (made.ok ? { ok: true, value: { role: made.value } } : made);
