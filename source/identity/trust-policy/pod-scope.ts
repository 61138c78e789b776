import { type Subject, subjectText } from '../scope.ts';
import { evaluateCondition, type RequestContext } from './conditions.ts';
import { podIdentityService, type TrustPolicy, type TrustStatement } from './model.ts';
import { matchesPattern } from './patterns.ts';

/**
 * For whom a Pod Identity statement is meant. What EKS puts into the request: EKS User Guide, "Create IAM role with
 * trust policy required by EKS Pod Identity" (`aws:SourceAccount`, `aws:SourceArn`: the cluster) and "Grant Pods access
 * to AWS resources based on tags" (the request tags).
 */
export type PodIdentityScope =
  /** Whatever somebody associates with the role. */
  | { readonly kind: 'none' }
  /** Clusters of one account (of the cluster). */
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'cluster'; readonly account: string; readonly clusterArn: string }
  /** These service accounts alone. Session tags carry their names: an association without them is not let in. */
  | {
      readonly kind: 'subject';
      readonly account: string;
      readonly clusterArn: string;
      readonly subjects: readonly Subject[];
    };

/** Conditions under one `StringEquals`. */
export type ScopeConditions = Readonly<Record<string, string | readonly string[]>>;

const namespaceTag = 'aws:RequestTag/kubernetes-namespace';
const accountTag = 'aws:RequestTag/kubernetes-service-account';

/** Which requests a scope is about, one member a statement that it needs. */
export type ScopePart = { readonly conditions: ScopeConditions; readonly contexts: readonly RequestContext[] };

/**
 * One part for a scope that needs one statement, leaving out the subjects for which `isServed` holds already. Subjects
 * of one namespace share a statement with a list of names, which admits exactly them; two lists of several would admit
 * their cross product, so each namespace has its own.
 */
export function scopeParts(
  scope: PodIdentityScope,
  isServed: (context: RequestContext) => boolean = () => false,
): readonly ScopePart[] {
  if (scope.kind === 'subject') return subjectParts(scope, isServed);
  const conditions = {
    ...(scope.kind !== 'none' && { 'aws:SourceAccount': scope.account }),
    ...(scope.kind === 'cluster' && { 'aws:SourceArn': scope.clusterArn }),
  };
  const contexts = [contextOf(conditions)];
  return contexts.every(isServed) ? [] : [{ conditions, contexts }];
}

type SubjectScope = Extract<PodIdentityScope, { kind: 'subject' }>;

function subjectParts(
  { account, clusterArn, subjects }: SubjectScope,
  isServed: (context: RequestContext) => boolean,
): readonly ScopePart[] {
  const cluster = { 'aws:SourceAccount': account, 'aws:SourceArn': clusterArn };
  const ofSubject = ({ namespace, serviceAccount }: Subject) =>
    contextOf({ ...cluster, [namespaceTag]: namespace, [accountTag]: serviceAccount });
  const unique = new Map(subjects.map(subject => [subjectText(subject), subject]));
  const open = [...unique.values()].filter(subject => !isServed(ofSubject(subject)));
  return [...Map.groupBy(open, ({ namespace }) => namespace)].map(([namespace, group]) => {
    const names = group.map(({ serviceAccount }) => serviceAccount);
    const [only] = names;
    return {
      conditions: { ...cluster, [namespaceTag]: namespace, [accountTag]: names.length === 1 && only ? only : names },
      contexts: group.map(ofSubject),
    };
  });
}

/** Only what the conditions fix is known of a request; the cluster's tags say what its ARN says. */
function contextOf(conditions: Readonly<Record<string, string>>): RequestContext {
  const known = new Map(Object.entries(conditions).map(([key, value]) => [key.toLowerCase(), value]));
  const arn = conditions['aws:SourceArn'];
  if (arn && conditions[namespaceTag]) {
    known.set('aws:requesttag/eks-cluster-arn', arn);
    known.set('aws:requesttag/eks-cluster-name', arn.slice(arn.lastIndexOf('/') + 1));
  }
  return known;
}

/**
 * Whether one Allow statement lets EKS Pod Identity in for every request of the context, whatever else the request
 * holds: each of its conditions is met by what the context fixes.
 */
export function admitsPods(policy: TrustPolicy, action: string, context: RequestContext): boolean {
  return policy.statements.some(
    statement =>
      isForPods(statement) &&
      allowsAction(statement, action) &&
      statement.conditions.every(condition => evaluateCondition(condition, context, policy.version) === 'yes'),
  );
}

export const isForPods = ({ effect, principals, unknownKeys }: TrustStatement): boolean =>
  effect === 'Allow' &&
  !principals.negated &&
  principals.service.includes(podIdentityService) &&
  unknownKeys.length === 0;

export function allowsAction({ actions }: TrustStatement, action: string): boolean {
  const matches = (pattern: string) => matchesPattern(pattern.toLowerCase(), action.toLowerCase());
  return actions.patterns.some(matches) !== actions.negated;
}
