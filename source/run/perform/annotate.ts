import type { ServiceAccount } from '../../identity/facts.ts';
import type { Annotate } from '../../plan/action.ts';
import { changedSince, failure, kubernetesOf, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, type Look, toDo } from './converge.ts';

/**
 * Sets or removes the named annotations and no others. The resourceVersion of the look goes with the patch, so that the
 * API server refuses it when the account changed in between; then it is looked at again.
 */
export async function annotate(action: Annotate, context: PerformContext): Promise<Outputs> {
  const { namespace, serviceAccount: name } = action.target;
  const kubernetes = kubernetesOf(context);
  const wanted = action.request.annotations;
  let seen: ServiceAccount | undefined;
  const read = (): ServiceAccount => {
    if (seen) return seen;
    throw failure('unknown', `service account ${action.subject} was not read`);
  };
  await converge(context, {
    look: async () => {
      seen = await orAbsent(kubernetes.getServiceAccount(namespace, name, context.call));
      return compare(seen, action);
    },
    prior: () => ({
      kind: 'annotations',
      resourceVersion: read().resourceVersion,
      annotations: valuesOf(read(), Object.keys(wanted)),
    }),
    write: async () => {
      await kubernetes.annotateServiceAccount(namespace, name, wanted, read().resourceVersion, context.call);
    },
    settling: `the API server does not show the annotations of ${action.subject} yet`,
    every: 1_000,
    atMost: 60_000,
  });
  return {};
}

function compare(seen: ServiceAccount | undefined, { subject, request, expects }: Annotate): Look<undefined> {
  if (!seen) throw failure('not-found', `service account ${subject} is gone: plan again`);
  const keys = Object.keys(request.annotations);
  const has = valuesOf(seen, keys);
  if (keys.every(key => has[key] === request.annotations[key])) return asWanted(undefined);
  const foreign = keys.filter(key => has[key] !== request.annotations[key] && has[key] !== (expects[key] ?? null));
  if (foreign.length > 0) throw changedSince(`${foreign.join(', ')} of service account ${subject}`);
  return toDo;
}

const valuesOf = ({ annotations }: ServiceAccount, keys: readonly string[]): Readonly<Record<string, string | null>> =>
  Object.fromEntries(keys.map(key => [key, Object.hasOwn(annotations, key) ? (annotations[key] ?? null) : null]));
