import {
  namespaceProblem,
  policyArnProblem,
  roleNameProblem,
  serviceAccountProblem,
} from '../../files/cluster-config/checks.ts';
import type { HealthLevel } from '../../identity/health.ts';
import { plural } from '../text/numbers.ts';
import { baseRecipe, documentText, type Form, isFixed, renames, shownFields } from './form.ts';
import { type FormFacts, formCluster, roleArnOf } from './form-facts.ts';
import type { DocumentId, FieldId } from './form-fields.ts';
import { recipeChange, recipeOfForm } from './form-request.ts';
import { parseTags } from './form-tags.ts';
import { policyProblem } from './policy-text.ts';

/** What stands beside a field. An error keeps the form from being reviewed; nothing else does. */
export type Verdict = { readonly level: HealthLevel; readonly text: string };

const ok = (text: string): Verdict => ({ level: 'ok', text });
const note = (text: string): Verdict => ({ level: 'info', text });
const warn = (text: string): Verdict => ({ level: 'warning', text });
const bad = (text: string): Verdict => ({ level: 'error', text });
/** Not filled in yet: keeps the form from being reviewed without calling it wrong. */
const needed: Verdict = { level: 'pending', text: 'needed' };
const unsure = (text: string): Verdict => ({ level: 'unknown', text });

const roleArn = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([\u0021-\u007e]*\/)?[\w+=,.@-]{1,64}$/;

/** Longest session policy that EKS takes (CreatePodIdentityAssociation, `policy`). */
export const policyLimit = 2048;

export type Verdicts = Readonly<Record<FieldId, Verdict>>;

/** Everything that can be told of a draft before anything is read for it. */
export function validate(form: Form, facts: FormFacts): Verdicts {
  const verdicts: Record<FieldId, Verdict> = {
    cluster: cluster(form, facts),
    namespace: namespace(form, facts),
    serviceAccount: serviceAccount(form, facts),
    createAccount: createAccount(form, facts),
    role: role(form, facts),
    roleName: roleName(form),
    policies: policies(form, facts),
    wellKnown: note(
      form.wellKnown.length === 0 ? 'none   <down> lists the seven of eksctl' : `${form.wellKnown.length} of 7`,
    ),
    inlinePolicy: document(form, 'inlinePolicy'),
    inlineName: inlineName(form),
    boundary: boundary(form, facts),
    targetRole: targetRole(form),
    sessionTags: sessionTags(form),
    policy: sessionPolicy(form),
    tags: tags(form),
    recreate: recreate(form),
  };
  for (const field of shownFields(form)) {
    const refused = form.refused[field];
    if (refused !== undefined) verdicts[field] = bad(refused);
  }
  return verdicts;
}

/** The first field that keeps the form from being reviewed. */
export const firstError = (form: Form, verdicts: Verdicts): FieldId | undefined =>
  shownFields(form).find(field => verdicts[field].level === 'error' || verdicts[field].level === 'pending');

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
  if (namespaceProblem(value)) return bad('lower-case letters, digits and "-", up to 63');
  const row = facts.namespaces.find(item => item.name === value);
  if (row?.namespace)
    return ok(row.serviceAccounts === undefined ? 'exists' : `exists, ${row.serviceAccounts} service accounts`);
  return facts.namespaces.length === 0 ? unsure('not checked') : warn('not found: allowed, may come later');
}

function serviceAccount(form: Form, facts: FormFacts): Verdict {
  if (isFixed(form, 'serviceAccount')) return fixed;
  const value = form.text.serviceAccount.value.trim();
  if (value === '') return needed;
  if (serviceAccountProblem(value)) return bad('lower-case letters, digits, "-" and "."');
  const taken = facts.associations.find(item => item.serviceAccount === value);
  if (taken) return bad(`already has association ${taken.associationId}: edit that one`);
  const row = facts.serviceAccounts.find(item => item.name === value);
  if (row?.irsaRoleArn) return warn('on IRSA: new pods get this role only');
  if (row?.inCluster) return ok('exists, no association yet');
  if (row?.inCluster === undefined && facts.serviceAccounts.length === 0) return unsure('not checked');
  return warn('not found: allowed, may come later');
}

/** What becomes of a service account that is not there. */
function createAccount(form: Form, facts: FormFacts): Verdict {
  const value = form.text.serviceAccount.value.trim();
  const row = facts.serviceAccounts.find(item => item.name === value);
  if (row?.inCluster) return note(form.on.createAccount ? 'it is there, and stays as it is' : 'it is there');
  return note(form.on.createAccount ? 'with its namespace, where missing' : 'no: left to whoever deploys it');
}

function role(form: Form, facts: FormFacts): Verdict {
  const { owner } = form;
  if (form.made) {
    const base = baseRecipe(form);
    // Not before that: the draft would change what somebody else has changed since.
    if (form.base && form.mode === 'update') return madeUnread(owner);
    if (form.mode === 'create') return ok('a stack makes it, with its trust');
    if (!base) return note('of its own stack, or of a new one');
    return recipeChange(recipeOfForm(form), base) ? ok('changed through its stack') : note('made by its own stack');
  }
  const arn = roleArnOf(form.text.role.value, facts);
  if (arn === '') return needed;
  const match = roleArn.exec(arn);
  if (!match) return bad('neither a role ARN nor a role name');
  const home = formCluster(facts);
  // EKS takes only roles of the cluster's own account; another account is reached through the target role.
  if (home && match[1] !== home.account) return bad(`in account ${match[1]}: use the target role for other accounts`);
  const row = facts.roles.find(item => item.arn === arn);
  if (row?.role.state === 'read' && !row.role.value.exists) return bad('the role does not exist');
  if (arn === form.original?.roleArn) return ownedRole(owner);
  if (owner?.kind === 'stack') return warn('its stack stays; the review says how to go on');
  if (!row || row.trustsPods === undefined) return unsure('trust is read for the review');
  return row.trustsPods ? ok('trusts pods.eks.amazonaws.com') : warn('trust lacks pods.eks: added first');
}

