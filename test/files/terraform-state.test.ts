import { expect, test } from 'vitest';
import { ownersFromTerraform } from '../../source/files/terraform-state.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const role = (address: string, name: string, change: object = {}) => ({
  address,
  mode: 'managed',
  type: 'aws_iam_role',
  name: 'x',
  values: { arn: arn(name), assume_role_policy: '{}' },
  sensitive_values: {},
  ...change,
});
const state = (root_module: unknown) => ({
  format_version: '1.0',
  terraform_version: '1.9.0',
  values: { root_module },
});
const owners = (document: unknown) => {
  const found = ownersFromTerraform(JSON.stringify(document));
  return found.ok ? [...found.value].map(([key, { evidence }]) => [key, evidence]) : found.reason;
};

test('roles of the root module and of modules at any depth', () => {
  const document = state({
    resources: [role('aws_iam_role.api', 'api'), role('aws_s3_bucket.b', 'b', { type: 'aws_s3_bucket' })],
    child_modules: [
      {
        address: 'module.a',
        resources: [role('module.a.aws_iam_role.this[0]', 'a')],
        child_modules: [
          { address: 'module.a.module.b', resources: [role('module.a.module.b.aws_iam_role.this', 'b')] },
        ],
      },
    ],
  });
  expect(owners(document)).toEqual([
    [arn('api'), 'aws_iam_role.api'],
    [arn('a'), 'module.a.aws_iam_role.this[0]'],
    [arn('b'), 'module.a.module.b.aws_iam_role.this'],
  ]);
});

test('a data source only reads, and a role without an ARN is not there yet', () => {
  const resources = [
    role('data.aws_iam_role.x', 'x', { mode: 'data' }),
    role('aws_iam_role.y', 'y', { values: {} }),
    role('aws_iam_role.z', 'z', { values: { arn: 'not an arn' } }),
    null,
    7,
  ];
  expect(owners(state({ resources }))).toEqual([]);
});

test('a saved plan has its state in it; an empty state has no values', () => {
  const before = state({ resources: [role('aws_iam_role.api', 'api')] });
  expect(owners({ format_version: '1.2', planned_values: {}, prior_state: before })).toEqual([
    [arn('api'), 'aws_iam_role.api'],
  ]);
  expect(owners({ format_version: '1.0' })).toEqual([]);
});

test('what is not the output of terraform show is refused', () => {
  expect(ownersFromTerraform('Terraform')).toMatchObject({ ok: false, reason: expect.stringContaining('not JSON') });
  expect(owners({ version: 4, resources: [] })).toContain('no format_version');
  expect(owners([])).toContain('no format_version');
});
