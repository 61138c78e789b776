import { describe, expect, it } from 'vitest';
import { makeFleetWorld } from '../../../source/sandbox/worlds/fleet.ts';
import { worldOptions } from './world-helpers.ts';

const make = (clusters: number, associations: number, seed = 1) =>
  makeFleetWorld(worldOptions('fleet', { clusters, associations, seed }), Date.UTC(2026, 10, 24)).world;

describe('the fleet', () => {
  it('has the clusters and associations that were asked for, one per service account', () => {
    const world = make(12, 230);
    expect(world.clusters.size).toBe(12);
    for (const cluster of world.clusters.values()) {
      const pairs = [...cluster.associations.values()].map(each => `${each.namespace}/${each.serviceAccount}`);
      expect(new Set(pairs).size).toBe(230);
      expect(cluster.kube.objects.get('serviceaccounts')?.size).toBeGreaterThan(230);
    }
  });

  it('is spread over regions and has clusters of both kinds', () => {
    const clusters = [...make(12, 5).clusters.values()];
    expect(new Set(clusters.map(each => each.region)).size).toBe(4);
    expect(clusters.filter(each => each.autoMode)).toHaveLength(1);
    expect(clusters.filter(each => each.addons.has('eks-pod-identity-agent'))).toHaveLength(11);
  });

  it('is the same for the same seed and another for another', () => {
    const ids = (seed: number) =>
      [...make(2, 20, seed).clusters.values()].flatMap(each => [...each.associations.keys()]);
    expect(ids(7)).toEqual(ids(7));
    expect(ids(8)).not.toEqual(ids(7));
  });

  it('has a few associations with something wrong', () => {
    const world = make(10, 1_000);
    const gone = 'arn:aws:iam::111122223333:role/gone';
    const clusters = [...world.clusters.values()];
    const associations = clusters.flatMap(cluster =>
      [...cluster.associations.values()].map(association => ({
        roleArn: association.roleArn,
        serviceAccount: cluster.kube.objects
          .get('serviceaccounts')
          ?.get(`${association.namespace}/${association.serviceAccount}`),
      })),
    );
    const inTenThousand = (those: readonly unknown[]) => (10_000 * those.length) / associations.length;
    const roleGone = inTenThousand(associations.filter(each => each.roleArn === gone));
    const accountGone = inTenThousand(associations.filter(each => !each.serviceAccount));
    expect([roleGone > 10 && roleGone < 60, accountGone > 10 && accountGone < 60]).toEqual([true, true]);
    expect(associations.some(each => each.serviceAccount?.metadata.annotations)).toBe(true);
  });
});
