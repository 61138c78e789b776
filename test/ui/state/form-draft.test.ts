import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Association } from '../../../source/identity/facts.ts';
import { type RoleRecipe, wellKnownPolicies } from '../../../source/plan/wanted.ts';
import { editForm, type Form, newForm, setText, setToggle, withOwner } from '../../../source/ui/state/form.ts';
import { draftKey, formOfStored, isTouched, storedForm } from '../../../source/ui/state/form-draft.ts';
import { formFields, textFields } from '../../../source/ui/state/form-fields.ts';
import { asNew, movedFields, movedText, ownerRead, rebase } from '../../../source/ui/state/form-rebase.ts';
import { changesNothing, recipeOfForm, updateRequest } from '../../../source/ui/state/form-request.ts';
import { fieldOf } from '../../../source/ui/state/text-field.ts';
import { association, staging } from '../fakes.ts';

const there = (more: Partial<Association> = {}): Association => ({
  ...association('payments', 'ledger', 'payments-ledger'),
  ...more,
});

const type = (form: Form, field: 'role' | 'targetRole' | 'policy' | 'tags', text: string): Form =>
  setText(form, field, fieldOf(text));

const texts = fc.record(Object.fromEntries(textFields.map(field => [field, fc.string()])));
const anyForm = fc
  .record({
    change: fc.boolean(),
    said: texts,
    on: fc.record({ createAccount: fc.boolean(), sessionTags: fc.boolean(), recreate: fc.boolean() }),
    made: fc.boolean(),
    policyArns: fc.array(fc.string()),
    wellKnown: fc.subarray([...wellKnownPolicies]),
    drafts: fc.record({ policy: fc.string(), inlinePolicy: fc.string() }, { requiredKeys: [] }),
    focus: fc.constantFrom(...formFields, 'cancel' as const, 'review' as const),
    begun: fc.record({ cluster: fc.string(), namespace: fc.string() }, { requiredKeys: [] }),
    tags: fc.dictionary(fc.string(), fc.string()),
  })
  .map(({ change, said, begun, tags, ...rest }): Form => {
    const form = change ? editForm(staging, there({ tags, policy: said.policy ?? '' })) : newForm(begun);
    const text = Object.fromEntries(textFields.map(field => [field, fieldOf(said[field] ?? '')])) as Form['text'];
    return { ...form, ...rest, text };
  });

describe('a draft', () => {
  it('law: kept and read again says the same', () => {
    fc.assert(
      fc.property(anyForm, form => {
        const read = formOfStored(JSON.parse(JSON.stringify(storedForm(form))));
        expect(read && storedForm(read)).toEqual(storedForm(form));
        expect(read && draftKey(read)).toEqual(draftKey(form));
        expect(read?.text).toEqual(form.text);
      }),
    );
  });
  it('law: anything else is no draft, and no error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.record({ mode: fc.constant('update'), text: fc.anything() })), value => {
        const read = formOfStored(value);
        if (read) expect(formOfStored(storedForm(read))).toEqual(read);
      }),
    );
  });
  it('law: with a member taken out or spoilt, it is a whole draft or none', () => {
    fc.assert(
      fc.property(anyForm, fc.nat(), fc.anything(), (form, which, junk) => {
        const stored: Record<string, unknown> = JSON.parse(JSON.stringify(storedForm(form)));
        const names = Object.keys(stored);
        stored[names[which % names.length] ?? ''] = junk;
        const read = formOfStored(stored);
        if (read) expect(() => [storedForm(read), isTouched(read), draftKey(read)]).not.toThrow();
      }),
    );
  });
  it('says something once anything was typed, and nothing when that was taken back', () => {
    const form = newForm({ cluster: 'staging-eu-1', namespace: 'payments' });
    expect(isTouched(form)).toBe(false);
    expect(isTouched(type(form, 'role', 'x'))).toBe(true);
    expect(isTouched(type(type(form, 'role', 'x'), 'role', ''))).toBe(false);
    const change = editForm(staging, there());
    expect(isTouched(change)).toBe(false);
    expect(isTouched(setToggle(change, 'sessionTags', false))).toBe(true);
  });
  it('belongs to its service account, or to the place it was begun from', () => {
    expect(draftKey(editForm(staging, there()))).toBe(draftKey(editForm(staging, there({ id: 'a-other', arn: 'x' }))));
    const at = { clusterArn: staging, cluster: 'staging-eu-1', namespace: 'payments', serviceAccount: 'worker' };
    expect(draftKey(newForm({ ...at, role: 'one' }))).toBe(draftKey(newForm({ ...at, role: 'other' })));
    expect(draftKey(newForm(at))).not.toBe(draftKey(newForm({ ...at, serviceAccount: 'api' })));
  });
});

const named = (role: string): string => `arn:aws:iam::111122223333:role/${role}`;
const policy = (action: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });

