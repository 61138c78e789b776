import type { Association } from '../../identity/facts.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { associationId } from '../associations.ts';
import { actionNode, place } from '../nodes.ts';
import type { ActionNode } from '../plan.ts';

/** The action that takes an association away, if it still has the role that is seen now. */
export const deletion = ({ cluster }: Snapshot, existing: Association, needs: readonly string[] = []): ActionNode =>
  actionNode(
    { id: associationId(existing), title: `delete pod identity association "${subjectText(existing)}"`, needs },
    {
      ...place(cluster, subjectText(existing)),
      type: 'delete-association',
      service: 'eks',
      operation: 'DeletePodIdentityAssociation',
      target: { namespace: existing.namespace, serviceAccount: existing.serviceAccount },
      expects: { roleArn: existing.roleArn },
      request: { clusterName: cluster.name, associationId: existing.id },
      undo: 'create the association again; a target role sees a new association',
    },
  );
