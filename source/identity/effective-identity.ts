import { parseRoleArn } from './arn.ts';
import type { AgentState, Association, Cluster, RoleFact, ServiceAccount } from './facts.ts';
import { lastKnown, type Reading } from './reading.ts';
import type { Subject } from './scope.ts';
import { cachedTrustPolicy } from './trust-policy/cache.ts';
import type { Verdict } from './trust-policy/conditions.ts';
import { podIdentityTrust, webIdentityTrust } from './trust-policy/questions.ts';

/** What is known of a role by its ARN as written; `unread` when nobody has looked yet. */
export type RoleLookup = (arn: string) => Reading<RoleFact>;

/** The part of a cluster that decides identities. */
export type IdentityCluster = Pick<Cluster, 'arn' | 'name' | 'partition' | 'account' | 'oidcIssuer'>;

/** Everything that decides which role a new pod of a service account gets. */
export type IdentityInput = {
  readonly cluster: IdentityCluster;
  readonly subject: Subject;
  /** `undefined` value: the cluster has no such service account. */
  readonly serviceAccount: Reading<ServiceAccount | undefined>;
  /** `undefined` value: there is none. */
  readonly association: Reading<Association | undefined>;
  readonly role: RoleLookup;
  readonly agent: Reading<AgentState>;
  /** Whether IAM has the OIDC provider of the cluster. */
  readonly oidcProvider: Reading<boolean>;
};

/** One thing a pod needs on its way to credentials, and whether it is there. */
export type Check = { readonly what: string; readonly verdict: Verdict; readonly evidence: string };

/** A way to credentials. The worst check decides: any `no` is a no, else any `unchecked` is unchecked. */
export type Path = {
  readonly mechanism: 'pod-identity' | 'irsa';
  readonly roleArn: string;
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
};

/** What a NEW pod of the service account gets. Running pods keep what they were born with. */
export type EffectiveIdentity =
  | {
      readonly kind: 'role';
      readonly path: Path;
      /** The annotation that an association puts out of use for new pods: what they fall back to without it. */
      readonly shadowed?: Path;
    }
  | { readonly kind: 'none' }
  /** What decides it could not be read, or not yet. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * The admission webhook injects Pod Identity when the service account has an association and looks at the annotation
 * only otherwise; whether the agent runs makes no difference to that choice (observed in the source and tests of
 * amazon-eks-pod-identity-webhook, "container credentials method takes precedence").
 */
export function effectiveIdentity(input: IdentityInput): EffectiveIdentity {
  const association = lastKnown(input.association);
  if (!association) return { kind: 'unknown', reason: 'the associations are not known' };
  const annotated = annotatedRole(input);
  if (association.value) {
    const path = podIdentityPath(input, association.value);
    return annotated ? { kind: 'role', path, shadowed: webIdentityPath(input, annotated) } : { kind: 'role', path };
  }
  if (!lastKnown(input.serviceAccount)) return { kind: 'unknown', reason: 'the service account is not known' };
  return annotated ? { kind: 'role', path: webIdentityPath(input, annotated) } : { kind: 'none' };
}

const annotatedRole = (input: IdentityInput): string | undefined =>
  lastKnown(input.serviceAccount)?.value?.roleArn || undefined;

function podIdentityPath(input: IdentityInput, association: Association): Path {
  return pathOf('pod-identity', association.roleArn, [
    agentCheck(input.agent),
    roleCheck(association.roleArn, input.role, 'sts:AssumeRole and sts:TagSession for pods.eks.amazonaws.com', text => {
      const policy = cachedTrustPolicy(text);
      if (!policy.ok) return { verdict: 'unchecked', evidence: policy.reason };
      const { assumeRole, tagSession } = podIdentityTrust(policy.value, {
        ...input.subject,
        clusterArn: input.cluster.arn,
        clusterName: input.cluster.name,
        account: input.cluster.account,
        sessionTags: !association.disableSessionTags,
      });
      return assumeRole.verdict === 'yes' ? tagSession : assumeRole;
    }),
  ]);
}

/** `eks.amazonaws.com/audience` on the service account changes what its token is for (webhook's documentation). */
const audienceAnnotation = 'eks.amazonaws.com/audience';

