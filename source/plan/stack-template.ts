import type { RoleStack } from '../identity/facts.ts';
import { ok, type Result, refused } from '../identity/result.ts';
import type { Snapshot } from '../identity/snapshot.ts';
import {
  parseTemplate,
  roleIn,
  sameButTrust,
  setTemplateTrust,
  type Template,
  templateTrust,
} from '../identity/template.ts';
import { sameDocument } from '../identity/trust-policy.ts';
import type { UsableRole } from './role-trust.ts';

/** What a stack's template comes to once one of its roles has another trust policy. */
export type TemplateChange = {
  /** Absent: the template was not read for this plan, or only the stack's resources tell which of its roles it is. */
  readonly body?: string;
  readonly logicalId?: string;
  /** The trust policy that the template gives the role today, where that is not what the role has. */
  readonly differs?: string;
};

/** What the role shall have, and the template that gave it that before, if it is to be put back as it was written. */
export type TemplateGoal = { readonly document: string; readonly template?: string };

/**
 * The template that the update of a stack will send. Refused when it cannot be edited or when its present trust policy
 * cannot be resolved: putting the live one in its place could then take out something that nobody has seen.
 */
export function templateChange(
  { templates }: Snapshot,
  { arn, role }: UsableRole,
  stack: RoleStack,
  goal: TemplateGoal,
): Result<TemplateChange> {
  const { document } = goal;
  const reading = templates?.get(stack.stackName);
  const whose = `role ${arn.name} belongs to stack ${stack.stackName}`;
  if (!reading || reading.state === 'unread') return ok({});
  if (reading.state === 'failed')
    return refused(`${whose}, whose template could not be read: ${reading.failure.message}`);
  const template = parseTemplate(reading.value);
  if (!template.ok) return refused(`${whose}, whose template cannot be edited here safely: ${template.reason}`);
  const logicalId = roleIn(template.value, role.arn, stack.outputs);
  if (logicalId === undefined) return ok({});
  const today = templateTrust(template.value, logicalId, stack);
  if (!today.ok) return refused(`${whose}; ${today.reason}, so whether it differs from the live one is not known`);
  const edited = setTemplateTrust(template.value, logicalId, document);
  if (!edited.ok) return refused(`${whose}: ${edited.reason}`);
  if (edited.value === reading.value && !sameDocument(document, role.trustPolicy))
    return refused(
      `${whose}, whose template has the new trust policy already, but the role does not: change the role back, or update ` +
        'the stack by hand',
    );
  const same = sameDocument(today.value, role.trustPolicy);
  const body = writtenBefore(template.value, logicalId, stack, goal) ?? edited.value;
  return ok({ body, logicalId, ...(!same && { differs: today.value }) });
}

/** The old template, where nothing but the trust policy has changed in it since and it still comes to what is wanted. */
function writtenBefore(
  now: Template,
  logicalId: string,
  stack: RoleStack,
  { document, template }: TemplateGoal,
): string | undefined {
  const old = template === undefined ? undefined : parseTemplate(template);
  if (!old?.ok || !sameButTrust(old.value, now, logicalId)) return undefined;
  const trust = templateTrust(old.value, logicalId, stack);
  return trust.ok && sameDocument(trust.value, document) ? template : undefined;
}
