import type { ServiceAccount } from '../../identity/facts.ts';
import type { DeleteServiceAccount } from '../../plan/action.ts';
import { changedSince, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, type Look, toDo } from './converge.ts';

const managedBy = 'app.kubernetes.io/managed-by';
/** What this tool and eksctl write into it (eksctl, pkg/kubernetes). */
const ours: readonly string[] = ['eksctl', 'podid-tui'];

/** Deletes the very object that the plan saw, if it still bears the label of its maker; one that is gone is fine. */
export async function deleteServiceAccount(action: DeleteServiceAccount, context: PerformContext): Promise<Outputs> {
  const { namespace, serviceAccount: name } = action.target;
  const { uid } = action.expects;
  const kubernetes = kubernetesOf(context);
  let seen: ServiceAccount | undefined;
  await converge(context, {
    look: async () => {
      seen = await orAbsent(kubernetes.getServiceAccount(namespace, name, context.call));
      return stateOf(seen, action);
    },
    prior: () => ({ kind: 'service-account', found: seen ?? null }),
    write: async () => {
      await orAbsent(kubernetes.deleteServiceAccount(namespace, name, uid, context.call));
    },
    settling: `service account ${action.subject} is still there`,
    every: 1_000,
    atMost: 60_000,
  });
  return {};
}

function stateOf(seen: ServiceAccount | undefined, { subject, expects }: DeleteServiceAccount): Look<undefined> {
  if (!seen) return asWanted(undefined);
  if (seen.uid !== expects.uid) throw changedSince(`service account ${subject}`);
  if (!ours.includes(seen.labels[managedBy] ?? ''))
    throw changedSince(`the label ${managedBy} of service account ${subject}`);
  return toDo;
}
