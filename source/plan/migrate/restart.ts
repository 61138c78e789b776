import { type Subject, subjectText } from '../../identity/scope.ts';
import type { Snapshot } from '../../identity/snapshot.ts';
import type { VerifyPods } from '../action.ts';
import { actionNode, compare, type Findings, place, together } from '../nodes.ts';
import { type ActionNode, actions, type GroupNode, type PlanNode } from '../plan.ts';
import { podCount } from '../subjects.ts';
import { type PodSituation, podList, restartHint, situationOf, type Workload } from './pods.ts';
import type { Settled } from './settled.ts';

export const verifyId = (subject: Subject): string => `verify:${subjectText(subject)}`;

/** Who is restarted, after which actions, and which role new pods get. */
export type Restarted = Subject & { readonly needs: readonly string[]; readonly roleArn?: string };

type Wants = VerifyPods['wants'];
type Wanting = Restarted & { readonly wants: Wants };

const left = (wants: Wants): Wants => (wants === 'irsa' ? 'pod-identity' : 'irsa');
export const mechanismText = (wants: Wants): string => (wants === 'irsa' ? 'web identity' : 'pod identity');

/** The restarts of one service account: what they begin with, and what has to be through before others follow. */
type AccountRestart = { readonly namespace: string; readonly group: GroupNode; readonly rollouts: readonly string[] };

/**
 * Re-creates pods that still have web identity, in waves: one pod, its workload, the other workloads of its service
 * account, then the rest of its namespace, then the rest of the cluster. The first service account of a namespace goes
 * before the others there, the first namespace before all others, so that pods that are born without credentials stop
 * the wave while it is small.
 */
export function restarts(
  snapshot: Snapshot,
  settled: readonly Restarted[],
  findings: Findings,
  wants: Wants = 'pod-identity',
): readonly PlanNode[] {
  const waves = new Waves();
  const byNamespace = Map.groupBy(settled, ({ namespace }) => namespace);
  for (const [, accounts] of [...byNamespace].toSorted(([a], [b]) => compare(a, b)))
    for (const account of accounts) {
      const situation = situationOf(snapshot, account, left(wants));
      const other = otherRole(situation, account.roleArn);
      if (other) {
        findings.held.push({ subject: subjectText(account), reason: other });
        continue;
      }
      if (situation.stuck.length > 0)
        findings.held.push({
          subject: subjectText(account),
          reason: `${podList(situation.stuck)} cannot be restarted: ${mechanismText(left(wants))} stays in use until they end`,
        });
      if (situation.workloads.length > 0)
        waves.add(accountRestart(snapshot, { ...account, wants }, situation, waves.gates(account)));
    }
  return waves.nodes();
}

/** A restart must not change what pods may do: that is for somebody to decide who knows both roles. */
function otherRole({ live }: PodSituation, roleArn: string | undefined): string | undefined {
  const others = live.filter(pod => roleArn && pod.mechanism === 'irsa' && pod.roleArn && pod.roleArn !== roleArn);
  const [first] = others;
  if (!first) return undefined;
  return `${podList(others)} hold role ${first.roleArn}, new pods would get ${roleArn}: decide which is right, then restart them by hand`;
}

/** Which restarts have to be through before the next one may begin. */
class Waves {
  readonly #accounts: AccountRestart[] = [];

  add(account: AccountRestart): void {
    this.#accounts.push(account);
  }

  gates({ namespace }: Subject): readonly string[] {
    const pilot = this.#accounts[0];
    const first = this.#accounts.find(account => account.namespace === namespace);
    const before = pilot && pilot.namespace !== namespace ? this.#of(pilot.namespace) : [];
    return [...before, ...(first ? [first] : [])].flatMap(({ rollouts }) => rollouts);
  }

