import type { Place } from '../state/view.ts';
import type { ActionContext, ActionSpec, PlanPhase } from './action.ts';
import { reasonOf } from './reasons.ts';

const tables: readonly Place[] = ['clusters', 'namespaces', 'service-accounts', 'roles', 'associations'];
const pages: readonly Place[] = ['detail', 'log', 'help'];
const runs: readonly Place[] = ['runs', 'run'];
const browsing: readonly Place[] = [...tables, 'contexts', 'copies', ...pages, 'migrate', ...runs];
const dialogs: readonly Place[] = ['delete', 'approve', 'retire', 'stop', 'interrupted'];
/** Before a migration is approved. */
const planned: readonly PlanPhase[] = ['ready', 'empty'];
const prompts: readonly Place[] = ['filter', 'command'];
const everywhere: readonly Place[] = [...browsing, 'form', 'review', ...dialogs, ...prompts];
const scrolled = browsing.filter(place => place !== 'copies');

/** Tables of service accounts, by either name. */
const subjects: readonly Place[] = ['service-accounts', 'associations'];

const onFleet = ({ fleet }: ActionContext): string | undefined =>
  fleet ? undefined : 'that is of the rows of all clusters; <A> shows them';

/** What is copied from a table is the row under the cursor; pages are copied whole. */
const onTableRow = (context: ActionContext): string | undefined =>
  tables.includes(context.place) ? reasonOf('row', context) : undefined;

const tabKeys = ([1, 2, 3, 4, 5, 6] as const).map(
  number =>
    ({ id: `tab-${number}`, keys: [String(number)], label: `tab ${number}`, scope: ['detail'], danger: 0 }) as const,
);

