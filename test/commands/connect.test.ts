import { describe, expect, test } from 'vitest';
import { UsageError } from '../../source/commands/command.ts';
import { namedCluster, worldSettings } from '../../source/commands/connect.ts';
import type { FailureKind } from '../../source/identity/reading.ts';
import type { World } from '../../source/read/world.ts';
import { systemClock } from '../../source/run/clock.ts';
import { PortError } from '../../source/run/ports.ts';

const refusing = (kind: FailureKind) =>
  ({
    findCluster: async () => {
      throw new PortError({ kind, message: 'Several clusters are named "prod": a, b.' });
    },
  }) as unknown as World;

describe('--cluster', () => {
  test('that fits several clusters is wrong usage, and lists them', async () => {
    await expect(namedCluster(refusing('invalid'), 'prod')).rejects.toThrow(UsageError);
    await expect(namedCluster(refusing('invalid'), 'prod')).rejects.toThrow('Several clusters are named "prod": a, b.');
  });

  test.each(['not-found', 'denied', 'expired-credentials'] as const)('that is %s is no wrong usage', async kind => {
    await expect(namedCluster(refusing(kind), 'prod')).rejects.toThrow(PortError);
  });
});

describe('where to look', () => {
  test('regions of the flags come before those of the world', () => {
    const also = { regions: ['eu-west-1'] };
    expect(worldSettings({ region: ['us-east-1,us-west-2'] }, systemClock, also).regions).toEqual([
      'us-east-1',
      'us-west-2',
    ]);
    expect(worldSettings({}, systemClock, also).regions).toEqual(['eu-west-1']);
  });

  test('a kubeconfig is read only where a flag names it or its context', () => {
    expect(worldSettings({}, systemClock)).not.toHaveProperty('kubeconfig');
    expect(worldSettings({ context: 'c' }, systemClock).kubeconfig).toEqual({ context: 'c' });
    expect(worldSettings({ kubeconfig: 'f' }, systemClock).kubeconfig).toEqual({ path: 'f' });
  });
});
