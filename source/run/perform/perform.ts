import type { Action } from '../../plan/action.ts';
import { annotate } from './annotate.ts';
import type { Outputs, PerformContext } from './context.ts';
import { createAssociation } from './create-association.ts';
import { createNamespace } from './create-namespace.ts';
import { createRoleStack } from './create-role-stack.ts';
import { createServiceAccount } from './create-service-account.ts';
import { deleteAssociation } from './delete-association.ts';
import { deleteRoleStack } from './delete-role-stack.ts';
import { deleteServiceAccount } from './delete-service-account.ts';
import { editStackTrust } from './edit-stack-trust.ts';
import { editTrust } from './edit-trust.ts';
import { installAddon } from './install-addon.ts';
import { restartWorkload } from './restart-workload.ts';
import { tagAssociation } from './tag-association.ts';
import { updateAddon } from './update-addon.ts';
import { updateAssociation } from './update-association.ts';
import { updateRoleStack } from './update-role-stack.ts';
import { verifyPods } from './verify-pods.ts';

/**
 * Carries out one action; resolves when the world shows it. Throws `PortError` when it cannot be done, `HeldError` when a
 * gate is not passed.
 */
export function perform(action: Action, context: PerformContext): Promise<Outputs> {
  switch (action.type) {
    case 'install-addon':
      return installAddon(action, context);
    case 'edit-trust':
      return editTrust(action, context);
    case 'edit-stack-trust':
      return editStackTrust(action, context);
    case 'create-association':
      return createAssociation(action, context);
    case 'update-association':
      return updateAssociation(action, context);
    case 'tag-association':
      return tagAssociation(action, context);
    case 'delete-association':
      return deleteAssociation(action, context);
    case 'update-addon':
      return updateAddon(action, context);
    case 'annotate':
      return annotate(action, context);
    case 'create-role-stack':
      return createRoleStack(action, context);
    case 'update-role-stack':
      return updateRoleStack(action, context);
    case 'delete-role-stack':
      return deleteRoleStack(action, context);
    case 'create-namespace':
      return createNamespace(action, context);
    case 'create-service-account':
      return createServiceAccount(action, context);
    case 'delete-service-account':
      return deleteServiceAccount(action, context);
    case 'restart-workload':
      return restartWorkload(action, context);
    case 'verify-pods':
      return verifyPods(action, context);
  }
}
