import { describe, expect, test } from 'vitest';
import { failed, type Reading, read } from '../../source/identity/reading.ts';
import { sameDocument } from '../../source/identity/trust-policy.ts';
import type { EditStackTrust } from '../../source/plan/action.ts';
import { planMarkdown } from '../../source/plan/markdown.ts';
import { actions, type Plan } from '../../source/plan/plan.ts';
import { planFor } from '../../source/plan/planner.ts';
import { planText } from '../../source/plan/text.ts';
import { podsStatement, policy, webStatement } from '../identity/policies.ts';
import { facts, irsaRole, readAt, roleArn, serviceAccount, snapshotOf, stack } from './world.ts';

const owner = { ...stack('api'), outputs: { Role1: roleArn('api') } };
const live = policy(webStatement('shop:api'));
const edited = policy(webStatement('shop:api'), podsStatement());

const template = (trust: unknown, rest: object = {}) =>
  JSON.stringify({
    Resources: { Role1: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } } },
    ...rest,
  });

/** A migration of one service account whose role an eksctl stack owns. */
function planned(reading: Reading<string> | undefined, removeOidcProviderTrust = false): Plan {
  const world = facts({
    serviceAccounts: [serviceAccount('shop/api', roleArn('api'))],
    roles: [irsaRole('api', 'shop:api')],
    stacks: new Map([['api', owner]]),
  });
  const snapshot = snapshotOf(world);
  const templates = reading && new Map([[owner.stackName, reading]]);
  return planFor({ ...snapshot, ...(templates && { templates }) }, { command: 'migrate', removeOidcProviderTrust });
}

const withTemplate = (text: string) => planned(read(text, readAt));
const stackEdits = (plan: Plan): readonly EditStackTrust[] =>
  actions(plan.root).flatMap(({ action }) => (action.type === 'edit-stack-trust' ? [action] : []));
const ownerRows = ({ evidence = [] }: Plan) => evidence.filter(({ gate }) => gate === 'owner');

describe('the template of a stack that owns a role', () => {
  test('is shown as it will be sent', () => {
    const text = template(JSON.parse(live), { Description: 'kept' });
    const [edit] = stackEdits(withTemplate(text));
    expect(edit?.request.TemplateBody).toBe(template(JSON.parse(edited), { Description: 'kept' }));
    expect(edit?.templateTrust).toBeUndefined();
    expect(ownerRows(withTemplate(text))).toMatchObject([
      { verdict: 'ok', detail: expect.stringContaining('whose template has the trust policy that the role has') },
    ]);
  });

  test('is compared with its intrinsic functions resolved', () => {
    const text = template(JSON.parse(live.replace('"sts.amazonaws.com"', `{"Fn::Sub":"sts.\${AWS::URLSuffix}"}`)));
    const [edit] = stackEdits(withTemplate(text));
    expect(edit?.templateTrust).toBeUndefined();
  });

  test('that differs from the role is shown beside it, and written over with the live policy and the edit', () => {
    const drifted = policy(webStatement('shop:api'), webStatement('ci:deploy', 'oidc.example/id/2'));
    const plan = withTemplate(template(JSON.parse(drifted)));
    const [edit] = stackEdits(plan);
    expect(sameDocument(edit?.templateTrust ?? '', drifted)).toBe(true);
    expect(edit?.expects).toBe(live);
    expect(sameDocument(edit?.trustPolicy ?? '', edited)).toBe(true);
    const [row] = ownerRows(plan);
    expect(row).toMatchObject({ verdict: 'warning', detail: expect.stringContaining('its template alone has') });
    expect(planText(plan)).toContain('template and role differ');
    expect(planMarkdown(plan)).toContain("from its stack's template to the live policy");
  });

  test.each([
    ['cannot be resolved', template({ 'Fn::If': ['A', 1, 2] }), 'Fn::If cannot be resolved'],
    ['cannot be parsed', 'Resources: [', 'cannot be edited here safely'],
    ['has the new trust policy already', template(JSON.parse(edited)), 'the role does not'],
  ])('that %s is a skip with its reason', (_, text, reason) => {
    const plan = withTemplate(text);
    expect(actions(plan.root)).toEqual([]);
    expect(plan.skipped).toMatchObject([{ subject: 'shop/api', reason: expect.stringContaining(reason) }]);
  });

  test('that cannot be read is a skip with its reason', () => {
    const plan = planned(failed({ kind: 'denied', message: 'not allowed to GetTemplate' }, readAt));
    expect(plan.skipped).toMatchObject([{ reason: expect.stringContaining('not allowed to GetTemplate') }]);
  });

  test('of which only the resources tell the role is left for the run', () => {
    const two = { A: { Type: 'AWS::IAM::Role' }, B: { Type: 'AWS::IAM::Role' } };
    const plan = withTemplate(JSON.stringify({ Resources: two }));
    expect(stackEdits(plan)[0]?.request.TemplateBody).toBeUndefined();
    expect(ownerRows(plan)[0]?.detail).toContain('looked at when the stack is changed');
  });

  test('in YAML is a command of its own', () => {
    const text = `Resources:\n  Role1:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: ${live}\n`;
    const [edit] = stackEdits(withTemplate(text));
    expect(edit?.request.TemplateBody).toContain('pods.eks.amazonaws.com');
    expect(edit?.command).toContain("--template-body 'Resources:");
    expect(edit?.command).not.toContain('jq');
  });
});
