import type { Faults } from '../../../source/sandbox/model.ts';
import {
  addAccount,
  addCaller,
  addCluster,
  addRole,
  createWorld,
  podIdentityTrust,
} from '../../../source/sandbox/world.ts';
import { REGION, sdkClients } from './clients.ts';

export const START = Date.UTC(2026, 10, 24, 12);

/** One account, one cluster `blue`, one role `api` that trusts EKS, and the SDK's clients for it. */
export function scene(faults: Partial<Omit<Faults, 'scripted'>> = {}) {
  const world = createWorld({ name: 'test', seed: 7, now: START, faults });
  const account = addAccount(world, { id: '111122223333' });
  const caller = addCaller(world, account, { name: 'engineer' });
  const cluster = addCluster(world, account, { name: 'blue', region: REGION });
  const role = addRole(world, account, { name: 'api', trust: podIdentityTrust() });
  const time = { now: START };
  return { world, account, caller, cluster, role, time, ...sdkClients(world, caller, time) };
}

export const pair = { namespace: 'payments', serviceAccount: 'api' };
