/** The tables, as they are when all goes well, and what lies over them. */
import {
  associations,
  command,
  down,
  inTurn,
  opened,
  pass,
  press,
  prod,
  type Scene,
  seconds,
  typed,
} from '../steps.ts';

const everyProfile = { profiles: ['northwind-prod', 'northwind-data'] };
const fleet = inTurn(pass(seconds(12), 'clusters(all)[5]'), press(['A'], 'associations(@all/all)[32]'));

/** Beside the two that open the sandbox, each other way to sign in that there is. */
const profiles = `
[profile audit]
role_arn = arn:aws:iam::111122223333:role/audit
source_profile = northwind-prod
region = eu-west-1

[profile break-glass]
role_arn = arn:aws:iam::111122223333:role/break-glass
source_profile = northwind-prod
mfa_serial = arn:aws:iam::111122223333:mfa/jo

[profile build]
credential_process = /usr/local/bin/build-credentials

[sso-session northwind]
sso_start_url = https://northwind.awsapps.com/start
sso_region = eu-west-1

[profile sandbox-sso]
sso_session = northwind
sso_account_id = 222233334444
sso_role_name = developer
region = eu-west-1
`;

export const tableScenes: readonly Scene[] = [
  { name: 'clusters', act: opened },
  { name: 'clusters-sandbox', stage: { app: { sandbox: true } }, act: inTurn(opened, pass(0, 'SANDBOX')) },
  { name: 'namespaces', act: inTurn(prod, press(['enter'], 'namespaces(prod-eu-1)[')) },
  { name: 'service-accounts', act: inTurn(prod, press(['s'], 'serviceaccounts(prod-eu-1/all)[')) },
  {
    name: 'service-accounts-marked',
    act: inTurn(prod, press(['s']), press([...down(2), 'space', 'j', 'space'], '2 marked')),
  },
  { name: 'roles', act: inTurn(prod, press(['r'], /roles\(prod-eu-1\)/)) },
  { name: 'associations', act: inTurn(associations, press(down(8), 'monitoring/otel-collector')) },
  { name: 'associations-wide', act: inTurn(associations, press(['w'])) },
  { name: 'associations-column', act: inTurn(associations, press(['shift-right', 'shift-right', 'o'])) },
  { name: 'all-clusters', stage: everyProfile, act: fleet },
  { name: 'all-clusters-grouped', stage: everyProfile, act: inTurn(fleet, press(['b', 'b'])) },
  { name: 'all-clusters-drift', stage: everyProfile, act: inTurn(fleet, press(['D'])) },
  { name: 'compare', stage: everyProfile, act: inTurn(fleet, press(['='], 'compare  ')) },
  { name: 'copies', stage: everyProfile, act: inTurn(fleet, press(['+'], 'copy to ')) },
  { name: 'preview', act: inTurn(associations, press([...down(12), 'p'], '── ')) },
  {
    name: 'contexts',
    stage: { configuration: profiles, profiles: ['northwind-prod'] },
    act: inTurn(opened, command('ctx', 'contexts[7]')),
  },
  {
    name: 'contexts-wide',
    stage: { configuration: profiles, profiles: ['northwind-prod'] },
    act: inTurn(opened, command('ctx'), press(['w'])),
  },
  { name: 'filter', act: inTurn(associations, press(['/']), typed('ledger', '1 of 17')) },
  { name: 'filter-error', act: inTurn(associations, press(['/']), typed('/[a/', '▏')) },
  {
    name: 'filter-none',
    act: inTurn(associations, press(['/']), typed('nothing'), press(['enter'], 'No row matches')),
  },
  { name: 'filter-kept', act: inTurn(associations, press(['/']), typed('payments'), press(['enter'], '</payments>')) },
  { name: 'command', act: inTurn(prod, press([':'], '▏', 'associations  [')) },
  { name: 'command-unknown', act: inTurn(prod, command('clustres', 'no command')) },
  { name: 'help', act: inTurn(prod, press(['?'], 'help')) },
  { name: 'help-search', act: inTurn(prod, press(['?', '/']), typed('copy', 'copy')) },
  { name: 'copied', act: inTurn(associations, press(['c'])) },
  { name: 'quit', act: inTurn(opened, press(['q'])) },
];
