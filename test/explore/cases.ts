/** Every case of a scenario, and names for them that can be typed. */
import { type Case, type Outcome, runCase, type Scenario } from './case.ts';
import { faultKinds } from './faults.ts';
import type { Mishap } from './process.ts';
import { worldNames } from './worlds.ts';

/** Milliseconds that IAM and EKS take to show a write, in the worlds where they do. */
const slow = 4_000;

/** All worlds, each migrated with and without what is taken away at the end, in an AWS that shows writes late too. */
export function scenarios(seed: number): readonly Scenario[] {
  return worldNames.flatMap(world => [
    { world, mode: 'stay', consistency: 0, seed } as const,
    { world, mode: 'retire', consistency: 0, seed } as const,
    { world, mode: 'retire', consistency: slow, seed } as const,
  ]);
}

/**
 * What can happen to a migration whose undisturbed course is known: each request fails once in each way; once the run
 * has begun, the process is also killed before each request leaves, and after it took effect with nobody to hear of it.
 * Actions change the world by requests alone, so a crash between two actions is one before the next request.
 */
export function mishapsOf({ sent, planning }: Outcome): readonly Mishap[] {
  return sent.flatMap((_, request) => {
    const kills = request < planning ? [] : (['kill-before', 'kill-after'] as const);
    return [...kills, ...faultKinds].map(what => ({ request, what }));
  });
}

/** The undisturbed course; its state is the goal of all others. */
export const undisturbed = (scenario: Scenario): Promise<Outcome> => runCase(scenario);

/** `owned/retire/4000/41:kill-after`; the seed goes beside it. */
export const nameOf = ({ world, mode, consistency, mishap }: Case): string =>
  [world, mode, consistency, mishap ? `${mishap.request}:${mishap.what}` : 'undisturbed'].join('/');

/** Reads a name back. Throws for what is none. */
export function caseNamed(name: string, seed: number): Case {
  const [world, mode, consistency, rest = ''] = name.split('/');
  const scenario = scenarios(seed).find(
    each => each.world === world && each.mode === mode && String(each.consistency) === consistency,
  );
  if (!scenario) throw new Error(`no scenario is called ${name}`);
  if (rest === 'undisturbed') return scenario;
  const [request = '', what = ''] = rest.split(':');
  const known = (['kill-before', 'kill-after', ...faultKinds] as const).find(each => each === what);
  if (!known || !/^\d+$/.test(request)) throw new Error(`no case is called ${name}`);
  return { ...scenario, mishap: { request: Number(request), what: known } };
}
