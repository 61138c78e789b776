import { expect, test } from 'vitest';
import type { ActionNode } from '../../source/plan/plan.ts';
import { restoredTrust } from '../../source/plan/undo/restored.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const document = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });

const edit = (name: string, text: string): ActionNode =>
  ({
    id: `trust:${name}`,
    title: name,
    kind: 'action',
    needs: [],
    action: { type: 'edit-trust', roleArn: arn(name), request: { RoleName: name, PolicyDocument: text } },
  }) as unknown as ActionNode;

test('counts the policies whose last write means what was there before', () => {
  const before = new Map([
    [arn('a'), document('ec2.amazonaws.com')],
    [arn('b'), document('ec2.amazonaws.com')],
    [arn('c'), document('ec2.amazonaws.com')],
  ]);
  const spaced = JSON.stringify(JSON.parse(document('ec2.amazonaws.com')), undefined, 2);
  const done = [
    edit('a', document('lambda.amazonaws.com')),
    edit('a', spaced),
    edit('b', document('lambda.amazonaws.com')),
    edit('other', document('ec2.amazonaws.com')),
  ];
  expect(restoredTrust(before, done)).toEqual({ equal: 1, of: 3 });
});
