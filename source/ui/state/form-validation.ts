import type { HealthLevel } from '../../identity/health.ts';
import type { FieldId, Form } from './form.ts';
import { formFields, isFixed } from './form.ts';
import { type FormFacts, formCluster, roleArnOf } from './form-facts.ts';
import { parseTags } from './form-tags.ts';

/** What stands beside a field. An error keeps the form from being reviewed; nothing else does. */
export type Verdict = { readonly level: HealthLevel; readonly text: string };

const ok = (text: string): Verdict => ({ level: 'ok', text });
const note = (text: string): Verdict => ({ level: 'info', text });
const warn = (text: string): Verdict => ({ level: 'warning', text });
const bad = (text: string): Verdict => ({ level: 'error', text });
/** Not filled in yet: keeps the form from being reviewed without calling it wrong. */
const needed: Verdict = { level: 'pending', text: 'needed' };
const unsure = (text: string): Verdict => ({ level: 'unknown', text });

/** Longest session policy that EKS takes (CreatePodIdentityAssociation, `policy`). */
export const policyLimit = 2048;

/** Kubernetes namespaces are RFC 1123 labels; service accounts are RFC 1123 subdomains (Kubernetes, "Object Names"). */
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const roleArn = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([\u0021-\u007e]*\/)?[\w+=,.@-]{1,64}$/;

export type Verdicts = Readonly<Record<FieldId, Verdict>>;

/** Everything that can be told of a draft before anything is read for it. */
export function validate(form: Form, facts: FormFacts): Verdicts {
  const verdicts: Record<FieldId, Verdict> = {
    cluster: cluster(form, facts),
    namespace: namespace(form, facts),
    serviceAccount: serviceAccount(form, facts),
    role: role(form, facts),
    targetRole: targetRole(form),
    sessionTags: sessionTags(form),
    policy: policy(form),
    tags: tags(form),
  };
  for (const field of formFields) {
    const refused = form.refused[field];
    if (refused !== undefined) verdicts[field] = bad(refused);
  }
  return verdicts;
}

/** The first field that keeps the form from being reviewed. */
export const firstError = (verdicts: Verdicts): FieldId | undefined =>
  formFields.find(field => verdicts[field].level === 'error' || verdicts[field].level === 'pending');

const fixed = note('fixed: cannot be changed later');

function cluster(form: Form, facts: FormFacts): Verdict {
  if (isFixed(form, 'cluster')) return fixed;
  const value = form.text.cluster.value.trim();
  if (value === '') return needed;
  const [found] = facts.named;
  if (!found) return bad('no such cluster in scope');
  if (facts.named.length > 1)
    return bad(`several are called so: give the ARN (${facts.named.map(row => row.region).join(', ')})`);
  return ok(`${found.region}, account ${found.account}`);
}

function namespace(form: Form, facts: FormFacts): Verdict {
  if (isFixed(form, 'namespace')) return fixed;
  const value = form.text.namespace.value.trim();
  if (value === '') return needed;
  if (!label.test(value)) return bad('lower-case letters, digits and "-", up to 63');
  const row = facts.namespaces.find(item => item.name === value);
  if (row?.namespace)
    return ok(row.serviceAccounts === undefined ? 'exists' : `exists, ${row.serviceAccounts} service accounts`);
  return facts.namespaces.length === 0 ? unsure('not checked') : warn('not found: allowed, may come later');
}

function serviceAccount(form: Form, facts: FormFacts): Verdict {
  if (isFixed(form, 'serviceAccount')) return fixed;
  const value = form.text.serviceAccount.value.trim();
  if (value === '') return needed;
  if (value.length > 253 || !subdomain.test(value)) return bad('lower-case letters, digits, "-" and "."');
  const taken = facts.associations.find(item => item.serviceAccount === value);
  if (taken) return bad(`already has association ${taken.associationId}: edit that one`);
  const row = facts.serviceAccounts.find(item => item.name === value);
  if (row?.irsaRoleArn) return warn('on IRSA: new pods get this role only');
  if (row?.inCluster) return ok('exists, no association yet');
  if (row?.inCluster === undefined && facts.serviceAccounts.length === 0) return unsure('not checked');
  return warn('not found: allowed, may come later');
}

function role(form: Form, facts: FormFacts): Verdict {
  const arn = roleArnOf(form.text.role.value, facts);
  if (arn === '') return needed;
  const match = roleArn.exec(arn);
  if (!match) return bad('neither a role ARN nor a role name');
  const home = formCluster(facts);
  // EKS takes only roles of the cluster's own account; another account is reached through the target role.
  if (home && match[1] !== home.account) return bad(`in account ${match[1]}: use the target role for other accounts`);
  const row = facts.roles.find(item => item.arn === arn);
  if (row?.role.state === 'read' && !row.role.value.exists) return bad('the role does not exist');
  if (!row || row.trustsPods === undefined) return unsure('trust is read for the review');
  return row.trustsPods ? ok('trusts pods.eks.amazonaws.com') : warn('trust lacks pods.eks: added first');
}

function targetRole(form: Form): Verdict {
  const value = form.text.targetRole.value.trim();
  if (value === '') return note('none: the role itself is used');
  return roleArn.test(value) ? ok('assumed by the role, with an external id') : bad('not a role ARN');
}

const sessionTags = (form: Form): Verdict =>
  form.sessionTags ? note('off is required with a policy') : note('pods carry no session tags');

function policy(form: Form): Verdict {
  const value = form.text.policy.value.trim();
  if (value === '') return note('none');
  if (value.length > policyLimit) return bad(`${value.length} of ${policyLimit} characters`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return bad('not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return bad('not a JSON object');
  // EKS: "disableSessionTags must be true" whenever a policy is given (CreatePodIdentityAssociation, `policy`).
  if (form.sessionTags) return bad('needs session tags off');
  return ok(`${value.length} of ${policyLimit} characters`);
}

function tags(form: Form): Verdict {
  const parsed = parseTags(form.text.tags.value);
  if (!parsed.ok) return bad(parsed.error);
  const size = Object.keys(parsed.tags).length;
  return size === 0 ? note('none   key=value key=value') : ok(`${size} of 50`);
}
