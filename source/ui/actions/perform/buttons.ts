import { type App, say } from '../../controller/app.ts';
import { withoutDialog } from '../../state/navigation.ts';
import { type Dialog, topFrame } from '../../state/state.ts';
import { confirmDelete, openDelete } from './delete.ts';
import type { Performs } from './perform.ts';
import { phraseMatches, pressReview, turnReviewFocus, typeAheadGuard } from './review.ts';

const stops = (dialog: Dialog): readonly Dialog['focus'][] =>
  dialog.phrase === undefined ? ['cancel', 'confirm'] : ['phrase', 'cancel', 'confirm'];

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

function press(app: App) {
  const { dialog } = app.store.get();
  if (!dialog) return pressReview(app);
  if (app.clock.now() - dialog.openedAt < typeAheadGuard) return;
  if (dialog.kind === 'delete' && app.sessions.get().deletion?.get().phase === 'running') return;
  if (dialog.focus === 'cancel') return closeDialog(app, dialog);
  if (!phraseMatches(dialog)) return say(app, 'warning', `type ${dialog.phrase} first`);
  if (dialog.focus === 'phrase') return turn(-1)(app);
  if (dialog.kind === 'delete') return confirmDelete(app);
  approveMigration(app);
}

function approveMigration(app: App): void {
  const { view } = topFrame(app.store.get());
  app.store.update(withoutDialog);
  if (view.kind === 'migrate') void app.sessions.migration(view.key)?.approve();
}

export const buttonActions: Performs = {
  'next-button': turn(1),
  'previous-button': turn(-1),
  press,
  delete: openDelete,
};
