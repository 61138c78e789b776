import { fieldName } from '../state/form-fields.ts';
import { movedFields } from '../state/form-rebase.ts';
import { age } from '../text/numbers.ts';
import { type App, say } from './app.ts';

/** Says that this is no new form: how old it is, what has changed since, and how to be rid of it. */
export function sayTakenUp(app: App, key: string): void {
  const { form } = app.store.get();
  const at = app.drafts.savedAt(key);
  const old = at === undefined ? 0 : app.clock.now() - at;
  const draft = old < 60_000 ? 'this draft was kept' : `draft from ${age(old)} ago kept`;
  const fields = form ? movedFields(form).map(fieldName) : [];
  if (fields.length > 0)
    say(app, 'warning', `${draft}; changed there since: ${fields.join(', ')}; <ctrl-l> begins anew`);
  else say(app, 'info', `${draft}: <ctrl-l> begins anew, <esc> <esc> discards it`);
}
