import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quote } from '../../source/plan/command-text.ts';
import { resultJson } from '../../source/plan/json.ts';
import { actions } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { planText } from '../../source/plan/text.ts';
import { createOf, facts, irsaRole, podRole, roleArn, serviceAccount, snapshotOf, stack } from './world.ts';

const world = facts({
  agent: { kind: 'missing' },
  serviceAccounts: [
    serviceAccount('default/sa1', roleArn('Role1')),
    serviceAccount('default/sa2', roleArn('Role2')),
    serviceAccount('default/sa3', roleArn('gone')),
  ],
  roles: [irsaRole('Role1', 'default:sa1'), irsaRole('Role2', 'default:sa2')],
  stacks: new Map([['Role1', stack('Role1')]]),
});
const migrate = { command: 'migrate', removeOidcProviderTrust: false } as const;
const plan = planFor(snapshotOf(world), migrate);

test('a migration reads like the documentation of eksctl, with even indentation and no trailing blanks', () => {
  const text = planText(plan);
  expect(text.split('\n\n').slice(0, 3).join('\n\n')).toBe(
    `(plan) would migrate 2 service account(s) and 0 addon(s) to pod identity by executing the following tasks

3 sequential tasks: {
    install eks-pod-identity-agent addon,
    2 parallel sub-tasks: {
        update trust policy for owned role "Role1",
        update trust policy for unowned role "Role2",
    },
    2 parallel sub-tasks: {
        create pod identity association for service account "default/sa1",
        create pod identity association for service account "default/sa2",
    },
}

skipped (1):
    - default/sa3: role arn:aws:iam::111122223333:role/gone does not exist: create it, or name another`,
  );
  expect(text).toMatch(
    /\nall tasks were skipped\nno changes were applied, run again with --approve to apply the changes\n$/,
  );
  expect(text).not.toMatch(/[ \t]$/m);
});

test('an approved plan says "will" and nothing of approval', () => {
  const text = planText(plan, { approved: true });
  expect(text).toMatch(/^will migrate 2 service account/);
  expect(text).not.toContain('--approve');
});

test('one task alone has the same shape, and no task is said so', () => {
  const one = planFor(snapshotOf(facts({ roles: [podRole('pods')] })), createOf('shop/api', roleArn('pods')));
  expect(planText(one)).toContain(`(plan) would create 1 pod identity association(s) by executing the following tasks

1 task: {
    create pod identity association for service account "shop/api",
}
`);
  const none = planText(planFor(snapshotOf(facts()), migrate));
  expect(none).toBe('no service accounts or addons to migrate to pod identity\n');
});

test('text from outside cannot drive the terminal', () => {
  const odd = serviceAccount('default/sa', 'arn:\u001b[2J\u009b31m\u202e');
  const text = planText(planFor(snapshotOf(facts({ serviceAccounts: [odd] })), migrate));
  expect(text).toContain('\ufffd');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('the JSON answer carries the whole tree, statuses, remarks and commands', () => {
  const statuses = new Map([
    ['agent', 'done' as const],
    ['trust:Role1', 'failed' as const],
  ]);
  const outcome = { run: 'r1', writes: 1, done: 1, failed: [], skipped: [{ id: 'x', subject: 's', reason: 'r' }] };
  const answer = resultJson(plan, outcome, statuses);
  expect(Object.keys(answer)).toEqual([
    'plan',
    'run',
    'writes',
    'done',
    'failed',
    'skipped',
    'held',
    'same',
    'beyond',
    'notes',
    'evidence',
  ]);
  expect(answer.skipped.map(({ subject }) => subject)).toEqual(['default/sa3', 's']);
  expect(answer.plan).toMatchObject({
    id: 'root',
    kind: 'sequence',
    status: 'failed',
    children: [
      { id: 'agent', status: 'done', action: { service: 'eks', operation: 'CreateAddon' } },
      { kind: 'parallel', children: [{ id: 'trust:Role1', status: 'failed' }, { status: 'waiting' }] },
      { status: 'waiting' },
    ],
  });
  expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  expect(resultJson(plan)).toMatchObject({ run: null, writes: 0, done: 0, failed: [] });
});

test('commands are whole and safe to paste', () => {
  const commands = new Map(actions(plan.root).map(({ id, action }) => [id, action.command]));
  expect(commands.get('agent')).toBe(
    'aws eks create-addon --cluster-name prod --addon-name eks-pod-identity-agent --region eu-west-1',
  );
  expect(commands.get('association:default/sa1')).toBe(
    'aws eks create-pod-identity-association --cluster-name prod --namespace default --service-account sa1 ' +
      '--role-arn arn:aws:iam::111122223333:role/Role1 --region eu-west-1',
  );
  expect(commands.get('trust:Role2')).toMatch(
    /^aws iam update-assume-role-policy --role-name Role2 --policy-document '\{/,
  );
  expect(commands.get('trust:Role1')).toMatch(/jq --argjson trust '.*' '\.Resources\["Role1"\]/);
});

test('property: a quoted word comes out of a shell as it went in', () => {
  const words = fc.sample(
    fc.string({ unit: 'grapheme' }).filter(word => !word.includes('\0')),
    { seed: 1, numRuns: 200 },
  );
  const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;
  expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)).toEqual(words);
});
