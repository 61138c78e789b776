import type {
  AssociationRow,
  ClusterRow,
  LiveModel,
  NamespaceRow,
  RoleRow,
  ServiceAccountRow,
} from '../../live/model.ts';
import type { Form, FormFocus } from './form.ts';

/** What the live model knows that bears on a draft. Hints only: the review reads afresh. */
export type FormFacts = {
  readonly clusters: readonly ClusterRow[];
  /** Clusters that the cluster field names: exactly one is right. */
  readonly named: readonly ClusterRow[];
  readonly namespaces: readonly NamespaceRow[];
  readonly serviceAccounts: readonly ServiceAccountRow[];
  readonly associations: readonly AssociationRow[];
  readonly roles: readonly RoleRow[];
};

export function formFacts(model: LiveModel, form: Form): FormFacts {
  const clusters = model.clusters();
  const text = form.text.cluster.value.trim();
  const named = clusters.filter(row => row.id === text || row.name === text);
  const cluster = named.length === 1 ? named[0]?.id : undefined;
  const namespace = form.text.namespace.value.trim();
  return {
    clusters,
    named,
    namespaces: cluster ? model.namespaces(cluster) : [],
    serviceAccounts: cluster && namespace ? model.serviceAccounts(cluster, namespace) : [],
    associations: cluster && namespace ? model.associations(cluster, namespace) : [],
    roles: cluster ? model.roles(cluster) : [],
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

export type Choice = { readonly value: string; readonly hint: string };

/**
 * What a field can be, narrowed by what is typed, best first: what begins with it before what contains it. When it is
 * one of them already, that one and then all others, so that the list can still be looked through.
 */
export function choicesFor(form: Form, facts: FormFacts, focus: FormFocus): readonly Choice[] {
  const all = allChoices(facts, focus);
  if (all.length === 0 || focus === 'cancel' || focus === 'review' || focus === 'sessionTags') return all;
  const typed = form.text[focus].value.trim().toLowerCase();
  if (typed === '') return all;
  const text = (choice: Choice) => choice.value.toLowerCase();
  const exact = all.filter(choice => text(choice) === typed);
  if (exact.length > 0) return [...exact, ...all.filter(choice => text(choice) !== typed)];
  const found = all.filter(choice => text(choice).includes(typed));
  const begins = (choice: Choice) => text(choice).startsWith(typed);
  return [...found.filter(begins), ...found.filter(choice => !begins(choice))];
}

function allChoices(facts: FormFacts, focus: FormFocus): readonly Choice[] {
  switch (focus) {
    case 'cluster':
      return facts.clusters.map(row => ({
        value: facts.clusters.filter(other => other.name === row.name).length > 1 ? row.id : row.name,
        hint: row.region,
      }));
    case 'namespace':
      return facts.namespaces.map(row => ({
        value: row.name,
        hint: row.serviceAccounts === undefined ? '' : `${row.serviceAccounts} service accounts`,
      }));
    case 'serviceAccount':
      return facts.serviceAccounts.map(row => ({
        value: row.name,
        hint: row.associationId ? 'has an association' : row.irsaRoleArn ? 'on IRSA' : '',
      }));
    case 'role':
      return facts.roles.map(row => ({
        value: row.name,
        hint: row.trustsPods === undefined ? 'trust ?' : row.trustsPods ? 'trusts pods' : 'trust to be added',
      }));
    default:
      return [];
  }
}
