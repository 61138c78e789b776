/** A run that is killed on its way to the last edits of trust, its journal lost, and whose associations go after it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCase, type Scenario } from './case.ts';
import { undisturbed } from './cases.ts';
import { onlySandboxKeys } from './environment.ts';
import type { Guard } from './guard.ts';
import type { Journals } from './journals.ts';
import type { Stage } from './stage.ts';
import type { WorldName } from './worlds.ts';

let restore = () => {};
beforeAll(() => {
  restore = onlySandboxKeys();
});
afterAll(() => restore());

describe('trust whose annotation and association are both gone', () => {
  test.each<WorldName>(['unowned', 'shared', 'owned'])('is found again and finished in %s', async world => {
    const scenario: Scenario = { world, mode: 'retire', consistency: 0, seed: 20_260_115 };
    const course = await undisturbed(scenario);
    const annotated = course.sent.findLastIndex(({ operation }) => operation === 'kubernetes:patch serviceaccounts');
    const edits = course.sent.flatMap(({ operation }, at) => (at > annotated && isEdit(operation) ? [at] : []));
    expect(edits.length).toBeGreaterThan(0);
    const goal = course.state.filter(line => !/^prod association /.test(line));
    for (const at of edits) {
      const { problem } = await runCase({ ...scenario, mishap: { at, what: 'kill-before' }, meddle }, goal);
      expect(problem?.what).toBeUndefined();
    }
  });
});

const isEdit = (operation: string): boolean => /UpdateAssumeRolePolicy|UpdateStack$/.test(operation);

/** The journal is lost, and somebody deletes every association of the cluster by hand. */
function meddle({ cluster }: Stage, guard: Guard, journals: Journals): void {
  journals.forgetNewest();
  const standing = [...cluster.associations.values()].filter(({ deleted }) => !deleted);
  guard.excuse(standing.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`));
  for (const each of standing) each.deleted = true;
}
