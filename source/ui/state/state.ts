import type { LogLine } from '../../live/model.ts';
import type { RequestNote } from '../../run/ports.ts';
import { type KeyMap, ownKeys } from '../actions/key-map.ts';
import type { AnyRow } from '../tables/table.ts';
import type { ThemeName } from '../theme/theme.ts';
import { type Cursor, noCursor } from './cursor.ts';
import type { FileReview } from './file-review.ts';
import type { Followed } from './following.ts';
import type { Form } from './form.ts';
import type { Gone } from './gone.ts';
import type { KeptRegions } from './kept-scope.ts';
import type { Sort } from './list.ts';
import type { Looked } from './looked.ts';
import { type Looks, lookOf } from './looks.ts';
import type { RunProgress } from './run-progress.ts';
import type { StreamPlace } from './stream.ts';
import { emptyField, type TextField } from './text-field.ts';
import { type Place, type View, viewCluster } from './view.ts';

/** One place on the navigation stack, with how it is looked at. */
export type Frame = {
  readonly id: number;
  readonly view: View;
  /** Filter in force (the last text, good or bad, that was typed). */
  readonly filter: string;
  readonly sort: Sort;
  readonly cursor: Cursor;
  /** Lines where rows were that went lately, from the top down. */
  readonly gone: readonly Gone<AnyRow>[];
  /** Of the rows of all clusters: how they are grouped, and whether only those that differ are shown. */
  readonly group?: string;
  readonly drift: boolean;
  /** Column that keys for columns are about, by its title. */
  readonly column?: string;
  /** Row ids marked for the next action. */
  readonly marks: ReadonlySet<string>;
  /** Rows whose last change the cursor has rested on. */
  readonly looked: Looked;
  /** First line shown, for pages. */
  readonly scroll: number;
  /** Where the log is read; undefined: its end is followed. */
  readonly stream: StreamPlace<LogLine> | undefined;
  /** When the cursor was last moved by a key. */
  readonly movedAt?: number;
  /** The cursor is on its way: what explains its row waits until it rests. */
  readonly moving: boolean;
};

/** The line at the bottom while it is typed into. */
export type Prompt = {
  readonly kind: 'filter' | 'command';
  readonly field: TextField;
  /** Filter before the prompt opened: esc brings it back. */
  readonly before: string;
  /** Suggestion picked, or -1. */
  readonly pick: number;
  readonly error?: string;
  /** What was typed before is offered instead. */
  readonly search?: true;
};

export type Victim = { readonly namespace: string; readonly serviceAccount: string; readonly rowId: string };

export type DialogFocus = 'cancel' | 'confirm' | 'now' | 'phrase';

/** What lies over a screen and asks before something is written. */
export type Dialog = {
  readonly kind: 'delete' | 'approve' | 'retire' | 'stop' | 'interrupted';
  readonly cluster: string;
  /** Of a delete. */
  readonly victims: readonly Victim[];
  /** Marked rows that the filter hides at this moment. */
  readonly hidden: number;
  /** What must be typed; undefined: nothing. */
  readonly phrase?: string;
  readonly typed: TextField;
  readonly focus: DialogFocus;
  readonly openedAt: number;
  /** Of a stop: the app is to end with the run, and with which code. */
  readonly quit?: { readonly exitCode: number };
  /** Of a run that an earlier sitting left unfinished. */
  readonly interrupted?: Interrupted;
};

/**
 * Whether no row may move beneath it. Who presses a key and is asked back decides by what is on screen; a question that
 * the app asks by itself, while the first rows come in, is about none of them.
 */
const freezes: Readonly<Record<Dialog['kind'], boolean>> = {
  delete: true,
  approve: true,
  retire: true,
  stop: true,
  interrupted: false,
};

/** A run that was cut off, as its journal tells it. */
export type Interrupted = {
  readonly run: string;
  readonly command: string;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly tally: {
    readonly done: number;
    readonly of: number;
    readonly failed: number;
    readonly held: number;
    readonly unknown: number;
  };
  /** How many more were cut off. */
  readonly others: number;
};

export type Flash = { readonly level: 'info' | 'warning' | 'error'; readonly text: string; readonly at: number };

/** The buttons of the review screen. */
export type ReviewFocus = {
  readonly focus: 'cancel' | 'confirm' | 'phrase';
  readonly phrase?: string;
  readonly typed: TextField;
  readonly openedAt: number;
};

/** `compare`: the service account of the row in every cluster. */
export type Preview = {
  readonly show: 'nothing' | 'detail' | 'compare';
  readonly place: 'below' | 'right';
  readonly scroll: number;
};

/** How a migration tree is looked at. */
export type TreeView = {
  /** What the user opened or closed; the rest follows the state of the run. */
  readonly toggled: ReadonlyMap<string, boolean>;
  /** Node under the cursor; the first one until it is moved. */
  readonly cursor?: string;
  readonly top: number;
  /** Node whose trust change is shown (or `reasons`: every remark of the plan), and its first line on screen. */
  readonly diff?: { readonly id: string; readonly top: number };
  /** What is shown under the tree while there is a run. */
  readonly under?: UnderTree;
};

/** How the requests of a run are looked at, and what it has left. */
export type UnderTree = {
  /** When that run began: another one is followed from its first request. */
  readonly run: number;
  /** Where its requests are read; absent: their end is followed. */
  readonly stream?: StreamPlace<RequestNote>;
  /** The first line of what it has left. */
  readonly left?: number;
};

