/** Tags that flags give count against the limits as those of a file do. */
import { expect, test } from 'vitest';
import { wantedOf } from '../../source/commands/flags/association.ts';

const tags = (count: number) => Array.from({ length: count }, (_, at) => `key-${at}=v`);
const problemsOf = (values: Parameters<typeof wantedOf>[0]) => {
  const said = wantedOf({ namespace: 'shop', 'service-account-name': 'api', ...values }, { problems: [] });
  return said.ok ? [] : said.problems;
};

test("an association's own may be fifty", () => {
  const role = { 'role-arn': 'arn:aws:iam::111122223333:role/api' };
  expect(problemsOf({ ...role, tags: tags(50) })).toEqual([]);
  expect(problemsOf({ ...role, tags: tags(51) })).toEqual(['--tags must not be more than 50']);
});

test("those of a role's stack are counted with eksctl's own, and too many are said once", () => {
  const role = { 'well-known-policies': ['certManager'] };
  expect(problemsOf({ ...role, tags: tags(47) })).toEqual([]);
  expect(problemsOf({ ...role, tags: tags(48) })).toEqual([
    "--tags would give the role's stack 51 tags, with eksctl's own; it takes 50",
  ]);
  expect(problemsOf({ ...role, tags: tags(51) })).toEqual(['--tags must not be more than 50']);
});
