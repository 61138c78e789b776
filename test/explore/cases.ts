/** Every case of a scenario, and names for them that can be typed. */
import { type Case, type Outcome, runCase, type Scenario } from './case.ts';
import { faultKinds } from './faults.ts';
import { type Mishap, recordKills, requestKills } from './mishap.ts';
import { worldNames } from './worlds.ts';

/** Milliseconds that IAM and EKS take to show a write, in the worlds where they do. */
const slow = 4_000;

/** Of the worlds in which associations are made with their roles. */
const making = [
  ['make', slow],
  ['unmake', 0],
  ['unwind', 0],
  ['regret', 0],
] as const;
const failing = [['fail', 0]] as const;

/**
 * All worlds: migrated without anything being taken away in an AWS that shows writes late, migrated to the end, and taken
 * back. `deep` has every way with both kinds of AWS.
 */
export function scenarios(seed: number, { deep = false } = {}): readonly Scenario[] {
  const ways = [
    ['stay', slow],
    ['retire', 0],
    ['undo', 0],
    ...(deep
      ? ([
          ['stay', 0],
          ['retire', slow],
          ['undo', slow],
        ] as const)
      : []),
  ] as const;
  return worldNames.flatMap(world => {
    const its = world === 'made' ? making : world === 'failing' ? failing : ways;
    return its.map(([mode, consistency]) => ({ world, mode, consistency, seed }));
  });
}

/**
 * What can happen to a migration whose undisturbed course is known: each request fails once in each way; once the run
 * has begun, the process is also killed before each request leaves, after a write took effect with nobody to hear of it
 * (the journal there, or lost too), and around each record of the journal. Actions begin and end with records, so that
 * is every boundary between them too. A read whose answer is lost is left out where it equals one that was never sent:
 * neither the world nor the process can tell them apart. What `stay` reads to plan is what `retire` reads, whose plan
 * leaves more to go wrong: it is disturbed there.
 */
export function mishapsOf({ mode }: Scenario, { sent, planning, journaled }: Outcome): readonly Mishap[] {
  const atRequests = sent.flatMap(({ write }, at) => {
    if (mode === 'stay' && at < planning) return [];
    const kills = at < planning ? [] : requestKills.filter(kill => !needsJournal(mode) || kill !== 'kill-forgotten');
    const all = [...kills, ...faultKinds].map(what => ({ at, what }));
    return write ? all : all.filter(({ what }) => !afterEffect.has(what));
  });
  const atRecords = Array.from({ length: journaled }, (_, at) => recordKills.map(what => ({ at, what }))).flat();
  return [...atRecords, ...atRequests];
}

/**
 * Whose stack it is that a lost run has made, nobody knows: another run leaves it alone and says so, which is no way to the
 * goal.
 */
const needsJournal = (mode: Scenario['mode']): boolean => mode === 'make' || mode === 'fail';

const afterEffect: ReadonlySet<string> = new Set(['kill-after', 'kill-forgotten', 'cut-after']);

/** The undisturbed course; its state is the goal of all others. */
export const undisturbed = (scenario: Scenario): Promise<Outcome> => runCase(scenario);

/** `owned/retire/4000/41:kill-after`; the seed goes beside it. */
export const nameOf = ({ world, mode, consistency, mishap }: Case): string =>
  [world, mode, consistency, mishap ? `${mishap.at}:${mishap.what}` : 'undisturbed'].join('/');

/** Reads a name back. Throws for what is none. */
export function caseNamed(name: string, seed: number): Case {
  const [world, mode, consistency, rest = ''] = name.split('/');
  const scenario = scenarios(seed, { deep: true }).find(
    each => each.world === world && each.mode === mode && String(each.consistency) === consistency,
  );
  if (!scenario) throw new Error(`no scenario is called ${name}`);
  if (rest === 'undisturbed') return scenario;
  const [at = '', what = ''] = rest.split(':');
  const known = [...requestKills, ...recordKills, ...faultKinds].find(each => each === what);
  if (!known || !/^\d+$/.test(at)) throw new Error(`no case is called ${name}`);
  return { ...scenario, mishap: { at: Number(at), what: known } };
}
