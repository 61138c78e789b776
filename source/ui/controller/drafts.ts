import type { Clock } from '../../run/clock.ts';
import type { Form } from '../state/form.ts';
import { formOfStored, isTouched, storedForm } from '../state/form-draft.ts';
import { ownerRead, rebase } from '../state/form-rebase.ts';
import type { UiState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { clean } from '../text/sanitise.ts';

type Kept<Content> = { readonly key: string; readonly savedAt: number; readonly content: Content };

/** Where drafts outlive a sitting. All may reject; the app then goes on with this sitting's. */
export type DraftStore = {
  /** What `accept` takes for a draft, oldest first, and a sentence for each file that is none. */
  read<Content>(
    accept: (content: unknown) => Content | undefined,
    now: number,
  ): Promise<{ readonly drafts: readonly Kept<Content>[]; readonly aside: readonly string[] }>;
  /** Over what was kept of the same key. */
  keep(draft: Kept<unknown>): Promise<void>;
  drop(key: string): Promise<void>;
};

/** What is typed within this time is written at once: whoever loses the process loses no more. Milliseconds. */
const delay = 500;

/** The drafts with the form that is open, or was left last, as the newest. */
export function allDrafts({ form, draftOf, drafts }: UiState): UiState['drafts'] {
  if (!form || draftOf === undefined) return drafts;
  const others = [...drafts].filter(([key]) => key !== draftOf);
  return new Map([...others, [draftOf, form]]);
}

/** What was kept, in the place of a form of the same that was just opened and says what is there now. */
function takenUp(kept: Form, open: Form): Form {
  const { original, owner } = open;
  if (!original) return kept;
  const next = rebase(kept, original);
  return owner && owner.kind !== 'reading' ? ownerRead(next, owner) : next;
}

/**
 * Keeps on disk what the state says of drafts: a form that says something is written soon after it was changed, and one
 * that was sent, discarded or emptied is dropped. Only what this sitting has changed is touched there.
 */
export class Drafts {
  readonly #ui: Store<UiState>;
  readonly #store: DraftStore | undefined;
  readonly #clock: Clock;
  readonly #ended: AbortSignal;
  readonly #warn: (text: string) => void;
  /** As it is on disk, as far as this sitting knows. */
  readonly #saved = new Map<string, { readonly content: string; readonly at: number }>();
  readonly #contents = new WeakMap<Form, string>();
  #seen: Pick<UiState, 'form' | 'drafts'> | undefined;
  #waiting = false;
  #loaded = false;
  #queue: Promise<void> = Promise.resolve();
  /** Said once: a disk that is full is full at each key. */
  readonly #said = new Set<string>();

  /** @param warn a line for the log */
  constructor(options: {
    readonly ui: Store<UiState>;
    readonly store: DraftStore | undefined;
    readonly clock: Clock;
    readonly ended: AbortSignal;
    readonly warn: (text: string) => void;
  }) {
    this.#ui = options.ui;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#ended = options.ended;
    this.#warn = options.warn;
  }

  /** Whether drafts outlive this sitting, as far as is known: what could not be written once is not counted upon. */
  get kept(): boolean {
    return this.#store !== undefined && this.#said.size === 0;
  }

  /** When a draft was last changed; undefined: within the last moments, or it is none. */
  savedAt = (key: string): number | undefined => this.#saved.get(key)?.at;

  /**
   * Reads in the background. A form that says something already stays; one that was only opened gives way.
   *
   * @param tookUp told the key of a form that was open and has become what was kept
   */
  load(tookUp: (key: string) => void): void {
    this.#then('drafts of earlier sittings cannot be read', async store => {
      const { drafts, aside } = await store.read(formOfStored, this.#clock.now());
      this.#loaded = true;
      for (const text of aside) this.#warn(text);
      for (const { key, savedAt, content } of drafts)
        this.#saved.set(key, { content: this.#contentOf(content), at: savedAt });
      const before = new Map(drafts.map(({ key, content }) => [key, content]));
      const { form, draftOf } = this.#ui.get();
      const early = form && draftOf !== undefined && !isTouched(form) ? before.get(draftOf) : undefined;
      this.#ui.update(state => ({
        ...state,
        drafts: new Map([...before, ...state.drafts]),
        ...(early && state.form ? { form: takenUp(early, state.form) } : {}),
      }));
      if (early && draftOf !== undefined) tookUp(draftOf);
    });
  }

  /** Looks at a new state: whatever differs from what is kept will be kept soon. */
  note(): void {
    const { form, drafts } = this.#ui.get();
    if (this.#seen && this.#seen.form === form && this.#seen.drafts === drafts) return;
    this.#seen = { ...(form ? { form } : {}), drafts };
    if (this.#waiting || !this.#store) return;
    this.#waiting = true;
    this.#clock.sleep(delay, this.#ended).then(
      () => this.#keepNow(),
      () => {},
    );
  }

  /** Keeps what is not kept yet; settles when nothing is being read or written any more. */
  settled(): Promise<void> {
    // A world that never opens is no reason to wait when there is nothing to keep.
    if (!this.#loaded && ![...allDrafts(this.#ui.get()).values()].some(isTouched)) return Promise.resolve();
    this.#keepNow();
    return this.#queue;
  }

  #keepNow(): void {
    this.#waiting = false;
    this.#then('drafts are not kept', async store => {
      const now = new Map([...allDrafts(this.#ui.get())].filter(([, form]) => isTouched(form)));
      for (const [key, form] of now) await this.#keepOne(store, key, form);
      for (const key of [...this.#saved.keys()].filter(each => !now.has(each))) {
        await store.drop(key);
        this.#saved.delete(key);
      }
    });
  }

  async #keepOne(store: DraftStore, key: string, form: Form): Promise<void> {
    const content = this.#contentOf(form);
    if (this.#saved.get(key)?.content === content) return;
    const savedAt = this.#clock.now();
    // Remembered before it is tried: what cannot be kept is not tried again until it is changed.
    this.#saved.set(key, { content, at: savedAt });
    try {
      await store.keep({ key, savedAt, content: storedForm(form) });
    } catch (error) {
      this.#sayOnce('a draft is kept in this sitting only', error);
    }
  }

  #contentOf(form: Form): string {
    const known = this.#contents.get(form);
    if (known !== undefined) return known;
    const content = JSON.stringify(storedForm(form));
    this.#contents.set(form, content);
    return content;
  }

  #sayOnce(what: string, error: unknown): void {
    const text = `${what}: ${clean(error instanceof Error ? error.message : String(error))}`;
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#warn(text);
  }

  #then(what: string, work: (store: DraftStore) => Promise<void>): void {
    const store = this.#store;
    if (!store) return;
    this.#queue = this.#queue.then(() => work(store)).catch(error => this.#sayOnce(what, error));
  }
}
