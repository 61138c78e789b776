import { baseRecipe, documentText, type Form, oneLine } from '../../state/form.ts';
import { type FormFacts, resolvedRole } from '../../state/form-facts.ts';
import { type FieldId, isDocument } from '../../state/form-fields.ts';
import { movedText } from '../../state/form-rebase.ts';
import { recipeOfForm } from '../../state/form-request.ts';
import { tagsText } from '../../state/form-tags.ts';
import { type Line, line } from '../../state/lines.ts';
import { isOfAws, policyName } from '../../state/policy-list.ts';
import { policyProblem } from '../../state/policy-text.ts';
import { clusterName } from '../../state/view.ts';
import { cells, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';

/** What a field says when nothing is in it, or for fields that are no text. */
export function valueText(form: Form, field: FieldId): string | undefined {
  switch (field) {
    case 'cluster':
      return form.original && clusterName(form.text.cluster.value);
    case 'createAccount':
    case 'recreate':
      return form.on[field] ? '[x] yes' : '[ ] no';
    case 'sessionTags':
      return form.on.sessionTags ? '(o) on   ( ) off' : '( ) on   (o) off';
    case 'wellKnown':
      return form.wellKnown.length === 0 ? '(none)' : form.wellKnown.join(', ');
    case 'role':
      if (!form.made) return undefined;
      return form.owner?.kind === 'stack' && baseRecipe(form) ? 'the role of its own stack' : 'a role that is made';
    default:
      return undefined;
  }
}

type Room = { readonly focused: boolean; readonly width: number; readonly noteWidth: number };

/** What stands beneath a field: what it means, what it was, and what does not fit beside it. */
export function linesBelow(
  form: Form,
  facts: FormFacts,
  field: FieldId,
  verdict: string,
  { focused, width, noteWidth }: Room,
): readonly Line[] {
  const cut = focused && cells(verdict) > noteWidth - 2;
  return [
    ...(field === 'role' ? roleLines(form, facts) : []),
    ...(field === 'policies' ? policyLines(form, focused) : []),
    ...(cut ? wrap(clean(verdict), width).map(text => line(text, 'dim')) : []),
    ...(focused && isDocument(field) ? wrongLine(form, field) : []),
    ...movedLines(form, field, width),
    ...before(form, field),
  ];
}

function roleLines(form: Form, facts: FormFacts): readonly Line[] {
  if (form.made) {
    return form.owner?.kind === 'stack' ? [line(`stack ${clean(form.owner.stack)}`, 'dim')] : [];
  }
  const arn = resolvedRole(form.text.role.value, facts);
  return arn ? [line(clean(arn), 'dim')] : [];
}

const mostShown = 4;

function policyLines({ policyArns }: Form, focused: boolean): readonly Line[] {
  const shown = policyArns.length > mostShown && !focused ? policyArns.slice(0, mostShown - 1) : policyArns;
  const more = policyArns.length - shown.length;
  return [
    ...shown.map(
      (arn): Line => [
        { text: '✓ ', role: 'ok' },
        { text: clean(policyName(arn)) },
        { text: isOfAws(arn) ? '' : '  this account', role: 'dim' },
      ],
    ),
    ...(more > 0 ? [line(`… and ${more} more`, 'dim')] : []),
  ];
}

/** The line of a document that is wrong, with its number. */
function wrongLine(form: Form, field: 'policy' | 'inlinePolicy'): readonly Line[] {
  const text = documentText(form, field);
  const number = text.trim() === '' ? undefined : policyProblem(field, text)?.line;
  const found = number === undefined ? undefined : text.split(/\r\n|\r|\n/)[number - 1];
  return found === undefined
    ? []
    : [[{ text: `${String(number).padStart(3)} │ `, role: 'error' }, { text: clean(found.replaceAll('\t', '  ')) }]];
}

/** What others have made of a field since the draft was begun. */
const movedLines = ({ moved = {} }: Form, field: FieldId, width: number): readonly Line[] => {
  const how = moved[field];
  return how ? wrap(clean(movedText(how)), width).map(text => line(text, 'warning')) : [];
};

/** What a field of an update was, once it says something else. */
function before(form: Form, field: FieldId): readonly Line[] {
  const was = wasText(form, field);
  return was === undefined
    ? []
    : [
        [
          { text: 'was ', role: 'dim' },
          { text: clean(was || '(none)'), role: 'remove' },
        ],
      ];
}

function wasText(form: Form, field: FieldId): string | undefined {
  const { original } = form;
  if (!original) return undefined;
  const changed = (now: string, was: string) => (now.trim() === was.trim() ? undefined : was);
  switch (field) {
    case 'role':
      return form.made ? (baseRecipe(form) ? undefined : original.roleArn) : roleWas(form, original.roleArn);
    case 'targetRole':
      return changed(form.text.targetRole.value, original.targetRoleArn ?? '');
    case 'policy':
      return changed(form.text.policy.value, original.policy ?? '');
    case 'tags':
      return changed(form.text.tags.value, tagsText(original.tags));
    case 'sessionTags':
      return form.on.sessionTags === !original.disableSessionTags ? undefined : form.on.sessionTags ? 'off' : 'on';
    default:
      return recipeWas(form, field);
  }
}

const roleWas = (form: Form, was: string): string | undefined => {
  const now = form.text.role.value.trim();
  return now === was || now === was.slice(was.lastIndexOf('/') + 1) ? undefined : was;
};

function recipeWas(form: Form, field: FieldId): string | undefined {
  const base = baseRecipe(form);
  if (!base) return undefined;
  const now = recipeOfForm(form);
  const list = (arns: readonly string[]) => [...arns].sort().map(policyName).join(', ');
  const pair = (a = '', b = '') => (a === b ? undefined : b);
  switch (field) {
    case 'roleName':
      return pair(now.roleName, base.roleName);
    case 'boundary':
      return pair(now.permissionsBoundaryArn, base.permissionsBoundaryArn);
    case 'policies':
      return pair(list(now.permissionPolicyArns), list(base.permissionPolicyArns));
    case 'wellKnown':
      return pair(list(now.wellKnownPolicies), list(base.wellKnownPolicies));
    case 'inlinePolicy':
      return pair(oneLineOf(now.permissionPolicy), oneLineOf(base.permissionPolicy));
    case 'inlineName':
      return pair(now.permissionPolicyName, base.permissionPolicyName);
    default:
      return undefined;
  }
}

const oneLineOf = (text: string | undefined): string => (text === undefined ? '' : oneLine(text));
