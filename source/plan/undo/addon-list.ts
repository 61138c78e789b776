import { known } from '../../identity/reading.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { UpdateAddon } from '../action.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import type { RolesBack } from './made.ts';

/** The list of associations that an add-on had before, where it has the one that the run has left. */
export function restoreAddon(
  snapshot: Snapshot,
  action: UpdateAddon,
  roles: RolesBack,
  findings: Findings,
): ActionNode | undefined {
  const { request, subject, expects = [] } = action;
  const addon = known(snapshot.addons)?.find(({ name }) => name === request.addonName);
  const associations = known(snapshot.associations);
  const own = associations?.filter(({ arn }) => addon?.associationArns.includes(arn));
  if (!addon || !own || own.length !== addon.associationArns.length) {
    findings.skipped.push({ subject, reason: 'the add-on or its associations could not be read' });
    return undefined;
  }
  const now = own.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn }));
  if (sameList(now, expects)) {
    findings.same.push({ subject, reason: 'its associations are as they were' });
    return undefined;
  }
  if (!sameList(now, request.podIdentityAssociations)) {
    findings.skipped.push({ subject, reason: 'the add-on was changed since by others, so it stays as it is' });
    return undefined;
  }
  const back = expects.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn, role: roles(roleArn) }));
  const gone = back.find(({ role }) => !role);
  if (gone) {
    findings.skipped.push({
      subject,
      reason: `it does not get ${gone.roleArn} back: that role is gone with its stack`,
    });
    return undefined;
  }
  return actionNode(
    {
      id: `addon:${addon.name}`,
      title: `restore the associations of addon ${addon.name}`,
      needs: back.flatMap(({ role }) => role?.needs ?? []),
    },
    {
      ...place(snapshot.cluster, subject),
      type: 'update-addon',
      service: 'eks',
      operation: 'UpdateAddon',
      ...(now.length > 0 && { expects: now }),
      request: {
        clusterName: snapshot.cluster.name,
        addonName: addon.name,
        addonVersion: addon.version,
        ...(addon.configurationValues !== undefined && { configurationValues: addon.configurationValues }),
        podIdentityAssociations: back.map(({ serviceAccount, roleArn, role }) => ({
          serviceAccount,
          roleArn: role?.roleArn ?? roleArn,
        })),
      },
    },
  );
}

type List = readonly { readonly serviceAccount: string; readonly roleArn: unknown }[];

const sameList = (a: List, b: List): boolean =>
  a.length === b.length &&
  a.every(each => b.some(other => other.serviceAccount === each.serviceAccount && other.roleArn === each.roleArn));
