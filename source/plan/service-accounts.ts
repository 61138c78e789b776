import type { ServiceAccount } from '../identity/facts.ts';
import { known } from '../identity/reading.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import { namespaceId } from './intents.ts';
import { actionNode, type Findings, place } from './nodes.ts';
import type { ActionNode } from './plan.ts';
import { gapText, serviceAccountOf } from './subjects.ts';

/**
 * The label that says who made a service account. The value is eksctl's own, so that `eksctl delete` takes what was made
 * here as its own, and we what eksctl has made (Kubernetes documentation, "Recommended labels"; eksctl, pkg/kubernetes).
 */
const managedBy = { key: 'app.kubernetes.io/managed-by', value: 'eksctl' } as const;

export const isOurs = ({ labels }: ServiceAccount): boolean => labels[managedBy.key] === managedBy.value;

/** What has to be made for a service account to be there. */
export type MissingAccount = { readonly node: ActionNode; readonly namespace?: string };

/**
 * A service account that is not there, and its namespace. One that is there is left as it is, whoever made it: its labels
 * are its owner's. What cannot be looked at is not made.
 */
export function missingAccount(snapshot: Snapshot, subject: Subject, findings: Findings): MissingAccount | undefined {
  const { namespace, serviceAccount } = subject;
  const text = subjectText(subject);
  const skip = (reason: string) => {
    findings.skipped.push({ subject: `service account ${text}`, reason });
    return undefined;
  };
  const gap = gapText(snapshot.serviceAccounts);
  if (gap) return skip(`it is not made: whether it is there is not known, the service accounts ${gap}`);
  if (serviceAccountOf(snapshot.serviceAccounts, subject)) return undefined;
  const namespaces = known(snapshot.namespaces);
  const there = namespaces?.find(({ name }) => name === namespace);
  if (there?.phase === 'Terminating') return skip(`it is not made: namespace ${namespace} is being deleted`);
  const inNamespace = known(snapshot.serviceAccounts)?.some(each => each.namespace === namespace);
  const makesNamespace = !there && !inNamespace;
  return {
    node: createAccount(snapshot, { namespace, serviceAccount }, makesNamespace ? [namespaceId(namespace)] : []),
    ...(makesNamespace && { namespace }),
  };
}

/** Of the action that makes or deletes a service account. */
export const accountId = (subject: Subject): string => `service-account:${subjectText(subject)}`;

const createAccount = ({ cluster }: Snapshot, target: Subject, needs: readonly string[]): ActionNode => {
  const subject = subjectText(target);
  return actionNode(
    {
      id: accountId(target),
      title: `create service account "${subject}", if it does not already exist`,
      needs,
    },
    {
      ...place(cluster, subject),
      type: 'create-service-account',
      service: 'kubernetes',
      operation: 'CreateServiceAccount',
      target,
      request: { labels: { [managedBy.key]: managedBy.value } },
      undo: 'delete the service account',
    },
  );
};

export const deleteAccount = (
  { cluster }: Snapshot,
  { namespace, serviceAccount, uid }: ServiceAccount,
  needs: readonly string[],
): ActionNode => {
  const subject = subjectText({ namespace, serviceAccount });
  return actionNode(
    {
      id: accountId({ namespace, serviceAccount }),
      title: `delete service account "${subject}", if it exists and is managed by eksctl`,
      needs,
    },
    {
      ...place(cluster, subject),
      type: 'delete-service-account',
      service: 'kubernetes',
      operation: 'DeleteServiceAccount',
      target: { namespace, serviceAccount },
      expects: { uid },
      request: {},
    },
  );
};
