import type { Association } from '../../identity/facts.ts';
import { samePolicy } from '../../identity/trust-policy.ts';
import type { CreateAssociation } from '../../plan/action.ts';
import type { PortError } from '../ports.ts';
import { associationOf } from './associations.ts';
import { failure, isFailure, type Outputs, orAbsent, type PerformContext } from './context.ts';
import { asWanted, converge, type Look, type Tried, toDo } from './converge.ts';

/**
 * Creates the association unless it is there, and reads it back. One that is there with another role is never success
 * and never touched.
 */
export async function createAssociation(action: CreateAssociation, context: PerformContext): Promise<Outputs> {
  const wanted = { ...action.request, roleArn: context.resolve(action.request.roleArn) };
  let id: string | undefined;
  const association = await converge(context, {
    look: async () => compare(await find(action, context, id), wanted),
    prior: () => ({ kind: 'association', described: null }),
    write: async () => {
      const input = { ...wanted, clientRequestToken: context.token };
      try {
        id = (await context.ports.eks.createAssociation(input, context.call)).id;
      } catch (error) {
        // The message names the one that stands in the way; lists may not show it yet.
        if (isFailure(error, 'exists')) id = /\ba-[a-z0-9]+\b/.exec(error.failure.message)?.[0];
        throw error;
      }
    },
    settling: `EKS does not show the association of ${action.subject} yet`,
    every: 1_000,
    atMost: 60_000,
    retry: (error, tried) => propagationDelay(error, tried, context) ?? existsDelay(error, tried),
  });
  return { associationId: association.id, associationArn: association.arn, roleArn: association.roleArn };
}

const find = (
  { request, target }: CreateAssociation,
  context: PerformContext,
  id: string | undefined,
): Promise<Association | undefined> =>
  id
    ? orAbsent(context.ports.eks.describeAssociation(request.clusterName, id, context.call))
    : associationOf(target, context);

type Wanted = Omit<CreateAssociation['request'], 'roleArn'> & { readonly roleArn: string };

function compare(found: Association | undefined, wanted: Wanted): Look<Association> {
  if (!found) return toDo;
  if (found.roleArn !== wanted.roleArn)
    throw failure('exists', `conflict: association ${found.id} gives it role ${found.roleArn}`);
  const same =
    found.targetRoleArn === wanted.targetRoleArn &&
    found.disableSessionTags === (wanted.disableSessionTags ?? false) &&
    samePolicy(found.policy, wanted.policy);
  if (!same) throw failure('exists', `conflict: association ${found.id} gives it the role with other settings`);
  return asWanted(found);
}

/** IAM is eventually consistent; EKS may see a trust policy only a while after it was changed. */
const patienceAfterEdit = 60_000;
/** Without an edit of ours the role may still be fresh. */
const patience = 15_000;

/** The two answers (observed) that EKS gives while it does not see a new role or trust policy yet. */
const notSeenYet = /role provided in the request does not exist|trust policy of the role provided is invalid/i;

/** Milliseconds until a write that EKS refused for lack of a role is tried again, growing to 8 s. */
export function propagationDelay(error: PortError, tried: Tried, context: PerformContext): number | undefined {
  if (!notSeenYet.test(error.failure.message)) return undefined;
  const most = context.afterRoleChange ? patienceAfterEdit : patience;
  const delay = Math.min(1_000 * 2 ** (tried.attempt - 1), 8_000);
  return tried.milliseconds + delay <= most ? delay : undefined;
}

/** The next look tells whose it is; a few tries, because a deleted one may still be in the way. */
const existsDelay = (error: PortError, { attempt }: Tried): number | undefined =>
  isFailure(error, 'exists') && attempt <= 5 ? 1_000 : undefined;
