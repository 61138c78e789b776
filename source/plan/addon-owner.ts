import type { Addon, Association } from '../identity/facts.ts';
import { known } from '../identity/reading.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { commandText } from './command-text.ts';
import { place } from './nodes.ts';
import type { Remark } from './plan.ts';

type Hint = Omit<Remark, 'subject'>;

/** The add-on in an owner ARN `arn:...:addon/{cluster}/{add-on}/{uuid}`. */
export const addonNameOf = (ownerArn: string): string => ownerArn.split('/')[2] ?? ownerArn;

export const addonOf = (snapshot: Snapshot, association: Association): Addon | undefined => {
  const name = association.ownerArn && addonNameOf(association.ownerArn);
  return known(snapshot.addons)?.find(addon => addon.name === name);
};

/**
 * How to change an association that an add-on owns. UpdateAddon replaces the add-on's whole list (EKS API reference),
 * so the command carries the others along.
 */
export function updateAddonHint(snapshot: Snapshot, owned: Association, roleArn: string | undefined): Hint {
  const change = (list: readonly Association[]) =>
    list.map(each => ({
      serviceAccount: each.serviceAccount,
      roleArn: each.id === owned.id ? (roleArn ?? each.roleArn) : each.roleArn,
    }));
  return hint(snapshot, owned, 'change', change);
}

export const deleteAddonHint = (snapshot: Snapshot, owned: Association): Hint =>
  hint(snapshot, owned, 'remove', list =>
    list.filter(({ id }) => id !== owned.id).map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })),
  );

type NewList = (
  list: readonly Association[],
) => readonly { readonly serviceAccount: string; readonly roleArn: string }[];

function hint(snapshot: Snapshot, owned: Association, verb: string, newList: NewList): Hint {
  const name = addonNameOf(owned.ownerArn ?? '');
  const reason = `association ${owned.id} is managed by the add-on ${name}: ${verb} it with UpdateAddon`;
  const addon = addonOf(snapshot, owned);
  const list = (known(snapshot.associations) ?? []).filter(({ arn }) => addon?.associationArns.includes(arn));
  // A snapshot of one service account does not hold the others: a command without them would remove them.
  if (!addon || list.length !== addon.associationArns.length)
    return { reason: `${reason}, which replaces the whole list of the add-on's associations` };
  const command = commandText({
    ...place(snapshot.cluster, name),
    type: 'update-addon',
    service: 'eks',
    operation: 'UpdateAddon',
    request: {
      clusterName: snapshot.cluster.name,
      addonName: name,
      addonVersion: addon.version,
      ...(addon.configurationValues !== undefined && { configurationValues: addon.configurationValues }),
      podIdentityAssociations: newList(list),
    },
  });
  return { reason, command };
}
