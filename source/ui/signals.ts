const endings = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** How many programs have the terminal now. */
let lent = 0;

/**
 * For as long as another program has the terminal, ctrl-c and ctrl-z are its own: the terminal sends them to every process
 * in the foreground, and this one is not meant.
 */
export async function lendTerminal<T>(work: () => Promise<T>): Promise<T> {
  lent += 1;
  try {
    return await work();
  } finally {
    lent -= 1;
  }
}

/**
 * Does the last things before a signal ends the process. Ink gives the terminal back on these signals when nobody else
 * listens to them, so the listener steps aside and the signal is sent once more.
 *
 * @param lastThings must settle soon: whoever sent the signal waits
 * @param signals those that end this process
 * @returns what stops listening
 */
export function beforeSignal(
  lastThings: () => Promise<void>,
  signals: readonly NodeJS.Signals[] = endings,
): () => void {
  const stop = () => {
    for (const signal of signals) process.off(signal, listen);
  };
  const again = (signal: NodeJS.Signals) => {
    stop();
    process.kill(process.pid, signal);
  };
  function listen(signal: NodeJS.Signals): void {
    if (signal === 'SIGINT' && lent > 0) return;
    lastThings().then(
      () => again(signal),
      () => again(signal),
    );
  }
  for (const signal of signals) process.on(signal, listen);
  return stop;
}

/**
 * Hears what nobody caught, and a request to stop as a shell's job that came from outside: the terminal sends none while
 * it is in raw mode.
 *
 * @returns what stops listening
 */
export function whileOnScreen(hear: {
  readonly crash: (error: unknown) => void;
  readonly stop: () => void;
}): () => void {
  // With the program that has the terminal this process stops as it is: there is nothing on the screen to take away.
  const stop = () => (lent > 0 ? process.kill(process.pid, 'SIGSTOP') : hear.stop());
  process.on('uncaughtException', hear.crash);
  if (process.platform !== 'win32') process.on('SIGTSTP', stop);
  return () => {
    process.off('uncaughtException', hear.crash);
    if (process.platform !== 'win32') process.off('SIGTSTP', stop);
  };
}
