import { createInterface } from 'node:readline';
import type { LogLine } from '../../live/model.ts';
import { settled } from '../../live/settled.ts';
import { performOf } from '../actions/perform/all.ts';
import { runCommand } from '../actions/perform/command.ts';
import { moveContexts } from '../actions/perform/contexts.ts';
import { openUndo } from '../actions/perform/review.ts';
import type { AppDependencies } from '../app.tsx';
import { readOnlyReason } from '../controller/account.ts';
import { type App, createApp, type ExitReport, logLines } from '../controller/app.ts';
import { contextsOf } from '../controller/contexts.ts';
import { keep, withCursor } from '../controller/keeper.ts';
import { currentTable } from '../controller/table.ts';
import { detailTabs } from '../screens/detail/tabs.ts';
import { parseCommand } from '../state/commands.ts';
import { place } from '../state/cursor.ts';
import { changeTop, leave, pop, setFilter, withoutDialog } from '../state/navigation.ts';
import type { PlanSession } from '../state/plan-session.ts';
import { topFrame } from '../state/state.ts';
import { toAscii } from '../text/ascii.ts';
import { clean, cleanLines } from '../text/sanitise.ts';
import { needsAscii } from '../theme/depth.ts';
import { themeOf } from '../theme/theme.ts';
import { carryOut, sayPlan } from './follow-plan.ts';
import { helpLines } from './help-lines.ts';
import { type Order, understand } from './order.ts';
import { page, placeText } from './place-lines.ts';

/** What is waited for before it is said how far it is. Milliseconds. */
const patience = 15_000;

/**
 * The app in lines: a question, an answer, in plain text that only ever grows. For screen readers, for terminals that
 * cannot be drawn on, and for pipes. Same model, same commands, same plans as on screens.
 *
 * @returns how it ended
 */
export async function runLinear(dependencies: AppDependencies): Promise<ExitReport> {
  const { stdin, stdout, appearance = {}, environment = process.env, stop, ...rest } = dependencies;
  const ascii = appearance.ascii || needsAscii(environment);
  const write = (text: string) => stdout.write(ascii ? toAscii(text) : text);
  const app = createApp({
    ...rest,
    environment,
    write: () => {},
    theme: themeOf('mono', 'none'),
    size: { columns: 100, rows: 30 },
  });
  const sitting = new Sitting(app, line => write(`${line}\n`));
  const input = createInterface({ input: stdin, terminal: false, signal: app.ended.signal });
  const ended = Promise.withResolvers<ExitReport>();
  app.hands = { exit: ended.resolve, suspend: async whileAway => whileAway() };
  const stopKeeping = keep(app);
  const interrupt = () => {
    const [running] = app.sessions.running();
    if (!running) return ended.resolve({ exitCode: 130, lines: [] });
    const state = running.get();
    if (state.phase === 'running' && state.stopping) return running.stopNow();
    write('Stopping after what is in flight; ctrl-c again stops at once.\n');
    running.stop();
  };
  process.on('SIGINT', interrupt);
  stop?.addEventListener('abort', () => ended.resolve({ exitCode: 1, lines: [] }), { once: true });
  const talk = async () => {
    await sitting.begin();
    write(sitting.prompt);
    for await (const line of input) {
      await sitting.answer(line);
      if (app.ended.signal.aborted) return;
      write(sitting.prompt);
    }
    write('\n');
    ended.resolve({ exitCode: 0, lines: [] });
  };
  talk().catch(ended.reject);
  try {
    return await ended.promise;
  } finally {
    process.off('SIGINT', interrupt);
    stopKeeping();
    for (const session of app.sessions.running()) session.stopNow();
    await Promise.all(app.sessions.running().map(session => session.ended()));
    app.ended.abort();
    for (const session of app.sessions.all()) session.close();
    await Promise.all([app.preferences.settled(), app.history.settled()]);
  }
}

/** Commands that are about one cluster. */
const ofOneCluster: ReadonlySet<string> = new Set(['namespaces', 'service-accounts', 'roles', 'migrate']);

/** One user's talk with the app. */
class Sitting {
  readonly #app: App;
  readonly #say: (line: string) => void;
  /** Items of the place that were said. */
  #said = 0;
  /** Log lines that the user was told, or that were there before. */
  readonly #told = new WeakSet<LogLine>();
  /** A plan that waits for its phrase. */
  #asking: { readonly session: PlanSession; readonly phrase: string } | undefined;

  constructor(app: App, say: (line: string) => void) {
    this.#app = app;
    this.#say = say;
  }

