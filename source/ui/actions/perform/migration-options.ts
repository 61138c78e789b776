import { subjectText } from '../../../identity/scope.ts';
import type { ActionNode } from '../../../plan/plan.ts';
import type { MigrateRequest } from '../../../plan/request.ts';
import { type App, say } from '../../controller/app.ts';
import { nextConcurrency } from '../../state/concurrency.ts';
import type { TreeLine } from '../../state/plan-tree.ts';
import { arnName } from '../../text/arn.ts';
import { clean } from '../../text/sanitise.ts';
import { currentMigration, planAgain } from './migrate.ts';
import type { Performs } from './perform.ts';
import { treeLineAtCursor } from './tree.ts';

/** Plans again with another request; the plan that was there is gone at once, so nothing old can be approved. */
const changing = (change: (request: MigrateRequest) => MigrateRequest) => (app: App) => {
  const current = currentMigration(app);
  if (current?.session.request.command !== 'migrate') return;
  planAgain(app, current.key, change(current.session.request));
};

const nextTags = { auto: 'on', on: 'off', off: 'auto' } as const;

function turnConcurrency(app: App) {
  app.store.update(state => ({ ...state, concurrency: nextConcurrency(state.concurrency) }));
  app.preferences.keepConcurrency();
}

/** What leaving out the action would name: its service account, or the role whose trust it changes. */
function nameOf({ action }: ActionNode): string | undefined {
  if ('target' in action) return subjectText(action.target);
  return 'roleArn' in action ? arnName(action.roleArn) : undefined;
}

/** The word of the request's `exclude` that a line of the tree stands for. */
export function excludedBy(line: TreeLine | undefined): string | undefined {
  switch (line?.kind) {
    case 'node':
      return line.node.kind === 'action' ? nameOf(line.node) : undefined;
    case 'gate':
      return subjectWord(line.evidence.subject);
    case 'remark':
      return line.sort === 'left-out' ? line.remark.subject : subjectWord(line.remark.subject);
    default:
      return undefined;
  }
}

/** Of `payments/api` or `role payments-api`, what names it; other subjects (an add-on, the cluster) cannot be left out. */
function subjectWord(subject: string): string | undefined {
  const role = /^role (\S+)$/.exec(subject)?.[1];
  return role ?? (/^[^\s/]+\/[^\s/]+$/.test(subject) ? subject : undefined);
}

function toggleExcluded(app: App) {
  const word = excludedBy(treeLineAtCursor(app));
  if (word === undefined) return say(app, 'info', 'move to a service account or a role to leave it out');
  leaveOut(app, word);
}

/** Plans again without a service account or a role, or with it again. */
export function leaveOut(app: App, word: string): void {
  changing(request => {
    const { exclude = [], ...rest } = request;
    const left = exclude.includes(word) ? exclude.filter(item => item !== word) : [...exclude, word];
    return left.length > 0 ? { ...rest, exclude: left } : rest;
  })(app);
  say(app, 'info', `planning again: ${clean(word)} changes sides`);
}

export const optionActions: Performs = {
  restarts: changing(request => ({ ...request, restartWorkloads: !request.restartWorkloads })),
  retirement: changing(request => ({ ...request, removeOidcProviderTrust: !request.removeOidcProviderTrust })),
  'session-tags': changing(request => ({ ...request, sessionTags: nextTags[request.sessionTags ?? 'auto'] })),
  concurrency: turnConcurrency,
  exclude: toggleExcluded,
};
