/**
 * `/_sandbox/...`, beside the AWS endpoint: how tests and people look into a world and make it misbehave. None of it
 * is an AWS API; none of it is authenticated, counted or slowed down.
 *
 *   GET    /_sandbox/health     {"ok": true, "world": name}
 *   GET    /_sandbox/state      everything there is, secrets left out; ?cluster= limits the clusters
 *   GET    /_sandbox/requests   {"log": [...], "counts": {"eks:ListClusters": {"reads", "writes", ...}}}
 *   DELETE /_sandbox/requests   forgets both
 *   GET    /_sandbox/oracle     who can get credentials for what, and how; ?cluster= limits the clusters
 *   GET    /_sandbox/pods       how many pods run by which mechanism, and how many lost their credentials; ?cluster=
 *   GET    /_sandbox/faults     what goes wrong at present
 *   POST   /_sandbox/keep       the world outlives the app that started it, until another has taken it over
 *   GET    /_sandbox/lease      held open by the app that took it over (both are answered by shell/server.ts)
 *   POST   /_sandbox/faults     changes that (see `changeFaults`), answers what GET would
 */
import { clusterOracle } from './cluster/oracle.ts';
import { countPods } from './cluster/pod-count.ts';
import { changeFaults, describeFaults, FaultsError } from './control/faults.ts';
import { findCluster } from './control/lookup.ts';
import { describeWorld } from './control/state.ts';
import type { ClusterRecord, SandboxRequest, SandboxResponse, World } from './model.ts';
import { advance } from './world.ts';

const prefix = '/_sandbox/';

export function isControl(path: string): boolean {
  return path.startsWith(prefix);
}

export function handleControl(world: World, request: SandboxRequest, now: number): SandboxResponse {
  advance(world, now);
  const operations = routes.get(request.path.slice(prefix.length));
  if (!operations) return refusal(404, `There is no ${prefix}${request.path.slice(prefix.length)}.`);
  const operation = operations[request.method];
  if (!operation) return refusal(405, `${request.path} knows ${Object.keys(operations).join(', ')}.`);
  return operation(world, request, now);
}

type Operation = (world: World, request: SandboxRequest, now: number) => SandboxResponse;

const routes: ReadonlyMap<string, Readonly<Record<string, Operation>>> = new Map([
  ['health', { GET: world => answer({ ok: true, world: world.name }) }],
  ['state', { GET: (world, request) => onClusters(world, request, clusters => describeWorld(world, clusters)) }],
  ['requests', { GET: world => answer(describeRequests(world)), DELETE: forgetRequests }],
  ['oracle', { GET: (world, request, now) => onClusters(world, request, askOracle(world, now)) }],
  [
    'pods',
    {
      GET: (world, request, now) =>
        onClusters(world, request, clusters => clusters.map(each => countPods(world, each, now))),
    },
  ],
  ['faults', { GET: world => answer(describeFaults(world)), POST: postFaults }],
] satisfies [string, Record<string, Operation>][]);

function askOracle(world: World, now: number): (clusters: readonly ClusterRecord[]) => object {
  return clusters => clusters.flatMap(cluster => clusterOracle(world, cluster, now));
}

function describeRequests(world: World): object {
  return { log: world.requests, counts: Object.fromEntries(world.counts) };
}

function forgetRequests(world: World): SandboxResponse {
  world.requests.length = 0;
  world.counts.clear();
  return answer(describeRequests(world));
}

function postFaults(world: World, request: SandboxRequest): SandboxResponse {
  try {
    changeFaults(world, JSON.parse(request.body));
  } catch (error) {
    if (error instanceof SyntaxError) return refusal(400, 'The body is not JSON.');
    if (error instanceof FaultsError) return refusal(400, error.message);
    throw error;
  }
  return answer(describeFaults(world));
}

function onClusters(
  world: World,
  request: SandboxRequest,
  describe: (clusters: readonly ClusterRecord[]) => object,
): SandboxResponse {
  const wanted = new URLSearchParams(request.query).get('cluster');
  if (wanted === null) return answer(describe([...world.clusters.values()]));
  const found = findCluster(world, wanted);
  return typeof found === 'string' ? refusal(404, found) : answer(describe([found]));
}

function refusal(status: number, message: string): SandboxResponse {
  return { ...answer({ message }), status };
}

function answer(value: object): SandboxResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}
