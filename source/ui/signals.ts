const endings = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/**
 * Does the last things before a signal ends the process. Ink gives the terminal back on these signals when nobody else
 * listens to them, so the listener steps aside and the signal is sent once more.
 *
 * @param lastThings must settle soon: whoever sent the signal waits
 * @returns what stops listening
 */
export function beforeSignal(lastThings: () => Promise<void>): () => void {
  const stop = () => {
    for (const signal of endings) process.off(signal, listen);
  };
  const again = (signal: NodeJS.Signals) => {
    stop();
    process.kill(process.pid, signal);
  };
  function listen(signal: NodeJS.Signals): void {
    lastThings().then(
      () => again(signal),
      () => again(signal),
    );
  }
  for (const signal of endings) process.on(signal, listen);
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
  process.on('uncaughtException', hear.crash);
  if (process.platform !== 'win32') process.on('SIGTSTP', hear.stop);
  return () => {
    process.off('uncaughtException', hear.crash);
    if (process.platform !== 'win32') process.off('SIGTSTP', hear.stop);
  };
}
