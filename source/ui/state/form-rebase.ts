/**
 * A draft that is taken up again, set upon what is there now. What the draft had left alone follows the world, so that
 * sending it takes nobody else's change back; what both have changed stays as the draft says; and all of it is told.
 */
import type { Association } from '../../identity/facts.ts';
import type { RoleRecipe } from '../../plan/wanted.ts';
import { type Form, type FormStart, type Moved, oneLine, type RoleOwner, recipeText, withOwner } from './form.ts';
import type { DocumentId, FieldId, TextFieldId } from './form-fields.ts';
import { samePolicies, sameSet, sameTags } from './form-request.ts';
import { parseTags, tagsText } from './form-tags.ts';
import { fieldOf } from './text-field.ts';

/** Whether two texts of a field say the same. */
type Same = (a: string, b: string) => boolean;

const sameText: Same = (a, b) => a.trim() === b.trim();
const sameRole: Same = (a, b) => sameText(a, b) || a.trim() === nameOf(b) || nameOf(a) === b.trim();
const sameDocuments: Same = (a, b) => samePolicies(a.trim(), b);
const sameTagTexts: Same = (a, b) => {
  const [one, other] = [parseTags(a), parseTags(b)];
  return one.ok && other.ok ? sameTags(one.tags, other.tags) : sameText(a, b);
};

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** A text of the draft, set upon another one beneath it. */
function setUpon(form: Form, field: TextFieldId, was: string, now: string, same: Same = sameText): Form {
  if (same(was, now)) return form;
  const said = form.text[field].value;
  if (same(said, now)) return form;
  const kept = !same(said, was);
  const moved = told(form, field, { was, now, kept });
  if (kept) return moved;
  const { [field as DocumentId]: _, ...drafts } = moved.drafts;
  return { ...moved, drafts, text: { ...moved.text, [field]: fieldOf(now) } };
}

const told = (form: Form, field: FieldId, how: Moved): Form => ({ ...form, moved: { ...form.moved, [field]: how } });

const onOff = (on: boolean): string => (on ? 'on' : 'off');

/**
 * A change that was begun of an association as it was, as one of the association that is there now. Who made the role is to
 * be read again; `ownerRead` goes on with it.
 */
export function rebase(form: Form, now: Association): Form {
  const { original: was, owner, moved: _, base, ...rest } = form;
  if (!was) return form;
  const recipe = (owner?.kind === 'stack' ? owner.recipe : undefined) ?? base;
  let next: Form = { ...rest, original: now, owner: { kind: 'reading' }, ...(recipe ? { base: recipe } : {}) };
  if (was.id !== now.id) next = told(next, 'serviceAccount', { was: was.id, now: now.id, kept: false });
  if (!form.made) next = setUpon(next, 'role', was.roleArn, now.roleArn, sameRole);
  else if (was.roleArn !== now.roleArn) next = told(next, 'role', { was: was.roleArn, now: now.roleArn, kept: true });
  next = setUpon(next, 'targetRole', was.targetRoleArn ?? '', now.targetRoleArn ?? '');
  next = setUpon(next, 'policy', was.policy ?? '', now.policy ?? '', sameDocuments);
  next = setUpon(next, 'tags', tagsText(was.tags), tagsText(now.tags), sameTagTexts);
  const [before, after] = [!was.disableSessionTags, !now.disableSessionTags];
  if (before === after || next.on.sessionTags === after) return next;
  return {
    ...told(next, 'sessionTags', { was: onOff(before), now: onOff(after), kept: false }),
    on: { ...next.on, sessionTags: after },
  };
}

/** Who made the role is known again: a draft that changes what its stack makes is set upon what that makes now. */
export function ownerRead(form: Form, owner: RoleOwner): Form {
  const { base, ...rest } = form;
  if (!base) return withOwner(form, owner);
  // Asked again later: until then nobody knows what the draft would change.
  if (owner.kind === 'unknown' || owner.kind === 'reading') return { ...form, owner };
  const next = withOwner(rest, owner);
  if (!form.made) return next;
  if (owner.kind !== 'stack' || !owner.recipe) {
    const now =
      owner.kind === 'stack' ? (owner.reason ?? 'a stack that cannot be changed here') : 'no stack of its own';
    return told(next, 'role', { was: 'the role of its own stack', now, kept: true });
  }
  return recipeUpon(next, base, owner.recipe);
}

function recipeUpon(form: Form, was: RoleRecipe, now: RoleRecipe): Form {
  const [before, after] = [recipeText(was), recipeText(now)];
  const texts = ['roleName', 'inlineName', 'boundary'] as const;
  let next = texts.reduce((all, field) => setUpon(all, field, before[field].value, after[field].value), form);
  next = setUpon(next, 'inlinePolicy', before.inlinePolicy.value, after.inlinePolicy.value, sameDocuments);
  next = setUponList(next, 'policies', was.permissionPolicyArns, now.permissionPolicyArns);
  return setUponList(next, 'wellKnown', was.wellKnownPolicies, now.wellKnownPolicies);
}

/** The picked values of a field. What others added or took stays so, but where the draft says otherwise. */
function setUponList(
  form: Form,
  field: 'policies' | 'wellKnown',
  was: readonly string[],
  now: readonly string[],
): Form {
  const said: readonly string[] = field === 'policies' ? form.policyArns : form.wellKnown;
  if (sameSet(was, now) || sameSet(said, now)) return form;
  const kept = !sameSet(said, was);
  const moved = told(form, field, { was: was.map(nameOf).join(', '), now: now.map(nameOf).join(', '), kept });
  if (kept) return moved;
  return field === 'policies' ? { ...moved, policyArns: now } : { ...moved, wellKnown: now as Form['wellKnown'] };
}

/** A change whose association is gone, as something new: what it says is what would be made. */
export function asNew(form: Form, begun: FormStart): Form {
  const { original, owner: _, base: __, offersRecreate: ___, ...rest } = form;
  if (!original) return form;
  const said: Form = {
    ...rest,
    mode: 'create',
    begun,
    text: { ...form.text, cluster: fieldOf(begun.cluster ?? form.text.cluster.value) },
    on: { ...form.on, recreate: false },
    refused: {},
  };
  return told(said, 'serviceAccount', { was: `association ${original.id}`, now: 'none', kept: true });
}

/** What was changed of an association that is there no more, or by others: for one line. */
export const movedFields = ({ moved = {} }: Form): readonly FieldId[] => Object.keys(moved) as FieldId[];

/** What a moved field says of itself. */
export function movedText({ was, now, kept }: Moved): string {
  const [before, after] = [was, now].map(text => oneLine(text) || '(none)');
  return `others changed it from ${before} to ${after}${kept ? '; the draft says otherwise' : ', and the draft follows'}`;
}
