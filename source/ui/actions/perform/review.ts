import type { ClusterRef } from '../../../identity/scope.ts';
import { actions as planActions } from '../../../plan/plan.ts';
import { inProd } from '../../controller/account.ts';
import { type App, say } from '../../controller/app.ts';
import { weightOf } from '../../controller/approval.ts';
import { noteDenial, refusesChanges } from '../../controller/read-only.ts';
import { trustRestoredText } from '../../controller/undone.ts';
import type { FileReview } from '../../state/file-review.ts';
import type { Form } from '../../state/form.ts';
import { fieldOfFailure } from '../../state/form-refusal.ts';
import { changeTop, leave, push } from '../../state/navigation.ts';
import { asFailure, PlanSession, type SessionRequest, type SessionState } from '../../state/plan-session.ts';
import { newReview, type ReviewFocus, type UiState } from '../../state/state.ts';
import { plural } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';

/** A press within this time after something opened is the end of what was typed before it. */
export const typeAheadGuard = 300;

/** Reads and plans for a request, and shows what would be done. Nothing is written. */
export function openReview(app: App, cluster: ClusterRef, request: SessionRequest, file?: FileReview) {
  holdReview(app, cluster, request);
  const review = newReview(app.clock.now(), inProd(app, cluster) ? cluster.name : undefined);
  app.store.update(({ file: _, ...state }) =>
    push({ ...state, ...(file ? { file } : {}), review }, { kind: 'review' }),
  );
}

/** Plans a file again with what it does not name deleted, or left. That takes the cluster's name, typed. */
export function turnPrune(app: App) {
  const session = app.sessions.get().review;
  const { file } = app.store.get();
  if (session?.request.command !== 'apply') return say(app, 'info', 'only what is applied from a file can prune');
  const { phase } = session.get();
  if (phase === 'running' || phase === 'finished') return;
  if (!file?.listsAssociations)
    return say(app, 'warning', 'the file has no list iam.podIdentityAssociations, so nothing can be pruned by it');
  const { cluster, request } = session;
  const prune = !request.prune;
  holdReview(app, cluster, { ...request, prune });
  const phrase = prune || inProd(app, cluster) ? cluster.name : undefined;
  app.store.update(state =>
    changeTop({ ...state, review: newReview(app.clock.now(), phrase) }, frame => ({ ...frame, scroll: 0 })),
  );
}

/** The way back from a run; without restarts, whoever uses Pod Identity already is held. */
export function openUndo(
  app: App,
  cluster: ClusterRef,
  undo: { readonly run: string; readonly restartWorkloads: boolean },
) {
  if (!app.workbench.undo) return say(app, 'warning', 'runs are not written down here');
  openReview(app, cluster, { command: 'undo', ...undo });
}

/** Plans an undo again with restarts, or without. */
export function turnUndoRestarts(app: App) {
  const session = app.sessions.get().review;
  if (session?.request.command !== 'undo') return say(app, 'info', 'only a way back can restart workloads');
  const { phase } = session.get();
  if (phase === 'running' || phase === 'finished') return;
  holdReview(app, session.cluster, { ...session.request, restartWorkloads: !session.request.restartWorkloads });
  app.store.update(state => changeTop(state, frame => ({ ...frame, scroll: 0 })));
}

function holdReview(app: App, cluster: ClusterRef, request: SessionRequest) {
  const session = new PlanSession({
    cluster,
    request,
    workbench: app.workbench,
    clock: app.clock,
    onFinished: state => void reviewFinished(app, cluster, request, state),
  });
  app.sessions.hold('review', session);
  session.subscribe(() => weigh(app, session));
}

/** What turns out to be heavy once it is planned asks for the cluster's name, as what is in production does. */
function weigh(app: App, session: PlanSession) {
  const state = session.get();
  if (state.phase !== 'ready' || app.sessions.get().review !== session) return;
  const why = weightOf(app, session.cluster, state.plan);
  if (why === undefined || app.store.get().review.phrase !== undefined) return;
  const phrase = session.cluster.name;
  app.store.update(now => ({ ...now, review: { ...now.review, phrase } }));
  say(app, 'info', `${why}: its name is asked for`);
}

const order = (review: ReviewFocus): readonly ReviewFocus['focus'][] =>
  review.phrase === undefined ? ['cancel', 'confirm'] : ['cancel', 'phrase', 'confirm'];

