import type { Association } from '../../identity/facts.ts';
import { sameDocument } from '../../identity/trust-policy.ts';
import type { UpdateAssociation } from '../../plan/action.ts';
import { changedSince, failure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, type Look, toDo } from './converge.ts';
import { propagationDelay } from './create-association.ts';

/** Sends the changed fields only; each must still be what the plan saw, or be as wanted already. */
export async function updateAssociation(action: UpdateAssociation, context: PerformContext): Promise<Outputs> {
  const { roleArn, ...rest } = action.request;
  const request = roleArn === undefined ? rest : { ...rest, roleArn: context.resolve(roleArn) };
  const { clusterName, associationId: id } = request;
  const { eks } = context.ports;
  let seen: Association | undefined;
  const found = await converge(context, {
    look: async () => {
      seen = await orAbsent(eks.describeAssociation(clusterName, id, context.call));
      return compare(seen, request, action);
    },
    prior: () => ({ kind: 'association', described: seen ?? null }),
    write: async () => {
      await eks.updateAssociation({ ...request, clientRequestToken: context.token }, context.call);
    },
    settling: `EKS does not show the change of association ${id} yet`,
    every: 1_000,
    atMost: 60_000,
    retry: (error, tried) => propagationDelay(error, tried, context),
  });
  return { associationId: found.id, associationArn: found.arn, roleArn: found.roleArn };
}

const fields = ['roleArn', 'targetRoleArn', 'disableSessionTags', 'policy'] as const;

type Request = Omit<UpdateAssociation['request'], 'roleArn'> & { readonly roleArn?: string };

function compare(
  found: Association | undefined,
  request: Request,
  { expects, subject }: UpdateAssociation,
): Look<Association> {
  if (!found) throw failure('not-found', `association ${request.associationId} of ${subject} is gone: plan again`);
  const changed = fields.filter(field => request[field] !== undefined);
  if (changed.every(field => same(field, found[field], request[field]))) return asWanted(found);
  const foreign = changed.filter(
    field => !same(field, found[field], request[field]) && !same(field, found[field], expects[field]),
  );
  if (foreign.length > 0) throw changedSince(`${foreign.join(', ')} of association ${found.id}`);
  return toDo;
}

/** An empty text in a request and `null` in what is expected both stand for a field that is not there. */
function same(field: (typeof fields)[number], a: unknown, b: unknown): boolean {
  const [one, other] = [a ?? '', b ?? ''];
  if (field === 'policy' && typeof one === 'string' && typeof other === 'string') return sameDocument(one, other);
  return one === other;
}
