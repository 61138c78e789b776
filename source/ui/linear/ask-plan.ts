import { performOf } from '../actions/perform/all.ts';
import { leaveOut } from '../actions/perform/migration-options.ts';
import { readOnlyReason } from '../controller/account.ts';
import { changeTop, leave, withoutDialog } from '../state/navigation.ts';
import type { PlanSession } from '../state/plan-session.ts';
import { topFrame } from '../state/state.ts';
import { clean } from '../text/sanitise.ts';
import { actionOf } from './acts.ts';
import { carryOut, sayPlan } from './follow-plan.ts';
import { inWords, type Talk } from './talk.ts';

/** The plan that lies over the place now. */
function planOf({ app }: Talk): PlanSession | undefined {
  const state = app.store.get();
  const { view } = topFrame(state);
  const { deletion, review } = app.sessions.get();
  if (state.dialog?.kind === 'delete') return deletion;
  return view.kind === 'migrate' ? app.sessions.migration(view.key) : review;
}

/**
 * What must be typed for a plan that is ready: what its screen asks for. Where that asks for a press only, who reads lines
 * says by a word that they mean it. Not before it is ready: what a plan turns out to do may ask for more.
 */
function phraseOf({ app }: Talk, session: PlanSession): string {
  const { dialog, review } = app.store.get();
  if (dialog?.kind === 'delete') return dialog.phrase ?? 'delete';
  const { command } = session.request;
  const drafted = command === 'create' || command === 'update' || command === 'apply';
  return drafted ? (review.phrase ?? 'apply') : session.cluster.name;
}

/** Says the plan that the user has come to, asks for its phrase, and carries it out if that is what is typed. */
export async function askPlan(talk: Talk): Promise<void> {
  const { app, say, ask } = talk;
  for (let session = planOf(talk); session; session = planOf(talk)) {
    const planned = session;
    const phrase = await sayPlan(planned, () => phraseOf(talk, planned), say);
    if (phrase === undefined) {
      talk.note(session.get().phase === 'ready' ? 0 : 1);
      break;
    }
    const readOnly = readOnlyReason(app, app.store.get(), session.cluster.arn);
    if (readOnly !== undefined) {
      say(`Nothing can be carried out now: ${clean(inWords(readOnly))}`);
      break;
    }
    // Why it asks for more than usual, if it does.
    talk.news();
    const typed = (await ask(`type ${phrase} to carry it out> `))?.trim();
    if (typed === phrase) {
      talk.note(await carryOut(session, app.store.get().concurrency, say));
      break;
    }
    if (typed === undefined || !(await changesPlan(talk, typed))) {
      // A script that typed something else had meant it; who only looked, or thought better of it, had not.
      if (typed !== undefined && !/^(|n|no|back|cancel|quit)$/i.test(typed)) talk.note(2);
      say('Nothing was carried out.');
      break;
    }
  }
  leavePlan(talk);
}

/** Options of the plan by their words: it is planned again with them. @returns whether it was one */
async function changesPlan(talk: Talk, typed: string): Promise<boolean> {
  const { app } = talk;
  const { view } = topFrame(app.store.get());
  if (view.kind !== 'migrate' && view.kind !== 'review') return false;
  const [word = '', ...rest] = typed.split(/\s+/);
  if (word === 'out' && view.kind === 'migrate' && rest.length === 1 && rest[0] !== undefined) {
    leaveOut(app, rest[0]);
    talk.news();
    return true;
  }
  const action = rest.length === 0 ? actionOf(word.toLowerCase(), view.kind) : undefined;
  const options = ['restarts', 'retirement', 'session-tags', 'concurrency', 'replan', 'prune', 'undo-restarts'];
  if (!action || !options.includes(action.id)) return false;
  performOf(action.id)?.(app);
  talk.news();
  return true;
}

/** Back to where the plan was asked for. A form that is beneath stays: it says for itself what becomes of it. */
function leavePlan({ app }: Talk): void {
  if (app.store.get().dialog?.kind === 'delete') {
    app.sessions.drop('deletion');
    app.store.update(withoutDialog);
  }
  app.store.update(state => changeTop(leave(state, ['migrate', 'review']), frame => ({ ...frame, marks: new Set() })));
}

/** Whether there is a plan to be looked at and approved. */
export const hasPlan = (talk: Talk): boolean => {
  const state = talk.app.store.get();
  const { kind } = topFrame(state).view;
  return state.dialog?.kind === 'delete' || kind === 'migrate' || kind === 'review';
};