function webIdentityPath(input: IdentityInput, roleArn: string): Path {
  const role = parseRoleArn(roleArn);
  const { oidcIssuer } = input.cluster;
  const audience = lastKnown(input.serviceAccount)?.value?.annotations[audienceAnnotation];
  return pathOf('irsa', roleArn, [
    // A role of another account is served by the provider of that account, which is not read.
    role.ok && role.value.account !== input.cluster.account
      ? unchecked('OIDC provider', `the provider in account ${role.value.account} is not read`)
      : providerCheck(input.oidcProvider),
    roleCheck(roleArn, input.role, 'sts:AssumeRoleWithWebIdentity for this service account', text => {
      const policy = cachedTrustPolicy(text);
      if (!policy.ok) return { verdict: 'unchecked', evidence: policy.reason };
      if (!oidcIssuer || !role.ok) return { verdict: 'unchecked', evidence: 'the issuer of the cluster is not known' };
      return webIdentityTrust(policy.value, {
        ...input.subject,
        issuer: oidcIssuer,
        partition: role.value.partition,
        account: role.value.account,
        ...(audience && { audience }),
      });
    }),
  ]);
}

function pathOf(mechanism: Path['mechanism'], roleArn: string, checks: readonly Check[]): Path {
  const verdicts = checks.map(({ verdict }) => verdict);
  const verdict = verdicts.includes('no') ? 'no' : verdicts.includes('unchecked') ? 'unchecked' : 'yes';
  return { mechanism, roleArn, verdict, checks };
}

/** What was read once and could not be read again may have changed: it proves nothing good any more. */
function asOf(reading: Reading<unknown>, check: Check): Check {
  if (reading.state !== 'failed' || check.verdict !== 'yes') return check;
  return { ...check, verdict: 'unchecked', evidence: `${check.evidence} when it could last be read` };
}

function agentCheck(agent: Reading<AgentState>): Check {
  const state = lastKnown(agent)?.value;
  return state ? asOf(agent, agentStateCheck(state)) : unchecked('agent', 'the agent is not known');
}

function agentStateCheck(state: AgentState): Check {
  const what = 'agent';
  switch (state.kind) {
    case 'auto-mode':
      return { what, verdict: 'yes', evidence: 'EKS Auto Mode has the agent built in' };
    case 'missing':
      return { what, verdict: 'no', evidence: 'the cluster has no Pod Identity agent' };
    case 'daemonset':
      return rolloutCheck(state.rollout, `DaemonSet ${state.namespace}/${state.name}`);
    case 'addon':
      if (state.status !== 'ACTIVE') return { what, verdict: 'no', evidence: `the agent add-on is ${state.status}` };
      return state.rollout
        ? rolloutCheck(state.rollout, 'the agent add-on')
        : unchecked(what, 'the add-on is ACTIVE, its pods are not checked');
  }
}

function rolloutCheck({ desired, ready }: { desired: number; ready: number }, whose: string): Check {
  const evidence = `${whose} has ${ready} of ${desired} pods ready`;
  if (ready >= desired) return { what: 'agent', verdict: 'yes', evidence };
  return { what: 'agent', verdict: ready === 0 ? 'no' : 'unchecked', evidence };
}

function providerCheck(provider: Reading<boolean>): Check {
  const there = lastKnown(provider)?.value;
  if (there === undefined) return unchecked('OIDC provider', 'the OIDC providers are not known');
  const evidence = there ? 'IAM has the OIDC provider of the cluster' : 'IAM has no OIDC provider for the cluster';
  return asOf(provider, { what: 'OIDC provider', verdict: there ? 'yes' : 'no', evidence });
}

type TrustQuestion = (trustPolicy: string) => { readonly verdict: Verdict; readonly evidence: string };

function roleCheck(arn: string, lookup: RoleLookup, what: string, ask: TrustQuestion): Check {
  const parsed = parseRoleArn(arn);
  if (!parsed.ok) return { what: 'role', verdict: 'no', evidence: `not a role ARN: ${parsed.reason}` };
  const reading = lookup(arn);
  const fact = lastKnown(reading)?.value;
  if (!fact) return unchecked('role', 'the role is not known');
  if (!fact.exists) return { what: 'role', verdict: 'no', evidence: 'the role does not exist' };
  const { verdict, evidence } = ask(fact.role.trustPolicy);
  return asOf(reading, { what, verdict, evidence });
}

const unchecked = (what: string, evidence: string): Check => ({ what, verdict: 'unchecked', evidence });
