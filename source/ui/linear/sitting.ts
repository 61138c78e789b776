import { settled } from '../../live/settled.ts';
import { performOf } from '../actions/perform/all.ts';
import { runCommand } from '../actions/perform/command.ts';
import { openUndo } from '../actions/perform/review.ts';
import { reasonAgainstUndo, resumeRun } from '../actions/perform/runs.ts';
import { currentTable } from '../controller/table.ts';
import { runAction } from '../input/dispatch.ts';
import { detailTabs } from '../screens/detail/tabs.ts';
import { parseCommand } from '../state/commands.ts';
import { changeTop, pop, setFilter, withoutDialog, withoutPrompt } from '../state/navigation.ts';
import { placeOf, topFrame } from '../state/state.ts';
import { clean } from '../text/sanitise.ts';
import { actionOf } from './acts.ts';
import { askForm } from './ask-form.ts';
import { askPlan, hasPlan } from './ask-plan.ts';
import { beginNew } from './begin-new.ts';
import { helpLines } from './help-lines.ts';
import { type Named, type Order, understand } from './order.ts';
import { type PlaceText, page, placeText } from './place-lines.ts';
import { type Numbered, noneOf, profileNamed, rowsNamed } from './rows-named.ts';
import type { Talk } from './talk.ts';
import { tellFacts } from './tell-facts.ts';

/** What is waited for before it is said how far it is. Milliseconds. */
const patience = 15_000;

/** Commands that are about one cluster. */
const ofOneCluster: ReadonlySet<string> = new Set(['namespaces', 'service-accounts', 'roles', 'migrate']);

/** One user's talk with the app: an order, and what comes of it. */
export class Sitting {
  readonly #talk: Talk;
  /** The place as it was when it was said: the numbers of its items stay theirs, whatever comes and goes meanwhile. */
  #place: PlaceText = { head: [], items: [] };
  /** Items of it that were said. */
  #said = 0;

  constructor(talk: Talk) {
    this.#talk = talk;
  }

