import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from './case.ts';
import { onlySandboxKeys } from './environment.ts';
import { explorePlanning } from './planning.ts';
import type { WorldName } from './worlds.ts';

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

describe('while a plan is made', () => {
  test.each<[WorldName, Scenario['mode']]>([
    ['owned', 'retire'],
    ['unowned', 'undo'],
  ])('nothing is written and the next plan is the same, whatever happens (%s, %s)', async (world, mode) => {
    const { cases, problems } = await explorePlanning({ world, mode, consistency: 0, seed: 20_260_115 }, 7);
    expect(cases).toBeGreaterThan(20);
    expect(problems).toEqual([]);
  });
});