describe('a draft of a change that is taken up again', () => {
  it('is the draft it was where nothing has changed', () => {
    const draft = type(editForm(staging, there()), 'tags', 'team=pay');
    const next = rebase(draft, there());
    expect(movedFields(next)).toEqual([]);
    expect(next.text).toEqual(draft.text);
  });
  it('follows what it had left alone, and says so', () => {
    const draft = type(editForm(staging, there()), 'tags', 'team=pay');
    const now = there({ roleArn: named('other'), policy: policy('s3:*'), disableSessionTags: true });
    const next = rebase(draft, now);
    expect([...movedFields(next)].sort()).toEqual(['policy', 'role', 'sessionTags']);
    expect(movedText(next.moved?.role ?? { was: '', now: '', kept: true })).toBe(
      `others changed it from ${named('payments-ledger')} to ${named('other')}, and the draft follows`,
    );
    // What would be sent is the draft's own change alone.
    expect(updateRequest(next, now, next.text.role.value).changes).toEqual([
      { namespace: 'payments', serviceAccount: 'ledger', tags: { team: 'pay' } },
    ]);
  });
  it('keeps its own where both have changed it, and says that, too', () => {
    const draft = type(editForm(staging, there({ tags: { a: '1' } })), 'tags', 'a=2');
    const next = rebase(draft, there({ tags: { a: '3' } }));
    expect(next.text.tags.value).toBe('a=2');
    expect(next.moved?.tags).toEqual({ was: 'a=1', now: 'a=3', kept: true });
  });
  it('tells of another association in the place of the one that was', () => {
    const next = rebase(editForm(staging, there()), there({ id: 'a-new', arn: 'arn:new' }));
    expect(next.moved?.serviceAccount).toMatchObject({ now: 'a-new' });
    expect(next.original?.arn).toBe('arn:new');
  });
  it('law: never takes back what others did to a field that it had left alone', () => {
    const state = fc.record({
      roleArn: fc.constantFrom('one', 'two', 'three').map(named),
      targetRoleArn: fc.constantFrom('', 'x', 'y').map(name => (name === '' ? '' : named(name))),
      disableSessionTags: fc.boolean(),
      policy: fc.constantFrom('', policy('s3:*'), policy('sqs:*')),
      tags: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2')),
    });
    fc.assert(
      fc.property(state, state, fc.subarray(['targetRole', 'tags'] as const), (was, is, touched) => {
        const before = there(was);
        const draft = touched.reduce(
          (form, field) => type(form, field, field === 'tags' ? 'mine=1' : named('mine')),
          editForm(staging, before),
        );
        const now = there(is);
        const next = rebase(draft, now);
        const [change] = updateRequest(next, now, next.text.role.value).changes;
        const sent = Object.keys(change ?? {}).filter(name => !['namespace', 'serviceAccount'].includes(name));
        const may = touched.map(field => (field === 'targetRole' ? 'targetRoleArn' : field));
        expect(may).toEqual(expect.arrayContaining(sent));
        if (touched.length === 0) expect(change && changesNothing(change)).toBe(true);
      }),
    );
  });
  it('sets the parts of a role that its stack makes upon those of now', () => {
    const recipe = (more: Partial<RoleRecipe> = {}): RoleRecipe => ({
      permissionPolicyArns: ['arn:aws:iam::aws:policy/One'],
      wellKnownPolicies: [],
      ...more,
    });
    const stack = (of: RoleRecipe) => ({ kind: 'stack', stack: 's', recipe: of }) as const;
    const begun = withOwner(editForm(staging, there()), stack(recipe()));
    const draft = setText(begun, 'boundary', fieldOf('arn:aws:iam::aws:policy/Edge'));
    const read = formOfStored(JSON.parse(JSON.stringify(storedForm(draft))));
    if (!read) throw new Error('it is a draft');
    const two = recipe({ permissionPolicyArns: ['arn:aws:iam::aws:policy/One', 'arn:aws:iam::aws:policy/Two'] });
    const next = ownerRead(rebase(read, there()), stack(two));
    expect(recipeOfForm(next)).toMatchObject({ ...two, permissionsBoundaryArn: 'arn:aws:iam::aws:policy/Edge' });
    expect(next.moved?.policies).toEqual({ was: 'One', now: 'One, Two', kept: false });
    // Without its stack nothing of that is known any more.
    const alone = ownerRead(rebase(read, there()), { kind: 'nobody' });
    expect(alone.moved?.role).toMatchObject({ now: 'no stack of its own', kept: true });
  });
  it('becomes something new when its association is gone, and says which one that was', () => {
    const draft = type(editForm(staging, there()), 'tags', 'team=pay');
    const next = asNew(draft, {
      clusterArn: staging,
      cluster: 'staging-eu-1',
      namespace: 'payments',
      serviceAccount: 'ledger',
    });
    expect(next).toMatchObject({
      mode: 'create',
      text: { cluster: { value: 'staging-eu-1' }, tags: { value: 'team=pay' } },
    });
    expect(next.original).toBeUndefined();
    expect(next.moved?.serviceAccount?.was).toBe(`association ${there().id}`);
  });
});