  get prompt(): string {
    return this.#asking ? `type ${this.#asking.phrase} to carry it out> ` : 'podid> ';
  }

  async begin(): Promise<void> {
    const { version, sandbox } = this.#app.options;
    this.#say(
      `podid-tui ${version}, line by line${sandbox ? ', in the sandbox: nothing real is touched' : ''}. help tells the words.`,
    );
    this.#say('Reading.');
    await settled(this.#app.model, this.#app.clock, patience);
    for (const line of logLines(this.#app)) this.#told.add(line);
    this.#place();
    const { dialog } = this.#app.store.get();
    if (!dialog?.interrupted) return;
    const { run, command, tally } = dialog.interrupted;
    this.#app.store.update(withoutDialog);
    this.#say(
      `A run was cut off: ${command} ${run}, ${tally.done} of ${tally.of} done. resume goes on with it; runs lists them.`,
    );
  }

  async answer(line: string): Promise<void> {
    if (this.#asking) await this.#approve(line.trim());
    else await this.#do(understand(line, this.#known()));
    this.#news();
  }

  #known() {
    const { view } = topFrame(this.#app.store.get());
    return {
      clusters: this.#app.model.clusters().map(row => row.name),
      tabs: view.kind === 'detail' ? detailTabs(view.subject.type) : [],
    };
  }

  async #do(order: Order): Promise<void> {
    const app = this.#app;
    switch (order.kind) {
      case 'nothing':
        return;
      case 'help':
        return helpLines.forEach(this.#say);
      case 'more':
        return this.#items();
      case 'again':
        return this.#place();
      case 'open':
        return this.#open(order.number);
      case 'back':
        return this.#back();
      case 'refresh':
        performOf('refresh')?.(app);
        await settled(app.model, app.clock, patience);
        return this.#place();
      case 'filter':
        app.store.update(state => changeTop(state, frame => setFilter(frame, order.text)));
        return this.#place();
      case 'tab':
        app.store.update(state =>
          changeTop(state, frame =>
            frame.view.kind === 'detail' ? { ...frame, view: { ...frame.view, tab: order.number - 1 } } : frame,
          ),
        );
        return this.#place();
      case 'cluster':
        return this.#command(`sa @${order.name}`);
      case 'undo':
      case 'resume':
        return this.#ofRun(order.kind, order.run);
      case 'command':
        return this.#command(order.line);
    }
  }

  async #command(line: string): Promise<void> {
    const parsed = parseCommand(line);
    if (!parsed.ok) {
      const near = parsed.nearest === undefined ? '' : `; there is ${parsed.nearest}`;
      return this.#say(`${clean(parsed.error)}${near}. help tells the words.`);
    }
    if (parsed.name === 'help') return helpLines.forEach(this.#say);
    if (parsed.name === 'new')
      return this.#say('A form needs the screen. podid-tui create --help tells how to make an association by flags.');
    const before = topFrame(this.#app.store.get());
    // There is no cursor here that could mean one of them.
    if (before.view.kind === 'clusters' && ofOneCluster.has(parsed.name) && parsed.scope === undefined) {
      const [only, ...others] = this.#app.model.clusters();
      if (only && others.length > 0) return this.#say(`Of which cluster? ${line.trim()} CLUSTER`);
    }
    runCommand(this.#app, parsed);
    if (parsed.name === 'apply') await this.#something(before.id);
    if (topFrame(this.#app.store.get()).id === before.id && this.#fresh().length === 0) return this.#place();
    await this.#arrive(before.id);
  }

  /** Waits until a file that is being read has led somewhere, or something was said about it. */
  async #something(before: number): Promise<void> {
    const { clock, store } = this.#app;
    const end = clock.now() + patience;
    while (topFrame(store.get()).id === before && this.#fresh().length === 0 && clock.now() < end)
      await clock.sleep(50);
  }

  /** Says the place that was come to, once it has been read. */
  async #arrive(before: number): Promise<void> {
    const app = this.#app;
    const { view, id } = topFrame(app.store.get());
    if (id === before || app.ended.signal.aborted) return;
    if (view.kind === 'migrate') return this.#plan(app.sessions.migration(view.key));
    if (view.kind === 'review') return this.#plan(app.sessions.get().review);
    if (view.kind === 'runs') await app.runs.read();
    else if (view.kind === 'contexts') await app.contexts.read();
    else await settled(app.model, app.clock, patience);
    this.#place();
  }

  #place(): void {
    for (const line of placeText(this.#app).head) this.#say(line);
    this.#said = 0;
    this.#items();
  }

  #items(): void {
    const { items, numbered } = placeText(this.#app);
    const shown = items.slice(this.#said, this.#said + page);
    shown.forEach((item, index) => {
      this.#say(numbered ? `${this.#said + index + 1}. ${item}` : item);
    });
    this.#said += shown.length;
    const left = items.length - this.#said;
    if (left > 0) this.#say(`${left} more: more`);
    else if (shown.length === 0 && this.#said > 0) this.#say('Nothing more.');
  }

  async #open(number: number): Promise<void> {
    const app = this.#app;
    const before = topFrame(app.store.get());
    if (before.view.kind === 'runs') {
      const row = app.runs.get().rows[number - 1];
      if (!row) return this.#say(`There is no ${number}.`);
      app.store.update(state => ({ ...state, runCursor: row.run }));
      await app.runs.show(row.run);
      performOf('open-run')?.(app);
      return this.#place();
    }
    if (before.view.kind === 'contexts') {
      const row = contextsOf(app, app.store.get()).rows[number - 1];
      if (!row) return this.#say(`There is no ${number}.`);
      moveContexts(app, 'first');
      moveContexts(app, number - 1);
      performOf('use-profile')?.(app);
      return this.#arrive(before.id);
    }
    const table = currentTable(app, app.store.get());
    if (!table || table.set.idAt(number - 1) === undefined) return this.#say(`There is no ${number}.`);
    app.store.update(state => withCursor(state, place(table.frame.cursor, table.lines, table.height, number - 1)));
    performOf('open')?.(app);
    await this.#arrive(before.id);
  }

  #back(): void {
    const { stack } = this.#app.store.get();
    if (stack.length > 1) {
      this.#app.store.update(pop);
      this.#place();
    } else this.#say('This is where it began. quit ends.');
  }

  async #ofRun(what: 'undo' | 'resume', named: string | undefined): Promise<void> {
    const app = this.#app;
    if (!app.runs.kept) return this.#say('Runs are not written down here.');
    await app.runs.read();
    const { rows } = app.runs.get();
    const row = rows.find(each =>
      named === undefined
        ? 'state' in each && (what === 'undo' ? each.command !== 'undo' : each.state !== 'complete')
        : each.run === named,
    );
    if (!row)
      return this.#say(named === undefined ? `There is no run to ${what}.` : `There is no run ${clean(named)}.`);
    if ('unreadable' in row) return this.#say(`Its journal cannot be read: ${clean(row.unreadable)}`);
    const before = topFrame(app.store.get());
    if (what === 'undo') openUndo(app, row.cluster, { run: row.run, restartWorkloads: row.restarts });
    else {
      app.store.update(state => ({ ...state, runCursor: row.run }));
      const summary = await app.runs.show(row.run);
      if (!summary) return this.#say('Its journal cannot be read.');
      performOf('resume-run')?.(app);
      await settled(app.model, app.clock, patience);
    }
    await this.#arrive(before.id);
  }

  async #plan(session: PlanSession | undefined): Promise<void> {
    const phrase = session && (await sayPlan(session, this.#say));
    const readOnly = session && readOnlyReason(this.#app, this.#app.store.get(), session.cluster.arn);
    if (session && phrase !== undefined && readOnly === undefined) {
      this.#asking = { session, phrase };
      return;
    }
    if (phrase !== undefined) this.#say(`Nothing can be carried out now: ${clean(readOnly ?? '')}`);
    this.#leavePlan();
  }

  async #approve(typed: string): Promise<void> {
    const asking = this.#asking;
    this.#asking = undefined;
    if (!asking) return;
    if (typed === asking.phrase) await carryOut(asking.session, this.#app.store.get().concurrency, this.#say);
    else this.#say('Nothing was carried out.');
    this.#leavePlan();
  }

  #leavePlan(): void {
    this.#app.store.update(state => leave(state, ['migrate', 'review']));
  }

  #fresh(): readonly LogLine[] {
    return logLines(this.#app).filter(line => line.level !== 'debug' && !this.#told.has(line));
  }

  /** What the model saw change, and what the app said, since the last time. */
  #news(): void {
    const fresh = this.#fresh();
    for (const line of fresh) this.#told.add(line);
    for (const { level, source, text } of fresh.slice(-page)) {
      const word = level === 'info' ? '' : `${level}: `;
      const from = source === 'app' ? '' : `${clean(source)}: `;
      for (const line of cleanLines(text)) this.#say(`${word}${from}${line}`);
    }
  }
}
