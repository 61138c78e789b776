/**
 * Add-ons and the associations they own (EKS user guide, "IAM roles for Amazon EKS add-ons"; API reference,
 * CreateAddon, UpdateAddon, DeleteAddon).
 */
import type { AddonRecord, AssociationRecord, ClusterRecord, World } from '../../model.ts';
import { schedule } from '../../time.ts';
import { ADDON_OFFERS } from '../addon-catalogue.ts';
import { addonArn } from '../arns.ts';
import type { RestContext, RestOperation } from '../context.ts';
import { newUuid } from '../ids.ts';
import {
  checkConflictResolution,
  namespaceAsked,
  offerNamed,
  readAssociations,
  readConfiguration,
  readRoleArn,
  readVersion,
  type WantedAssociation,
} from './addon-input.ts';
import { changeAssociation, deleteAssociation, makeAssociation, occupant } from './associations.ts';
import { associationExists, inUse, notFound } from './faults.ts';
import {
  checkActive,
  clusterOf,
  madeBefore,
  pageAsked,
  rememberMade,
  requiredText,
  tagsAsked,
  wireTime,
} from './shared.ts';
import { describeUpdate, newUpdate } from './updates.ts';

/** Milliseconds that add-ons take here. */
const CREATING = 2500;
const UPDATING = 2000;
const DELETING = 1500;

const BUSY = new Set(['CREATING', 'UPDATING', 'DELETING']);

export const ADDON_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  ListAddons: context => {
    const cluster = clusterOf(context);
    const page = pageAsked(context, cluster.addons.keys(), each => each, `addons ${cluster.arn}`);
    return { addons: page.items, nextToken: page.next ?? null };
  },
  DescribeAddon: context => {
    const cluster = clusterOf(context);
    return { addon: describeAddon(cluster, addonNamed(cluster, context.labels.addonName ?? '')) };
  },
  CreateAddon: createAddon,
  UpdateAddon: updateAddon,
  DeleteAddon: deleteAddon,
};

function createAddon(context: RestContext): object {
  const { world, body, now } = context;
  const cluster = clusterOf(context);
  checkActive(cluster);
  const name = requiredText(body, 'addonName');
  const before = madeBefore(context, 'CreateAddon');
  const made = before === undefined ? undefined : cluster.addons.get(before);
  if (made !== undefined) {
    return { addon: describeAddon(cluster, made) };
  }
  const offer = offerNamed(cluster, name);
  if (cluster.addons.has(name)) {
    throw inUse(`Addon already exists.`, { clusterName: cluster.name, addonName: name });
  }
  const tags = tagsAsked(body);
  checkConflictResolution(body);
  const configuration = readConfiguration(body);
  const roleArn = readRoleArn(context);
  const version = readVersion(offer, body) ?? offer.versions[0] ?? '';
  const wanted = readAssociations(context, cluster, offer, namespaceAsked(body) ?? offer.namespace) ?? [];
  const busy = wanted
    .map(each => occupant(cluster, each.namespace, each.serviceAccount, now))
    .find(each => each !== undefined);
  if (busy !== undefined) {
    throw associationExists(cluster, busy.id);
  }
  const addon: AddonRecord = {
    name,
    arn: addonArn(cluster, name, newUuid(world)),
    version,
    status: 'CREATING',
    ...(roleArn === undefined ? {} : { serviceAccountRoleArn: roleArn }),
    ...(configuration === undefined ? {} : { configurationValues: configuration }),
    associationIds: [],
    issues: [],
    tags,
    createdAt: now,
    modifiedAt: now,
  };
  cluster.addons.set(name, addon);
  addon.associationIds = wanted.map(each => makeAssociation(world, cluster, { ...each, ownerArn: addon.arn }, now).id);
  rememberMade(context, 'CreateAddon', name);
  schedule(world, now + CREATING, (_, at) => settle(addon, 'CREATING', at));
  return { addon: describeAddon(cluster, addon) };
}

function updateAddon(context: RestContext): object {
  const { world, body, now } = context;
  const cluster = clusterOf(context);
  checkActive(cluster);
  const addon = addonNamed(cluster, context.labels.addonName ?? '');
  const before = madeBefore(context, 'UpdateAddon');
  const made = before === undefined ? undefined : cluster.updates.get(before);
  if (made !== undefined) {
    return { update: describeUpdate(made) };
  }
  checkIdle(cluster, addon);
  const offer = offerNamed(cluster, addon.name);
  const version = readVersion(offer, body) ?? addon.version;
  checkConflictResolution(body);
  const configuration = readConfiguration(body);
  const roleArn = readRoleArn(context);
  const namespace = ownedBy(cluster, addon)[0]?.namespace ?? offer.namespace;
  const wanted = readAssociations(context, cluster, offer, namespace);
  if (wanted !== undefined) {
    replaceAssociations(world, cluster, addon, wanted, now);
  }
  addon.version = version;
  addon.status = 'UPDATING';
  addon.modifiedAt = now;
  if (configuration !== undefined) {
    addon.configurationValues = configuration;
  }
  if (roleArn !== undefined) {
    addon.serviceAccountRoleArn = roleArn;
  }
  const update = newUpdate(world, cluster, 'AddonUpdate', now, addon.name);
  rememberMade(context, 'UpdateAddon', update.id);
  schedule(world, now + UPDATING, (_, at) => {
    settle(addon, 'UPDATING', at);
    update.status = 'Successful';
  });
  return { update: describeUpdate(update) };
}

