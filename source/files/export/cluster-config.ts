import { Document, type Scalar, visit } from 'yaml';
import type {
  RoleRecipe,
  RoleSource,
  WantedAddon,
  WantedAddonAssociation,
  WantedAssociation,
} from '../../plan/wanted.ts';
import { agentAddon } from '../cluster-config/addon.ts';
import type { ConfigMetadata } from '../cluster-config/model.ts';
import type { ExportAddon, ExportAssociation, Exporter } from './model.ts';
import { byOwner, compare, ownTags } from './order.ts';

/** What a ClusterConfig file can say of Pod Identity. Tags of stacks are the metadata's. */
export type ConfigContent = ConfigMetadata & {
  readonly associations: readonly WantedAssociation[];
  readonly addons: readonly ContentAddon[];
};

/** The namespace is the add-on's own; eksctl asks for one all the same. */
type ContentAddon = Omit<WantedAddon, 'associations'> & {
  readonly associations?: readonly (WantedAddonAssociation & { readonly namespace?: string })[];
};

/**
 * An eksctl ClusterConfig of what is there: eksctl and `parseClusterConfig` read it back to the same associations. Roles
 * are named by ARN, whoever made them; an add-on's associations stand with the add-on. The agent is named when it is
 * among the add-ons; other add-ons only with associations.
 */
export const exportEksctl: Exporter = (cluster, associations, addons = []) => {
  const { free, owned } = byOwner(associations);
  const names = new Set([...owned.keys(), ...addons.flatMap(({ name }) => (name === agentAddon ? [name] : []))]);
  return configText({
    clusterName: cluster.name,
    region: cluster.region,
    metadataTags: {},
    associations: free.map(wanted),
    addons: [...names].toSorted(compare).map(name => wantedAddon(name, owned.get(name), addons)),
  });
};

const wanted = (association: ExportAssociation): WantedAssociation => ({
  namespace: association.namespace,
  serviceAccount: association.serviceAccount,
  role: { kind: 'existing', roleArn: association.roleArn },
  ...(association.targetRoleArn && { targetRoleArn: association.targetRoleArn }),
  ...(association.disableSessionTags && { disableSessionTags: true }),
  ...(association.policy && { policy: association.policy }),
  tags: ownTags(association.tags),
});

function wantedAddon(
  name: string,
  associations: readonly ExportAssociation[] | undefined,
  addons: readonly ExportAddon[],
): ContentAddon {
  const version = addons.find(addon => addon.name === name)?.version;
  return {
    name,
    ...(version && { version }),
    ...(associations && {
      associations: associations.map(({ namespace, serviceAccount, roleArn }) => ({
        namespace,
        serviceAccount,
        role: { kind: 'existing', roleArn },
      })),
    }),
  };
}

/** The text of a ClusterConfig with that content, which `parseClusterConfig` reads back to the same. */
export function configText({ clusterName, region, metadataTags, associations, addons }: ConfigContent): string {
  const content = {
    apiVersion: 'eksctl.io/v1alpha5',
    kind: 'ClusterConfig',
    metadata: { name: clusterName, region, ...tagsOf(metadataTags) },
    ...(associations.length > 0 && { iam: { podIdentityAssociations: associations.map(entry) } }),
    ...(addons.length > 0 && { addons: addons.map(addonEntry) }),
  };
  const document = new Document(content, { aliasDuplicateObjects: false });
  visit(document, { Scalar: (_, node) => styled(node) });
  return document.toString({ lineWidth: 0 });
}

const tagsOf = (tags: Readonly<Record<string, string>>) => (Object.keys(tags).length > 0 ? { tags } : {});

const entry = (association: WantedAssociation): Readonly<Record<string, unknown>> => ({
  namespace: association.namespace,
  serviceAccountName: association.serviceAccount,
  ...roleFields(association.role),
  createServiceAccount: association.createServiceAccount,
  targetRoleARN: association.targetRoleArn,
  disableSessionTags: association.disableSessionTags,
  policy: association.policy,
  ...tagsOf(association.tags),
});

const addonEntry = ({ name, version, associations, useDefaults, tags }: ContentAddon) => ({
  name,
  version,
  useDefaultPodIdentityAssociations: useDefaults,
  podIdentityAssociations: associations?.map(({ namespace, serviceAccount, role }) => ({
    namespace,
    serviceAccountName: serviceAccount,
    ...roleFields(role),
  })),
  tags,
});

const roleFields = (role: RoleSource): Readonly<Record<string, unknown>> =>
  role.kind === 'existing' ? { roleARN: role.roleArn } : recipeFields(role.recipe);

const recipeFields = (recipe: RoleRecipe): Readonly<Record<string, unknown>> => ({
  roleName: recipe.roleName,
  permissionsBoundaryARN: recipe.permissionsBoundaryArn,
  ...(recipe.permissionPolicyArns.length > 0 && { permissionPolicyARNs: recipe.permissionPolicyArns }),
  permissionPolicyName: recipe.permissionPolicyName,
  permissionPolicy: recipe.permissionPolicy === undefined ? undefined : JSON.parse(recipe.permissionPolicy),
  ...(recipe.wellKnownPolicies.length > 0 && {
    wellKnownPolicies: Object.fromEntries(recipe.wellKnownPolicies.map(name => [name, true])),
  }),
});

/**
 * eksctl's reader takes more words for numbers, dates and booleans than YAML 1.2 does, so only plain names and ARNs go
 * without quotes. Policies keep their lines, or at least their double quotes, readable.
 */
function styled(node: Scalar): void {
  const { value } = node;
  if (typeof value !== 'string' || isPlain(value)) return;
  const printable = /^[\x20-\x7e\n]*$/.test(value);
  if (printable && value.includes('\n')) node.type = 'BLOCK_LITERAL';
  else node.type = printable && value.includes('"') && !value.includes("'") ? 'QUOTE_SINGLE' : 'QUOTE_DOUBLE';
}

const isPlain = (text: string): boolean =>
  /^[A-Za-z][\w./:+@=*-]+[\w./+@=*-]$/.test(text) && !/^(?:yes|no|on|off|true|false|null)$/i.test(text);