  nodes(): readonly PlanNode[] {
    const byNamespace = [...Map.groupBy(this.#accounts, ({ namespace }) => namespace)];
    const groups = byNamespace.map(([namespace, accounts]) =>
      firstThenRest(
        `restart:${namespace}`,
        accounts.map(({ group }) => group),
      ),
    );
    return groups.length === 0 ? [] : [firstThenRest('restart', groups)];
  }

  #of(namespace: string): readonly AccountRestart[] {
    return this.#accounts.filter(account => account.namespace === namespace);
  }
}

function firstThenRest(id: string, [first, ...rest]: readonly GroupNode[]): GroupNode {
  const title = id === 'restart' ? 'restart the workloads' : `restart the workloads of ${id.slice('restart:'.length)}`;
  return {
    id,
    title,
    kind: 'sequence',
    children: [...(first ? [first] : []), ...together(`${id}:rest`, 'the others', rest)],
  };
}

function accountRestart(
  snapshot: Snapshot,
  account: Wanting,
  situation: PodSituation,
  gates: readonly string[],
): AccountRestart {
  const needs = [...account.needs, ...gates];
  const [pilot, ...rest] = situation.workloads;
  const first = pilot ? workloadNodes(snapshot, account, pilot, needs) : [];
  const through = first.slice(-1).map(({ id }) => id);
  const others = rest.map(workload => workloadNodes(snapshot, account, workload, through));
  const rollouts = [first, ...others].flatMap(nodes => nodes.slice(-1)).map(({ id }) => id);
  const verified = isVerifiable(situation, account.wants)
    ? [verifyPods(snapshot, account, [...account.needs, ...rollouts], 'restart')]
    : [];
  const subject = subjectText(account);
  const group: GroupNode = {
    id: `restart:${subject}`,
    title: `restart the workloads of ${subject}`,
    kind: 'sequence',
    children: [...first, ...others.flat(), ...verified],
  };
  return { namespace: account.namespace, group, rollouts };
}

/** Whether after the restarts every pod can be on Pod Identity; otherwise the gate could only say what is known now. */
const isVerifiable = ({ stuck, handmade, bare }: PodSituation, wants: Wants): boolean =>
  stuck.length + bare.length === 0 && (wants === 'irsa' || handmade.length === 0);

/**
 * One pod first, then the whole workload. A workload with a single pod is rolled out at once: that is one pod, and a
 * roll-out starts the new one before it ends the old one where the workload's strategy allows.
 */
function workloadNodes(
  { cluster }: Snapshot,
  account: Wanting,
  { kind, name, pods }: Workload,
  needs: readonly string[],
): readonly ActionNode[] {
  const { namespace, serviceAccount } = account;
  const workload = { kind, name };
  const base = `restart:${subjectText(account)}:${kind}/${name}`;
  const common = {
    ...place(cluster, subjectText(account)),
    type: 'restart-workload',
    service: 'kubernetes',
    target: { namespace, serviceAccount },
    workload,
    wants: account.wants,
  } as const;
  const pod = pods.find(({ mechanism }) => mechanism === left(account.wants));
  const onePod =
    pods.length > 1 && pod
      ? [
          actionNode(
            {
              id: `${base}:one-pod`,
              title: `restart one pod of ${kind} "${namespace}/${name}"`,
              needs,
              stage: 'restart',
            },
            { ...common, operation: 'DeletePod', scope: 'one-pod', request: { namespace, name: pod.name } },
          ),
        ]
      : [];
  const rollout = actionNode(
    {
      id: `${base}:rollout`,
      title: `restart ${kind} "${namespace}/${name}"`,
      needs: onePod.length > 0 ? onePod.map(({ id }) => id) : needs,
      stage: 'restart',
    },
    { ...common, operation: 'PatchWorkload', scope: 'rollout', request: { namespace, name } },
  );
  return [...onePod, rollout];
}

export function verifyPods(
  { cluster }: Snapshot,
  { namespace, serviceAccount, wants = 'pod-identity' }: Subject & { readonly wants?: Wants },
  needs: readonly string[],
  stage: 'restart' | 'retire',
): ActionNode {
  const target = { namespace, serviceAccount };
  const subject = subjectText(target);
  return actionNode(
    { id: verifyId(target), title: `verify that the pods of "${subject}" use ${mechanismText(wants)}`, needs, stage },
    {
      ...place(cluster, subject),
      type: 'verify-pods',
      service: 'kubernetes',
      operation: 'ListPods',
      target,
      wants,
      request: { namespace, serviceAccount },
    },
  );
}

/** Verifications that the restarts already hold. */
export const verified = (nodes: readonly PlanNode[]): ReadonlySet<string> =>
  new Set(nodes.flatMap(actions).flatMap(({ id, action }) => (action.type === 'verify-pods' ? [id] : [])));

/** Who still lives by web identity when nothing is restarted. */
export function runningNotes(snapshot: Snapshot, settled: readonly Settled[]): readonly string[] {
  return settled.flatMap(account => {
    const { live, workloads, stuck } = situationOf(snapshot, account);
    const old = live.filter(({ mechanism }) => mechanism === 'irsa');
    if (old.length === 0) return [];
    const what = workloads.length > 0 ? restartHint(account, workloads) : subjectText(account);
    const ends = stuck.length > 0 ? ` (${podList(stuck)} until they end)` : '';
    return [
      `${podCount(old.length)} of ${what} ${old.length === 1 ? 'holds' : 'hold'} web identity until re-created${ends}: --restart-workloads does it in waves.`,
    ];
  });
}
