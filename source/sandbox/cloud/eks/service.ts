/** Every operation of EKS that the sandbox has, by name. */
import type { RestOperation } from '../context.ts';
import { ADDON_OPERATIONS } from './addons.ts';
import { ASSOCIATION_OPERATIONS } from './association-operations.ts';
import { CLUSTER_OPERATIONS } from './clusters.ts';
import { OFFER_OPERATIONS } from './offers.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { UPDATE_OPERATIONS } from './updates.ts';

export const EKS_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  ...ADDON_OPERATIONS,
  ...ASSOCIATION_OPERATIONS,
  ...CLUSTER_OPERATIONS,
  ...OFFER_OPERATIONS,
  ...TAG_OPERATIONS,
  ...UPDATE_OPERATIONS,
};