/** How this run is looked at. */
export const underTree = ({ under }: TreeView, { startedAt }: RunProgress): UnderTree =>
  under?.run === startedAt ? under : { run: startedAt };

/** What the executor takes by itself. */
export const usualConcurrency = 32;

export const newTree: TreeView = { toggled: new Map(), top: 0 };

export type UiState = {
  /** Never empty; the last one is on screen. */
  readonly stack: readonly Frame[];
  readonly nextFrame: number;
  readonly prompt?: Prompt;
  readonly dialog?: Dialog;
  readonly flash?: Flash;
  /** Asked to quit at this time; asking again soon after quits. */
  readonly quitAskedAt?: number;
  /** Keys the user has given to actions. */
  readonly keyMap: KeyMap;
  /** Why nothing may be changed in this sitting; absent: it may. */
  readonly readOnly?: string;
  /** Numbers of accounts in which nothing is to be changed; kept from sitting to sitting. */
  readonly readOnlyAccounts: ReadonlySet<string>;
  /** Where profiles are asked, as it was chosen in the list of profiles; kept from sitting to sitting. */
  readonly keptRegions: KeptRegions;
  /** In the list of profiles: the regions of this one have the keys, with the cursor on one of them. */
  readonly regions?: { readonly profile: string; readonly cursor?: string };
  /** Where the user was before, oldest first, and where they came back from, next first. */
  readonly past: readonly (readonly Frame[])[];
  readonly future: readonly (readonly Frame[])[];
  /** Places that were kept under a name, as command lines. */
  readonly views: Readonly<Record<string, string>>;
  /** What is shown beside a table: nothing, or more about the row under the cursor and from which line on. */
  readonly preview: Preview;
  /** What the cursor of every table that has it stays on. */
  readonly followed?: Followed;
  /** How the tables are looked at; kept from sitting to sitting. */
  readonly looks: Looks;
  /** The draft on screen, or the one that was left last. */
  readonly form?: Form;
  /** Where that draft was begun; absent: it changes something that is there. */
  readonly draftOf?: string;
  /** Drafts of something new that were left, by where they were begun. */
  readonly drafts: ReadonlyMap<string, Form>;
  readonly review: ReviewFocus;
  /** The file that the review on screen is of. */
  readonly file?: FileReview;
  /** How many actions of a run go at once. */
  readonly concurrency: number;
  /** What the user chose; absent: the one that the app began with. */
  readonly theme?: ThemeName;
  /** Whether nothing but ASCII is drawn, where the user said so; absent: as the locale needs it. */
  readonly ascii?: boolean;
  /** Nothing moves by itself: no spinner, progress in steps. */
  readonly still: boolean;
  /** Run under the cursor of the list of runs. */
  readonly runCursor?: string;
  /** Cluster under the cursor of the list of copies. */
  readonly copyCursor?: string;
  /** By migration key. */
  readonly trees: ReadonlyMap<string, TreeView>;
  readonly columns: number;
  readonly rows: number;
  /** Time that ages are counted from; moves every ten seconds. */
  readonly now: number;
};

/** A dialog as it opens, about no rows and without a phrase. */
export const newDialog = (kind: Dialog['kind'], cluster: string, openedAt: number): Dialog => ({
  kind,
  cluster,
  victims: [],
  hidden: 0,
  typed: emptyField,
  focus: 'cancel',
  openedAt,
});

export const newReview = (openedAt: number, phrase?: string): ReviewFocus => ({
  focus: 'cancel',
  typed: emptyField,
  openedAt,
  ...(phrase === undefined ? {} : { phrase }),
});

export function newFrame(id: number, view: View, looks: Looks, filter = ''): Frame {
  return {
    id,
    view,
    filter,
    sort: lookOf(looks, view).sort,
    cursor: noCursor,
    gone: [],
    marks: new Set(),
    looked: new Map(),
    drift: false,
    scroll: 0,
    stream: undefined,
    moving: false,
  };
}

export function initialState(
  view: View,
  now: number,
  size: { columns: number; rows: number },
  readOnly?: string,
): UiState {
  return {
    keyMap: ownKeys,
    views: {},
    drafts: new Map(),
    readOnlyAccounts: new Set(),
    keptRegions: {},
    past: [],
    future: [],
    ...(readOnly === undefined ? {} : { readOnly }),
    stack: [newFrame(0, view, {})],
    nextFrame: 1,
    looks: {},
    preview: { show: 'nothing', place: 'below', scroll: 0 },
    review: newReview(now),
    concurrency: usualConcurrency,
    still: false,
    trees: new Map(),
    now,
    ...size,
  };
}

export function topFrame(state: UiState): Frame {
  const frame = state.stack[state.stack.length - 1];
  if (!frame) throw new Error('the navigation stack is empty');
  return frame;
}

/** The tables stay as they are: a dialog lies over them that asks about what they show. */
export const isFrozen = ({ dialog }: UiState): boolean => dialog !== undefined && freezes[dialog.kind];

/** The cluster that the screen is in: its own, or that of the place it was opened from. */
export const contextCluster = (state: UiState): string | undefined =>
  state.stack.map(frame => viewCluster(frame.view)).findLast(cluster => cluster !== undefined);

/** Where a key is looked up now. */
export function placeOf(state: UiState): Place {
  if (state.dialog) return state.dialog.kind;
  if (state.prompt) return state.prompt.kind;
  return topFrame(state).view.kind;
}