export const turnReviewFocus = (state: UiState, delta: 1 | -1): UiState => {
  const { review } = state;
  const stops = order(review);
  const focus = stops[(stops.indexOf(review.focus) + delta + stops.length) % stops.length] ?? 'cancel';
  return { ...state, review: { ...review, focus } };
};

export const phraseMatches = (asked: {
  readonly phrase?: string;
  readonly typed: { readonly value: string };
}): boolean => asked.phrase === undefined || asked.typed.value.trim() === asked.phrase;

/** Enter on the review screen: back, or apply when all that is asked was given. */
export function pressReview(app: App) {
  const state = app.store.get();
  const { review } = state;
  if (app.clock.now() - review.openedAt < typeAheadGuard) return;
  const session = app.sessions.get().review;
  const phase = session?.get().phase;
  if (phase === 'finished') return app.store.update(now => leave(now, ['review', 'form']));
  if (phase === 'running') return;
  if (review.focus === 'cancel') return app.store.update(now => leave(now, ['review']));
  if (!phraseMatches(review)) {
    return say(app, 'warning', `type ${review.phrase} first`);
  }
  if (review.focus === 'phrase') return app.store.update(now => turnReviewFocus(now, 1));
  apply(app, session);
}

function apply(app: App, session: PlanSession | undefined) {
  if (session && refusesChanges(app, session.cluster.arn)) return;
  const state = session?.get();
  if (!session || state?.phase !== 'ready') return say(app, 'info', 'the plan is not ready');
  if (planActions(state.plan.root).length === 0) return say(app, 'info', 'there is nothing to do');
  void session.approve(app.store.get().concurrency);
}

/** Which key takes it back, where that can be done. */
export const undoHint = (app: App, state: SessionState): string =>
  app.workbench.undo && 'plan' in state && state.plan.command !== 'undo' ? '   <z> undo' : '';

/** After a run: back to the list with the new facts, or to the field that AWS refused. */
async function reviewFinished(app: App, cluster: ClusterRef, request: SessionRequest, state: SessionState) {
  app.model.refresh(cluster.arn);
  void app.runs.read();
  if (state.phase !== 'finished') return;
  noteDenial(app, state);
  const refused = [...state.run.nodes.values()].find(node => node.failure)?.failure ?? state.broken;
  const failedReason = state.run.result?.failed[0]?.reason;
  if (!refused && failedReason === undefined) {
    const { held = [], skipped = [], unknown = [] } = state.run.result ?? {};
    const [left] = [...held, ...unknown, ...skipped];
    if (left) return say(app, 'warning', `not all is done: ${clean(left.subject)}: ${clean(left.reason)}`);
    const subject =
      request.command === 'undo'
        ? `the run is undone${await trustRestoredText(app, request.run, state)}`
        : subjectText(state.plan.root.title, state);
    app.store.update(now => (isDraft(request) ? withoutDraft(leave(now, ['review', 'form'])) : leave(now, ['review'])));
    return say(app, 'info', `✓ ${subject}${undoHint(app, state)}`);
  }
  const failure = refused ?? asFailure(new Error(failedReason));
  // What no draft asked for stays on the screen, with what failed.
  if (!isDraft(request)) return say(app, 'error', `✗ ${clean(failure.message)}`);
  const field = fieldOfFailure(failure, app.store.get().form?.made);
  app.store.update(now => {
    if (!now.form) return now;
    const form: Form = {
      ...now.form,
      ...(field && { focus: field, refused: { ...now.form.refused, [field]: clean(failure.message) } }),
      ...(request.command === 'update' && failure.kind === 'invalid' ? { offersRecreate: true } : {}),
    };
    return leave({ ...now, form }, ['review']);
  });
  say(app, 'error', `✗ ${clean(failure.message)}`);
}

/** Whether a draft of the form asks for it. */
const isDraft = ({ command }: SessionRequest): boolean => command === 'create' || command === 'update';

/** What was sent is no draft any more. */
function withoutDraft({ form: _, draftOf, ...state }: UiState): UiState {
  return { ...state, drafts: new Map([...state.drafts].filter(([key]) => key !== draftOf)) };
}

/** What was done, in the plan's own words. */
function subjectText(title: string, state: SessionState): string {
  const done = state.phase === 'finished' ? planActions(state.plan.root) : [];
  const last = done.filter(({ onlyIfFails }) => onlyIfFails === undefined).at(-1);
  if (state.phase === 'finished' && state.plan.command === 'apply')
    return `applied: ${plural(state.run.total, 'call')}`;
  return clean(last?.title ?? title);
}
