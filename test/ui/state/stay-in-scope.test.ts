import { describe, expect, test } from 'vitest';
import type { ClusterRef } from '../../../source/identity/scope.ts';
import type { ScopeSession } from '../../../source/ui/state/contexts.ts';
import { reasonToStay } from '../../../source/ui/state/stay-in-scope.ts';

const session = (profile: string, region: string, account?: string): ScopeSession => ({
  id: `${profile} ${region}`,
  profile,
  region,
  ...(account === undefined ? {} : { account }),
});
const cluster = (region: string, account: string): ClusterRef => ({
  partition: 'aws',
  account,
  region,
  name: 'shop',
  arn: `arn:aws:eks:${region}:${account}:cluster/shop`,
});

const [ours, theirs] = ['111122223333', '444455556666'];
const one = session('prod', 'eu-west-1', ours);
const two = session('prod', 'us-east-1', ours);
const other = session('data', 'eu-west-1', theirs);
const all = [one, two, other];
const held = 'a run is on in shop: let it end first';

describe('a session', () => {
  test('may leave while another stays', () => {
    expect(reasonToStay(all, [one, two], [])).toBeUndefined();
    expect(reasonToStay(all, all, [])).toBe('something has to stay in scope');
  });

  test('stays while a run goes through it', () => {
    const running = [cluster('eu-west-1', ours)];
    expect(reasonToStay(all, [one], running)).toBe(held);
    expect(reasonToStay(all, [two], running)).toBeUndefined();
    expect(reasonToStay(all, [other], running)).toBeUndefined();
  });

  test('of an account that is not known yet counts as that of the run', () => {
    const unknown = session('new', 'eu-west-1');
    expect(reasonToStay([...all, unknown], [unknown], [cluster('eu-west-1', ours)])).toBe(held);
  });

  test('stays as the last of its profile while a run is on in a region that is not in scope', () => {
    const running = [cluster('ap-south-1', ours)];
    expect(reasonToStay(all, [one], running)).toBeUndefined();
    expect(reasonToStay(all, [one, two], running)).toBe(held);
  });
});
