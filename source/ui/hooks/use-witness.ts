import { useEffect, useSyncExternalStore } from 'react';
import type { PodCount } from '../controller/witness.ts';
import { useApp } from './use-app.ts';

const nothing = () => () => {};

/**
 * What the embedded world's oracle says of the pods of a cluster, asked for as long as a component shows it.
 *
 * @returns undefined: nobody can be asked, or has answered yet
 */
export function useWitness(cluster: string | undefined): PodCount | undefined {
  const { witness } = useApp();
  useEffect(() => (witness && cluster !== undefined ? witness.watch(cluster) : undefined), [witness, cluster]);
  return useSyncExternalStore(witness?.subscribe ?? nothing, () =>
    cluster === undefined ? undefined : witness?.get().get(cluster),
  );
}
