import type { Association } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import type { Subject } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { samePolicy } from '../../identity/trust-policy.ts';
import type { Annotate, CreateAssociation, UpdateAddon } from '../action.ts';
import { isRef } from '../action.ts';
import { deletion } from '../delete/deletion.ts';
import { podList, situationOf } from '../migrate/pods.ts';
import { roleAnnotation } from '../migrate/retire.ts';
import { trustsStill } from '../migrate/settled.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';
import { usableRole } from '../role-trust.ts';
import { associationOf, gapText, livePodsOf, serviceAccountOf } from '../subjects.ts';
import type { Written } from './journaled.ts';
import { type RoleWithOidc, withDocument } from './trust.ts';

export type UndoOptions = {
  /** Restart pods that use Pod Identity; without it their service accounts are held. */
  readonly restartWorkloads?: boolean;
};

/** What goes back for one service account. */
export type AccountUndo = Subject & {
  readonly annotation?: ActionNode;
  readonly deletion?: ActionNode;
  /** Its pods live by an association that goes, or is gone: they are re-created after these actions. */
  readonly restartAfter?: readonly string[];
  /** Pods of it live by an association that is gone, and are not re-created. */
  readonly stranded?: true;
  /** The role that the run gave it by association. */
  readonly roleArn?: string;
  /** Its association, where that stays. */
  readonly keeps?: Association;
};

/** Puts single annotations back that the run has removed or set, where they are as the run has left them. */
export function restoreAnnotation(
  snapshot: Snapshot,
  action: Annotate,
  { prior }: Written,
  roles: ReadonlyMap<string, RoleWithOidc>,
  findings: Findings,
): ActionNode | undefined {
  if (prior.kind !== 'annotations') return undefined;
  const skip = (reason: string) => {
    findings.skipped.push({ subject: action.subject, reason });
    return undefined;
  };
  const gap = gapText(snapshot.serviceAccounts);
  if (gap) return skip(`its annotations are not put back: the service accounts ${gap}`);
  const account = serviceAccountOf(snapshot.serviceAccounts, action.target);
  if (!account) return skip('its annotations are not put back: the service account is gone');
  const keys = Object.keys(action.request.annotations);
  const live = (key: string) => account.annotations[key] ?? null;
  const before = (key: string) => prior.annotations[key] ?? null;
  const left = keys.filter(key => live(key) !== before(key));
  if (left.length === 0) {
    findings.same.push({ subject: action.subject, reason: 'its annotations are as they were' });
    return undefined;
  }
  const foreign = left.filter(key => live(key) !== action.request.annotations[key]);
  if (foreign.length > 0) return skip(`${foreign.join(', ')} was changed since by others, so it is not overwritten`);
  const role = roles.get(before(roleAnnotation) ?? '');
  return actionNode(
    {
      id: `annotation:${action.subject}`,
      title: `restore the annotations of service account "${action.subject}"`,
      needs: role?.restore ? [role.restore.id] : [],
    },
    {
      ...place(snapshot.cluster, action.subject),
      type: 'annotate',
      service: 'kubernetes',
      operation: 'PatchServiceAccount',
      target: action.target,
      expects: Object.fromEntries(left.map(key => [key, live(key)])),
      request: { annotations: Object.fromEntries(left.map(key => [key, before(key)])) },
    },
  );
}

/**
 * Whether the association that the run made may go: it is as the run made it; after it web identity works again; and
 * its pods do not depend on it, or are restarted right after. Otherwise it stays, with the reason.
 */
export function undoAssociation(
  snapshot: Snapshot,
  action: CreateAssociation,
  written: Written,
  after: { readonly annotation: ActionNode | undefined; readonly role: RoleWithOidc | undefined },
  options: UndoOptions & { readonly migration: boolean },
  findings: Findings,
): Omit<AccountUndo, keyof Subject> {
  const { target, subject } = action;
  const annotation = after.annotation ? { annotation: after.annotation } : {};
  const gap = gapText(snapshot.associations);
  if (gap) {
    findings.skipped.push({
      subject,
      reason: `whether its association is there is not known: the associations ${gap}`,
    });
    return annotation;
  }
  const needs = [after.role?.restore?.id, after.annotation?.id].filter(id => id !== undefined);
  const given = isRef(action.request.roleArn) ? {} : { roleArn: action.request.roleArn };
  const restarts = options.migration && situationOf(snapshot, target, 'pod-identity').workloads.length > 0;
  const existing = associationOf(snapshot.associations, target);
  if (!existing) {
    findings.same.push({ subject, reason: 'the association is gone' });
    // Whoever took it away may not have come to the restarts: pods that were born with it run dry.
    if (!restarts || isRef(action.request.roleArn)) return { ...annotation, ...given };
    const dry = withoutIdentity(snapshot, target, action.request.roleArn, after) ?? podsHold(snapshot, target, options);
    if (dry) findings.held.push({ subject, reason: `its pods live by an association that is gone: ${dry}` });
    return { ...annotation, ...given, ...(dry ? { stranded: true } : { restartAfter: needs }) };
  }
  const keep = (list: 'skipped' | 'held', reason: string, command?: string) => {
    findings[list].push({ subject, reason, ...(command && { command }) });
    return { ...annotation, keeps: existing };
  };
  const changed = changedFields(existing, action, written);
  if (changed.length > 0)
    return keep(
      'skipped',
      `association ${existing.id} was changed since by others (${changed.join(', ')}), so it stays`,
    );
  if (options.migration) {
    const gone = withoutIdentity(snapshot, target, existing.roleArn, after);
    if (gone) return keep('held', `the association stays, for without it ${gone}`);
  } else findings.notes.push(`${subject} loses role ${existing.roleArn}, which this run has given it.`);
  const pods = podsHold(snapshot, target, options);
  if (pods) return keep('held', pods);
  const gone = deletion(snapshot, existing, needs);
  return { ...annotation, ...given, deletion: gone, ...(restarts && { restartAfter: [gone.id] }) };
}

