/** One thing and all that is known of it. */
import { associations, down, inTurn, press, prod, type Scene } from '../steps.ts';

const tabs = ['summary', 'trust', 'pods', 'used by', 'facts', 'events'] as const;

/** Its pods are older than its association. */
const session = inTurn(associations, press([...down(2), 'enter'], 'association checkout/session'));
/** The role that three service accounts and a pipeline share. */
const shared = inTurn(
  prod,
  press(['r']),
  press(['/', ...'payments-shared', 'enter']),
  press(['enter'], 'payments-shared'),
);

export const detailScenes: readonly Scene[] = [
  ...tabs.map((tab, index) => ({
    name: `association-${tab.replace(' ', '-')}`,
    act: inTurn(session, press([String(index + 1)], `[${index + 1} ${tab}]`)),
  })),
  {
    name: 'association-target',
    act: inTurn(associations, press([...down(12), 'enter'], 'association payments/ledger')),
  },
  {
    name: 'service-account-summary',
    act: inTurn(prod, press(['s']), press(['/', ...'fraud', 'enter', 'enter'], 'payments/fraud')),
  },
  { name: 'role-summary', act: shared },
  { name: 'role-trust', act: inTurn(shared, press(['2'], '[2 trust]')) },
  {
    name: 'role-policies',
    act: inTurn(prod, press(['r']), press(['/', ...'payments-api', 'enter', 'enter', '3'], '[3 policies]')),
  },
  { name: 'cluster-summary', act: inTurn(prod, press(['d'], '[1 summary]', 'OIDC issuer')) },
  { name: 'namespace-summary', act: inTurn(prod, press(['enter']), press(['G', 'd'])) },
];
