import { type App, say } from '../../controller/app.ts';
import { leave, withoutDialog } from '../../state/navigation.ts';
import type { Dialog } from '../../state/state.ts';
import { applyFile } from './apply-file.ts';
import { confirmDelete, openDelete } from './delete.ts';
import type { Performs } from './perform.ts';
import { quit } from './process.ts';
import { phraseMatches, pressReview, turnPrune, turnReviewFocus, turnUndoRestarts, typeAheadGuard } from './review.ts';
import { approved, stopRuns } from './run-control.ts';
import { takeUp } from './runs.ts';

const stops = (dialog: Dialog): readonly Dialog['focus'][] => {
  if (dialog.kind === 'stop') return ['cancel', 'confirm', 'now'];
  return dialog.phrase === undefined ? ['cancel', 'confirm'] : ['phrase', 'cancel', 'confirm'];
};

const turn = (delta: 1 | -1) => (app: App) =>
  app.store.update(state => {
    const { dialog } = state;
    if (!dialog) return turnReviewFocus(state, delta);
    const order = stops(dialog);
    const focus = order[(order.indexOf(dialog.focus) + delta + order.length) % order.length] ?? 'cancel';
    return { ...state, dialog: { ...dialog, focus } };
  });

function closeDialog(app: App, dialog: Dialog) {
  if (dialog.kind === 'delete') app.sessions.drop('deletion');
  app.store.update(withoutDialog);
}

/** The file on screen, of which nothing could be planned. */
function refusedFile(app: App) {
  const { file } = app.store.get();
  return file && file.problems.length > 0 && !app.sessions.get().review ? file : undefined;
}

/** Under the problems of a file: back, or read it again. */
function pressFile(app: App) {
  const { review } = app.store.get();
  const file = refusedFile(app);
  if (!file || app.clock.now() - review.openedAt < typeAheadGuard) return;
  if (review.focus === 'cancel') return app.store.update(now => leave(now, ['review']));
  void applyFile(app, file.path);
}

function press(app: App) {
  const { dialog } = app.store.get();
  if (!dialog) return refusedFile(app) ? pressFile(app) : pressReview(app);
  if (app.clock.now() - dialog.openedAt < typeAheadGuard) return;
  if (dialog.kind === 'delete' && app.sessions.get().deletion?.get().phase === 'running') return;
  if (dialog.focus === 'cancel') return closeDialog(app, dialog);
  if (!phraseMatches(dialog)) return say(app, 'warning', `type ${dialog.phrase} first`);
  if (dialog.focus === 'phrase') return turn(-1)(app);
  switch (dialog.kind) {
    case 'delete':
      return confirmDelete(app);
    case 'stop':
      return stop(app, dialog, dialog.focus === 'now' ? 'now' : 'after');
    case 'interrupted':
      return takeUp(app);
    default:
      return approved(app, dialog);
  }
}

const stop = (app: App, dialog: Dialog, how: 'after' | 'now') =>
  stopRuns(app, dialog, how, exitCode => quit(app, exitCode));

/** Ctrl-c where it is asked how to stop: now, whatever button has the focus and however soon. */
function stopNow(app: App): void {
  const { dialog } = app.store.get();
  if (dialog) stop(app, dialog, 'now');
}

export const buttonActions: Performs = {
  'next-button': turn(1),
  'previous-button': turn(-1),
  press,
  'stop-now': stopNow,
  'undo-restarts': turnUndoRestarts,
  prune: turnPrune,
  delete: openDelete,
};