const madeUnread = (owner: Form['owner']): Verdict =>
  owner?.kind === 'unknown'
    ? bad(`what its stack makes is not known: ${owner.reason}`)
    : { level: 'pending', text: 'what its stack makes is being read …' };

function ownedRole(owner: Form['owner']): Verdict {
  switch (owner?.kind) {
    case 'reading':
      return unsure('who made it is being read …');
    case 'unknown':
      return unsure(`who made it is not known: ${owner.reason}`);
    case 'stack':
      return note(owner.reason === undefined ? 'made by its own stack' : `of its own stack: ${owner.reason}`);
    default:
      return note('as it is; made by somebody else');
  }
}

function roleName(form: Form): Verdict {
  const value = form.text.roleName.value.trim();
  const base = baseRecipe(form)?.roleName;
  if (value === '')
    return base === undefined ? note('none: CloudFormation makes one') : bad('a name cannot be taken back');
  const problem = roleNameProblem(value);
  if (problem) return bad(problem);
  if (baseRecipe(form) && value !== base)
    return form.on.recreate ? warn('replaces the role: see Recreate') : bad('another name replaces the role: Recreate');
  return ok('needs CAPABILITY_NAMED_IAM');
}

function policies(form: Form, facts: FormFacts): Verdict {
  const typed = form.text.policies.value.trim();
  const { region } = formCluster(facts) ?? {};
  const odd = form.policyArns.map(arn => policyArnProblem(arn, region)).find(problem => problem !== undefined);
  if (odd) return bad(odd);
  if (typed !== '' && form.focus !== 'policies') return bad('not picked: <enter> takes it, ctrl-u clears it');
  const list = listed(facts);
  if (list.level === 'error') return { ...list, level: 'unknown' };
  if (form.policyArns.length > 0) return ok(`${plural(form.policyArns.length, 'policy', 'policies')}${more(facts)}`);
  const permits = form.wellKnown.length > 0 || form.text.inlinePolicy.value.trim() !== '';
  if (permits || form.mode === 'update') return note(`none${more(facts)}`);
  return { level: 'pending', text: `needed: these, well-known or inline${more(facts)}` };
}

/** How far the list of managed policies is; an ARN can be typed all the same. */
function listed({ policies: { phase, items, ...rest } }: FormFacts): Verdict {
  if ('failure' in rest) return bad(`no list: ${rest.failure.message} Type an ARN, or <down> again`);
  return phase === 'read' ? ok(`${items.length}`) : note(`${items.length} …`);
}

const more = ({ policies: { phase, items } }: FormFacts): string =>
  phase === 'reading' ? `   reading the list: ${items.length} …` : '';

function boundary(form: Form, facts: FormFacts): Verdict {
  const value = form.text.boundary.value.trim();
  if (value === '') return note('none');
  const problem = policyArnProblem(value, formCluster(facts)?.region);
  return problem ? bad(problem) : ok('limits what the role may do');
}

function inlineName(form: Form): Verdict {
  const value = form.text.inlineName.value.trim();
  if (value === '') return note('none: as eksctl names it');
  return /[A-Za-z0-9]/.test(value) ? ok('names its resource in the stack') : bad('needs a letter or a digit');
}

/** A policy: what an editor left, with its lines, else what is in the field. */
function document(form: Form, field: DocumentId): Verdict {
  const text = documentText(form, field);
  if (text.trim() === '') return note('none   <ctrl-e> opens $EDITOR');
  const problem = policyProblem(field, text);
  if (problem) return bad(problem.text);
  const size = form.text[field].value.trim().length;
  return ok(field === 'policy' ? `${size} of ${policyLimit} characters` : `a policy of ${size} characters`);
}

function targetRole(form: Form): Verdict {
  const value = form.text.targetRole.value.trim();
  if (value === '') return note('none: the role itself is used');
  return roleArn.test(value) ? ok('assumed by the role, with an external id') : bad('not a role ARN');
}

const sessionTags = (form: Form): Verdict =>
  form.on.sessionTags ? note('off is required with a policy') : note('pods carry no session tags');

/** EKS: "disableSessionTags must be true" whenever a policy is given (CreatePodIdentityAssociation, `policy`). */
function sessionPolicy(form: Form): Verdict {
  const verdict = document(form, 'policy');
  return verdict.level === 'ok' && form.on.sessionTags ? bad('needs session tags off') : verdict;
}

function tags(form: Form): Verdict {
  const parsed = parseTags(form.text.tags.value);
  if (!parsed.ok) return bad(parsed.error);
  const size = Object.keys(parsed.tags).length;
  return size === 0 ? note('none   key=value key=value') : ok(`${size} of 50`);
}

/** The gap that a change by deleting and making again has. */
const recreate = (form: Form): Verdict =>
  form.on.recreate
    ? warn('pods that start in between get no role')
    : note(renames(form) ? 'no: but another name needs it' : 'no: changed in place');
