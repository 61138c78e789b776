import type { RoleSource, WantedAddon, WantedAddonAssociation } from '../../plan/wanted.ts';
import { readRole } from './association.ts';
import { Entry, readTags, saysSomething } from './entry.ts';
import { reportMisspelled } from './misspelled.ts';
import { type ConfigReader, type Field, type Fields, isNothing } from './reader.ts';

export const agentAddon = 'eks-pod-identity-agent';

/** Of an add-on: what concerns Pod Identity (eksctl ClusterConfig schema v1alpha5, Addon). */
const ours = ['podIdentityAssociations', 'useDefaultPodIdentityAssociations'] as const;

/** The older way to give an add-on a role. */
const irsa = ['serviceAccountRoleARN', 'attachPolicyARNs', 'attachPolicy', 'wellKnownPolicies'] as const;

/** What EKS has no place for: it takes a service account and a role of an add-on. */
const notForAddons = ['targetRoleARN', 'disableSessionTags', 'policy', 'createServiceAccount'] as const;

export type ReadAddon = {
  readonly field: Field;
  readonly addon: WantedAddon;
  /** The entries of `addon.associations`, in their order. */
  readonly entries: readonly Entry[];
};

/** What stands above the list of add-ons and holds for each of them. */
export type AddonSetting = {
  readonly region: string | undefined;
  readonly metadataTags: Readonly<Record<string, string>>;
  /** `addonsConfig.autoApplyPodIdentityAssociations` */
  readonly autoApply: boolean;
};

/**
 * An item of `addons[]`, when it says something of Pod Identity, is the agent, or can be given roles without saying so;
 * any other is read past. Undefined also when it was reported.
 */
export function readAddon(
  reader: ConfigReader,
  item: Field,
  { region, metadataTags, autoApply }: AddonSetting,
): ReadAddon | undefined {
  const fields = reader.fields(item);
  if (!fields) return undefined;
  reportMisspelled(reader, fields, ours);
  const given = (name: string): Field | undefined => {
    const field = fields.get(name);
    return field && !isNothing(field) ? field : undefined;
  };
  const isAgent = given('name') !== undefined && plainName(given('name')) === agentAddon;
  const says = ours.some(name => given(name));
  const useDefaults = reader.flag(given('useDefaultPodIdentityAssociations')) === true;
  // What an add-on says itself goes first, by IRSA too (eksctl user documentation, "Pod Identity Associations").
  const hasRoles = useDefaults || given('podIdentityAssociations') || irsa.some(name => speaks(fields.get(name)));
  const auto = autoApply && !isAgent && !hasRoles;
  if (!isAgent && !says && !auto) return undefined;
  const name = reader.text(given('name'));
  if (!given('name') || name === '') reader.missing(item, 'name');
  refuse(reader, fields, { isAgent, useDefaults });
  const version = reader.text(given('version'));
  const tags = readTags(reader, given('tags'));
  const list = readAssociations(reader, given('podIdentityAssociations'), region);
  if (name === undefined || name === '') return undefined;
  const makes = useDefaults || auto || (list?.wanted.some(({ role }) => role.kind === 'made') ?? false);
  return {
    field: item,
    entries: list?.entries ?? [],
    addon: {
      name,
      ...(version !== undefined && version !== '' && { version }),
      ...(list && { associations: list.wanted }),
      ...(useDefaults && { useDefaults }),
      ...(auto && { autoApply: auto }),
      ...(tags && { tags }),
      ...(makes && Object.keys(metadataTags).length > 0 && { stackTags: metadataTags }),
    },
  };
}

const speaks = (field: Field | undefined): field is Field => field !== undefined && saysSomething(field);

const plainName = (field: Field | undefined): unknown =>
  field?.node && 'value' in field.node ? field.node.value : undefined;

function refuse(
  reader: ConfigReader,
  fields: Fields,
  { isAgent, useDefaults }: { readonly isAgent: boolean; readonly useDefaults: boolean },
): void {
  const field = fields.get('podIdentityAssociations');
  const list = field && !isNothing(field) ? field : undefined;
  const wants = speaks(list);
  if (isAgent && wants) reader.error(list, `cannot be set for ${agentAddon}: the agent itself needs no role`);
  if (list && useDefaults)
    reader.error(list, 'cannot be set beside useDefaultPodIdentityAssociations: say one or the other');
  if (!wants && !useDefaults) return;
  for (const name of irsa) {
    const other = fields.get(name);
    if (speaks(other))
      reader.error(
        other,
        `cannot be set beside ${wants ? ours[0] : ours[1]}: an add-on gets its roles by IRSA or by Pod Identity`,
      );
  }
}

function readAssociations(reader: ConfigReader, list: Field | undefined, region: string | undefined) {
  const items = reader.items(list);
  if (!items) return undefined;
  const read = items
    .flatMap(item => Entry.read(reader, item, region) ?? [])
    .map(entry => ({ entry, wanted: readAddonAssociation(entry) }));
  return {
    entries: read.flatMap(({ entry, wanted }) => (wanted ? [entry] : [])),
    wanted: read.flatMap(({ wanted }) => wanted ?? []),
  };
}

/** The namespace is the add-on's own; eksctl asks for one and makes no use of it. */
function readAddonAssociation(entry: Entry): WantedAddonAssociation | undefined {
  const { serviceAccount } = entry;
  if (entry.lacks('serviceAccountName')) entry.error('serviceAccountName', 'must be set');
  const role: RoleSource | undefined = readRole(entry);
  if (entry.has('wellKnownPolicies'))
    entry.error('wellKnownPolicies', 'is not supported for add-ons: set useDefaultPodIdentityAssociations instead');
  if (entry.has('tags')) entry.error('tags', 'is not supported for add-ons');
  for (const name of notForAddons)
    if (entry.has(name) && !isFalse(entry, name))
      entry.error(name, 'is not supported for add-ons: EKS takes only a service account and a role');
  return serviceAccount !== undefined && role ? { serviceAccount, role } : undefined;
}

const isFalse = (entry: Entry, name: (typeof notForAddons)[number]): boolean =>
  (name === 'disableSessionTags' || name === 'createServiceAccount') && entry.flag(name) === false;
