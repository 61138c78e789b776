/** What goes wrong on purpose: scripted faults first, then throttling, then the world's error rate. */
import { wildcardMatches } from './cloud/conditions.ts';
import type { Faults, World } from './model.ts';

export type Injected =
  | { readonly kind: 'answer'; readonly status: number; readonly code?: string; readonly message?: string }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'disconnect'; readonly when: 'before' | 'after' };

/**
 * The fault that meets a request, if any. `operation`: `service:Operation`; a script's may hold `*` and `?`. `bucket`:
 * whose requests count together for throttling; undefined: never throttled.
 */
export function drawFault(
  world: World,
  operation: string,
  bucket: string | undefined,
  now: number,
): Injected | undefined {
  const script = takeScript(world.faults, operation);
  if (script !== undefined) {
    return fromScript(script);
  }
  if (bucket !== undefined && world.faults.throttle > 0 && !takeToken(world, bucket, now)) {
    return { kind: 'throttle' };
  }
  if (world.faults.rate > 0 && world.random() < world.faults.rate) {
    return drawFailure(world);
  }
  return undefined;
}

function takeScript({ scripted }: Faults, operation: string): Faults['scripted'][number] | undefined {
  const index = scripted.findIndex(each => each.times > 0 && wildcardMatches(operation, each.operation));
  const script = scripted[index];
  if (script !== undefined) {
    script.times -= 1;
    if (script.times <= 0) {
      scripted.splice(index, 1);
    }
  }
  return script;
}

function fromScript(script: Faults['scripted'][number]): Injected {
  if (script.disconnect !== undefined) {
    return { kind: 'disconnect', when: script.disconnect };
  }
  return {
    kind: 'answer',
    status: script.status ?? 500,
    ...(script.code === undefined ? {} : { code: script.code }),
    ...(script.message === undefined ? {} : { message: script.message }),
  };
}

/** A bucket holds one second's worth of requests. */
function takeToken(world: World, name: string, now: number): boolean {
  const rate = world.faults.throttle;
  const size = Math.max(1, rate);
  const bucket = world.buckets.get(name) ?? { tokens: size, at: now };
  world.buckets.set(name, bucket);
  bucket.tokens = Math.min(size, bucket.tokens + (Math.max(0, now - bucket.at) * rate) / 1000);
  bucket.at = Math.max(bucket.at, now);
  if (bucket.tokens < 1) {
    return false;
  }
  bucket.tokens -= 1;
  return true;
}

/** Half are answers that say so, half are cut connections, before or after the request took effect. */
function drawFailure(world: World): Injected {
  if (world.random() < 0.5) {
    return { kind: 'answer', status: world.random() < 0.5 ? 500 : 503 };
  }
  return { kind: 'disconnect', when: world.random() < 0.5 ? 'before' : 'after' };
}
