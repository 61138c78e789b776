/**
 * `podid-tui sandbox --replay eksctl`: the migration of one cluster in eksctl's order, with one fault, on a clock that
 * runs ahead; and what the pods have at each point.
 */
import { accountOf } from '../cloud/arns.ts';
import { roleAnnotation } from '../cluster/admission.ts';
import { countPods, type PodCount } from '../cluster/pod-count.ts';
import type { ClusterRecord, World } from '../model.ts';
import { advance } from '../world.ts';
import { associate, candidatesOf, type Migrant, removeAnnotation, rewriteTrust, type Stumble } from './chain.ts';

const minute = 60_000;

/** Milliseconds that one request of eksctl takes, at least and at most. */
const answersWithin = { least: 40, most: 160 };

/** A role that a stack owns is changed by a change set: its waiters first look, then look again after 30 s, twice over. */
const stackTakes = minute;

/** Looks after the run: web-identity credentials last an hour, pods renew them shortly before its end. */
const looksAt = [10, 20, 30, 40, 50, 60, 70, 120].map(minutes => minutes * minute);

export type Moment = {
  /** Milliseconds since eksctl began. */
  readonly at: number;
  readonly event: string;
  readonly count: PodCount;
};

export type Replay = {
  readonly world: string;
  readonly cluster: string;
  readonly moments: readonly Moment[];
  readonly stumbles: readonly Stumble[];
  /** `namespace/name` of the account whose association was refused. */
  readonly refused: string;
  readonly moved: readonly string[];
  /** Old way cut, new way not there. */
  readonly stranded: readonly string[];
  /** Of them: without an annotation, so that a second run does not find them. */
  readonly lostToARerun: readonly string[];
  readonly untouched: readonly string[];
  /** Moved, but with pods from before, which ask by web identity until somebody restarts them. */
  readonly unrestarted: readonly string[];
  /** Other OIDC providers (other clusters, GitHub) that lost a role. */
  readonly others: readonly string[];
};

type Step = { readonly migrant: Migrant; readonly step: 0 | 1 | 2; readonly at: number };

/**
 * Carries it out on `world`, which is changed. Each chain is sequential, all run side by side, and the first failure
 * ends the process with whatever is in flight. Undefined when the cluster has nothing to migrate.
 */
export function replayEksctl(world: World, cluster: ClusterRecord): Replay | undefined {
  const account = world.accounts.get(accountOf(cluster.arn));
  const { migrants, stumbles } = account ? candidatesOf(account, cluster) : { migrants: [], stumbles: [] };
  const victim = migrants[Math.floor(world.random() * migrants.length)];
  if (victim === undefined) return undefined;
  const start = world.now;
  const moments: Moment[] = [];
  const look = (event: string) =>
    moments.push({ at: world.now - start, event, count: countPods(world, cluster, world.now) });
  look('before');
  const done = new Map<Migrant, number>(migrants.map(migrant => [migrant, 0]));
  const others = new Set<string>();
  const owned = new Set([...(account?.stacks.values() ?? [])].flatMap(stack => [...stack.outputs.values()]));
  const first = ({ role }: Migrant) => (owned.has(role.arn) ? stackTakes : answer(world));
  let queue: Step[] = migrants.map(migrant => ({ migrant, step: 0, at: start + first(migrant) }));
  for (;;) {
    queue = queue.sort((a, b) => a.at - b.at);
    const next = queue.shift();
    if (next === undefined) break;
    const { migrant, step, at } = next;
    advance(world, at);
    if (step === 0) for (const provider of rewriteTrust(world, cluster, migrant, at)) others.add(provider);
    if (step === 1) removeAnnotation(cluster, migrant);
    if (step === 2) {
      if (migrant === victim) break;
      associate(world, cluster, migrant, at);
    }
    done.set(migrant, step + 1);
    if (step < 2) queue.push({ migrant, step: (step + 1) as 1 | 2, at: at + answer(world) });
  }
  look(`association of ${nameOf(victim)} refused: eksctl ends`);
  for (const later of looksAt) {
    advance(world, start + later);
    look(later === 60 * minute ? 'all credentials from before have expired' : '');
  }
  const last = moments.at(-1)?.count;
  const by = (wanted: (steps: number) => boolean) =>
    migrants.filter(migrant => wanted(done.get(migrant) ?? 0)).map(nameOf);
  return {
    world: world.name,
    cluster: cluster.name,
    moments,
    stumbles,
    refused: nameOf(victim),
    moved: by(steps => steps === 3),
    stranded: by(steps => steps === 1 || steps === 2),
    lostToARerun: migrants
      .filter(each => done.get(each) === 2 && roleAnnotation(cluster, each.namespace, each.name) === undefined)
      .map(nameOf),
    untouched: by(steps => steps === 0),
    unrestarted: by(steps => steps === 3).filter(name => last?.losers.includes(name)),
    others: [...others].sort(),
  };
}

const answer = (world: World): number =>
  answersWithin.least + Math.floor(world.random() * (answersWithin.most - answersWithin.least));

const nameOf = ({ namespace, name }: Migrant): string => `${namespace}/${name}`;
