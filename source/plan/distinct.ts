import { type Subject, subjectText } from '../identity/scope.ts';
import type { Findings } from './nodes.ts';
import { roleStack } from './role-stack/names.ts';
import { bySubjectOrder } from './subjects.ts';
import type { WantedAssociation } from './wanted.ts';

/**
 * What is wanted, in the order of every plan. Left out with the reason: a service account that is named twice, and those
 * whose new roles would take each other's name, so that the order in a file decides nothing.
 */
export function distinct(
  clusterName: string,
  wanted: readonly WantedAssociation[],
  findings: Findings,
): readonly WantedAssociation[] {
  const once = onlyOnce(wanted, findings);
  const stacks = clashes(once, each => (each.role.kind === 'made' ? roleStack(clusterName, each) : undefined));
  const names = clashes(once, each => (each.role.kind === 'made' ? each.role.recipe.roleName : undefined));
  return once.filter(each => {
    const subject = subjectText(each);
    const stack = stacks.get(each);
    const name = names.get(each);
    if (stack)
      findings.skipped.push({
        subject,
        reason: `its role's stack would have the name of that of ${stack}: make one of the roles yourself and name it with --role-arn`,
      });
    else if (name) findings.skipped.push({ subject, reason: `its role would have the name of that of ${name}` });
    return !stack && !name;
  });
}

/** Sorted, and without those that are named more than once. */
export function onlyOnce<T extends Subject>(list: readonly T[], findings: Findings): readonly T[] {
  const bySubject = Map.groupBy(list, subjectText);
  return [...bySubject]
    .flatMap(([subject, same]) => {
      if (same.length < 2) return same;
      findings.skipped.push({ subject, reason: `it is named ${same.length} times: name it once` });
      return [];
    })
    .toSorted(bySubjectOrder);
}

/** For each that shares its name: with whom. */
function clashes(
  list: readonly WantedAssociation[],
  nameOf: (wanted: WantedAssociation) => string | undefined,
): ReadonlyMap<WantedAssociation, string> {
  const byName = Map.groupBy(list, nameOf);
  byName.delete(undefined);
  return new Map(
    [...byName.values()].flatMap(same =>
      same.length < 2
        ? []
        : same.map(
            each =>
              [
                each,
                same
                  .filter(other => other !== each)
                  .map(subjectText)
                  .join(', '),
              ] as const,
          ),
    ),
  );
}
