import { printable } from '../../identity/plain-text.ts';
import { subjectText } from '../../identity/scope.ts';
import { hclArguments, hclText } from './hcl.ts';
import type { ExportAssociation, ExportCluster, Exporter } from './model.ts';
import { byOwner, ownTags, sortedEntries } from './order.ts';

/**
 * Terraform that takes over what is there: for each association a resource and the import block that adopts it, so that
 * a first plan imports and changes nothing (Terraform documentation, "import block"; hashicorp/aws documentation,
 * aws_eks_pod_identity_association). Associations that an add-on owns belong to its `aws_eks_addon` and are left out, by
 * name.
 */
export const exportTerraform: Exporter = (cluster, associations) => {
  const { free, owned } = byOwner(associations);
  const names = resourceNames(free);
  const blocks = [
    header(cluster, free),
    ...free.map((association, index) => resource(cluster, association, names[index] ?? '')),
    ...[...owned].map(([addon, list]) => leftOut(addon, list)),
  ];
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`;
};

/** The first version of the provider that knows the argument, by its changelog; the resource is as old as 5.29.0. */
const policySince = '6.57.1';

function header({ name, region }: ExportCluster, associations: readonly ExportAssociation[]): readonly string[] {
  return [
    `# EKS Pod Identity associations of cluster ${printable(name)} in ${printable(region)}.`,
    '# Import blocks need Terraform 1.5 or later. The provider must be configured for that region.',
    ...(associations.some(({ policy }) => policy)
      ? [`# The argument "policy" needs hashicorp/aws ${policySince} or later.`]
      : []),
  ];
}

function resource(cluster: ExportCluster, association: ExportAssociation, name: string): readonly string[] {
  const address = `aws_eks_pod_identity_association.${name}`;
  const { targetRoleArn, disableSessionTags, policy } = association;
  const tags = sortedEntries(ownTags(association.tags)).map(([key, value]) => [hclText(key), hclText(value)] as const);
  return [
    'import {',
    ...hclArguments(
      [
        ['to', address],
        ['id', hclText(`${cluster.name},${association.id}`)],
      ],
      '  ',
    ),
    '}',
    '',
    `resource "aws_eks_pod_identity_association" ${hclText(name)} {`,
    ...hclArguments(
      [
        ['cluster_name', hclText(cluster.name)],
        ['namespace', hclText(association.namespace)],
        ['service_account', hclText(association.serviceAccount)],
        ['role_arn', hclText(association.roleArn)],
        ...(targetRoleArn ? [['target_role_arn', hclText(targetRoleArn)] as const] : []),
        ...(disableSessionTags ? [['disable_session_tags', 'true'] as const] : []),
        ...(policy ? [['policy', hclText(policy)] as const] : []),
      ],
      '  ',
    ),
    ...(tags.length > 0 ? ['', '  tags = {', ...hclArguments(tags, '    '), '  }'] : []),
    '}',
  ];
}

function leftOut(addon: string, associations: readonly ExportAssociation[]): readonly string[] {
  const subjects = associations.map(association => printable(subjectText(association))).join(', ');
  return [
    `# Left out, because the add-on ${printable(addon)} owns it: ${subjects}.`,
    '# Write it as pod_identity_association of the aws_eks_addon.',
  ];
}

/**
 * A name for each: letters, digits, `_` and `-`, not beginning with a digit or `-` (Terraform documentation,
 * "Identifiers"). What comes out the same is numbered, never to a name that another has.
 */
function resourceNames(associations: readonly ExportAssociation[]): readonly string[] {
  const plain = associations.map(({ namespace, serviceAccount }) => identifier(`${namespace}_${serviceAccount}`));
  const taken = new Set(plain.filter((name, index) => plain.indexOf(name) === index));
  return plain.map((name, index) => {
    if (plain.indexOf(name) === index) return name;
    let number = 2;
    while (taken.has(`${name}_${number}`)) number += 1;
    taken.add(`${name}_${number}`);
    return `${name}_${number}`;
  });
}

const identifier = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]/g, '_').replace(/^(?=[^A-Za-z_])/, '_');
