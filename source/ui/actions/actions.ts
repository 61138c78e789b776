import type { Place } from '../state/view.ts';
import type { ActionContext, ActionSpec, PlanPhase } from './action.ts';

const tables: readonly Place[] = ['clusters', 'namespaces', 'service-accounts', 'roles', 'associations'];
const pages: readonly Place[] = ['detail', 'log', 'help'];
const runs: readonly Place[] = ['runs', 'run'];
const browsing: readonly Place[] = [...tables, ...pages, 'migrate', ...runs];
const dialogs: readonly Place[] = ['delete', 'approve', 'retire', 'stop'];
/** Before a migration is approved. */
const planned: readonly PlanPhase[] = ['ready', 'empty'];
const prompts: readonly Place[] = ['filter', 'command'];
const everywhere: readonly Place[] = [...browsing, 'form', 'review', ...dialogs, ...prompts];
const scrolled: readonly Place[] = [...browsing];

const onRow = ({ row }: ActionContext): string | undefined =>
  !row ? 'there is no row' : row.ghost ? 'that row is gone' : undefined;

const onAssociation = (context: ActionContext): string | undefined => {
  const reason = onRow(context);
  if (reason) return reason;
  if (context.row?.association === 'unread') return 'its association has not been read yet';
  return context.row?.association === 'one' ? undefined : 'it has no association';
};

/** Associations that an add-on owns change through the add-on (EKS refuses, or reverts, direct edits). */
const onOwnAssociation = (context: ActionContext): string | undefined =>
  onAssociation(context) ?? (context.row?.owner ? `the add-on ${context.row.owner} owns it` : undefined);

const ownPlan = ({ resumed }: ActionContext): string | undefined =>
  resumed ? 'a run that is taken up again stays as it was approved' : undefined;

