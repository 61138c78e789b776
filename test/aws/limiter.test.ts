import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Limiter } from '../../source/aws/limiter.ts';
import type { Priority } from '../../source/run/ports.ts';
import { FakeClock, settle } from './fake-clock.ts';

/** The service's side: a token bucket, as AWS describes its own throttling. */
class Bucket {
  #tokens: number;
  #at: number;
  readonly rate: number;
  readonly burst: number;
  refused = 0;
  constructor(rate: number, burst: number, now: number) {
    this.rate = rate;
    this.burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }
  take(now: number): boolean {
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.rate);
    this.#at = now;
    if (this.#tokens < 1) {
      this.refused += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}

async function send(limiter: Limiter, clock: FakeClock, bucket: Bucket, latency: number): Promise<void> {
  let ticket: number | undefined;
  for (;;) {
    const turn = await limiter.acquire('visible', undefined, ticket);
    ticket = turn.ticket;
    await clock.sleep(latency / 2);
    const accepted = bucket.take(clock.now());
    await clock.sleep(latency / 2);
    turn.end(accepted ? 'answered' : 'throttled');
    if (accepted) return;
  }
}

async function timeFor(options: { count: number; rate: number; burst: number; latency: number; random: () => number }) {
  const clock = new FakeClock();
  const limiter = new Limiter({ clock, random: options.random });
  const bucket = new Bucket(options.rate, options.burst, clock.now());
  const begin = clock.now();
  let left = options.count;
  for (let each = 0; each < options.count; each += 1) {
    void send(limiter, clock, bucket, options.latency).then(() => {
      left -= 1;
    });
  }
  await clock.runUntil(() => left === 0);
  return { seconds: (clock.now() - begin) / 1000, refused: bucket.refused, state: limiter.state() };
}

const half = () => 0.5;

describe('the rate it finds', () => {
  test('unthrottled, a thousand requests take a fifteenth of one after another, or less', async () => {
    for (const latency of [50, 100]) {
      const { seconds } = await timeFor({ count: 1000, rate: 1e9, burst: 1e9, latency, random: half });
      expect(1000 * latency).toBeGreaterThanOrEqual(15 * seconds * 1000);
    }
  });

  test('under a rate limit it stays within 1.3 of the arithmetic minimum, and is not refused all the time', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 5, max: 100 }),
      fc.constantFrom(0.5, 1, 2, 3),
      fc.integer({ min: 20, max: 150 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (rate, burstSeconds, latency, chance) => {
        const burst = Math.max(1, rate * burstSeconds);
        const count = Math.round(burst + rate * 20);
        const { seconds, refused } = await timeFor({ count, rate, burst, latency, random: () => chance });
        expect(seconds / ((count - burst) / rate)).toBeLessThan(1.3);
        // The first volleys are wide; after them, refusals stay a minor share.
        expect(refused).toBeLessThan(count / 3 + 150);
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });

  test('it halves once for a volley, however many of it were refused', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, startRate: 100, random: half });
    const volley = await Promise.all([1, 2, 3, 4].map(() => limiter.acquire('visible')));
    await clock.advance(10);
    for (const turn of volley) turn.end('throttled');
    expect(limiter.state()).toMatchObject({ rate: 50, inFlight: 0, throttledUntil: clock.now() + 75 });

    await clock.advance(75);
    expect(limiter.state().throttledUntil).toBeUndefined();
    const next = await limiter.acquire('visible');
    await clock.advance(10);
    next.end('throttled');
    expect(limiter.state().rate).toBe(25);
  });

  test('it climbs back after good answers, and not while nothing is asked', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, startRate: 100, random: half });
    (await limiter.acquire('visible')).end('throttled');
    await clock.advance(600_000);
    expect(limiter.state().rate).toBe(50);
    for (let each = 0; each < 20; each += 1) {
      const turn = await limiter.acquire('visible');
      await clock.advance(50);
      turn.end('answered');
    }
    expect(limiter.state().rate).toBeGreaterThan(84);
  });

  test('it obeys Retry-After', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, random: half });
    const turn = await limiter.acquire('visible');
    await clock.advance(1);
    turn.end('throttled', 7000);
    expect(limiter.state().throttledUntil).toBe(clock.now() + 7000);
  });
});

describe('who goes first', () => {
  test('writes, then what is on screen, then the rest; within each, first come first served', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.constantFrom<Priority>('write', 'visible', 'background'), { minLength: 1, maxLength: 40 }),
      async waiting => {
        const clock = new FakeClock();
        const limiter = new Limiter({ clock, maxInFlight: 1, startRate: 1000, random: half });
        const first = await limiter.acquire('background');
        const order: { priority: Priority; arrived: number }[] = [];
        waiting.forEach((priority, arrived) => {
          void limiter.acquire(priority).then(turn => {
            order.push({ priority, arrived });
            turn.end('answered');
          });
        });
        expect(limiter.state()).toMatchObject({ queued: waiting.length, inFlight: 1 });
        first.end('answered');
        await clock.advance(1000);
        const rank = { write: 0, visible: 1, background: 2 };
        const expected = waiting
          .map((priority, arrived) => ({ priority, arrived }))
          .sort((a, b) => rank[a.priority] - rank[b.priority] || a.arrived - b.arrived);
        expect(order).toEqual(expected);
        expect(limiter.state()).toMatchObject({ queued: 0, inFlight: 0 });
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  test('a retry keeps its place before what came later', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, maxInFlight: 1, random: half });
    const first = await limiter.acquire('visible');
    const order: string[] = [];
    const wait = (name: string, ticket?: number) =>
      void limiter.acquire('visible', undefined, ticket).then(turn => {
        order.push(name);
        turn.end('answered');
      });
    wait('second');
    wait('third');
    wait('first again', first.ticket);
    first.end('throttled');
    await clock.advance(1000);
    expect(order).toEqual(['first again', 'second', 'third']);
  });
});

describe('giving up', () => {
  test('an aborted wait leaves the queue, rejects with the reason, and holds nobody up', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, maxInFlight: 1, random: half });
    const first = await limiter.acquire('visible');
    const stop = new AbortController();
    const given = limiter.acquire('visible', stop.signal);
    const after = limiter.acquire('visible');
    stop.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    expect(limiter.state().queued).toBe(1);
    first.end('answered');
    await clock.advance(100);
    (await after).end('answered');
    await expect(limiter.acquire('visible', AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(limiter.state()).toMatchObject({ queued: 0, inFlight: 0 });
  });

  test('closing refuses all that waits and leaves no timer behind', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter({ clock, startRate: 1, random: half });
    (await limiter.acquire('visible')).end('answered');
    const waiting = limiter.acquire('visible');
    expect(clock.sleeping).toBe(1);
    limiter.close();
    await expect(waiting).rejects.toThrow('closed');
    await settle();
    expect(clock.sleeping).toBe(0);
    await expect(limiter.acquire('write')).rejects.toThrow('closed');
  });

  test('ending a turn twice counts once', async () => {
    const limiter = new Limiter({ clock: new FakeClock(), random: half });
    const turn = await limiter.acquire('visible');
    turn.end('answered');
    turn.end('answered');
    expect(limiter.state().inFlight).toBe(0);
  });
});
