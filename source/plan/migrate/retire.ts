import { known } from '../../identity/reading.ts';
import { subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import { actionNode, type Findings, place } from '../nodes.ts';
import type { ActionNode, Remark } from '../plan.ts';
import type { MigrateRequest } from '../request.ts';
import { gapText, migrateCommand, podCount, sameSubject } from '../subjects.ts';
import { type PodSituation, podList, situationOf } from './pods.ts';
import { verifyId, verifyPods } from './restart.ts';
import type { Settled } from './settled.ts';

/** The annotation by which the webhook gives a service account's pods web identity. */
export const roleAnnotation = 'eks.amazonaws.com/role-arn';

export const removeFlag = '--remove-oidc-provider-trust-relationship';

/** A service account that can do without IRSA once its pods are verified, with the actions that say so. */
export type Retired = {
  readonly account: Settled;
  readonly nodes: readonly ActionNode[];
  readonly needs: readonly string[];
};

/** What stays of IRSA and for whom. */
export type Retirement = { readonly retired: readonly Retired[]; readonly stays: readonly Settled[] };

/**
 * Stage 3, service accounts: the annotation goes when the running pods were seen on Pod Identity and nothing else needs
 * web identity. Everybody else is held, with what frees them.
 */
export function retireAccounts(
  snapshot: Snapshot,
  request: MigrateRequest,
  settled: readonly Settled[],
  verified: ReadonlySet<string>,
  findings: Findings,
): Retirement {
  const retired: Retired[] = [];
  const stays: Settled[] = [];
  const checked = new Set(verified);
  for (const account of settled) {
    const subject = subjectText(account);
    const reason = holdReason(snapshot, request, account);
    findings.evidence.push({
      gate: 'retire',
      subject,
      verdict: reason ? 'held' : 'ok',
      detail: reason?.reason ?? 'its running pods are verified first',
    });
    if (reason) {
      stays.push(account);
      findings.held.push({ subject, ...reason });
    } else {
      retired.push(retirement(snapshot, account, checked));
      checked.add(verifyId(account));
    }
  }
  return { retired, stays };
}

function retirement(snapshot: Snapshot, account: Settled, verified: ReadonlySet<string>): Retired {
  const verify = verifyId(account);
  const checks = verified.has(verify) ? [] : [verifyPods(snapshot, account, account.needs, 'retire')];
  // The add-on has set the annotation of its service account, and EKS may set it again.
  const annotates = account.annotation && !account.addon ? [dropAnnotation(snapshot, account, account.annotation)] : [];
  const nodes = [...checks, ...annotates];
  return { account, nodes, needs: [...new Set([...account.needs, verify, ...annotates.map(({ id }) => id)])] };
}

function dropAnnotation({ cluster }: Snapshot, account: Settled, value: string): ActionNode {
  const target = { namespace: account.namespace, serviceAccount: account.serviceAccount };
  const subject = subjectText(target);
  return actionNode(
    {
      id: `annotation:${subject}`,
      title: `remove the role annotation of service account "${subject}"`,
      needs: [verifyId(account)],
      stage: 'retire',
    },
    {
      ...place(cluster, subject),
      type: 'annotate',
      service: 'kubernetes',
      operation: 'PatchServiceAccount',
      target,
      expects: { [roleAnnotation]: value },
      request: { annotations: { [roleAnnotation]: null } },
      undo: 'set the annotation again',
    },
  );
}

type Hold = Omit<Remark, 'subject'>;

/** The first thing that stands against retiring what a service account has of IRSA, with what frees it. */
function holdReason(snapshot: Snapshot, request: MigrateRequest, account: Settled): Hold | undefined {
  const again = migrateCommand(snapshot.cluster.name, account, [removeFlag]);
  const podGap = gapText(snapshot.pods);
  if (podGap) return { reason: `whether its pods use Pod Identity is not known: the pods ${podGap}`, command: again };
  const others = otherUsers(snapshot, account);
  if (others) return { reason: others, command: again };
  if (!account.role.ok)
    return { reason: `what else its role's trust serves is not known: ${account.role.reason}`, command: again };
  return podHold(snapshot, request, account, again);
}

/** Whoever asks the API server for a token of the service account needs annotation and trust, whatever its pods use. */
function otherUsers({ webIdentityUsers = { state: 'unread' } }: Snapshot, account: Settled): string | undefined {
  const gap = gapText(webIdentityUsers);
  if (gap) return `whether something other than a pod uses its web identity is not known: such objects ${gap}`;
  const users = (known(webIdentityUsers) ?? []).filter(user => sameSubject(user, account)).map(({ what }) => what);
  if (users.length === 0) return undefined;
  return `${users.toSorted().join(', ')} ${users.length === 1 ? 'uses' : 'use'} its web identity: move that to Pod Identity first, then run`;
}

function podHold(
  snapshot: Snapshot,
  { restartWorkloads }: MigrateRequest,
  account: Settled,
  again: string,
): Hold | undefined {
  const situation = situationOf(snapshot, account);
  const { live, workloads, stuck, handmade, bare } = situation;
  if (live.length === 0)
    return { reason: 'no pod of it runs, so none can be seen on Pod Identity: start one, then run', command: again };
  if (live.every(({ owner }) => owner?.kind === 'Job'))
    return {
      reason:
        'only Jobs run under it, and the next one is the first to show: let one run on Pod Identity, then have a lasting pod verified, or retire it by hand',
      command: again,
    };
  if (handmade.length > 0)
    return {
      reason: `${podList(handmade)} have web identity in the pod template itself: take it out, then run`,
      command: again,
    };
  if (stuck.length > 0)
    return { reason: `${podList(stuck)} hold web identity until they end: then run`, command: again };
  if (bare.length > 0)
    return { reason: `${podList(bare)} were born with neither identity: re-create them, then run`, command: again };
  if (account.leftover && workloads.length > 0)
    return {
      reason: `${oldPods(situation)} still hold web identity, and nothing would give new ones another: annotate or associate it again, or restart them, then run`,
      command: again,
    };
  // EKS replaces an add-on's pods by itself; whether it has is verified when its turn comes.
  if (workloads.length === 0 || restartWorkloads || (account.addon && account.needs.length > 0)) return undefined;
  return {
    reason: `${oldPods(situation)} still hold web identity: restart them, or run`,
    command: migrateCommand(snapshot.cluster.name, account, ['--restart-workloads', removeFlag]),
  };
}

const oldPods = ({ live }: PodSituation): string =>
  podCount(live.filter(({ mechanism }) => mechanism === 'irsa').length);
