import { issuerPath, oidcProviderArn } from '../arn.ts';
import type { Subject } from '../scope.ts';
import type { RequestContext } from './conditions.ts';
import { decide, type TrustAnswer } from './decide.ts';
import { podIdentityService, type TrustPolicy, type TrustStatement } from './model.ts';
import { matchesPattern } from './patterns.ts';

/** A service account for whose pods EKS would assume the role. */
export type PodIdentityQuestion = Subject & {
  readonly clusterArn: string;
  readonly clusterName: string;
  /** Account of the cluster. */
  readonly account: string;
  /** False when the association switches session tags off: then the request carries none. */
  readonly sessionTags: boolean;
};

/** Pod Identity needs both: EKS asks for a session and tags it (EKS User Guide, "EKS Pod Identity role"). */
export type PodIdentityTrust = { readonly assumeRole: TrustAnswer; readonly tagSession: TrustAnswer };

/** Whether EKS may assume the role for the pods of this service account, conditions evaluated. */
export function podIdentityTrust(policy: TrustPolicy, question: PodIdentityQuestion): PodIdentityTrust {
  const context = podIdentityContext(question);
  const ask = (action: string) =>
    decide(policy, { principal: { kind: 'service', id: podIdentityService }, action, context });
  return { assumeRole: ask('sts:AssumeRole'), tagSession: ask('sts:TagSession') };
}

/** Tag keys from the EKS User Guide, "Grant Pods access to AWS resources based on tags". */
function podIdentityContext(question: PodIdentityQuestion): RequestContext {
  const tag = (value: string) => (question.sessionTags ? value : null);
  return new Map([
    ['aws:sourcearn', question.clusterArn],
    ['aws:sourceaccount', question.account],
    ['aws:requesttag/eks-cluster-arn', tag(question.clusterArn)],
    ['aws:requesttag/eks-cluster-name', tag(question.clusterName)],
    ['aws:requesttag/kubernetes-namespace', tag(question.namespace)],
    ['aws:requesttag/kubernetes-service-account', tag(question.serviceAccount)],
  ]);
}

/** A service account that would use the role by web identity (IRSA). */
export type WebIdentityQuestion = Subject & {
  /** With or without `https://`. */
  readonly issuer: string;
  readonly partition: string;
  /** Account of the ROLE: its IAM holds the provider. */
  readonly account: string;
  /** What the token is for; `sts.amazonaws.com` unless annotated otherwise. */
  readonly audience?: string;
};

/** The subject of a service account's token. */
export const tokenSubject = (subject: Subject): string =>
  `system:serviceaccount:${subject.namespace}:${subject.serviceAccount}`;

/** Whether STS would take this service account's token for the role. */
export function webIdentityTrust(policy: TrustPolicy, question: WebIdentityQuestion): TrustAnswer {
  const issuer = issuerPath(question.issuer);
  return decide(policy, {
    principal: { kind: 'federated', id: oidcProviderArn(question.partition, question.account, issuer) },
    action: 'sts:AssumeRoleWithWebIdentity',
    context: new Map([
      [`${issuer}:sub`.toLowerCase(), tokenSubject(question)],
      [`${issuer}:aud`.toLowerCase(), question.audience ?? 'sts.amazonaws.com'],
    ]),
  });
}

/** An issuer that an Allow statement lets in by web identity, with the token subjects it asks for. */
export type TrustedIssuer = {
  /** Without `https://`. */
  readonly issuer: string;
  readonly providerArn: string;
  readonly statement: number;
  /** Patterns where the operator knows wildcards; empty: any subject of the issuer. */
  readonly subjects: readonly TrustedSubject[];
};

export type TrustedSubject = { readonly pattern: string; readonly wildcards: boolean };

/** Every OIDC issuer that the policy lets in, in document order. */
export function trustedIssuers(policy: TrustPolicy): readonly TrustedIssuer[] {
  return policy.statements.flatMap(statement => {
    if (statement.effect !== 'Allow' || statement.principals.negated || !allowsWebIdentity(statement)) return [];
    return statement.principals.federated.flatMap(providerArn => {
      const issuer = /:oidc-provider\/(.+)$/.exec(providerArn)?.[1];
      if (!issuer) return [];
      return [{ issuer, providerArn, statement: statement.index, subjects: subjectsOf(statement, issuer) }];
    });
  });
}

function allowsWebIdentity({ actions }: TrustStatement): boolean {
  const matches = (pattern: string) => matchesPattern(pattern.toLowerCase(), 'sts:assumerolewithwebidentity');
  return actions.patterns.some(matches) !== actions.negated;
}

function subjectsOf(statement: TrustStatement, issuer: string): readonly TrustedSubject[] {
  const key = `${issuer}:sub`.toLowerCase();
  return statement.conditions
    .filter(condition => condition.key.toLowerCase() === key && !/not|^null$/i.test(condition.operator))
    .flatMap(({ operator, values }) => values.map(pattern => ({ pattern, wildcards: /like/i.test(operator) })));
}

/** The service account that a subject names exactly; undefined for patterns and for anything else. */
export function subjectOf({ pattern, wildcards }: TrustedSubject): Subject | undefined {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(pattern);
  if (!match?.[1] || !match[2] || (wildcards && /[*?]/.test(pattern))) return undefined;
  return { namespace: match[1], serviceAccount: match[2] };
}

/**
 * Ids of deleted users and roles that IAM left in place of their ARNs. IAM refuses to write them back, so such a
 * policy cannot be edited until they are gone (IAM User Guide, "IAM JSON policy elements: Principal").
 */
export function orphanedPrincipals(policy: TrustPolicy): readonly string[] {
  const ids = policy.statements.flatMap(({ principals }) =>
    principals.aws.filter(id => /^A[A-Z]{3}[A-Z0-9]{12,}$/.test(id)),
  );
  return [...new Set(ids)];
}
