import { describe, expect, test } from 'vitest';
import { policyAllows } from '../../source/aws/policy-allows.ts';

const asked = (...statements: readonly unknown[]) =>
  policyAllows(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'sts:AssumeRole');
const allow = (more: object) => ({ Effect: 'Allow', Resource: '*', ...more });

describe('a permission policy allows an action', () => {
  test.each([
    ['by name', { Action: 'sts:AssumeRole' }, true],
    ['in whatever case', { Action: ['STS:ASSUMEROLE'] }, true],
    ['by a wildcard', { Action: 'sts:Assume*' }, true],
    ['by one for a single character', { Action: 'sts:AssumeRol?' }, true],
    ['with everything', { Action: '*' }, true],
    ['by not leaving it out', { NotAction: ['iam:*'] }, true],
    ['not when it is left out', { NotAction: 'sts:*' }, false],
    ['not by a longer name', { Action: 'sts:AssumeRoleWithWebIdentity' }, false],
    ['not by a shorter name', { Action: 'sts:Assume' }, false],
    ['even under a condition, which is not weighed', { Action: 'sts:*', Condition: { Bool: { a: 'b' } } }, true],
  ] as const)('%s', (_how, statement, expected) => {
    expect(asked(allow(statement))).toEqual({ ok: true, value: expected });
  });

  test('but never by a Deny, nor by what is no statement', () => {
    expect(asked({ Effect: 'Deny', Action: '*' }, null, 'x', 7)).toEqual({ ok: true, value: false });
  });

  test('of a single statement that is no list', () => {
    const single = JSON.stringify({ Statement: allow({ Action: 'sts:*' }) });
    expect(policyAllows(single, 'sts:AssumeRole')).toEqual({ ok: true, value: true });
  });

  test('is no answer for what is no policy', () => {
    for (const text of ['', '{', '[]', '{}', '{"Statement":null}', '{"Statement":"x"}', 'null', '7'])
      expect(policyAllows(text, 'sts:AssumeRole').ok, text).toBe(false);
  });
});
