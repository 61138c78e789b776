import type { HealthLevel } from '../../identity/health.ts';
import type {
  AssociationRow,
  ClusterRow,
  LiveModel,
  NamespaceRow,
  RoleRow,
  ServiceAccountRow,
} from '../../live/model.ts';
import { wellKnownPolicies } from '../../plan/wanted.ts';
import { levelSign } from '../text/health.ts';
import { plural } from '../text/numbers.ts';
import { baseRecipe, type Form } from './form.ts';
import { type FormFocus, hasChoices } from './form-fields.ts';
import { isOfAws, noPolicies, type PolicyList } from './policy-list.ts';

/** What is known that bears on a draft. Hints only: the review reads afresh. */
export type FormFacts = {
  readonly clusters: readonly ClusterRow[];
  /** Clusters that the cluster field names: exactly one is right. */
  readonly named: readonly ClusterRow[];
  readonly namespaces: readonly NamespaceRow[];
  readonly serviceAccounts: readonly ServiceAccountRow[];
  readonly associations: readonly AssociationRow[];
  readonly roles: readonly RoleRow[];
  readonly policies: PolicyList;
};

/** @param policiesOf managed policies by account, as far as they are read */
export function formFacts(
  model: LiveModel,
  form: Form,
  policiesOf: (account: string | undefined) => PolicyList = () => noPolicies,
): FormFacts {
  const clusters = model.clusters();
  const text = form.text.cluster.value.trim();
  const named = clusters.filter(row => row.id === text || row.name === text);
  const only = named.length === 1 ? named[0] : undefined;
  const cluster = only?.id;
  const namespace = form.text.namespace.value.trim();
  return {
    clusters,
    named,
    namespaces: cluster ? model.namespaces(cluster) : [],
    serviceAccounts: cluster && namespace ? model.serviceAccounts(cluster, namespace) : [],
    associations: cluster && namespace ? model.associations(cluster, namespace) : [],
    roles: cluster ? model.roles(cluster) : [],
    policies: policiesOf(only?.account),
  };
}

export const formCluster = (facts: FormFacts): ClusterRow | undefined =>
  facts.named.length === 1 ? facts.named[0] : undefined;

/** Role ARN that the role field means: an ARN as typed, else a known role's, else one of that name in the account. */
export function roleArnOf(text: string, facts: FormFacts): string {
  const value = text.trim();
  if (value === '' || value.startsWith('arn:')) return value;
  const known = facts.roles.find(row => row.name === value);
  if (known) return known.arn;
  const cluster = formCluster(facts);
  const partition = cluster?.id.split(':')[1] ?? 'aws';
  return cluster ? `arn:${partition}:iam::${cluster.account}:role/${value}` : value;
}

/** The ARN that a role given by name stands for; undefined where an ARN was typed or nothing can be made of the name. */
export function resolvedRole(text: string, facts: FormFacts): string | undefined {
  const value = text.trim();
  if (value === '' || value.startsWith('arn:')) return undefined;
  const arn = roleArnOf(value, facts);
  return arn === value ? undefined : arn;
}

export type Choice = {
  /** What goes into the field. */
  readonly value: string;
  /** What is shown instead of it. */
  readonly label?: string;
  readonly hint: string;
  readonly level?: HealthLevel;
  /** Of a field that takes several: it is one of them. */
  readonly picked?: boolean;
};

/** The choice of the role field that opens the fields of a role to be made. */
export const makeRole = '+ create a role…';
/** The same where the association's own stack has made its role. */
export const ownRole = '+ the role of its own stack…';

/** What the last choice of the role field is called for this draft. */
export const makeRoleChoice = (form: Form): string => (baseRecipe(form) ? ownRole : makeRole);

/**
 * What a field can be, narrowed by what is typed, best first: what begins with it before what contains it. When it is
 * one of them already, that one and then all others, so that the list can still be looked through.
 */
export function choicesFor(form: Form, facts: FormFacts, focus: FormFocus): readonly Choice[] {
  if (!hasChoices(focus)) return [];
  const making = focus === 'role' ? [makingChoice(form)] : [];
  const all = allChoices(form, facts, focus);
  const typed = focus === 'wellKnown' ? '' : form.text[focus].value.trim().toLowerCase();
  if (typed === '') return [...making, ...all];
  const text = (choice: Choice) => (choice.label ?? choice.value).toLowerCase();
  const isIt = (choice: Choice) => text(choice) === typed || choice.value.toLowerCase() === typed;
  const exact = all.filter(isIt);
  if (exact.length > 0) return [...exact, ...all.filter(choice => !isIt(choice)), ...making];
  const found = all.filter(choice => text(choice).includes(typed));
  // Enter must take what was typed, not begin something else.
  if (found.length === 0) return [];
  const begins = (choice: Choice) => text(choice).startsWith(typed);
  return [...found.filter(begins), ...found.filter(choice => !begins(choice)), ...making];
}

const makingChoice = (form: Form): Choice => ({ value: makeRoleChoice(form), hint: 'by a stack, as eksctl does' });

function allChoices(form: Form, facts: FormFacts, focus: FormFocus): readonly Choice[] {
  switch (focus) {
    case 'cluster':
      return facts.clusters.map(row => ({
        value: facts.clusters.filter(other => other.name === row.name).length > 1 ? row.id : row.name,
        hint: row.region,
      }));
    case 'namespace':
      return facts.namespaces.map(row => ({
        value: row.name,
        hint: row.serviceAccounts === undefined ? '' : plural(row.serviceAccounts, 'service account'),
      }));
    case 'serviceAccount':
      return facts.serviceAccounts.map(accountChoice);
    case 'role':
      return facts.roles.map(roleChoice);
    case 'policies':
      return policyChoices(facts, arn => form.policyArns.includes(arn));
    case 'boundary':
      return policyChoices(facts);
    case 'wellKnown':
      return wellKnownPolicies.map(value => ({
        value,
        hint: wellKnownFor[value],
        picked: form.wellKnown.includes(value),
      }));
    default:
      return [];
  }
}

function accountChoice(row: ServiceAccountRow): Choice {
  const { name: value, pods } = row;
  const running = pods === undefined ? '' : `, ${plural(pods, 'pod')}`;
  if (row.associationId) return { value, hint: `✗ has an association${running}`, level: 'error' };
  if (row.irsaRoleArn) return { value, hint: `! on IRSA${running}`, level: 'warning' };
  return { value, hint: `✓ no role yet${running}`, level: 'ok' };
}

function roleChoice(row: RoleRow): Choice {
  const level = row.trustsPods === undefined ? 'unknown' : row.trustsPods ? 'ok' : 'error';
  const used = row.associations === 0 ? '' : `, ${plural(row.associations, 'association')}`;
  return { value: row.name, hint: `trust ${levelSign[level]}${used}`, level };
}

const policyChoices = ({ policies }: FormFacts, picked?: (arn: string) => boolean): readonly Choice[] =>
  policies.items.map(({ arn, name }) => ({
    value: arn,
    label: name,
    hint: isOfAws(arn) ? 'AWS' : 'this account',
    ...(picked ? { picked: picked(arn) } : {}),
  }));

/** What each is for (eksctl user documentation, "Well-known policies"). */
const wellKnownFor: Readonly<Record<(typeof wellKnownPolicies)[number], string>> = {
  imageBuilder: 'pushing to ECR',
  autoScaler: 'cluster-autoscaler',
  awsLoadBalancerController: 'load balancers',
  externalDNS: 'Route 53 records',
  certManager: 'DNS01 challenges',
  ebsCSIController: 'EBS volumes',
  efsCSIController: 'EFS volumes',
};