/** Every key of the app. A test fails when a key means two things in one place. */
export const actions = [
  // Rows and pages.
  { id: 'down', keys: ['down', 'j'], label: 'down', places: scrolled, danger: 0 },
  { id: 'up', keys: ['up', 'k'], label: 'up', places: scrolled, danger: 0 },
  { id: 'page-down', keys: ['pagedown', 'ctrl-f'], label: 'page down', places: [...scrolled, 'review'], danger: 0 },
  { id: 'page-up', keys: ['pageup', 'ctrl-b'], label: 'page up', places: [...scrolled, 'review'], danger: 0 },
  { id: 'first', keys: ['g', 'home'], label: 'first', places: scrolled, danger: 0 },
  { id: 'last', keys: ['G', 'end'], label: 'last', places: scrolled, danger: 0 },
  { id: 'scroll-down', keys: ['down'], label: 'scroll down', places: ['review'], danger: 0 },
  { id: 'scroll-up', keys: ['up'], label: 'scroll up', places: ['review'], danger: 0 },

  // Going about.
  { id: 'open', keys: ['enter'], label: 'open', places: tables, danger: 0, hint: 1, disabledReason: onRow },
  { id: 'describe', keys: ['d'], label: 'describe', places: tables, danger: 0, hint: 3, disabledReason: onRow },
  { id: 'back', keys: ['q'], label: 'back', places: browsing, danger: 0 },
  { id: 'escape', keys: ['esc'], label: 'one step back', places: everywhere, danger: 0 },
  { id: 'command', keys: [':'], label: 'command', places: browsing, danger: 0 },
  { id: 'filter', keys: ['/'], label: 'filter', places: [...tables, 'log', 'help'], danger: 0, hint: 12 },
  {
    id: 'help',
    keys: ['?'],
    label: 'help',
    places: [...tables, 'detail', 'log', 'migrate', 'help', ...runs],
    danger: 0,
  },
  {
    id: 'namespaces',
    keys: ['0'],
    label: 'all namespaces',
    places: ['service-accounts', 'associations'],
    danger: 0,
  },
  {
    id: 'service-accounts',
    keys: ['s'],
    label: 'service acc.',
    places: ['clusters', 'namespaces', 'roles', 'associations'],
    danger: 0,
    hint: 4,
  },
  {
    id: 'associations',
    keys: ['a'],
    label: 'associations',
    places: ['clusters', 'namespaces', 'service-accounts', 'roles'],
    danger: 0,
    hint: 5,
  },
  {
    id: 'roles',
    keys: ['r'],
    label: 'roles',
    places: ['clusters', 'namespaces', 'service-accounts', 'associations'],
    danger: 0,
    hint: 6,
  },

  // Writing: each of these leads to a review or a dialog, none writes by itself.
  { id: 'new', keys: ['n'], label: 'new', places: [...tables, 'detail'], danger: 0, hint: 7 },
  {
    id: 'edit',
    keys: ['e'],
    label: 'edit',
    places: ['service-accounts', 'associations', 'detail'],
    danger: 1,
    hint: 8,
    disabledReason: onOwnAssociation,
  },
  {
    id: 'delete',
    keys: ['ctrl-d'],
    label: 'delete',
    places: ['service-accounts', 'associations', 'detail'],
    danger: 2,
    hint: 9,
    disabledReason: onOwnAssociation,
  },
  {
    id: 'migrate',
    keys: ['m'],
    label: 'migrate',
    places: ['clusters', 'namespaces', 'service-accounts', 'detail'],
    danger: 1,
    hint: 10,
    disabledReason: onRow,
  },
  {
    id: 'mark',
    keys: ['space'],
    label: 'mark',
    places: ['service-accounts', 'associations'],
    danger: 0,
    hint: 14,
    disabledReason: onRow,
  },

  // Looking.
  { id: 'wide', keys: ['w'], label: 'wide', places: tables, danger: 0, hint: 13 },
  { id: 'sort-name', keys: ['N'], label: 'sort by name', places: tables, danger: 0 },
  { id: 'sort-health', keys: ['S'], label: 'sort by health', places: tables, danger: 0 },
  {
    id: 'refresh',
    keys: ['ctrl-r'],
    label: 'refresh',
    places: browsing.filter(place => !runs.includes(place)),
    danger: 0,
    hint: 11,
  },
  { id: 'next-tab', keys: ['tab', 'right', 'l'], label: 'next tab', places: ['detail'], danger: 0, hint: 1 },
  { id: 'previous-tab', keys: ['shift-tab', 'left', 'h'], label: 'previous tab', places: ['detail'], danger: 0 },

  // The form.
  { id: 'next-field', keys: ['tab'], label: 'next field', places: ['form'], danger: 0, hint: 1 },
  { id: 'previous-field', keys: ['shift-tab'], label: 'prev', places: ['form'], danger: 0, hint: 2 },
  { id: 'accept', keys: ['enter'], label: 'choose', places: ['form'], danger: 0, hint: 3 },
  { id: 'next-choice', keys: ['down'], label: 'choices', places: ['form'], danger: 0, hint: 4 },
  { id: 'previous-choice', keys: ['up'], label: 'previous choice', places: ['form'], danger: 0 },
  { id: 'editor', keys: ['ctrl-e'], label: 'editor', places: ['form'], danger: 0, hint: 5 },
  { id: 'review', keys: ['ctrl-s'], label: 'review', places: ['form'], danger: 0, hint: 6 },
  { id: 'clear-form', keys: ['ctrl-l'], label: 'clear', places: ['form'], danger: 0, hint: 7 },

  // Buttons.
  {
    id: 'next-button',
    keys: ['tab', 'right'],
    label: 'next',
    places: ['review', ...dialogs],
    danger: 0,
    hint: 1,
  },
  {
    id: 'previous-button',
    keys: ['shift-tab', 'left'],
    label: 'prev button',
    places: ['review', ...dialogs],
    danger: 0,
  },
  { id: 'press', keys: ['enter'], label: 'press', places: ['review', ...dialogs], danger: 2, hint: 2 },

  // The migration.
  { id: 'expand', keys: ['right', 'l'], label: 'expand', places: ['migrate'], danger: 0, hint: 11 },
  { id: 'collapse', keys: ['left', 'h'], label: 'collapse', places: ['migrate'], danger: 0, hint: 12 },
  { id: 'toggle', keys: ['enter'], label: 'fold', places: ['migrate'], danger: 0, hint: 10 },
  { id: 'diff', keys: ['d'], label: 'trust diff', places: ['migrate'], danger: 0, hint: 2 },
  { id: 'reasons', keys: ['x'], label: 'reasons', places: ['migrate'], danger: 0, hint: 3 },
  {
    id: 'approve',
    keys: ['a'],
    label: 'approve',
    places: ['migrate'],
    danger: 2,
    hint: 1,
    phases: ['ready'],
    disabledReason: ({ plan }) =>
      plan === 'ready' ? undefined : plan === 'empty' ? 'there is nothing to do' : `the plan is ${plan ?? 'not made'}`,
  },
  {
    id: 'exclude',
    keys: ['space'],
    label: 'in/out',
    places: ['migrate'],
    danger: 0,
    hint: 4,
    phases: planned,
    disabledReason: ownPlan,
  },
  {
    id: 'restarts',
    keys: ['R'],
    label: 'restarts',
    places: ['migrate'],
    danger: 1,
    hint: 5,
    phases: planned,
    disabledReason: ownPlan,
  },
  {
    id: 'retirement',
    keys: ['T'],
    label: 'retire IRSA',
    places: ['migrate'],
    danger: 1,
    hint: 6,
    phases: planned,
    disabledReason: ownPlan,
  },
  {
    id: 'session-tags',
    keys: ['s'],
    label: 'session tags',
    places: ['migrate'],
    danger: 1,
    hint: 7,
    phases: planned,
    disabledReason: ownPlan,
  },
  { id: 'concurrency', keys: ['P'], label: 'at once', places: ['migrate'], danger: 0, hint: 8, phases: planned },
  {
    id: 'replan',
    keys: ['p'],
    label: 'plan again',
    places: ['migrate'],
    danger: 0,
    hint: 9,
    phases: ['unplanned', ...planned, 'finished'],
    disabledReason: ownPlan,
  },
  {
    id: 'retry',
    keys: ['e'],
    label: 'retry',
    places: ['migrate'],
    danger: 1,
    hint: 5,
    phases: ['finished'],
    disabledReason: ({ left }) => (left ? undefined : 'nothing of it is left to do'),
  },
  { id: 'roll-back', keys: ['b'], label: 'roll back', places: ['migrate'], danger: 1, hint: 6, phases: ['finished'] },

  // The runs.
  { id: 'open-run', keys: ['enter', 'd'], label: 'open', places: ['runs'], danger: 0, hint: 1 },
  { id: 'undo-run', keys: ['u'], label: 'undo', places: runs, danger: 1, hint: 2 },
  { id: 'resume-run', keys: ['e'], label: 'take up', places: runs, danger: 1, hint: 3 },
  { id: 'read-runs', keys: ['ctrl-r'], label: 'refresh', places: runs, danger: 0, hint: 4 },
  { id: 'undo-restarts', keys: ['ctrl-r'], label: 'restarts', places: ['review'], danger: 1, hint: 3 },

  // Prompts.
  { id: 'run-prompt', keys: ['enter'], label: 'run', places: prompts, danger: 0 },
  { id: 'complete', keys: ['tab'], label: 'complete', places: ['command'], danger: 0 },
  { id: 'next-suggestion', keys: ['down'], label: 'next', places: ['command'], danger: 0 },
  { id: 'previous-suggestion', keys: ['up'], label: 'previous', places: ['command'], danger: 0 },

  // The process.
  {
    id: 'sandbox',
    keys: ['X'],
    label: 'sandbox',
    places: tables,
    danger: 0,
    disabledReason: ({ sandbox }) => (sandbox ? 'this is the sandbox' : undefined),
  },
  {
    id: 'interrupt',
    keys: ['ctrl-c'],
    label: 'twice: quit',
    places: everywhere.filter(place => place !== 'migrate' && place !== 'stop'),
    danger: 0,
  },
  // Without a run it quits, as everywhere.
  { id: 'stop', keys: ['ctrl-c'], label: 'stop', places: ['migrate'], danger: 0, hint: 9 },
  { id: 'stop-now', keys: ['ctrl-c'], label: 'stop now', places: ['stop'], danger: 0, hint: 3 },
  { id: 'suspend', keys: ['ctrl-z'], label: 'suspend', places: everywhere, danger: 0 },
] as const satisfies readonly ActionSpec[];

