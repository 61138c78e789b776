import { describe, expect, it } from 'vitest';
import {
  editFocused,
  editForm,
  type Form,
  newForm,
  setDocument,
  setText,
  setToggle,
} from '../../../source/ui/state/form.ts';
import { choicesFor, formFacts, makeRole, resolvedRole, roleArnOf } from '../../../source/ui/state/form-facts.ts';
import { fieldOfFailure } from '../../../source/ui/state/form-refusal.ts';
import { createRequest, updateRequest } from '../../../source/ui/state/form-request.ts';
import { parseTags } from '../../../source/ui/state/form-tags.ts';
import { firstError, validate } from '../../../source/ui/state/form-validation.ts';
import { fieldOf } from '../../../source/ui/state/text-field.ts';
import { createOf, updateOf } from '../../plan/world.ts';
import { association, demoModel, roleArn, staging } from '../fakes.ts';

const model = demoModel();
const filled = (
  more: Partial<
    Record<'namespace' | 'serviceAccount' | 'role' | 'targetRole' | 'policy' | 'tags' | 'cluster', string>
  > = {},
): Form =>
  Object.entries({
    cluster: 'staging-eu-1',
    namespace: 'payments',
    serviceAccount: 'worker',
    role: 'payments-api',
    ...more,
  }).reduce((form, [field, value]) => setText(form, field as 'role', fieldOf(value)), newForm({}));
const verdicts = (form: Form) => validate(form, formFacts(model, form));
const wrongIn = (form: Form) => firstError(form, verdicts(form));
const sound = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

describe('validation', () => {
  it('lets a sound draft through', () => {
    expect(wrongIn(filled())).toBeUndefined();
  });
  it.each([
    ['cluster', { cluster: 'nowhere' }, 'no such cluster in scope'],
    ['namespace', { namespace: 'Pay_ments' }, 'lower-case'],
    ['namespace', { namespace: 'x'.repeat(64) }, 'up to 63'],
    ['serviceAccount', { serviceAccount: '-x' }, 'lower-case'],
    ['serviceAccount', { serviceAccount: 'ledger' }, 'already has association'],
    ['role', { role: 'arn:aws:iam::1:role/x' }, 'neither a role ARN'],
    ['role', { role: 'arn:aws:iam::999900001111:role/x' }, 'in account 999900001111'],
    ['targetRole', { targetRole: 'role/x' }, 'not a role ARN'],
    ['policy', { policy: '[]' }, 'must be a policy document'],
    ['policy', { policy: '{' }, 'ends too early'],
    ['policy', { policy: sound }, 'needs session tags off'],
    ['policy', { policy: sound.replace('s3:*', `s3:${'x'.repeat(2048)}`) }, 'EKS takes 2048'],
    ['tags', { tags: 'team' }, 'not key=value'],
    ['tags', { tags: 'aws:x=1' }, 'begins with "aws:"'],
  ] as const)('refuses a bad %s: %o', (field, more, text) => {
    const found = verdicts(filled(more));
    expect(found[field]).toMatchObject({ level: 'error' });
    expect(found[field].text).toContain(text);
    expect(wrongIn(filled(more))).toBe(field);
  });
  it('counts a policy of several lines as it will be sent, in one', () => {
    const long = JSON.parse(sound.replace('s3:*', `s3:${'x'.repeat(2048)}`));
    const pretty = JSON.stringify(long, null, 8);
    const text = verdicts(setDocument(filled(), 'policy', pretty)).policy.text;
    expect(text).toContain(`it has ${JSON.stringify(long).length}`);
    expect(pretty.length).toBeGreaterThan(JSON.stringify(long).length);
  });
  it('takes a policy once session tags are off', () => {
    expect(wrongIn(setToggle(filled({ policy: sound }), 'sessionTags', false))).toBeUndefined();
  });
  it('warns of a trust that lacks the service, and of what the cluster does not have', () => {
    const found = verdicts(filled({ role: 'payments-refunds', namespace: 'later' }));
    expect(found.role).toMatchObject({ level: 'warning' });
    expect(found.namespace).toMatchObject({ level: 'warning' });
    expect(verdicts(filled({ role: 'never-seen' })).role.level).toBe('unknown');
  });
});

