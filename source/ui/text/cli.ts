/** Commands for the AWS CLI and kubectl that show, or make, what a row is about. */
import { lastKnown } from '../../identity/reading.ts';
import { commandText, quote } from '../../plan/command-text.ts';
import type { KindedRow } from '../controller/table.ts';

const regionOf = (clusterArn: string): string => clusterArn.split(':')[3] ?? '';
const nameOf = (clusterArn: string): string => clusterArn.slice(clusterArn.lastIndexOf('/') + 1);

/** Associations and accounts that have one: what makes the same again. Everything else: what shows it. */
export function commandOf(subject: KindedRow): string {
  const name = nameOf(subject.cluster);
  const region = regionOf(subject.cluster);
  const aws = (words: string) => `aws ${words} --region ${quote(region)}`;
  switch (subject.kind) {
    case 'clusters':
      return aws(`eks describe-cluster --name ${quote(name)}`);
    case 'namespaces':
      return aws(
        `eks list-pod-identity-associations --cluster-name ${quote(name)} --namespace ${quote(subject.row.name)}`,
      );
    case 'roles':
      return `aws iam get-role --role-name ${quote(subject.row.name)}`;
    case 'associations':
    case 'service-accounts': {
      const association = lastKnown(subject.row.association)?.value;
      const account = subject.kind === 'associations' ? subject.row.serviceAccount : subject.row.name;
      const { namespace } = subject.row;
      if (!association)
        return `kubectl get serviceaccount ${quote(account)} --namespace ${quote(namespace)} --output yaml`;
      return commandText({
        type: 'create-association',
        service: 'eks',
        operation: 'CreatePodIdentityAssociation',
        account: subject.cluster.split(':')[4] ?? '',
        region,
        cluster: subject.cluster,
        subject: `${namespace}/${account}`,
        target: { namespace, serviceAccount: account },
        request: {
          clusterName: name,
          namespace,
          serviceAccount: account,
          roleArn: association.roleArn,
          ...(association.targetRoleArn ? { targetRoleArn: association.targetRoleArn } : {}),
          ...(association.disableSessionTags ? { disableSessionTags: true } : {}),
          ...(association.policy ? { policy: association.policy } : {}),
          tags: association.tags,
        },
      });
    }
  }
}
