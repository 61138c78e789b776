import type { Caller, ClusterRecord, Faults, World } from '../model.ts';
import { findCluster } from './lookup.ts';

/** A request for faults that makes no sense; nothing was changed. */
export class FaultsError extends Error {
  override readonly name = 'FaultsError';
}

export function describeFaults(world: World): object {
  return {
    ...world.faults,
    denied: Object.fromEntries(
      [...world.callers.values()]
        .filter(each => each.denied.size > 0)
        .map(each => [each.accessKeyId, [...each.denied]]),
    ),
    expired: [...world.callers.values()].filter(each => each.expired).map(each => each.accessKeyId),
    refused: [...world.refusedRegions],
    unreachable: [...world.clusters.values()].filter(each => each.kube.unreachable).map(each => each.arn),
  };
}

/**
 * Changes what goes wrong from now on. `body`: a JSON object with any of
 * `latency`, `throttle`, `rate`, `consistency` (numbers as in `Faults`), `scripted` (a list that replaces the present
 * one), `deny: {accessKeyId, actions}` (replaces that caller's list), `expire: accessKeyId`, `refuse: region` (a service
 * control policy forbids it) and `unreachable: cluster name or ARN`; the last three are taken back with `value: false`.
 * Throws `FaultsError` before anything is changed.
 */
export function changeFaults(world: World, body: unknown): void {
  const wanted = object(body, 'the body');
  const changes = Object.entries(wanted).flatMap(([key, value]) => {
    if (key === 'value') return [];
    const reader = readers.get(key);
    if (!reader) throw new FaultsError(`"${key}" is not a fault; known are ${[...readers.keys()].join(', ')}, value.`);
    return [reader(world, value, wanted)];
  });
  for (const change of changes) change();
}

type Reader = (world: World, value: unknown, body: Readonly<Record<string, unknown>>) => () => void;

const readers: ReadonlyMap<string, Reader> = new Map([
  ['latency', rate('latency', 60_000)],
  ['throttle', rate('throttle', 1_000_000)],
  ['rate', rate('rate', 1)],
  ['consistency', rate('consistency', 600_000)],
  ['scripted', readScripted],
  ['deny', readDeny],
  ['expire', readExpire],
  ['refuse', readRefuse],
  ['unreachable', readUnreachable],
]);

function rate(name: 'latency' | 'throttle' | 'rate' | 'consistency', most: number): Reader {
  return (world, value) => {
    const amount = numberUpTo(value, name, most);
    return () => {
      world.faults[name] = amount;
    };
  };
}

function readScripted(world: World, value: unknown): () => void {
  if (!Array.isArray(value)) throw new FaultsError('scripted is a list.');
  const scripted = value.map(readScript);
  return () => {
    world.faults.scripted.splice(0, world.faults.scripted.length, ...scripted);
  };
}

function readScript(value: unknown): Faults['scripted'][number] {
  const { operation, times, status, code, message, disconnect, ...rest } = object(value, 'a scripted fault');
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new FaultsError(`"${unknown}" is not part of a scripted fault.`);
  if (disconnect !== undefined && disconnect !== 'before' && disconnect !== 'after') {
    throw new FaultsError('disconnect is "before" or "after".');
  }
  return {
    operation: text(operation, 'operation'),
    times: times === undefined ? 1 : numberUpTo(times, 'times', 1_000_000),
    ...(status === undefined ? {} : { status: numberUpTo(status, 'status', 599) }),
    ...(code === undefined ? {} : { code: text(code, 'code') }),
    ...(message === undefined ? {} : { message: text(message, 'message') }),
    ...(disconnect === undefined ? {} : { disconnect }),
  };
}

function readDeny(world: World, value: unknown): () => void {
  const { accessKeyId, actions } = object(value, 'deny');
  const denied = callerOf(world, accessKeyId).denied;
  if (!Array.isArray(actions)) throw new FaultsError('deny.actions is a list.');
  const names = actions.map(each => text(each, 'an action'));
  return () => {
    denied.clear();
    for (const name of names) denied.add(name);
  };
}

function readExpire(world: World, value: unknown, body: Readonly<Record<string, unknown>>): () => void {
  const caller = callerOf(world, value);
  const expired = onOrOff(body);
  return () => {
    caller.expired = expired;
  };
}

function readRefuse(world: World, value: unknown, body: Readonly<Record<string, unknown>>): () => void {
  const region = text(value, 'refuse');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new FaultsError('refuse is a region, such as eu-west-1.');
  const refused = onOrOff(body);
  return () => {
    if (refused) world.refusedRegions.add(region);
    else world.refusedRegions.delete(region);
  };
}

function readUnreachable(world: World, value: unknown, body: Readonly<Record<string, unknown>>): () => void {
  const cluster = clusterOf(world, text(value, 'unreachable'));
  const unreachable = onOrOff(body);
  return () => {
    cluster.kube.unreachable = unreachable;
  };
}

function callerOf(world: World, accessKeyId: unknown): Caller {
  const caller = world.callers.get(text(accessKeyId, 'accessKeyId'));
  if (!caller) throw new FaultsError(`No caller has the access key ${JSON.stringify(accessKeyId)}.`);
  return caller;
}

function clusterOf(world: World, nameOrArn: string): ClusterRecord {
  const found = findCluster(world, nameOrArn);
  if (typeof found === 'string') throw new FaultsError(found);
  return found;
}

function onOrOff(body: Readonly<Record<string, unknown>>): boolean {
  const value = body.value ?? true;
  if (typeof value !== 'boolean') throw new FaultsError('value is true or false.');
  return value;
}

function numberUpTo(value: unknown, name: string, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new FaultsError(`${name} is a number from 0 to ${most}.`);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new FaultsError(`${name} is a text.`);
}

function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new FaultsError(`${name} is a JSON object.`);
}
