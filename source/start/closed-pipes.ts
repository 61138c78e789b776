/** As much of an output stream as is needed here. */
type Output = { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };

/** A pipe without a reader, and a terminal that was closed. */
const gone: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);

/**
 * Whoever reads our output may leave before its end, as `head` does, or close the terminal. That ends neither a run halfway nor this process
 * with a stack trace: what would have been written is dropped. Every other failure of an output is thrown as before.
 */
export function surviveClosedPipes(...outputs: readonly Output[]): void {
  for (const output of outputs) {
    output.on('error', error => {
      if (!gone.has(error.code)) throw error;
    });
  }
}
