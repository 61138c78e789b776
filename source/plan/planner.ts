import type { Snapshot } from '../identity/snapshot.ts';
import { planApply } from './apply.ts';
import { planCreate } from './create.ts';
import { planDelete } from './delete.ts';
import { planMigrate } from './migrate.ts';
import type { Plan } from './plan.ts';
import type { PlanRequest } from './request.ts';
import { planUpdate } from './update.ts';

/**
 * The plan for a request, from facts that were read for it. Pure and deterministic: the same facts in whatever order
 * give the same plan. Never throws for odd facts: each is a remark in the plan.
 */
export function planFor(snapshot: Snapshot, request: PlanRequest): Plan {
  switch (request.command) {
    case 'create':
      return planCreate(snapshot, request);
    case 'update':
      return planUpdate(snapshot, request);
    case 'delete':
      return planDelete(snapshot, request);
    case 'apply':
      return planApply(snapshot, request);
    case 'migrate':
      return planMigrate(snapshot, request);
  }
}
