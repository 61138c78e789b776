import { expect, test } from 'vitest';
import { allows, denies, type Request } from './evaluator.ts';

const request = (keys: Record<string, string> = {}, action = 'sts:AssumeRole'): Request => ({
  principal: { type: 'Service', id: 'pods.eks.amazonaws.com' },
  action,
  keys,
});

const doc = (statement: object, version = '2012-10-17') => JSON.stringify({ Version: version, Statement: statement });
const base = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:*' };
const meets = (condition: object, keys: Record<string, string> = {}, version?: string) =>
  allows(doc({ ...base, Condition: condition }, version), request(keys));

test('principals, actions, and Deny over Allow', () => {
  expect(allows(doc(base), request())).toBe(true);
  expect(allows(doc({ ...base, Action: ['STS:assumer?le'] }), request())).toBe(true);
  expect(allows(doc({ ...base, Principal: { Service: 'ec2.amazonaws.com' } }), request())).toBe(false);
  const { Action: _, ...rest } = base;
  expect(allows(doc({ ...rest, NotAction: 'sts:TagSession' }), request())).toBe(true);
  expect(allows(doc({ ...rest, NotAction: 'sts:*' }), request())).toBe(false);
  const deny = { Effect: 'Deny', NotPrincipal: { Service: 'ec2.amazonaws.com' }, Action: '*' };
  expect(denies(doc([base, deny]), request())).toBe(true);
  expect(allows(doc([base, deny]), request())).toBe(false);
});

test.each([
  [{ StringEquals: { a: ['x', 'y'] } }, { A: 'y' }, true],
  [{ StringEquals: { a: 'x*' } }, { a: 'xy' }, false],
  [{ StringLike: { a: 'x*' } }, { a: 'xy' }, true],
  [{ StringEquals: { a: 'x' } }, {}, false],
  [{ StringEqualsIfExists: { a: 'x' } }, {}, true],
  [{ 'ForAllValues:StringEquals': { a: 'x' } }, {}, true],
  [{ 'ForAnyValue:StringNotEquals': { a: 'x' } }, {}, false],
  [{ StringNotEquals: { a: ['x', 'y'] } }, { a: 'y' }, false],
  [{ StringNotEquals: { a: ['x', 'y'] } }, {}, true],
  [{ StringNotEquals: { a: ['x', 'y'] } }, { a: 'z' }, true],
  [{ Null: { a: true } }, {}, true],
  [{ Null: { a: 'false' } }, {}, false],
  [{ ArnLike: { a: 'arn:aws:eks:*:1:cluster/p?d' } }, { a: 'arn:aws:eks:r:1:cluster/pod' }, true],
  [{ ArnEquals: { a: 'arn:*' } }, { a: 'arn:aws:eks:r:1:cluster/pod' }, false],
  [{ StringEquals: { a: `\${b}` } }, { a: 'x', b: 'x' }, true],
  [{ StringLike: { a: `\${*}y` } }, { a: 'xy' }, false],
  [{ StringEquals: { a: 'x' }, StringLike: { b: '*' } }, { a: 'x' }, false],
  [{ Bool: { a: false } }, { a: 'false' }, true],
  [{ Nonsense: { a: 'x' } }, { a: 'x' }, false],
])('%j of %j', (condition, keys, met) => {
  expect(meets(condition, keys as Record<string, string>)).toBe(met);
});

test('variables are text before version 2012-10-17', () => {
  expect(meets({ StringEquals: { a: `\${b}` } }, { a: `\${b}`, b: 'x' }, '2008-10-17')).toBe(true);
});
