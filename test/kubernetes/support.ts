import { onTestFinished } from 'vitest';
import type { ClusterRef } from '../../source/identity/scope.ts';
import { type EksAccess, type OpenOptions, openKubernetes } from '../../source/kubernetes/open.ts';
import { type Clock, systemClock } from '../../source/run/clock.ts';
import { type KubernetesPort, PortError, type RequestNote } from '../../source/run/ports.ts';
import { FakeClock } from '../aws/fake-clock.ts';

export const shop: ClusterRef = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  name: 'shop',
  arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/shop',
};

export const hour = 3_600_000;

/** A port on a server, with a token that lasts an hour; closed when the test ends. */
export function portTo(
  endpoint: string,
  more: { clock?: Clock; access?: Partial<EksAccess> } & Partial<Omit<OpenOptions, 'access'>> = {},
): { port: KubernetesPort; notes: RequestNote[] } {
  const notes: RequestNote[] = [];
  const { clock = systemClock, access, ...rest } = more;
  const token = async () => ({ token: 'secret-token', expiresAt: clock.now() + hour });
  const port = openKubernetes({
    cluster: shop,
    access: { endpoint, token, ...access },
    clock,
    random: () => 0,
    onRequest: note => notes.push(note),
    ...rest,
  });
  onTestFinished(() => port.close());
  return { port, notes };
}

/** The failure that a promise rejects with; fails the test when it resolves or rejects with anything else. */
export async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PortError)) throw new Error(`Expected a PortError, got ${String(error)}`, { cause: error });
  return error.failure;
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

/** Lets sockets work until `done`; real time passes, the clock of the test does not. */
export async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise(resolve => setImmediate(resolve));
}

export { FakeClock };
