import { expect, test } from 'vitest';
import { planMarkdown } from '../../source/plan/markdown.ts';
import type { Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { planText } from '../../source/plan/text.ts';
import { apply } from './apply.ts';
import { createOf, facts, irsaRole, pod, roleArn, serviceAccount, snapshotOf, updateOf } from './world.ts';

const migrate = { command: 'migrate', removeOidcProviderTrust: true } as const;
const world = facts({
  agent: { kind: 'missing' },
  serviceAccounts: [serviceAccount('shop/api', roleArn('api')), serviceAccount('shop/web', roleArn('gone'))],
  roles: [irsaRole('api', 'shop:api')],
});

test('a plan for a pull request has a summary, tasks, trust as a diff, and what is not done', () => {
  const text = planMarkdown(planFor(snapshotOf(world), migrate));
  expect(text.match(/^#+ .*$/gm)).toEqual([
    '# Migrate to EKS Pod Identity: prod',
    '## Tasks',
    '## Trust policies',
    '## Commands',
    '## Held (2)',
    '## Skipped (1)',
    '## Checked before',
    '## Notes',
  ]);
  expect(text).toContain('| eks CreatePodIdentityAssociation | 1 |');
  expect(text).toContain('  - create pod identity association for service account "shop/api" (associate)'.trimStart());
  const diff = /```diff\n([\s\S]*?)\n```/.exec(text)?.[1]?.split('\n') ?? [];
  expect(diff.filter(line => line.startsWith('+')).join('')).toContain('pods.eks.amazonaws.com');
  expect(diff.filter(line => line.startsWith('-')).map(line => line.trim())).toEqual([]);
  // What stays is there too, so that the edit can be judged in its place.
  expect(diff.join('\n')).toContain('             "Federated"'.slice(5));
  expect(text).toContain('podid-tui migrate --cluster prod --namespace shop --service-account-name api');
});

test('nothing to do is said', () => {
  expect(planMarkdown(planFor(snapshotOf(facts()), migrate))).toContain('Nothing to do.');
});

test('text from outside cannot become Markdown, HTML or the end of a block', () => {
  const plan = planFor(snapshotOf(world), migrate);
  const odd: Plan = {
    ...plan,
    held: [{ subject: '<img src=x onerror=1> | [a](http://x)', reason: '`a` **b** @team', command: 'echo ```\n## x' }],
  };
  const text = planMarkdown(odd);
  expect(text).not.toMatch(/<img|\*\*b\*\*|@team|\[a\]/);
  expect(text).toContain('````sh\n  echo ```');
});

test('a role that is made: its clean-ups are no tasks to run, its template is a diff, what goes beyond is told', () => {
  const role = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] } } as const;
  const create = planFor(snapshotOf(facts()), createOf('shop/api', '', { role, createServiceAccount: true }));
  const text = planMarkdown(create);
  const stack = 'eksctl-prod-podidentityrole-shop-api';
  expect(text).toContain(`  - delete IAM resources stack "${stack}" (only if step 5 fails)`);
  expect(
    text.split('\n').filter(line => line.startsWith('aws cloudformation') && line.includes('delete-stack')),
  ).toEqual([]);
  expect(text).toContain('# (only if step 2 fails): aws cloudformation update-termination-protection');
  expect(text).not.toContain('| cloudformation DeleteStack |');
  const made = apply(facts(), create).facts;
  const update = planMarkdown(planFor(snapshotOf(made), updateOf('shop/api', { role: { wellKnownPolicies: [] } })));
  expect(update).toContain(`## Stacks of roles\n\n${stack}`);
  expect(update).toMatch(/^-.*PolicyExternalDNSHostedZones/m);
  const running = snapshotOf({ ...made, pods: [pod('shop/api')] });
  const gone = planFor(running, { command: 'delete', subjects: [{ namespace: 'shop', serviceAccount: 'api' }] });
  expect(planMarkdown(gone)).toContain('## Beyond what was named (1)');
  expect(planText(gone)).toContain(
    'beyond what was named (1):\n    - shop/api: the service account is deleted: 1 pod runs with it',
  );
});
