import { setImmediate as nextTurn } from 'node:timers/promises';

type Listener = (...parts: unknown[]) => void;

/**
 * Reads nothing of `stdin` until `work` has settled. Ink gives up raw mode while another program has the terminal, but goes
 * on reading: of two readers of one terminal each gets some of the keys.
 */
export async function leaveInput<T>(stdin: NodeJS.ReadableStream, work: () => Promise<T>): Promise<T> {
  const listeners = stdin.listeners('readable') as Listener[];
  for (const listener of listeners) stdin.off('readable', listener);
  // A stream that is read by 'readable' counts as paused already; only one that flowed lets go of its file when paused.
  // That nobody listens any more, and that it is paused, the stream takes in by the next turn each time.
  await nextTurn();
  stdin.resume();
  stdin.pause();
  await nextTurn();
  try {
    return await work();
  } finally {
    for (const listener of listeners) stdin.on('readable', listener);
  }
}