describe('requests', () => {
  it('makes a role name an ARN of the cluster’s account', () => {
    const form = filled({ role: 'other' });
    expect(roleArnOf('other', formFacts(model, form))).toBe(roleArn('other'));
    expect(roleArnOf('payments-api', formFacts(model, form))).toBe(roleArn('payments-api'));
  });
  it('says only what was chosen', () => {
    expect(createRequest(filled({ tags: 'a=b=c' }), roleArn('x'))).toEqual(
      createOf('payments/worker', roleArn('x'), { tags: { a: 'b=c' } }),
    );
    expect(
      createRequest(setToggle(filled({ policy: '{}' }), 'sessionTags', false), roleArn('x')).associations,
    ).toMatchObject([{ disableSessionTags: true, policy: '{}' }]);
  });
  it('sends of a change only what differs, and null for what was emptied', () => {
    const original = association('payments', 'api', 'payments-api', {
      targetRoleArn: roleArn('far'),
      tags: { a: '1' },
    });
    const form = editForm('staging-eu-1', original);
    expect(updateRequest(form, original, original.roleArn)).toEqual(updateOf('payments/api', {}));
    const changed = setText(setText(form, 'targetRole', fieldOf('')), 'tags', fieldOf('a=2'));
    expect(updateRequest(changed, original, roleArn('new'))).toEqual(
      updateOf('payments/api', { roleArn: roleArn('new'), targetRoleArn: null, tags: { a: '2' } }),
    );
  });
  it('counts a tag only once', () => {
    expect(parseTags('a=1 a=2')).toMatchObject({ ok: false });
    expect(parseTags('a=')).toEqual({ ok: true, tags: { a: '' } });
  });
  it('keeps what a namespace is for a cluster that has it', () => {
    expect(formFacts(model, filled()).named[0]?.id).toBe(staging);
  });
});

describe('a refusal', () => {
  it.each([
    ['serviceAccount', 'exists', 'ResourceInUseException', 'Association already exists'],
    ['role', 'invalid', 'InvalidParameterException', 'Role provided in the request does not exist.'],
    ['role', 'invalid', 'InvalidParameterException', 'Trust policy of the role provided is invalid'],
    ['policy', 'invalid', 'InvalidParameterException', 'Session policy is malformed'],
    ['targetRole', 'invalid', 'InvalidParameterException', 'Target role ARN is not valid'],
    ['tags', 'invalid', 'InvalidParameterException', 'Too many tags'],
    ['namespace', 'invalid', 'InvalidParameterException', 'Namespace is not valid'],
  ] as const)('goes to %s', (field, kind, code, message) => {
    expect(fieldOfFailure({ kind, code, message })).toBe(field);
  });
});

describe('a refusal that no field can mend', () => {
  it.each([
    ['denied', 'eks:CreatePodIdentityAssociation is denied to ana on the cluster: ask for a policy that allows it.'],
    ['throttled', 'Rate exceeded'],
    ['unreachable', 'The connection to the cluster was cut'],
  ] as const)('%s goes to none', (kind, message) => {
    expect(fieldOfFailure({ kind, message })).toBeUndefined();
  });
  it('may still be one of the role that is passed on', () => {
    expect(fieldOfFailure({ kind: 'denied', message: 'iam:PassRole is denied to ana on role/api.' })).toBe('role');
  });
});

describe('choices', () => {
  const typed = (text: string) => editFocused({ ...filled({ role: '' }), focus: 'role' }, { type: 'insert', text });
  const values = (form: Form) => choicesFor(form, formFacts(model, form), 'role').map(choice => choice.value);

  it('open with the first letter, and close with the last one gone', () => {
    const form = typed('p');
    expect(form.choice).toBe(0);
    expect(editFocused(form, { type: 'left' }).choice).toBe(0);
    expect(editFocused(form, { type: 'backspace' }).choice).toBeUndefined();
    expect(editFocused({ ...filled(), focus: 'tags' }, { type: 'insert', text: 'a' }).choice).toBeUndefined();
  });

  it('come best first, and the one that is typed whole before all', () => {
    expect(values(typed('api'))).toEqual(['checkout-api', 'payments-api', makeRole]);
    expect(values(typed('payments-w'))).toEqual(['payments-webhook', makeRole]);
    const [first, ...others] = values(typed('payments-refunds'));
    expect(first).toBe('payments-refunds');
    expect(others).toHaveLength(6);
  });

  it('say which ARN a name stands for', () => {
    const facts = formFacts(model, filled());
    expect(resolvedRole('payments-api', facts)).toBe(roleArn('payments-api'));
    expect(resolvedRole(roleArn('payments-api'), facts)).toBeUndefined();
    expect(resolvedRole(' ', facts)).toBeUndefined();
    expect(resolvedRole('x', formFacts(model, filled({ cluster: 'nowhere' })))).toBeUndefined();
  });
});
