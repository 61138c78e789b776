import { expect, test } from 'vitest';
import { countPods } from '../../../source/sandbox/cluster/pod-count.ts';
import type { ClusterRecord } from '../../../source/sandbox/model.ts';
import { replayEksctl } from '../../../source/sandbox/replay/eksctl.ts';
import { replayText } from '../../../source/sandbox/replay/text.ts';
import { advance } from '../../../source/sandbox/world.ts';
import { makeWorld, type WorldName } from '../../../source/sandbox/worlds/worlds.ts';

const now = Date.UTC(2026, 10, 24, 12);

function worldOf(name: WorldName, seed = 1) {
  const faults = { latency: 0, throttle: 0, rate: 0, consistency: 0 };
  const { world } = makeWorld({ name, clusters: 1, associations: 1, seed, faults }, now);
  return { world, cluster: [...world.clusters.values()][0] as ClusterRecord };
}

test('nobody loses anything while nothing is done', () => {
  const { world, cluster } = worldOf('demo');
  const before = countPods(world, cluster, now);
  expect(before.lost).toBe(0);
  expect(before.pods).toBeGreaterThan(50);
  advance(world, now + 2 * 3_600_000);
  expect(countPods(world, cluster, world.now)).toEqual(before);
});

test('the order of eksctl with one fault costs pods their credentials, and some accounts are not found again', () => {
  const { world, cluster } = worldOf('demo');
  const replay = replayEksctl(world, cluster);
  const lost = replay?.moments.map(({ count }) => count.lost) ?? [];
  expect(lost[0]).toBe(0);
  expect(lost.at(-1)).toBeGreaterThan(10);
  expect(lost.toSorted((a, b) => a - b)).toEqual(lost);
  expect(replay?.stranded).toContain(replay?.refused);
  expect(replay?.lostToARerun).toContain(replay?.refused);
  expect(replay?.untouched).toContain('kube-system/aws-load-balancer-controller');
  expect(replay?.stumbles.map(({ subject }) => subject)).toContain('cert-manager/cert-manager');
  expect(replay?.others).toEqual([expect.stringContaining('token.actions.githubusercontent.com')]);
});

test.each([1, 2, 3, 4, 5])('every candidate is told as exactly one of moved, stranded, untouched (seed %i)', seed => {
  const { world, cluster } = worldOf('demo', seed);
  const replay = replayEksctl(world, cluster);
  const told = [...(replay?.moved ?? []), ...(replay?.stranded ?? []), ...(replay?.untouched ?? [])];
  expect(new Set(told).size).toBe(told.length);
  expect(told).toContain(replay?.refused);
  const text = replay ? replayText(replay) : '';
  for (const name of told) expect(text).toContain(name);
});
