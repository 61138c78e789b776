import { expect, test } from 'vitest';
import { planFor } from '../../../source/plan/planner.ts';
import { reviewLines } from '../../../source/ui/screens/review/lines.ts';
import { apply } from '../../plan/apply.ts';
import { createOf, facts, pod, snapshotOf, updateOf } from '../../plan/world.ts';

const role = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] } } as const;
const create = planFor(snapshotOf(facts()), createOf('shop/api', '', { role, createServiceAccount: true }));
const text = (plan: typeof create) =>
  reviewLines(plan, 100)
    .map(line => line.map(span => span.text).join(''))
    .join('\n');

test('a role that is made shows its template, what it gives later, and clean-ups that are no calls', () => {
  const shown = text(create);
  expect(shown).toContain('4 calls, in this order');
  expect(shown).toContain('+   "Description": "IAM role for pod identity association [created and managed by eksctl]"');
  expect(shown).toMatch(/roleArn +known after step 2/);
  expect(shown).toContain('only if step 5 fails');
  const [, byHand = ''] = shown.split('The same by hand');
  expect(byHand).not.toContain('delete-stack');
});

test('a change of a stack is a diff of its template; what was not named comes before the notes', () => {
  const made = apply(facts(), create).facts;
  const update = text(planFor(snapshotOf(made), updateOf('shop/api', { role: { wellKnownPolicies: [] } })));
  expect(update).toMatch(/template, \d+ -> \d+ characters/);
  expect(update).toMatch(/- +"PolicyExternalDNSHostedZones"/);
  const subjects = [{ namespace: 'shop', serviceAccount: 'api' }];
  const gone = text(planFor(snapshotOf({ ...made, pods: [pod('shop/api')] }), { command: 'delete', subjects }));
  expect(gone.indexOf('Beyond what was named')).toBeGreaterThan(0);
  expect(gone.indexOf('Beyond what was named')).toBeLessThan(gone.indexOf('Who is affected'));
});
