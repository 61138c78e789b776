import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeRecipe } from '../../../source/plan/role-stack/merge.ts';
import { recipeOf } from '../../../source/plan/role-stack/recipe.ts';
import { roleTemplate } from '../../../source/plan/role-stack/template.ts';
import type { RoleRecipe } from '../../../source/plan/wanted.ts';
import { newForm } from '../../../source/ui/state/form.ts';
import { formFacts } from '../../../source/ui/state/form-facts.ts';
import { preflight } from '../../../source/ui/state/form-preflight.ts';
import { recipeChange } from '../../../source/ui/state/form-request.ts';
import { windowOf } from '../../../source/ui/state/form-window.ts';
import { demoModel } from '../fakes.ts';

const policy = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

const recipes = fc
  .record({
    arns: fc.subarray(['arn:aws:iam::aws:policy/A', 'arn:aws:iam::aws:policy/B']),
    known: fc.subarray(['autoScaler', 'imageBuilder'] as const),
    inline: fc.option(fc.constantFrom(policy('s3:Get*'), policy('sqs:*')), { nil: undefined }),
    boundary: fc.option(fc.constant('arn:aws:iam::aws:policy/Limit'), { nil: undefined }),
  })
  .map(
    ({ arns, known, inline, boundary }): RoleRecipe => ({
      permissionPolicyArns: arns,
      wellKnownPolicies: known,
      ...(inline === undefined ? {} : { permissionPolicy: inline }),
      ...(boundary === undefined ? {} : { permissionsBoundaryArn: boundary }),
    }),
  );

describe('the parts of a recipe that differ', () => {
  it('law: sent to the stack, they make of it what the fields say, and nothing is sent when nothing differs', () => {
    fc.assert(
      fc.property(recipes, recipes, (base, wanted) => {
        const change = recipeChange(wanted, base);
        const merged = mergeRecipe(roleTemplate(base), change ?? {});
        if (!merged.ok) throw new Error(merged.reason);
        const now = recipeOf(merged.value.template, 'aws');
        if (!now.ok) throw new Error(now.reason);
        expect(recipeChange(wanted, now.value)).toBeUndefined();
        expect(recipeChange(base, base)).toBeUndefined();
      }),
    );
  });
});

describe('the window over the fields', () => {
  it('law: shows the focus, and as many lines as there are for it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 }),
        fc.nat(19),
        fc.integer({ min: 4, max: 30 }),
        (heights, wanted, room) => {
          const focus = Math.min(wanted, heights.length - 1);
          const { from, to } = windowOf(heights, focus, room);
          const lines = heights.slice(from, to).reduce((sum, height) => sum + height, 0);
          expect(from <= focus && focus < to && lines <= room).toBe(true);
        },
      ),
    );
  });
});

describe('the preflight', () => {
  it('calls what is not known unknown, never well', () => {
    const form = newForm({ cluster: 'prod-us-1', namespace: 'payments', serviceAccount: 'worker', role: 'never-seen' });
    const checks = preflight(form, formFacts(demoModel(), form));
    expect(checks.map(({ level }) => level)).toEqual(['unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });
  it('tells of an association, an annotation and a trust that is missing', () => {
    const form = newForm({
      cluster: 'prod-eu-1',
      namespace: 'payments',
      serviceAccount: 'ledger',
      role: 'payments-refunds',
    });
    expect(preflight(form, formFacts(demoModel(), form)).map(({ level, text }) => `${level} ${text}`)).toEqual([
      'ok agent ready 12/12',
      expect.stringMatching(/^error association a-/),
      'warning trust: added first',
      'warning annotation role-arn: payments-ledger',
      'ok quota 4 of 5,000 used',
    ]);
  });
});