/** Every key of the app. A test fails when a key means two things in one place. */
export const actions = [
  // Rows and pages.
  { id: 'down', keys: ['down', 'j'], label: 'down', scope: scrolled, danger: 0, repeats: true },
  { id: 'up', keys: ['up', 'k'], label: 'up', scope: scrolled, danger: 0, repeats: true },
  {
    id: 'page-down',
    keys: ['pagedown', 'ctrl-f'],
    label: 'page down',
    scope: [...scrolled, 'review'],
    danger: 0,
    repeats: true,
  },
  {
    id: 'page-up',
    keys: ['pageup', 'ctrl-b'],
    label: 'page up',
    scope: [...scrolled, 'review'],
    danger: 0,
    repeats: true,
  },
  { id: 'first', keys: ['g', 'home'], label: 'first', scope: scrolled, danger: 0, repeats: true },
  { id: 'last', keys: ['G', 'end'], label: 'last', scope: scrolled, danger: 0, repeats: true },
  { id: 'scroll-down', keys: ['down'], label: 'scroll down', scope: ['review'], danger: 0, repeats: true },
  { id: 'scroll-up', keys: ['up'], label: 'scroll up', scope: ['review'], danger: 0, repeats: true },

  // Going about.
  { id: 'open', keys: ['enter'], label: 'open', scope: tables, danger: 0, hint: 1, needs: ['row'] },
  { id: 'describe', keys: ['d'], label: 'describe', scope: tables, danger: 0, hint: 3, needs: ['row'] },
  { id: 'back', keys: ['q'], label: 'back', scope: browsing, danger: 0 },
  { id: 'escape', keys: ['esc'], label: 'one step back', scope: everywhere, danger: 0 },
  { id: 'command', keys: [':'], label: 'command', scope: browsing, danger: 0 },
  { id: 'filter', keys: ['/'], label: 'filter', scope: [...tables, 'contexts', 'log', 'help'], danger: 0, hint: 12 },
  {
    id: 'help',
    keys: ['?'],
    label: 'help',
    scope: [...tables, 'contexts', 'copies', 'detail', 'log', 'migrate', 'help', ...runs],
    danger: 0,
  },
  {
    id: 'namespaces',
    keys: ['0'],
    label: 'all namespaces',
    scope: ['service-accounts', 'associations'],
    danger: 0,
  },
  {
    id: 'service-accounts',
    keys: ['s'],
    label: 'service acc.',
    scope: ['clusters', 'namespaces', 'roles', 'associations'],
    danger: 0,
    hint: 4,
  },
  {
    id: 'associations',
    keys: ['a'],
    label: 'associations',
    scope: ['clusters', 'namespaces', 'service-accounts', 'roles'],
    danger: 0,
    hint: 5,
  },
  {
    id: 'roles',
    keys: ['r'],
    label: 'roles',
    scope: ['clusters', 'namespaces', 'service-accounts', 'associations'],
    danger: 0,
    hint: 6,
  },

  { id: 'history-back', keys: ['['], label: 'where I was', scope: browsing, danger: 0 },
  { id: 'history-forward', keys: [']'], label: 'and forward', scope: browsing, danger: 0 },
  { id: 'last-view', keys: ['-'], label: 'last place', scope: browsing, danger: 0 },

  // Writing: each of these leads to a review or a dialog, none writes by itself.
  { id: 'new', keys: ['n'], label: 'new', scope: [...tables, 'detail'], danger: 2, needs: ['write'], hint: 7 },
  {
    id: 'edit',
    keys: ['e'],
    label: 'edit',
    scope: ['service-accounts', 'associations', 'detail'],
    danger: 2,
    hint: 8,
    needs: ['write', 'own-association'],
  },
  {
    id: 'delete',
    keys: ['ctrl-d'],
    label: 'delete',
    scope: ['service-accounts', 'associations', 'detail'],
    danger: 3,
    hint: 9,
    needs: ['write', 'own-association'],
  },
  {
    id: 'migrate',
    keys: ['m'],
    label: 'migrate',
    scope: ['clusters', 'namespaces', 'service-accounts', 'detail'],
    danger: 1,
    hint: 10,
    needs: ['row'],
  },
  {
    id: 'mark',
    keys: ['space'],
    label: 'mark',
    scope: ['service-accounts', 'associations'],
    danger: 0,
    hint: 14,
    needs: ['row'],
  },

  // Looking.
  { id: 'wide', keys: ['w'], label: 'wide', scope: tables, danger: 0, hint: 13 },
  { id: 'sort-name', keys: ['N'], label: 'sort by name', scope: tables, danger: 0 },
  { id: 'column-left', keys: ['shift-left'], label: 'column left', scope: tables, danger: 0, repeats: true },
  { id: 'column-right', keys: ['shift-right'], label: 'pick a column', scope: tables, danger: 0, repeats: true },
  { id: 'sort-column', keys: ['o'], label: 'sort by it', scope: tables, danger: 0 },
  { id: 'hide-column', keys: ['v'], label: 'hide it', scope: tables, danger: 0 },
  { id: 'show-columns', keys: ['V'], label: 'show all columns', scope: tables, danger: 0 },
  { id: 'preview', keys: ['p'], label: 'preview', scope: tables, danger: 0, hint: 15 },
  { id: 'preview-down', keys: ['}'], label: 'scroll preview', scope: tables, danger: 0, repeats: true },
  { id: 'preview-up', keys: ['{'], label: 'scroll preview up', scope: tables, danger: 0, repeats: true },
  {
    id: 'follow-row',
    keys: ['F'],
    label: 'follow',
    scope: tables,
    danger: 0,
    disabledReason: context => (context.following ? undefined : reasonOf('row', context)),
  },
  { id: 'compare', keys: ['='], label: 'compare', scope: subjects, danger: 0, hint: 16, needs: ['row'] },
  { id: 'copy-to', keys: ['+'], label: 'copy to…', scope: subjects, danger: 0, needs: ['row'] },
  { id: 'drift', keys: ['D'], label: 'drift only', scope: subjects, danger: 0, disabledReason: onFleet },
  { id: 'group', keys: ['b'], label: 'group by', scope: subjects, danger: 0, disabledReason: onFleet },
  { id: 'fleet', keys: ['A'], label: 'all clusters', scope: [...subjects, 'clusters'], danger: 0 },
  { id: 'used-by', keys: ['u'], label: 'used by', scope: ['roles', ...subjects, 'detail'], danger: 0, needs: ['row'] },
  { id: 'mark-range', keys: ['ctrl-space'], label: 'mark up to here', scope: subjects, danger: 0, needs: ['row'] },
  { id: 'clear-marks', keys: ['ctrl-\\'], label: 'clear marks', scope: subjects, danger: 0 },
  { id: 'sort-health', keys: ['S'], label: 'sort by health', scope: tables, danger: 0 },
  {
    id: 'refresh',
    keys: ['ctrl-r'],
    label: 'refresh',
    scope: browsing.filter(place => !runs.includes(place) && place !== 'contexts'),
    danger: 0,
    hint: 11,
  },
  {
    id: 'copy',
    keys: ['c'],
    label: 'copy',
    scope: [...tables, 'detail', 'log', ...runs],
    danger: 0,
    disabledReason: onTableRow,
  },
  {
    id: 'copy-yaml',
    keys: ['y'],
    label: 'copy as YAML',
    scope: [...tables, 'detail'],
    danger: 0,
    disabledReason: onTableRow,
  },
  {
    id: 'copy-json',
    keys: ['Y'],
    label: 'copy as JSON',
    scope: [...tables, 'detail'],
    danger: 0,
    disabledReason: onTableRow,
  },
  {
    id: 'copy-commands',
    keys: ['C'],
    label: 'copy as CLI',
    scope: [...tables, 'detail', 'migrate'],
    danger: 0,
    disabledReason: onTableRow,
  },
  { id: 'copy-plan', keys: ['ctrl-t'], label: 'as CLI', scope: ['review'], danger: 0, hint: 4 },
  { id: 'save-csv', keys: ['ctrl-s'], label: 'save CSV', scope: tables, danger: 0 },
  {
    id: 'next-tab',
    keys: ['tab', 'right', 'l'],
    label: 'next tab',
    scope: ['detail'],
    danger: 0,
    repeats: true,
    hint: 1,
  },
  ...tabKeys,
  {
    id: 'previous-tab',
    keys: ['shift-tab', 'left', 'h'],
    label: 'previous tab',
    scope: ['detail'],
    danger: 0,
    repeats: true,
  },

  // The form.
  { id: 'next-field', keys: ['tab'], label: 'next field', scope: ['form'], danger: 0, repeats: true, hint: 1 },
  { id: 'previous-field', keys: ['shift-tab'], label: 'prev', scope: ['form'], danger: 0, repeats: true, hint: 2 },
  { id: 'accept', keys: ['enter'], label: 'choose', scope: ['form'], danger: 0, hint: 3 },
  { id: 'next-choice', keys: ['down'], label: 'choices', scope: ['form'], danger: 0, repeats: true, hint: 4 },
  { id: 'previous-choice', keys: ['up'], label: 'previous choice', scope: ['form'], danger: 0, repeats: true },
  { id: 'editor', keys: ['ctrl-e'], label: 'editor', scope: ['form'], danger: 0, hint: 5 },
  { id: 'review', keys: ['ctrl-s'], label: 'review', scope: ['form'], danger: 0, hint: 6 },
  { id: 'clear-form', keys: ['ctrl-l'], label: 'clear', scope: ['form'], danger: 0, hint: 7 },
  { id: 'form-command', keys: ['ctrl-t'], label: 'as CLI', scope: ['form'], danger: 0, hint: 8 },

  // Buttons.
  {
    id: 'next-button',
    keys: ['tab', 'right'],
    label: 'next',
    scope: ['review', ...dialogs],
    danger: 0,
    repeats: true,
    hint: 1,
  },
  {
    id: 'previous-button',
    keys: ['shift-tab', 'left'],
    label: 'prev button',
    scope: ['review', ...dialogs],
    danger: 0,
    repeats: true,
  },
  { id: 'press', keys: ['enter'], label: 'press', scope: ['review', ...dialogs], danger: 1, hint: 2 },
  { id: 'take-up', keys: ['e'], label: 'take up', scope: ['interrupted'], danger: 3, needs: ['write'], hint: 3 },

  // The migration.
  { id: 'expand', keys: ['right', 'l'], label: 'expand', scope: ['migrate'], danger: 0, repeats: true, hint: 11 },
  { id: 'collapse', keys: ['left', 'h'], label: 'collapse', scope: ['migrate'], danger: 0, repeats: true, hint: 12 },
  { id: 'toggle', keys: ['enter'], label: 'fold', scope: ['migrate'], danger: 0, hint: 10 },
  { id: 'diff', keys: ['d'], label: 'trust diff', scope: ['migrate'], danger: 0, hint: 2 },
  { id: 'reasons', keys: ['x'], label: 'reasons', scope: ['migrate'], danger: 0, hint: 3 },
  {
    id: 'approve',
    keys: ['a'],
    label: 'approve',
    scope: ['migrate'],
    danger: 3,
    needs: ['write'],
    hint: 1,
    phases: ['ready'],
    disabledReason: ({ plan }) =>
      plan === 'ready' ? undefined : plan === 'empty' ? 'there is nothing to do' : `the plan is ${plan ?? 'not made'}`,
  },
  {
    id: 'exclude',
    keys: ['space'],
    label: 'in/out',
    scope: ['migrate'],
    danger: 0,
    hint: 4,
    phases: planned,
    needs: ['own-plan'],
  },
  {
    id: 'restarts',
    keys: ['R'],
    label: 'restarts',
    scope: ['migrate'],
    danger: 1,
    hint: 5,
    phases: planned,
    needs: ['own-plan'],
  },
  {
    id: 'retirement',
    keys: ['T'],
    label: 'retire IRSA',
    scope: ['migrate'],
    danger: 1,
    hint: 6,
    phases: planned,
    needs: ['own-plan'],
  },
  {
    id: 'session-tags',
    keys: ['s'],
    label: 'session tags',
    scope: ['migrate'],
    danger: 1,
    hint: 7,
    phases: planned,
    needs: ['own-plan'],
  },
  { id: 'concurrency', keys: ['P'], label: 'at once', scope: ['migrate'], danger: 0, hint: 8, phases: planned },
  {
    id: 'replan',
    keys: ['p'],
    label: 'plan again',
    scope: ['migrate'],
    danger: 0,
    hint: 9,
    phases: ['unplanned', ...planned, 'finished'],
    needs: ['own-plan'],
  },
  {
    id: 'retry',
    keys: ['e'],
    label: 'retry',
    scope: ['migrate'],
    danger: 3,
    needs: ['write'],
    hint: 5,
    phases: ['finished'],
    disabledReason: ({ left }) => (left ? undefined : 'nothing of it is left to do'),
  },
  {
    id: 'follow-requests',
    keys: ['F'],
    label: 'follow',
    scope: ['migrate'],
    danger: 0,
    hint: 8,
    phases: ['running'],
  },
  {
    id: 'requests-up',
    keys: ['{'],
    label: 'scroll requests up',
    scope: ['migrate'],
    danger: 0,
    repeats: true,
    phases: ['running', 'finished'],
  },
  {
    id: 'requests-down',
    keys: ['}'],
    label: 'scroll requests',
    scope: ['migrate'],
    danger: 0,
    repeats: true,
    phases: ['running', 'finished'],
  },
  {
    id: 'roll-back',
    keys: ['b'],
    label: 'roll back',
    scope: ['migrate'],
    danger: 2,
    needs: ['write'],
    hint: 6,
    phases: ['finished'],
  },

  {
    id: 'crash',
    keys: ['K'],
    label: 'kill the app',
    scope: ['migrate'],
    danger: 1,
    hint: 7,
    phases: ['running'],
    disabledReason: ({ sandbox }) => (sandbox ? undefined : 'only the sandbox is for trying a crash'),
  },

  // Copies of an association.
  {
    id: 'draft-copy',
    keys: ['enter', 'e'],
    label: 'draft it',
    scope: ['copies'],
    danger: 2,
    needs: ['write'],
    hint: 1,
  },
  { id: 'next-copy', keys: ['down', 'j'], label: 'down', scope: ['copies'], danger: 0, repeats: true },
  { id: 'previous-copy', keys: ['up', 'k'], label: 'up', scope: ['copies'], danger: 0, repeats: true },
  { id: 'first-copy', keys: ['g', 'home'], label: 'first', scope: ['copies'], danger: 0, repeats: true },
  { id: 'last-copy', keys: ['G', 'end'], label: 'last', scope: ['copies'], danger: 0, repeats: true },

  // The profiles.
  { id: 'use-profile', keys: ['enter'], label: 'use', scope: ['contexts'], danger: 0, hint: 1 },
  { id: 'toggle-scope', keys: ['space'], label: 'in/out', scope: ['contexts'], danger: 0, hint: 2 },
  { id: 'profile-regions', keys: ['r'], label: 'regions', scope: ['contexts'], danger: 0, hint: 3 },
  { id: 'all-regions', keys: ['+'], label: 'all regions', scope: ['contexts'], danger: 0, hint: 4 },
  { id: 'sso-login', keys: ['a'], label: 'sso login', scope: ['contexts'], danger: 0, hint: 5 },
  { id: 'read-only-account', keys: ['R'], label: 'read-only', scope: ['contexts'], danger: 1, hint: 6 },
  { id: 'wide-profiles', keys: ['w'], label: 'wide', scope: ['contexts'], danger: 0, hint: 7 },
  { id: 'read-profiles', keys: ['ctrl-r'], label: 'refresh', scope: ['contexts'], danger: 0, hint: 8 },

  // The runs.
  { id: 'open-run', keys: ['enter', 'd'], label: 'open', scope: ['runs'], danger: 0, hint: 1 },
  { id: 'undo-run', keys: ['u'], label: 'undo', scope: runs, danger: 2, needs: ['write'], hint: 2 },
  { id: 'resume-run', keys: ['e'], label: 'take up', scope: runs, danger: 1, hint: 3 },
  {
    id: 'undo-last',
    keys: ['z'],
    label: 'undo last',
    scope: [...tables, 'copies', 'detail', 'migrate', ...runs],
    danger: 2,
    needs: ['write'],
  },
  { id: 'read-runs', keys: ['ctrl-r'], label: 'refresh', scope: runs, danger: 0, hint: 4 },
  { id: 'prune', keys: ['ctrl-p'], label: 'prune', scope: ['review'], danger: 1, hint: 5 },
  { id: 'undo-restarts', keys: ['ctrl-r'], label: 'restarts', scope: ['review'], danger: 1, hint: 3 },

  // The log. `s` is k9s's key for it, `F` the one that follows elsewhere.
  { id: 'follow-log', keys: ['s', 'F'], label: 'follow', scope: ['log'], danger: 0, hint: 1 },

  // Help.
  { id: 'run-chosen', keys: ['enter'], label: 'do it', scope: ['help'], danger: 0, hint: 1 },

  // Prompts.
  { id: 'run-prompt', keys: ['enter'], label: 'run', scope: prompts, danger: 0 },
  { id: 'complete', keys: ['tab'], label: 'complete', scope: prompts, danger: 0 },
  { id: 'next-suggestion', keys: ['down'], label: 'next', scope: prompts, danger: 0, repeats: true },
  { id: 'previous-suggestion', keys: ['up'], label: 'previous', scope: prompts, danger: 0, repeats: true },
  { id: 'search-history', keys: ['ctrl-r'], label: 'search what was typed', scope: prompts, danger: 0 },

  // The process.
  {
    id: 'sandbox',
    keys: ['X'],
    label: 'sandbox',
    scope: [...tables, 'contexts'],
    danger: 0,
    disabledReason: ({ sandbox }) => (sandbox ? 'this is the sandbox' : undefined),
  },
  {
    id: 'interrupt',
    keys: ['ctrl-c'],
    label: 'twice: quit',
    scope: everywhere.filter(place => place !== 'migrate' && place !== 'stop'),
    danger: 0,
  },
  // Without a run it quits, as everywhere.
  { id: 'stop', keys: ['ctrl-c'], label: 'stop', scope: ['migrate'], danger: 0, hint: 9 },
  { id: 'stop-now', keys: ['ctrl-c'], label: 'stop now', scope: ['stop'], danger: 0, hint: 3 },
  { id: 'suspend', keys: ['ctrl-z'], label: 'suspend', scope: everywhere, danger: 0 },
] as const satisfies readonly ActionSpec[];

export type ActionId = (typeof actions)[number]['id'];

export type Action = ActionSpec & { readonly id: ActionId };
