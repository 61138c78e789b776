import { printable } from '../../identity/plain-text.ts';
import { subjectText } from '../../identity/scope.ts';
import { quote } from '../../plan/command-text.ts';
import type { ExportAddon, ExportAssociation, ExportCluster, Exporter } from './model.ts';
import { byOwner, ownTags } from './order.ts';

/**
 * A shell script of AWS CLI commands that make what is there, one a line (AWS CLI command reference, `aws eks`). What an
 * add-on owns is made through the add-on, for the AWS CLI can make it in no other way.
 */
export const exportCli: Exporter = (cluster, associations, addons = []) => {
  const { free, owned } = byOwner(associations);
  const lines = [
    '#!/bin/sh',
    `# EKS Pod Identity associations of cluster ${printable(cluster.name)} in ${printable(cluster.region)}.`,
    'set -eu',
    ...free.map(association => createCommand(cluster, association)),
    ...[...owned].flatMap(([addon, list]) => addonLines(cluster, addon, list, addons)),
  ];
  return `${lines.join('\n')}\n`;
};

function createCommand(cluster: ExportCluster, association: ExportAssociation): string {
  const tags = ownTags(association.tags);
  return command('create-pod-identity-association', [
    ['--cluster-name', cluster.name],
    ['--namespace', association.namespace],
    ['--service-account', association.serviceAccount],
    ['--role-arn', association.roleArn],
    ['--target-role-arn', association.targetRoleArn],
    ...(association.disableSessionTags ? [['--disable-session-tags'] as const] : []),
    ['--policy', association.policy],
    ['--tags', Object.keys(tags).length > 0 ? JSON.stringify(tags) : undefined],
    ['--region', cluster.region],
  ]);
}

function addonLines(
  cluster: ExportCluster,
  addon: string,
  associations: readonly ExportAssociation[],
  addons: readonly ExportAddon[],
): readonly string[] {
  const subjects = associations.map(association => printable(subjectText(association))).join(', ');
  const pairs = associations.map(({ serviceAccount, roleArn }) => ({ serviceAccount, roleArn }));
  return [
    `# The add-on ${printable(addon)} owns ${subjects}: this sets all of its associations.`,
    command('update-addon', [
      ['--cluster-name', cluster.name],
      ['--addon-name', addon],
      ['--addon-version', addons.find(({ name }) => name === addon)?.version],
      ['--pod-identity-associations', JSON.stringify(pairs)],
      ['--region', cluster.region],
    ]),
  ];
}

type Flag = readonly [flag: string, value?: string | undefined];

/** A flag with an undefined or empty value is left out; one that takes none stands alone. */
function command(operation: string, flags: readonly Flag[]): string {
  const words = flags.flatMap(flag => {
    const [name, value] = flag;
    if (flag.length === 1) return [name];
    return value ? [name, quote(value)] : [];
  });
  return ['aws', 'eks', operation, ...words].join(' ');
}