  get #app() {
    return this.#talk.app;
  }

  get #numbered(): Numbered {
    return this.#place.ids ?? [];
  }

  async begin(): Promise<void> {
    const { say } = this.#talk;
    const { version, sandbox } = this.#app.options;
    say(
      `podid-tui ${version}, line by line${sandbox ? ', in the sandbox: nothing real is touched' : ''}. help tells the words.`,
    );
    say('Reading.');
    await this.#settled();
    this.#talk.forgetNews();
    this.#sayPlace();
    const { dialog } = this.#app.store.get();
    if (!dialog?.interrupted) return;
    const { run, command, tally } = dialog.interrupted;
    this.#app.store.update(withoutDialog);
    say(
      `A run was cut off: ${command} ${run}, ${tally.done} of ${tally.of} done. resume goes on with it; runs lists them.`,
    );
  }

  /** What waits when the sitting ends is given up: it would keep the process. */
  #settled(): Promise<boolean> {
    const { model, clock, ended } = this.#app;
    return settled(model, clock, patience, ended.signal);
  }

  async answer(line: string): Promise<void> {
    await this.#do(understand(line, this.#known()));
    this.#talk.news();
  }

  #known() {
    const state = this.#app.store.get();
    const { view } = topFrame(state);
    return {
      clusters: this.#app.model.clusters().map(row => row.name),
      tabs: view.kind === 'detail' ? detailTabs(view.subject.type) : [],
      action: (word: string) => actionOf(word, placeOf(state)),
    };
  }

  /** What was asked for is not there, or makes no sense: a script that asked for it did not go well. */
  #refuse(why: string): void {
    this.#talk.note(2);
    this.#talk.say(why);
  }

  async #do(order: Order): Promise<void> {
    const app = this.#app;
    switch (order.kind) {
      case 'nothing':
        return;
      case 'help':
        return this.#help();
      case 'more':
        return this.#items();
      case 'again':
        return this.#sayPlace();
      case 'open':
        return this.#open(order.number);
      case 'back':
        return this.#back();
      case 'refresh':
        performOf('refresh')?.(app);
        await this.#settled();
        return this.#sayPlace();
      case 'filter':
        app.store.update(state => changeTop(state, frame => setFilter(frame, order.text)));
        return this.#sayPlace();
      case 'tab':
        app.store.update(state =>
          changeTop(state, frame =>
            frame.view.kind === 'detail' ? { ...frame, view: { ...frame.view, tab: order.number - 1 } } : frame,
          ),
        );
        return this.#sayPlace();
      case 'cluster':
        return this.#command(`sa @${order.name}`);
      case 'undo':
      case 'resume':
        return this.#ofRun(order.kind, order.run);
      case 'tell':
        return this.#named(order.of) ? tellFacts(this.#talk, order.as) : undefined;
      case 'act':
        return this.#act(order);
      case 'command':
        return this.#command(order.line);
    }
  }

  #help(): void {
    helpLines(placeOf(this.#app.store.get())).forEach(this.#talk.say);
  }

  /** Puts the cursor on the rows that a line names, or says which there are not. @returns whether there are */
  #named(of: Named): boolean {
    const missing = rowsNamed(this.#app, of, this.#numbered);
    if (missing !== undefined) this.#refuse(missing);
    return missing === undefined;
  }

  async #act({ action, of }: Extract<Order, { kind: 'act' }>): Promise<void> {
    const state = this.#app.store.get();
    const needsRow = action.needs?.some(need => need !== 'write' && need !== 'own-plan') ?? false;
    const unnamed = of.numbers.length === 0 && of.subject === undefined;
    if (needsRow && unnamed && currentTable(this.#app, state))
      return this.#refuse(`Of which line? ${action.id} NUMBER`);
    const before = topFrame(state).id;
    if (!this.#named(of)) return;
    runAction(this.#app, action);
    if (this.#needsScreen()) return this.#refuse('That needs the screen.');
    if (topFrame(this.#app.store.get()).id === before && !hasPlan(this.#talk)) {
      await this.#something(before);
      if (this.#talk.fresh().length === 0) return this.#sayPlace();
    }
    await this.#arrive(before);
  }

  /** Takes away what only a screen can ask. */
  #needsScreen(): boolean {
    const { dialog, prompt } = this.#app.store.get();
    const asks = prompt !== undefined || (dialog !== undefined && dialog.kind !== 'delete');
    if (asks) this.#app.store.update(state => withoutPrompt(withoutDialog(state)));
    return asks;
  }

  async #command(line: string): Promise<void> {
    const parsed = parseCommand(line);
    if (!parsed.ok) {
      const near = parsed.nearest === undefined ? '' : `; there is ${parsed.nearest}`;
      return this.#refuse(`${clean(parsed.error)}${near}. help tells the words.`);
    }
    if (parsed.name === 'help') return this.#help();
    const before = topFrame(this.#app.store.get());
    // There is no cursor here that could mean one of them.
    const [only, ...others] = this.#app.model.clusters();
    const several = only !== undefined && others.length > 0;
    if (before.view.kind === 'clusters' && ofOneCluster.has(parsed.name) && parsed.scope === undefined && several)
      return this.#refuse(`Of which cluster? ${line.trim()} CLUSTER`);
    if (parsed.name === 'new') {
      const reason = beginNew(this.#app, parsed.scope, parsed.namespace);
      return reason === undefined ? this.#arrive(before.id) : this.#refuse(reason);
    }
    runCommand(this.#app, parsed);
    if (parsed.name === 'apply') await this.#something(before.id);
    if (topFrame(this.#app.store.get()).id === before.id && this.#talk.fresh().length === 0) return this.#sayPlace();
    await this.#arrive(before.id);
  }

  /** Waits until what was begun has led somewhere, or something was said about it. */
  async #something(before: number): Promise<void> {
    const { clock, ended, store } = this.#app;
    const end = clock.now() + patience;
    const isWaiting = () => clock.now() < end && !ended.signal.aborted;
    while (topFrame(store.get()).id === before && this.#talk.fresh().length === 0 && isWaiting()) await clock.sleep(50);
  }

  /** Says the place that was come to, once it has been read; asks what it asks. */
  async #arrive(before: number): Promise<void> {
    const app = this.#app;
    const { view, id } = topFrame(app.store.get());
    if (hasPlan(this.#talk)) return askPlan(this.#talk);
    if (id === before || app.ended.signal.aborted) return;
    if (view.kind === 'form') return askForm(this.#talk, () => askPlan(this.#talk));
    if (view.kind === 'help' || view.kind === 'copies') {
      app.store.update(pop);
      return this.#refuse('That needs the screen.');
    }
    if (view.kind === 'runs') await app.runs.read();
    else if (view.kind === 'contexts') await app.contexts.read();
    else await this.#settled();
    this.#sayPlace();
  }

  #sayPlace(): void {
    this.#place = placeText(this.#app);
    this.#place.head.forEach(this.#talk.say);
    this.#said = 0;
    this.#items();
  }

  #items(): void {
    const { say } = this.#talk;
    const { items, ids } = this.#place;
    const shown = items.slice(this.#said, this.#said + page);
    shown.forEach((item, index) => {
      say(ids ? `${this.#said + index + 1}. ${item}` : item);
    });
    this.#said += shown.length;
    const left = items.length - this.#said;
    if (left > 0) say(`${left} more: more`);
    else if (shown.length === 0 && this.#said > 0) say('Nothing more.');
  }

  async #open(number: number): Promise<void> {
    const app = this.#app;
    const before = topFrame(app.store.get());
    if (before.view.kind === 'runs') {
      const row = app.runs.get().rows.find(({ run }) => run === this.#numbered[number - 1]);
      if (!row) return this.#refuse(noneOf(this.#numbered, number));
      app.store.update(state => ({ ...state, runCursor: row.run }));
      await app.runs.show(row.run);
      performOf('open-run')?.(app);
      return this.#sayPlace();
    }
    const none =
      before.view.kind === 'contexts'
        ? profileNamed(app, number, this.#numbered)
        : rowsNamed(app, { numbers: [number] }, this.#numbered);
    if (none !== undefined) return this.#refuse(none);
    performOf(before.view.kind === 'contexts' ? 'use-profile' : 'open')?.(app);
    await this.#arrive(before.id);
  }

  #back(): void {
    const { stack } = this.#app.store.get();
    if (stack.length > 1) {
      this.#app.store.update(pop);
      this.#sayPlace();
    } else this.#talk.say('This is where it began. quit ends.');
  }

  async #ofRun(what: 'undo' | 'resume', named: string | undefined): Promise<void> {
    const app = this.#app;
    if (!app.runs.kept) return this.#refuse('Runs are not written down here.');
    await app.runs.read();
    const { rows } = app.runs.get();
    // Without a name the way back is from what was done last, as by the key.
    const against = what === 'undo' && named === undefined ? reasonAgainstUndo(app, rows[0]) : undefined;
    if (against !== undefined) return this.#refuse(`Not undone: ${against}.`);
    const row = rows.find(each =>
      named === undefined ? 'state' in each && (what === 'undo' || each.state !== 'complete') : each.run === named,
    );
    if (!row)
      return this.#refuse(named === undefined ? `There is no run to ${what}.` : `There is no run ${clean(named)}.`);
    if ('unreadable' in row) return this.#refuse(`Its journal cannot be read: ${clean(row.unreadable)}`);
    const before = topFrame(app.store.get());
    if (what === 'undo') openUndo(app, row.cluster, { run: row.run, restartWorkloads: row.restarts });
    else await resumeRun(app, row);
    if (topFrame(app.store.get()).id === before.id) this.#talk.note(2);
    await this.#arrive(before.id);
  }
}
