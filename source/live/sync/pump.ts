import type { Clock } from '../../run/clock.ts';
import type { Alarm } from '../alarm.ts';

export type Pump = {
  readonly clock: Clock;
  /** Rung when there may be something new to read. */
  readonly alarm: Alarm;
  readonly concurrency: number;
  /** The next thing to read, already marked as being read; it handles its own failure. */
  readonly next: (now: number) => (() => Promise<void>) | undefined;
  /** When `next` will have something again if nobody rings; Infinity: never. */
  readonly nextAt: (now: number) => number;
};

/** Reads whatever `next` gives, so many at a time, until `signal` aborts; then waits for what is in flight. */
export async function pump(options: Pump, signal: AbortSignal): Promise<void> {
  const { clock, alarm, concurrency } = options;
  const flying = new Set<Promise<void>>();
  try {
    for (;;) {
      while (flying.size < concurrency) {
        const job = options.next(clock.now());
        if (!job) break;
        const flight = job().finally(() => {
          flying.delete(flight);
          alarm.ring('look');
        });
        flying.add(flight);
      }
      const full = flying.size >= concurrency;
      await alarm.wait(full ? Number.POSITIVE_INFINITY : options.nextAt(clock.now()) - clock.now(), signal);
    }
  } finally {
    await Promise.allSettled(flying);
  }
}
