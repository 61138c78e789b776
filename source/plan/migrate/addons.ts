import { issuerPath } from '../../identity/arn.ts';
import type { Addon, ServiceAccount } from '../../identity/facts.ts';
import { known } from '../../identity/reading.ts';
import { ok, type Result, refused } from '../../identity/result.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { subjectOf, type TrustPolicy, trustedIssuers } from '../../identity/trust-policy.ts';
import { agentAddon } from '../agent.ts';
import { compare, type Findings } from '../nodes.ts';
import type { MigrateRequest } from '../request.ts';
import { usableRole } from '../role-trust.ts';
import { associationOf, gapText } from '../subjects.ts';
import { wrongPlatform } from './platform.ts';
import { excludedBy, excludedReason, inScope } from './scope.ts';

/** An add-on whose service account can move to Pod Identity with the role that it has. */
export type AddonCandidate = { readonly addon: Addon; readonly roleArn: string; readonly subject: Subject };

const home = 'kube-system';

/** Add-ons with an IRSA role that can be moved, and for each of the others the reason why not. */
export function addonCandidates(
  snapshot: Snapshot,
  request: MigrateRequest,
  findings: Findings,
): readonly AddonCandidate[] {
  const addons = (known(snapshot.addons) ?? []).toSorted((a, b) => compare(a.name, b.name));
  return addons.flatMap(addon => {
    const roleArn = addon.serviceAccountRoleArn;
    if (!roleArn || addon.name === agentAddon) return [];
    const account = addonAccount(snapshot, addon, roleArn);
    if (!usersOf(snapshot, account, roleArn).some(user => inScope(request, user))) return [];
    const subject = `addon ${addon.name}`;
    const word = account.ok
      ? excludedBy(request, account.value, roleArn)
      : excludedBy(request, { namespace: home, serviceAccount: '' }, roleArn);
    if (word !== undefined) {
      findings.skipped.push({ subject, reason: excludedReason(word), chosen: true });
      return [];
    }
    if (addon.associationArns.length > 0) {
      findings.same.push({ subject, reason: 'it uses Pod Identity already' });
      return [];
    }
    const movable = account.ok ? unobstructed(snapshot, addon, account.value) : account;
    if (movable.ok) return [{ addon, roleArn, subject: movable.value }];
    findings.skipped.push({ subject, reason: movable.reason });
    return [];
  });
}

/** Whom an add-on concerns; while its own service account is not known, everybody whom it may be. */
function usersOf(snapshot: Snapshot, account: Result<Subject>, roleArn: string): readonly Subject[] {
  if (account.ok) return [account.value];
  return [...annotatedWith(snapshot, roleArn), { namespace: home, serviceAccount: '' }];
}

function unobstructed(snapshot: Snapshot, addon: Addon, subject: Subject): Result<Subject> {
  if (addon.status !== 'ACTIVE') return refused(`it is ${addon.status}: plan again when it is ACTIVE`);
  const gap = gapText(snapshot.associations);
  if (gap) return refused(`whether an association stands in the way is not known: the associations ${gap}`);
  const standing = associationOf(snapshot.associations, subject);
  if (standing)
    return refused(
      `association ${standing.id} of ${subjectText(subject)} stands in the way: an add-on cannot take over an ` +
        `association that it does not own`,
    );
  const platform = wrongPlatform(snapshot, subject);
  return platform ? refused(platform) : ok(subject);
}

/**
 * The service account that uses an add-on's role: the one annotated with it, else the one that the role's trust policy
 * names, else the only one that the add-on has.
 */
function addonAccount(snapshot: Snapshot, addon: Addon, roleArn: string): Result<Subject> {
  const supported = addon.podIdentityServiceAccounts;
  if (!supported) return refused('which of its service accounts can use Pod Identity was not read');
  if (supported.length === 0)
    return refused(`its version ${addon.version} does not support Pod Identity: update it first`);
  const mayBe = (subject: Subject) => supported.includes(subject.serviceAccount);
  const annotated = annotatedWith(snapshot, roleArn).filter(mayBe);
  const role = usableRole(snapshot, roleArn);
  const trusted = role.ok ? trustedSubjects(snapshot, role.value.policy).filter(mayBe) : [];
  const only = supported.length === 1 && supported[0] ? [{ namespace: home, serviceAccount: supported[0] }] : [];
  const [first, second] = [annotated, trusted, only].find(({ length }) => length > 0) ?? [];
  if (first && !second) return ok(first);
  return refused(`which of its service accounts (${supported.join(', ')}) uses the role cannot be told`);
}

const annotatedWith = (snapshot: Snapshot, roleArn: string): readonly Subject[] =>
  (known(snapshot.serviceAccounts) ?? [])
    .filter(account => account.roleArn === roleArn)
    .map(({ namespace, serviceAccount }) => ({ namespace, serviceAccount }));

/** Service accounts that the policy names in full for this cluster's issuer. */
export function trustedSubjects({ cluster }: Snapshot, policy: TrustPolicy): readonly Subject[] {
  const { oidcIssuer } = cluster;
  if (!oidcIssuer) return [];
  const named = trustedIssuers(policy)
    .filter(({ issuer }) => issuer === issuerPath(oidcIssuer))
    .flatMap(({ subjects }) => subjects.flatMap(subject => subjectOf(subject) ?? []));
  return [...new Map(named.map(subject => [subjectText(subject), subject])).values()];
}

/**
 * Whether a service account is, or may be, an add-on's own: then it is not for an association of its own. A workload
 * that merely shares the add-on's role is not.
 */
export function ownerAddon(snapshot: Snapshot, account: ServiceAccount): Addon | undefined {
  return known(snapshot.addons)?.find(({ serviceAccountRoleArn, podIdentityServiceAccounts: supported }) => {
    if (serviceAccountRoleArn !== account.roleArn || account.roleArn === undefined) return false;
    if (!supported || supported.length === 0) return account.namespace === home;
    return supported.includes(account.serviceAccount);
  });
}
