const signals = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Does the last things before a signal ends the process. Ink gives the terminal back on these signals when nobody else
 * listens to them, so the listener steps aside and the signal is sent once more.
 *
 * @param lastThings must settle soon: whoever sent the signal waits
 * @returns what stops listening
 */
export function beforeSignal(lastThings: () => Promise<void>): () => void {
  const stop = () => {
    for (const signal of signals) process.off(signal, listen);
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
  for (const signal of signals) process.on(signal, listen);
  return stop;
}