function deleteAddon(context: RestContext): object {
  const { world, now, query } = context;
  const cluster = clusterOf(context);
  const addon = addonNamed(cluster, context.labels.addonName ?? '');
  if (addon.status === 'DELETING') {
    return { addon: describeAddon(cluster, addon) };
  }
  checkIdle(cluster, addon);
  addon.status = 'DELETING';
  addon.modifiedAt = now;
  const answer = { addon: describeAddon(cluster, addon) };
  if (query.get('preserve') !== 'true') {
    for (const each of ownedBy(cluster, addon)) {
      deleteAssociation(world, cluster, each, now);
    }
  }
  schedule(world, now + DELETING, () => {
    if (cluster.addons.get(addon.name) === addon) {
      cluster.addons.delete(addon.name);
    }
  });
  return answer;
}

/** The whole list is replaced. Those that stay keep their ids; nobody else's are taken over. */
function replaceAssociations(
  world: World,
  cluster: ClusterRecord,
  addon: AddonRecord,
  wanted: readonly WantedAssociation[],
  now: number,
): void {
  const owned = ownedBy(cluster, addon);
  const ownedFor = (each: WantedAssociation): AssociationRecord | undefined =>
    owned.find(other => other.namespace === each.namespace && other.serviceAccount === each.serviceAccount);
  for (const each of wanted) {
    const other = occupant(cluster, each.namespace, each.serviceAccount, now);
    if (other !== undefined && other !== ownedFor(each)) {
      throw associationExists(cluster, other.id);
    }
  }
  const kept = new Set<AssociationRecord>();
  for (const each of wanted) {
    const present = ownedFor(each);
    if (present === undefined) {
      kept.add(makeAssociation(world, cluster, { ...each, ownerArn: addon.arn }, now));
      continue;
    }
    kept.add(present);
    if (present.roleArn !== each.roleArn) {
      changeAssociation(world, cluster, present, { roleArn: each.roleArn }, now);
    }
  }
  for (const each of owned) {
    if (!kept.has(each)) {
      deleteAssociation(world, cluster, each, now);
    }
  }
  addon.associationIds = [...kept].map(each => each.id);
}

function addonNamed(cluster: ClusterRecord, name: string): AddonRecord {
  const addon = cluster.addons.get(name);
  if (addon === undefined) {
    throw notFound(`No addon: ${name} found in cluster: ${cluster.name}`, {
      clusterName: cluster.name,
      addonName: name,
    });
  }
  return addon;
}

function ownedBy(cluster: ClusterRecord, addon: AddonRecord): AssociationRecord[] {
  return addon.associationIds
    .map(id => cluster.associations.get(id))
    .filter((each): each is AssociationRecord => each !== undefined && !each.deleted);
}

function checkIdle(cluster: ClusterRecord, addon: AddonRecord): void {
  if (BUSY.has(addon.status)) {
    throw inUse(`Addon ${addon.name} cannot be changed as it is currently in ${addon.status} state`, {
      clusterName: cluster.name,
      addonName: addon.name,
    });
  }
}

function settle(addon: AddonRecord, from: string, now: number): void {
  if (addon.status === from) {
    addon.status = 'ACTIVE';
    addon.modifiedAt = now;
  }
}

function describeAddon(cluster: ClusterRecord, addon: AddonRecord): object {
  const offer = ADDON_OFFERS.find(each => each.name === addon.name);
  return {
    addonName: addon.name,
    clusterName: cluster.name,
    status: addon.status,
    addonVersion: addon.version,
    health: { issues: addon.issues.map(each => ({ ...each, resourceIds: [] })) },
    addonArn: addon.arn,
    createdAt: wireTime(addon.createdAt),
    modifiedAt: wireTime(addon.modifiedAt),
    serviceAccountRoleArn: addon.serviceAccountRoleArn,
    tags: Object.fromEntries(addon.tags),
    configurationValues: addon.configurationValues,
    podIdentityAssociations: ownedBy(cluster, addon).map(each => each.arn),
    owner: 'aws',
    publisher: 'eks',
    namespaceConfig: { namespace: ownedBy(cluster, addon)[0]?.namespace ?? offer?.namespace ?? 'kube-system' },
  };
}
