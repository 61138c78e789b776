/** What a plan must weigh until approving it takes a typed name, outside production too. */
import { describe, expect, test } from 'vitest';
import type { PlanNode } from '../../../source/plan/plan.ts';
import { createApp } from '../../../source/ui/controller/app.ts';
import { many, weightOf } from '../../../source/ui/controller/approval.ts';
import { themeOf, usualTheme } from '../../../source/ui/theme/theme.ts';
import {
  createAction,
  demoModel,
  editTrust,
  FakeWorkbench,
  ManualClock,
  node,
  planOf,
  prod,
  roleArn,
  roleRow,
  staging,
} from '../fakes.ts';

const appOf = (model = demoModel()) =>
  createApp({
    model,
    workbench: new FakeWorkbench(),
    clock: new ManualClock(),
    options: { sandbox: false, version: '0' },
    theme: themeOf(usualTheme({}), 'none'),
    environment: {},
    write: () => {},
    size: { columns: 100, rows: 30 },
  });

const ref = (arn: string) => planOf('migrate', arn, []).cluster;
const moves = (count: number): readonly PlanNode[] =>
  Array.from({ length: count }, (_, at) => node(`a${at}`, 'move', createAction(staging, 'shop', `sa-${at}`, 'shop')));
const trust = (role: string): PlanNode => node('trust', 'trust', editTrust(staging, role));

describe('a plan', () => {
  test('of few service accounts outside production is approved by a key', () => {
    expect(weightOf(appOf(), ref(staging), planOf('migrate', staging, moves(many)))).toBeUndefined();
  });

  test('of many takes the name of the cluster; the same one twice is one', () => {
    const app = appOf();
    expect(weightOf(app, ref(staging), planOf('migrate', staging, moves(many + 1)))).toBe(
      'this changes 11 service accounts',
    );
    const twice = [...moves(many), ...moves(many).map(each => ({ ...each, id: `${each.id} again` }))];
    expect(weightOf(app, ref(staging), planOf('migrate', staging, twice))).toBeUndefined();
  });

  test('that edits the trust of a role which other clusters name takes it too, whatever its size', () => {
    const model = demoModel();
    const shared = roleRow(staging, 'shared', false, { clusters: 3 });
    model.roleRows = [...model.roleRows, shared];
    const app = appOf(model);
    expect(weightOf(app, ref(staging), planOf('create', staging, [trust('shared')]))).toBe(
      'role shared is used by 3 clusters',
    );
    expect(weightOf(app, ref(staging), planOf('create', staging, [trust('payments-api')]))).toBeUndefined();
    expect(shared.arn).toBe(roleArn('shared'));
  });

  test('in production takes it always, also where only the alias of the account says so', () => {
    expect(weightOf(appOf(), ref(prod), planOf('create', prod, moves(1)))).toBe('this is production');
    const model = demoModel();
    const blue = { ...ref(staging), name: 'blue', arn: staging.replace('staging-eu-1', 'blue') };
    expect(weightOf(appOf(model), blue, planOf('create', blue.arn, moves(1)))).toBeUndefined();
    model.aliases = { [blue.account]: 'acme-prod' };
    expect(weightOf(appOf(model), blue, planOf('create', blue.arn, moves(1)))).toBe('this is production');
  });
});
