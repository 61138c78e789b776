import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import type { CreateAssociation } from './action.ts';
import { actionNode, place } from './nodes.ts';
import type { ActionNode } from './plan.ts';

export const associationId = (subject: Subject): string => `association:${subjectText(subject)}`;

type Settings = Omit<CreateAssociation['request'], 'clusterName' | 'namespace' | 'serviceAccount'>;

/** The action that gives a service account a role; settings that are left out stay at EKS's defaults. */
export function createAssociation(
  { cluster }: Snapshot,
  { namespace, serviceAccount }: Subject,
  settings: Settings,
  needs: readonly string[],
): ActionNode {
  const subject = subjectText({ namespace, serviceAccount });
  const id = associationId({ namespace, serviceAccount });
  return actionNode(
    { id, title: `create pod identity association for service account "${subject}"`, needs },
    {
      ...place(cluster, subject),
      type: 'create-association',
      service: 'eks',
      operation: 'CreatePodIdentityAssociation',
      target: { namespace, serviceAccount },
      request: { clusterName: cluster.name, namespace, serviceAccount, ...settings },
      undo: 'delete the association',
    },
  );
}
