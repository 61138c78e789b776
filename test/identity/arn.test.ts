import { expect, test } from 'vitest';
import { formatClusterArn, formatRoleArn, parseClusterArn, parseRoleArn } from '../../source/identity/arn.ts';

test.each([
  ['arn:aws:iam::111122223333:role/app', '/', 'app'],
  ['arn:aws-cn:iam::111122223333:role/team/payments/app', '/team/payments/', 'app'],
  ['arn:aws-us-gov:iam::111122223333:role/a+b=c,d.e@f-g_h', '/', 'a+b=c,d.e@f-g_h'],
])('reads and writes the role %s', (text, path, name) => {
  const arn = parseRoleArn(text);
  expect(arn).toMatchObject({ ok: true, value: { path, name } });
  if (arn.ok) expect(formatRoleArn(arn.value)).toBe(text);
});

test.each([
  '',
  'app',
  'arn:aws:iam::111122223333:user/app',
  'arn:aws:iam::11112222333:role/app',
  'arn:aws:iam::111122223333:role/',
  'arn:aws:iam::111122223333:role/a b',
  'arn:aws:iam::111122223333:role//app',
  'arn:aws:iam::111122223333:role/app\n',
  'arn:aws:s3:::role/app',
  'arn:amazon:iam::111122223333:role/app',
  `arn:aws:iam::111122223333:role/${'x'.repeat(65)}`,
])('refuses %j as a role with a reason', text => {
  const arn = parseRoleArn(text);
  expect(arn.ok).toBe(false);
  expect(arn.ok ? '' : arn.reason).not.toBe('');
});

test('reads and writes cluster ARNs, and refuses others', () => {
  const text = 'arn:aws:eks:eu-west-1:111122223333:cluster/prod';
  const arn = parseClusterArn(text);
  expect(arn).toEqual({
    ok: true,
    value: { partition: 'aws', region: 'eu-west-1', account: '111122223333', name: 'prod', arn: text },
  });
  if (arn.ok) expect(formatClusterArn(arn.value)).toBe(text);
  for (const odd of ['arn:aws:eks:eu-west-1:111122223333:nodegroup/prod', text.replace('eu-west-1', ''), `${text}/x`])
    expect(parseClusterArn(odd).ok).toBe(false);
});
