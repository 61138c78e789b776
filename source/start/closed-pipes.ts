/** As much of an output stream as is needed here. */
type Output = { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };

/**
 * Whoever reads our output may leave before its end, as `head` does. That ends neither a run halfway nor this process
 * with a stack trace: what would have been written is dropped. Every other failure of an output is thrown as before.
 */
export function surviveClosedPipes(...outputs: readonly Output[]): void {
  for (const output of outputs) {
    output.on('error', error => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
