/**
 * Whether a role's trust policy lets someone in: what STS decides when EKS assumes the role for a pod, and when a pod
 * comes with a web identity token. (IAM user guide, "Policy evaluation logic"; EKS user guide, "Create IAM role with
 * trust policy required by EKS Pod Identity", "Grant Pods access to AWS resources based on tags", "Assign IAM roles to
 * Kubernetes service accounts".)
 */
import type { Account, ClusterRecord, RoleRecord } from '../model.ts';
import { accountOf } from './arns.ts';
import { type ConditionContext, conditionHolds, wildcardMatches } from './conditions.ts';
import { visibleTrust } from './iam/roles.ts';
import { oidcProviderArn } from './trust-documents.ts';
import { asList, asStrings, isObject, type JsonObject, parseJson } from './values.ts';

const PODS = 'pods.eks.amazonaws.com';

/** Who asks, as the `Principal` of a statement may name it: by kind, any of these. */
type Asker = { readonly kind: 'Service' | 'Federated' | 'AWS'; readonly names: readonly string[] };

type TrustOptions = {
  /** Milliseconds since the epoch. Given: a change that is not visible yet does not count. */
  readonly now?: number;
};

export type PodIdentityOptions = TrustOptions & {
  /** False: the association has session tags off, so none are sent and `sts:TagSession` is not asked for. */
  readonly sessionTags?: boolean;
};

/**
 * Whether EKS Pod Identity can assume the role for pods of a service account. Conditions on a pod's name or uid, which
 * nobody knows beforehand, count as met.
 */
export function podIdentityAllowed(
  role: RoleRecord,
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
  options: PodIdentityOptions = {},
): boolean {
  const trust = options.now === undefined ? role.trustPolicy : visibleTrust(role, options.now);
  if (trust === undefined || accountOf(role.arn) !== cluster.account) {
    return false;
  }
  const tagged = options.sessionTags ?? true;
  const context = podContext(cluster, namespace, serviceAccount, tagged);
  const actions = tagged ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole'];
  return actions.every(action => allows(trust, { kind: 'Service', names: [PODS] }, action, context));
}

/**
 * Whether a pod's web identity token opens the role. `account` is the role's: its OIDC provider must be known there and
 * take the audience. `issuer` is without `https://`.
 */
export function webIdentityAllowed(
  role: RoleRecord,
  account: Account,
  issuer: string,
  namespace: string,
  serviceAccount: string,
  audience = 'sts.amazonaws.com',
  options: TrustOptions = {},
): boolean {
  const trust = options.now === undefined ? role.trustPolicy : visibleTrust(role, options.now);
  const arn = oidcProviderArn(account, issuer);
  const provider = account.oidcProviders.get(arn);
  if (trust === undefined || provider === undefined || !provider.clientIds.includes(audience)) {
    return false;
  }
  const context: ConditionContext = {
    values: lowerKeys({
      [`${issuer}:sub`]: [`system:serviceaccount:${namespace}:${serviceAccount}`],
      [`${issuer}:aud`]: [audience],
      'aws:FederatedProvider': [arn],
      'aws:SecureTransport': ['true'],
    }),
    unknown: new Set(['sts:rolesessionname', 'aws:currenttime', 'aws:sourceip']),
  };
  return allows(trust, { kind: 'Federated', names: [arn] }, 'sts:AssumeRoleWithWebIdentity', context);
}

/** Whether EKS, holding a session of `source`, can go on to the association's target role. */
export function targetRoleAllowed(
  target: RoleRecord,
  source: RoleRecord,
  externalId: string,
  options: PodIdentityOptions = {},
): boolean {
  const trust = options.now === undefined ? target.trustPolicy : visibleTrust(target, options.now);
  if (trust === undefined) {
    return false;
  }
  const account = accountOf(source.arn);
  const context: ConditionContext = {
    values: lowerKeys({
      'sts:ExternalId': [externalId],
      'aws:PrincipalArn': [source.arn],
      'aws:PrincipalAccount': [account],
      'aws:SecureTransport': ['true'],
    }),
    unknown: new Set(['sts:rolesessionname', 'aws:currenttime', 'aws:sourceip']),
  };
  const root = `${source.arn.slice(0, source.arn.indexOf(':role/'))}:root`;
  const asker: Asker = { kind: 'AWS', names: [source.arn, root, account] };
  const actions = (options.sessionTags ?? true) ? ['sts:AssumeRole', 'sts:TagSession'] : ['sts:AssumeRole'];
  return actions.every(action => allows(trust, asker, action, context));
}

function podContext(
  cluster: ClusterRecord,
  namespace: string,
  serviceAccount: string,
  tagged: boolean,
): ConditionContext {
  const tags = {
    'eks-cluster-arn': cluster.arn,
    'eks-cluster-name': cluster.name,
    'kubernetes-namespace': namespace,
    'kubernetes-service-account': serviceAccount,
  };
  const podTags = ['kubernetes-pod-name', 'kubernetes-pod-uid'];
  const keys = [...Object.keys(tags), ...podTags];
  const sent = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, [value]]);
  return {
    values: lowerKeys({
      'aws:SourceArn': [cluster.arn],
      'aws:SourceAccount': [cluster.account],
      'aws:PrincipalIsAWSService': ['true'],
      'aws:PrincipalServiceName': [PODS],
      'aws:SecureTransport': ['true'],
      ...(tagged ? { ...Object.fromEntries(sent), 'aws:TagKeys': keys, 'sts:TransitiveTagKeys': keys } : {}),
    }),
    unknown: new Set([
      'sts:rolesessionname',
      'aws:currenttime',
      ...(tagged ? podTags.map(key => `aws:requesttag/${key}`) : []),
    ]),
  };
}

/** An explicit Deny beats every Allow; without an Allow it is no. */
function allows(trust: string, asker: Asker, action: string, context: ConditionContext): boolean {
  const document = parseJson(trust);
  const statements = isObject(document) ? asList(document.Statement).filter(isObject) : [];
  const applies = (effect: 'Allow' | 'Deny'): boolean =>
    statements.some(
      each =>
        each.Effect === effect &&
        namesAsker(each, asker, effect) &&
        namesAction(each, action) &&
        conditionHolds(each.Condition, context, effect === 'Allow'),
    );
  return applies('Allow') && !applies('Deny');
}

function namesAsker(statement: JsonObject, asker: Asker, effect: 'Allow' | 'Deny'): boolean {
  if (statement.Principal === undefined) {
    return statement.NotPrincipal !== undefined && !principalMatches(statement.NotPrincipal, asker, effect);
  }
  return principalMatches(statement.Principal, asker, effect);
}

/** `"AWS": "*"` lets in accounts, not services or identity providers; in a Deny it shuts out everyone. */
function principalMatches(principal: unknown, asker: Asker, effect: 'Allow' | 'Deny'): boolean {
  if (principal === '*') {
    return true;
  }
  if (!isObject(principal)) {
    return false;
  }
  if (effect === 'Deny' && asStrings(principal.AWS).includes('*')) {
    return true;
  }
  return asStrings(principal[asker.kind]).some(each => each === '*' || asker.names.includes(each));
}

function namesAction(statement: JsonObject, action: string): boolean {
  const matches = (value: unknown): boolean =>
    asStrings(value).some(each => wildcardMatches(action.toLowerCase(), each.toLowerCase()));
  return statement.Action === undefined
    ? statement.NotAction !== undefined && !matches(statement.NotAction)
    : matches(statement.Action);
}

function lowerKeys(values: Readonly<Record<string, readonly string[]>>): Map<string, readonly string[]> {
  return new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), value]));
}
