import { Worker } from 'node:worker_threads';
import type { Job, Report } from './worker.ts';

type Waiting = { readonly job: Job; readonly done: (report: Report) => void; readonly fail: (error: unknown) => void };

/** A few workers that take jobs in order. */
export class Pool {
  readonly #idle: Worker[] = [];
  readonly #workers: Worker[] = [];
  readonly #queue: Waiting[] = [];

  constructor(size: number) {
    for (let index = 0; index < size; index += 1) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url));
      this.#workers.push(worker);
      this.#idle.push(worker);
    }
  }

  run(job: Job): Promise<Report> {
    return new Promise((done, fail) => {
      this.#queue.push({ job, done, fail });
      this.#next();
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()));
  }

  #next(): void {
    const worker = this.#idle.pop();
    if (!worker) return;
    const waiting = this.#queue.shift();
    if (!waiting) {
      this.#idle.push(worker);
      return;
    }
    const answered = (report: Report) => {
      worker.off('error', waiting.fail);
      this.#idle.push(worker);
      waiting.done(report);
      this.#next();
    };
    worker.once('message', answered);
    worker.once('error', waiting.fail);
    worker.postMessage(waiting.job);
  }
}