export type ActionId = (typeof actions)[number]['id'];

export type Action = ActionSpec & { readonly id: ActionId };

/** Actions that work in a place, in the order of the table. */
export const actionsIn = (place: Place): readonly Action[] =>
  (actions as readonly Action[]).filter(action => action.places.includes(place));

/** The action of a key in a place. */
export const actionFor = (place: Place, key: string): Action | undefined =>
  actionsIn(place).find(action => action.keys.includes(key));

/** Why an action cannot be used now; undefined: it can. */
export const reasonAgainst = (action: Action, context: ActionContext): string | undefined => {
  const { plan } = context;
  const outside = plan !== undefined && action.phases !== undefined && !action.phases.includes(plan);
  return action.disabledReason?.(context) ?? (outside ? phaseText[plan] : undefined);
};

const phaseText: Readonly<Record<PlanPhase, string>> = {
  planning: 'it is being planned',
  unplanned: 'there is no plan',
  ready: 'nothing of the plan has been done yet',
  empty: 'there is nothing to do',
  running: 'the plan is running',
  finished: 'the run has ended; <p> plans again',
};

/** What the header shows for a place, in order; of a plan, what its state allows. */
export const hintsFor = (place: Place, plan?: PlanPhase): readonly Action[] =>
  actionsIn(place)
    .filter(action => action.hint !== undefined && (!plan || !action.phases || action.phases.includes(plan)))
    .sort((a, b) => (a.hint ?? 0) - (b.hint ?? 0));
