import type { CreateNamespace } from '../../plan/action.ts';
import { isFailure, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, busy, converge, toDo } from './converge.ts';

/** Makes the namespace unless it is there; one that is being deleted is waited for. */
export async function createNamespace(action: CreateNamespace, context: PerformContext): Promise<Outputs> {
  const { name } = action.request;
  const kubernetes = kubernetesOf(context);
  await converge(context, {
    look: async () => {
      const found = await orAbsent(kubernetes.getNamespace(name, context.call));
      if (found?.phase === 'Terminating') return busy(`namespace ${name} is being deleted`);
      return found ? asWanted(undefined) : toDo;
    },
    prior: () => ({ kind: 'nothing' }),
    write: () => kubernetes.createNamespace(name, context.call),
    settling: `the API server does not show namespace ${name} yet`,
    every: 1_000,
    atMost: 60_000,
    retry: (error, { attempt }) => (isFailure(error, 'exists') && attempt <= 3 ? 1_000 : undefined),
  });
  return {};
}
