import { known } from '../../identity/reading.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { gapText } from '../subjects.ts';

/** Service accounts, as text, whose associations or which themselves are gone after the plan. */
export type Leaving = {
  readonly associations: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
  /** ARNs of roles that the plan itself gives to somebody. */
  readonly named: ReadonlySet<string>;
};

/**
 * Who still uses a role in this cluster after the plan, as text for people; a role with users is never deleted. Refused
 * where that is not known.
 */
export function usersOfRole(
  snapshot: Snapshot,
  roleArn: string,
  leaving: Leaving,
): { readonly users: readonly string[] } | { readonly gap: string } {
  const gap = gapText(snapshot.associations) ?? gapText(snapshot.serviceAccounts);
  if (gap) return { gap: `the associations or service accounts ${gap}` };
  const associated = (known(snapshot.associations) ?? []).filter(
    each => each.roleArn === roleArn && !leaving.associations.has(subjectText(each)),
  );
  const annotated = (known(snapshot.serviceAccounts) ?? []).filter(
    each => each.roleArn === roleArn && !leaving.accounts.has(subjectText(each)),
  );
  const addons = (known(snapshot.addons) ?? []).filter(each => each.serviceAccountRoleArn === roleArn);
  return {
    users: [
      ...(leaving.named.has(roleArn) ? ['what this plan makes'] : []),
      ...associated.map(each => `the association of ${subjectText(each)}`),
      ...annotated.map(each => `the annotation of ${subjectText(each)}`),
      ...addons.map(({ name }) => `the add-on ${name}`),
    ],
  };
}

export const leavingOf = (
  associations: readonly Subject[],
  accounts: readonly Subject[],
  named: ReadonlySet<string> = new Set(),
): Leaving => ({
  associations: new Set(associations.map(subjectText)),
  accounts: new Set(accounts.map(subjectText)),
  named,
});
