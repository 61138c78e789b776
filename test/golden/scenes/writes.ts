/** What changes something: forms, reviews and deletions, from the first key to the last answer. */
import { associations, down, inTurn, pass, press, type Scene, seconds, staging, typed } from '../steps.ts';

const inForm = inTurn(staging, press(['a'], 'associations(stg-eu-1/all)[4]'), press(['n'], 'new association'));
const filled = inTurn(
  inForm,
  typed('newcomer'),
  press(['tab']),
  typed('stg-checkout-web', 'trusts pods'),
  press(['esc']),
);
const untrusted = inTurn(inForm, typed('newcomer'), press(['tab']), typed('stg-search-query'), press(['esc']));
const reviewed = inTurn(untrusted, press(['ctrl-s'], 'review: create', 'in this order'));
const sent = inTurn(reviewed, press(['tab', 'enter']));
const deletion = inTurn(staging, press(['a']), press(['ctrl-d'], '1 call ready'));

export const writeScenes: readonly Scene[] = [
  { name: 'form', act: filled },
  { name: 'form-choices', act: inTurn(inForm, typed('newcomer'), press(['tab']), typed('stg-'), press(['down'])) },
  { name: 'form-error', act: inTurn(inForm, typed('Worker_1', '✗ lower-case letters')) },
  { name: 'form-taken', act: inTurn(inForm, typed('cart')) },
  {
    name: 'form-made-role',
    act: inTurn(
      inForm,
      typed('newcomer'),
      press(['tab', 'down'], '▌ + create a role…'),
      press(['enter'], '· role name'),
    ),
  },
  { name: 'form-edit', act: inTurn(staging, press(['a']), press(['e'], 'made by somebody')) },
  { name: 'review', act: reviewed },
  { name: 'review-sent', act: inTurn(sent, pass(seconds(30))) },
  {
    name: 'review-failed',
    stage: { furnish: stage => stage.fault({ deny: ['eks:CreatePodIdentityAssociation'] }) },
    act: inTurn(sent, pass(seconds(30))),
  },
  { name: 'delete', act: deletion },
  { name: 'delete-production', act: inTurn(associations, press(['ctrl-d'], '1 call ready')) },
  {
    name: 'delete-several',
    act: inTurn(associations, press(['space', 'j', 'space', 'j', 'space', 'ctrl-d'], '3 calls ready')),
  },
  { name: 'deleted', act: inTurn(deletion, press(['tab', 'enter']), pass(seconds(3))) },
  {
    name: 'delete-failed',
    stage: { furnish: stage => stage.fault({ deny: ['eks:DeletePodIdentityAssociation'] }) },
    act: inTurn(deletion, press(['tab', 'enter']), pass(seconds(3))),
  },
  {
    name: 'undo',
    act: inTurn(deletion, press(['tab', 'enter']), pass(seconds(30)), press(['esc', 'z']), pass(seconds(2))),
  },
  { name: 'owned', act: inTurn(associations, press(down(5)), press(['e'])) },
];