function changedFields(existing: Association, { request }: CreateAssociation, { outputs }: Written): readonly string[] {
  const { associationId } = outputs;
  const { roleArn, targetRoleArn, disableSessionTags = false, policy } = request;
  return [
    ...(associationId !== undefined && associationId !== existing.id ? ['it is another one'] : []),
    ...(!isRef(roleArn) && roleArn !== existing.roleArn ? ['role'] : []),
    ...((targetRoleArn || undefined) !== existing.targetRoleArn ? ['target role'] : []),
    ...(disableSessionTags !== existing.disableSessionTags ? ['session tags'] : []),
    ...(samePolicy(policy || undefined, existing.policy) ? [] : ['policy']),
  ];
}

/** What the next pod would lack if the association went, or undefined: then it gets the role by web identity. */
function withoutIdentity(
  snapshot: Snapshot,
  target: Subject,
  roleArn: string,
  { annotation, role }: { readonly annotation: ActionNode | undefined; readonly role: RoleWithOidc | undefined },
): string | undefined {
  const account = serviceAccountOf(snapshot.serviceAccounts, target);
  const restored =
    annotation?.action.type === 'annotate' ? annotation.action.request.annotations[roleAnnotation] : undefined;
  const value = restored ?? account?.roleArn;
  if (value !== roleArn)
    return `its next pod would have no identity: its annotation ${value ? `names ${value}` : 'is gone'}`;
  const reading = snapshot.roles.get(roleArn);
  if (!role && reading?.state !== 'read')
    return `nobody knows whether web identity works: role ${roleArn} was not read`;
  const usable = role ? withDocument(role.role, role.document) : roleOf(snapshot, roleArn);
  if (!usable || !trustsStill(snapshot, usable, target))
    return `its next pod would have no identity: role ${roleArn} does not let it in by web identity`;
  return undefined;
}

const roleOf = (snapshot: Snapshot, roleArn: string) => {
  const role = usableRole(snapshot, roleArn);
  return role.ok ? role.value : undefined;
};

/** Pods that live by the association lose it at their next refresh: they have to be re-created right after. */
function podsHold(
  snapshot: Snapshot,
  target: Subject,
  { restartWorkloads, migration }: UndoOptions & { readonly migration: boolean },
): string | undefined {
  const gap = gapText(snapshot.pods);
  if (gap) return `whether its pods live by the association is not known: the pods ${gap}`;
  const live = livePodsOf(snapshot.pods, target) ?? [];
  const born = live.filter(({ mechanism }) => mechanism === 'pod-identity');
  if (born.length === 0 || !migration) return undefined;
  const { stuck } = situationOf(snapshot, target, 'pod-identity');
  if (stuck.length > 0)
    return `${podList(stuck)} live by the association and cannot be restarted: wait until they end, then run undo again`;
  if (!restartWorkloads)
    return `${podList(born)} live by the association: undo with --restart-workloads re-creates them right after`;
  return undefined;
}

/** The add-on without the associations that the run gave it: it falls back on the role that it still has for IRSA. */
export function undoAddon(
  snapshot: Snapshot,
  action: UpdateAddon,
  roles: ReadonlyMap<string, RoleWithOidc>,
  options: UndoOptions,
  findings: Findings,
): ActionNode | undefined {
  const { request, subject } = action;
  const skip = (list: 'skipped' | 'held' | 'same', reason: string) => {
    findings[list].push({ subject, reason });
    return undefined;
  };
  const addon = known(snapshot.addons)?.find(({ name }) => name === request.addonName);
  const associations = known(snapshot.associations);
  if (!addon || !associations) return skip('skipped', 'the add-on or its associations could not be read');
  const own = associations.filter(({ arn }) => addon.associationArns.includes(arn));
  if (addon.associationArns.length === 0) return skip('same', 'it has no association any more');
  const ours = ({ serviceAccount, roleArn }: { readonly serviceAccount: string; readonly roleArn: string }) =>
    request.podIdentityAssociations.some(each => each.serviceAccount === serviceAccount && each.roleArn === roleArn);
  if (
    own.length !== request.podIdentityAssociations.length ||
    !own.every(ours) ||
    addon.version !== request.addonVersion
  )
    return skip('skipped', 'the add-on was changed since by others, so it stays as it is');
  for (const association of own) {
    const role = roles.get(association.roleArn);
    const usable = role ? withDocument(role.role, role.document) : roleOf(snapshot, association.roleArn);
    if (addon.serviceAccountRoleArn !== association.roleArn || !usable || !trustsStill(snapshot, usable, association))
      return skip('held', 'its associations stay, for without them its service account would have no identity');
    const hold = podsHold(snapshot, association, { ...options, migration: true });
    if (hold) return skip('held', hold);
  }
  const needs = own.flatMap(({ roleArn }) => roles.get(roleArn)?.restore?.id ?? []);
  return actionNode(
    { id: `addon:${addon.name}`, title: `take addon ${addon.name} back from pod identity`, needs },
    {
      ...place(snapshot.cluster, subject),
      type: 'update-addon',
      service: 'eks',
      operation: 'UpdateAddon',
      expects: own.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn })),
      request: {
        clusterName: snapshot.cluster.name,
        addonName: addon.name,
        addonVersion: addon.version,
        ...(addon.configurationValues !== undefined && { configurationValues: addon.configurationValues }),
        podIdentityAssociations: [],
      },
    },
  );
}
