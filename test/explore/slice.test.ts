/** A seeded slice of what `npm run explore` takes whole. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../source/sandbox/random.ts';
import { breaks } from './breaks.ts';
import { type Outcome, runCase, type Scenario } from './case.ts';
import { mishapsOf, nameOf, scenarios, undisturbed } from './cases.ts';
import { onlySandboxKeys } from './environment.ts';
import { exploreCase } from './explore.ts';

const seed = 20_260_115;
/** Cases of each scenario; the way back is longer than the way there. */
const perScenario = { stay: 2, retire: 2, undo: 1, make: 4, unmake: 4, unwind: 3, regret: 3, fail: 4 };

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

/** A few mishaps of a scenario, chosen by the seed. */
function slice(scenario: Scenario, course: Outcome) {
  const random = seededRandom(seed + nameOf(scenario).length);
  const all = mishapsOf(scenario, course);
  return Array.from({ length: perScenario[scenario.mode] }, () => all[Math.floor(random() * all.length)]).filter(
    each => each !== undefined,
  );
}

describe(`a slice of the model check, seed ${seed}`, () => {
  test.each(scenarios(seed).map(scenario => [nameOf(scenario), scenario] as const))('%s', async (_, scenario) => {
    const course = await undisturbed(scenario);
    expect(course.problem).toBeUndefined();
    expect(course.watched).toBeGreaterThan(1);
    for (const mishap of slice(scenario, course)) {
      const finding = await exploreCase(scenario, mishap, course);
      expect(finding && `${nameOf(finding.case)}: ${finding.problem.what}`).toBeUndefined();
    }
  });
});

describe('what was found once', () => {
  test('pods of an add-on are not re-created while EKS still shows the association that it has given up', async () => {
    const { problem } = await runCase({ world: 'addons', mode: 'undo', consistency: 4_000, seed: 2 });
    expect(problem?.what).toBeUndefined();
  });
});

describe('the model check catches', () => {
  test.each(breaks.map(each => [each.name, each] as const))(
    '%s',
    async (_, { mode, worlds: [world], shows, spoil }) => {
      const { problem } = await runCase({ world: world ?? 'unowned', mode, consistency: 0, seed, spoil });
      expect(problem?.kind).toBe(shows ?? 'identity lost');
    },
  );
});
