import { describe, expect, test } from 'vitest';
import { readyCluster } from '../../source/commands/wait-for-cluster.ts';
import type { World } from '../../source/read/world.ts';
import { FakeClock } from '../aws/fake-clock.ts';
import { cluster, problem } from '../read/fake-ports.ts';
import { fakeContext } from './run-command.ts';

/** A world whose cluster has one status after the other, the last one for good; `missing`: it is not there. */
function worldOf(...statuses: readonly string[]) {
  let look = 0;
  const world: World = {
    sessions: [],
    findCluster: async () => {
      const status = statuses[Math.min(look++, statuses.length - 1)] ?? 'missing';
      if (status === 'missing') throw problem('not-found', 'There is no cluster named "prod".');
      return { ...cluster, status };
    },
    portsFor: () => Promise.reject(new Error('not here')),
    kubernetesFor: () => undefined,
    limiterStates: () => new Map(),
    close: () => {},
  };
  return { world, looks: () => look };
}

/** Runs it to its end under a clock that jumps from one wait to the next. */
async function ready(world: World, options: { readonly wait: boolean; readonly bounded?: boolean }) {
  const clock = new FakeClock();
  const context = { ...fakeContext(''), clock };
  const began = clock.now();
  let settled = false;
  const work = readyCluster(world, 'prod', context, { bounded: false, ...options }).finally(() => {
    settled = true;
  });
  work.catch(() => {});
  for (let step = 0; !settled && step < 1_000; step++) {
    await new Promise(resolve => setImmediate(resolve));
    if (!settled) await clock.advance(10_000);
  }
  return { result: work, said: context.stderr.text(), waited: clock.now() - began };
}

describe('a cluster for a command that writes', () => {
  test.each(['ACTIVE', 'UPDATING'])('%s is ready', async status => {
    const { result, said } = await ready(worldOf(status).world, { wait: false });
    expect((await result).status).toBe(status);
    expect(said).toBe('');
  });

  test('one that is being created is an error that tells of --wait-for-cluster', async () => {
    const { result } = await ready(worldOf('CREATING').world, { wait: false });
    await expect(result).rejects.toThrow(/prod is CREATING: .*--wait-for-cluster/);
  });

  test('one that is not there is an error without --wait-for-cluster', async () => {
    await expect((await ready(worldOf('missing').world, { wait: false })).result).rejects.toThrow(/no cluster named/);
  });

  test('with --wait-for-cluster it is waited for, be it not there yet, and each change is told once', async () => {
    const { world, looks } = worldOf('missing', 'missing', 'CREATING', 'CREATING', 'CREATING', 'ACTIVE');
    const { result, said } = await ready(world, { wait: true });
    expect((await result).status).toBe('ACTIVE');
    expect(looks()).toBe(6);
    expect(said.trimEnd().split('\n')).toEqual([
      'cluster prod is not there yet: waiting until it is ACTIVE',
      'cluster prod is CREATING: waiting until it is ACTIVE',
    ]);
  });

  test.each(['FAILED', 'DELETING'])('%s is given up at once', async status => {
    const { world, looks } = worldOf('CREATING', status);
    await expect((await ready(world, { wait: true })).result).rejects.toThrow(`cluster prod is ${status}`);
    expect(looks()).toBe(2);
  });

  test('it is given up after 30 minutes; --timeout has another bound', async () => {
    const { result, waited } = await ready(worldOf('CREATING').world, { wait: true });
    await expect(result).rejects.toThrow(/is CREATING after 30 minutes/);
    expect(waited).toBeLessThanOrEqual(31 * 60_000);
  });
});
