import { expect, test } from 'vitest';
import {
  addonsWanted,
  defaultAddonStacks,
  rolesWanted,
  stacksWanted,
  wholeClusterWanted,
} from '../../source/plan/needs.ts';
import type { ApplyRequest, PlanRequest } from '../../source/plan/request.ts';
import { createOf, roleArn, updateOf } from './world.ts';

const made = { kind: 'made', recipe: { permissionPolicyArns: [], wellKnownPolicies: ['externalDNS'] } } as const;
const given = { kind: 'existing', roleArn: roleArn('given') } as const;
const pair = ['eksctl-prod-podidentityrole-shop-api', 'eksctl-prod-addon-iamserviceaccount-shop-api'];
const apply = (change: Partial<ApplyRequest> = {}): ApplyRequest => ({
  command: 'apply',
  associations: createOf('shop/api', roleArn('api')).associations,
  addons: [],
  prune: false,
  ...change,
});
const addons = [
  {
    name: 'csi',
    version: 'latest',
    associations: [
      { serviceAccount: 'one', role: made },
      { serviceAccount: 'two', role: given },
    ],
  },
  { name: 'cni', useDefaults: true },
];
const migrate = { command: 'migrate', removeOidcProviderTrust: false } as const;
const remove = { command: 'delete', subjects: [{ namespace: 'shop', serviceAccount: 'api' }] } as const;

test.each<[string, PlanRequest, readonly string[], readonly string[], boolean]>([
  ['a role that is there', createOf('shop/api', roleArn('api')), [], [roleArn('api')], false],
  ['a role that is made', createOf('shop/api', '', { role: made }), pair.slice(0, 1), [], false],
  ['a change', updateOf('shop/api', { roleArn: roleArn('next') }), pair, [roleArn('next')], false],
  ['a change of its role', updateOf('shop/api', { role: {} }), pair, [], false],
  // Who else uses a role decides whether its stack may go.
  ['a deletion', remove, pair, [], true],
  ['a file', apply(), pair, [roleArn('api')], false],
  ['a file that prunes', apply({ prune: true }), pair, [roleArn('api')], true],
  [
    'a file with add-ons',
    apply({ addons }),
    [...pair, 'eksctl-prod-addon-csi-podidentityrole-one', 'eksctl-prod-addon-csi-podidentityrole-two'],
    [roleArn('api'), roleArn('given')],
    true,
  ],
  ['a migration', migrate, [], [], true],
])('%s', (_, request, stacks, roles, whole) => {
  expect([stacksWanted(request, 'prod'), rolesWanted(request), wholeClusterWanted(request)]).toEqual([
    stacks,
    roles,
    whole,
  ]);
});

test('offers of add-ons, and the stacks that only an offer tells', () => {
  expect(addonsWanted(apply({ addons }))).toEqual([{ name: 'csi', version: 'latest' }, { name: 'cni' }]);
  expect(addonsWanted(remove)).toEqual([]);
  expect(defaultAddonStacks('prod', 'cni', ['aws-node'])).toEqual(['eksctl-prod-addon-cni-podidentityrole-aws-node']);
});
