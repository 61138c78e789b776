import type { ClusterRecord, World } from '../../source/sandbox/model.ts';

/** A world, and the cluster of it that is migrated. */
export type Stage = { readonly world: World; readonly cluster: ClusterRecord };

/** The keys that open every world that is explored, and nothing else. */
export const keys = { accessKeyId: 'AKIAEXPLOREEXPLORE01', secretAccessKey: 'explore' } as const;
