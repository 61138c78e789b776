import { associationIdOf } from '../../identity/arn.ts';
import type { Addon, Association } from '../../identity/facts.ts';
import { type Subject, subjectText } from '../../identity/scope.ts';
import { orAbsent, type PerformContext } from './context.ts';

/** The association of a service account, looked for now. */
export async function associationOf(target: Subject, context: PerformContext): Promise<Association | undefined> {
  const { ports, call, cluster } = context;
  const { namespace, serviceAccount } = target;
  for await (const page of ports.eks.listAssociations(cluster.name, { namespace, serviceAccount }, call)) {
    const summary = page.find(each => subjectText(each) === subjectText(target));
    if (summary) return orAbsent(ports.eks.describeAssociation(cluster.name, summary.id, call));
  }
  return undefined;
}

/** The associations that an add-on owns; none where there is no such add-on. */
export async function ownAssociations(
  addon: string | Pick<Addon, 'associationArns'>,
  context: PerformContext,
): Promise<readonly Association[]> {
  const { ports, call, cluster } = context;
  const arns =
    typeof addon === 'string'
      ? ((await orAbsent(ports.eks.describeAddon(cluster.name, addon, call)))?.associationArns ?? [])
      : addon.associationArns;
  const found = await Promise.all(
    arns.map(arn => orAbsent(ports.eks.describeAssociation(cluster.name, associationIdOf(arn), call))),
  );
  return found.filter(association => association !== undefined);
}
