import { parseRoleArn } from '../arn.ts';
import type { IdentityCluster, RoleLookup } from '../effective-identity.ts';
import type { AgentState, Association, Namespace, ServiceAccount } from '../facts.ts';
import type { Finding, Health } from '../health.ts';
import { lastKnown, type Reading } from '../reading.ts';
import { subjectText } from '../scope.ts';
import { checkedAgent } from './agent.ts';
import { finding, gap, present, rollUp } from './roll-up.ts';
import { lookUp, podTrustFindings } from './trust.ts';

export type AssociationInput = {
  readonly cluster: IdentityCluster;
  readonly association: Reading<Association>;
  /** `undefined` value: the cluster has no such service account. */
  readonly serviceAccount: Reading<ServiceAccount | undefined>;
  /** `undefined` value: the cluster has no such namespace. */
  readonly namespace: Reading<Namespace | undefined>;
  readonly role: RoleLookup;
  readonly agent: Reading<AgentState>;
};

export const associationHealth = (input: AssociationInput): Health => rollUp(associationFindings(input));

/** What is wrong with one association: its agent, role, trust, policy and subject. `OK` only if all of it was checked. */
export function associationFindings(input: AssociationInput): readonly Finding[] {
  const association = lastKnown(input.association)?.value;
  const agent = checkedAgent(input.agent, true);
  const findings = [
    ...present(gap('the association', input.association)),
    ...agent.found,
    ...(association ? contentFindings(association, input) : []),
    ...(association ? subjectFindings(association, input) : []),
    ...agent.unchecked,
  ];
  if (findings.length > 0) return findings;
  return [finding('ok', 'OK', 'role, trust policy, agent and service account are as they should be')];
}

/** ACCOUNT: EKS takes roles of the cluster's own account only; others are reached through a target role. */
function contentFindings(association: Association, input: AssociationInput): readonly Finding[] {
  const arn = parseRoleArn(association.roleArn);
  if (arn.ok && arn.value.account !== input.cluster.account) {
    const detail = `role ${association.roleArn} is not in the cluster's account ${input.cluster.account}`;
    return [finding('error', 'ACCOUNT', detail)];
  }
  const { role, findings } = lookUp(association.roleArn, input.role);
  const sessionTags = !association.disableSessionTags;
  return [
    ...findings,
    ...(role ? podTrustFindings(role, input.cluster, association, sessionTags) : []),
    ...targetFindings(association, input.role),
    ...present(
      association.policy !== undefined && sessionTags
        ? finding('error', 'POLICY', 'a session policy needs session tags to be off')
        : undefined,
      association.ownerArn
        ? finding('info', 'OWNED', `managed by an EKS add-on (${association.ownerArn}): change it there`)
        : undefined,
    ),
  ];
}

/** TARGET: the role that EKS goes on to assume is wrong or, being elsewhere as a rule, was not looked at. */
function targetFindings({ targetRoleArn }: Association, lookup: RoleLookup): readonly Finding[] {
  if (!targetRoleArn) return [];
  const arn = parseRoleArn(targetRoleArn);
  if (!arn.ok) return [finding('error', 'TARGET', `target role "${targetRoleArn}" is not a role ARN: ${arn.reason}`)];
  const fact = lastKnown(lookup(targetRoleArn))?.value;
  if (fact && !fact.exists) return [finding('error', 'TARGET', `target role ${targetRoleArn} does not exist`)];
  return [finding('info', 'TARGET', `whether target role ${targetRoleArn} trusts the role is not checked`)];
}

/** NS, SA: EKS takes associations for namespaces and service accounts that are not there (yet). */
function subjectFindings(association: Association, input: AssociationInput): readonly Finding[] {
  const gaps = present(gap('the namespace', input.namespace), gap('the service account', input.serviceAccount));
  const namespace = lastKnown(input.namespace);
  if (namespace && !namespace.value)
    return [...gaps, finding('warning', 'NS', `namespace ${association.namespace} does not exist`)];
  const account = lastKnown(input.serviceAccount);
  if (account && !account.value)
    return [...gaps, finding('warning', 'SA', `service account ${subjectText(association)} does not exist`)];
  return gaps;
}
