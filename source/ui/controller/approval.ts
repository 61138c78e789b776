import type { ClusterRef } from '../../identity/scope.ts';
import { actions, type Plan } from '../../plan/plan.ts';
import { arnName } from '../text/arn.ts';
import { clean } from '../text/sanitise.ts';
import { inProd } from './account.ts';
import type { App } from './app.ts';

/** More service accounts than this at once are many: somebody should have read the name of the cluster. */
export const many = 10;

/** Actions that decide what a service account gets, each for the one that its subject names. */
const ofServiceAccounts: ReadonlySet<string> = new Set([
  'create-association',
  'update-association',
  'delete-association',
  'annotate',
]);

/** Edits of a trust policy: whoever else has the role lives by it too. */
const ofTrust: ReadonlySet<string> = new Set(['edit-trust', 'edit-stack-trust']);

/**
 * Why carrying out a plan takes more than a key: it is in production, of many service accounts, or changes who may take a
 * role that other clusters in scope name too. Undefined: approving it is enough.
 */
export function weightOf(app: App, cluster: ClusterRef, plan: Plan): string | undefined {
  if (inProd(app, cluster)) return 'this is production';
  const nodes = actions(plan.root);
  const subjects = new Set(nodes.flatMap(({ action }) => (ofServiceAccounts.has(action.type) ? [action.subject] : [])));
  if (subjects.size > many) return `this changes ${subjects.size} service accounts`;
  const edited = new Set(
    nodes.flatMap(({ action }) => (ofTrust.has(action.type) && 'roleArn' in action ? [action.roleArn] : [])),
  );
  const shared = app.model.roles(cluster.arn).find(row => row.clusters > 1 && edited.has(row.arn));
  return shared && `role ${clean(arnName(shared.arn))} is used by ${shared.clusters} clusters`;
}
