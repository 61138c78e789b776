import type { SourceState } from './model.ts';
import type { LimiterState } from './world.ts';

/** The sources, each with how fast it may be asked now. The same array comes back while nothing changed. */
export class Rates {
  #states: readonly SourceState[] | undefined;
  #revision = -1;
  #shown: readonly SourceState[] = [];

  of(
    states: readonly SourceState[],
    revision: number,
    limiters: ReadonlyMap<string, LimiterState> | undefined,
  ): readonly SourceState[] {
    if (this.#states === states && this.#revision === revision) return this.#shown;
    this.#states = states;
    this.#revision = revision;
    this.#shown = limiters ? states.map(state => rated(state, limiters)) : states;
    return this.#shown;
  }
}

function rated(state: SourceState, limiters: ReadonlyMap<string, LimiterState>): SourceState {
  const limiter = limiters.get(limiterOf(state) ?? '');
  if (!limiter) return state;
  const { rate, queued, throttledUntil } = limiter;
  return { ...state, rate: { perSecond: rate, queued, ...(throttledUntil !== undefined && { throttledUntil }) } };
}

/** A source's id ends with a cluster's ARN or, for IAM, an account; sessions whose account is not known have none. */
function limiterOf({ id, source }: SourceState): string | undefined {
  const place = id.slice(id.indexOf('|') + 1);
  if (source === 'iam') return `iam ${place}`;
  const [arn, , service, region, account] = place.split(':');
  return source === 'eks' && arn === 'arn' && service === 'eks' ? `eks ${account} ${region}` : undefined;
}

/** Requests a second of the slowest service that is read; Infinity: nothing limits any. */
export function slowest(limiters: ReadonlyMap<string, LimiterState> | undefined): number {
  let rate = Number.POSITIVE_INFINITY;
  for (const [name, limiter] of limiters ?? [])
    if (name.startsWith('eks ') || name.startsWith('iam ')) rate = Math.min(rate, limiter.rate);
  return rate;
}
