import type { CreateServiceAccount } from '../../plan/action.ts';
import { isFailure, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, toDo } from './converge.ts';

/** Makes the service account unless it is there; one that is there stays as it is, whoever made it. */
export async function createServiceAccount(action: CreateServiceAccount, context: PerformContext): Promise<Outputs> {
  const { namespace, serviceAccount: name } = action.target;
  const kubernetes = kubernetesOf(context);
  const made = await converge(context, {
    look: async () => {
      const found = await orAbsent(kubernetes.getServiceAccount(namespace, name, context.call));
      return found ? asWanted(found) : toDo;
    },
    prior: () => ({ kind: 'service-account', found: null }),
    write: async () => {
      await kubernetes.createServiceAccount(namespace, name, action.request.labels, context.call);
    },
    settling: `the API server does not show service account ${action.subject} yet`,
    every: 1_000,
    atMost: 60_000,
    retry: (error, { attempt }) => (isFailure(error, 'exists') && attempt <= 3 ? 1_000 : undefined),
  });
  return { uid: made.uid };
}
