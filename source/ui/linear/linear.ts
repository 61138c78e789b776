import { stopRunning } from '../actions/perform/run-control.ts';
import type { AppDependencies } from '../app.tsx';
import { createApp, type ExitReport } from '../controller/app.ts';
import { keep } from '../controller/keeper.ts';
import { beforeSignal } from '../signals.ts';
import { toAscii } from '../text/ascii.ts';
import { clean } from '../text/sanitise.ts';
import { needsAscii } from '../theme/depth.ts';
import { themeOf } from '../theme/theme.ts';
import { Sitting } from './sitting.ts';
import { Talk } from './talk.ts';
import { TypedLines } from './typed-lines.ts';

/**
 * The app in lines: a question, an answer, in plain text that only ever grows. For screen readers, for terminals that
 * cannot be drawn on, and for pipes. Same model, same commands, same plans as on screens.
 *
 * What is piped in is written into the answer where it is read, and the exit code tells how it went: 0 well, 1 failed, 2 a
 * line that was not understood, 3 done in part. On a terminal it is 0.
 *
 * @returns how it ended
 */
export async function runLinear(dependencies: AppDependencies): Promise<ExitReport> {
  const { stdin, stdout, appearance = {}, environment = process.env, stop, drafts, ...rest } = dependencies;
  // At once: what is piped in may be there before anything else is.
  const typed = new TypedLines(stdin);
  const ascii = (): boolean => app.store.get().ascii ?? needsAscii(environment);
  const write = (text: string) => stdout.write(ascii() ? toAscii(text) : text);
  const app = createApp({
    ...rest,
    // A script begins with nothing that somebody has left behind.
    ...(drafts && stdin.isTTY ? { drafts } : {}),
    environment,
    write: () => {},
    theme: themeOf('mono', 'none'),
    size: { columns: 100, rows: 30 },
  });
  if (appearance.ascii) app.store.update(state => ({ ...state, ascii: true }));
  const ask = async (prompt: string): Promise<string | undefined> => {
    write(prompt);
    const line = await typed.next();
    // A terminal shows what is typed by itself.
    if (!stdin.isTTY) write(`${clean(line ?? '')}\n`);
    else if (line === undefined) write('\n');
    return line;
  };
  const talk = new Talk(app, line => write(`${clean(line)}\n`), ask);
  const sitting = new Sitting(talk);
  const ended = Promise.withResolvers<ExitReport>();
  const end = (report: ExitReport): void => {
    // What was piped in after it is not done any more.
    typed.close();
    ended.resolve(report);
  };
  const wellOrNot = (): ExitReport => ({ exitCode: stdin.isTTY ? 0 : talk.outcome, lines: [] });
  app.hands = {
    exit: report => end(report.exitCode === 0 && report.next === undefined ? wellOrNot() : report),
    suspend: async whileAway => whileAway(),
  };
  const stopKeeping = keep(app);
  const interrupt = () => {
    const [running] = app.sessions.running();
    if (!running) return end({ exitCode: 130, lines: [] });
    const state = running.get();
    if (state.phase === 'running' && state.stopping) return running.stopNow();
    write('Stopping after what is in flight; ctrl-c again stops at once.\n');
    running.stop();
  };
  process.on('SIGINT', interrupt);
  const stopListening = beforeSignal(() => stopRunning(app), ['SIGTERM', 'SIGHUP']);
  stop?.addEventListener('abort', () => end({ exitCode: 1, lines: [] }), { once: true });
  const converse = async () => {
    await sitting.begin();
    for (;;) {
      const line = await ask('podid> ');
      if (line === undefined) return end(wellOrNot());
      await sitting.answer(line);
    }
  };
  converse().catch(ended.reject);
  try {
    return await ended.promise;
  } finally {
    typed.close();
    process.off('SIGINT', interrupt);
    stopKeeping();
    await stopRunning(app);
    stopListening();
    app.ended.abort();
    for (const session of app.sessions.all()) session.close();
    await Promise.all([app.preferences.settled(), app.history.settled(), app.drafts.settled()]);
  }
}
