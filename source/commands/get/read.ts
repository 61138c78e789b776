import type { Association } from '../../identity/facts.ts';
import type { Failure } from '../../identity/reading.ts';
import { subjectText } from '../../identity/scope.ts';
import { type AssociationFilter, readAssociations } from '../../read/associations.ts';
import type { World, WorldSession } from '../../read/world.ts';
import type { Clock } from '../../run/clock.ts';
import { type CallOptions, type EksPort, PortError } from '../../run/ports.ts';
import { namedCluster } from '../connect.ts';
import { type AssociationJson, associationJson, type Place } from './association-json.ts';

/** What was found, what is gone since it was listed, and what could not be read, each as a sentence for people. */
export type Found = {
  readonly rows: readonly AssociationJson[];
  /** How many clusters were read in full. */
  readonly complete: number;
  readonly gone: readonly string[];
  readonly failures: readonly { readonly what: string; readonly failure: Failure }[];
};

export type ReadSettings = CallOptions & { readonly clock: Clock; readonly filter: AssociationFilter };

const together = (parts: readonly Found[]): Found => ({
  rows: parts.flatMap(({ rows }) => rows),
  complete: parts.reduce((sum, { complete }) => sum + complete, 0),
  gone: parts.flatMap(({ gone }) => gone),
  failures: parts.flatMap(({ failures }) => failures),
});

/**
 * The associations of the cluster of a name or an ARN. Throws `PortError` when they cannot be listed, `UsageError` when
 * the name fits several clusters.
 */
export async function readCluster(world: World, nameOrArn: string, settings: ReadSettings): Promise<Found> {
  const { signal, filter, clock } = settings;
  const calls = signal ? { signal } : {};
  const [only, ...others] = world.sessions;
  // In one region the list itself tells whether there is such a cluster: that saves a round trip.
  if (only && others.length === 0 && !nameOrArn.startsWith('arn:')) {
    try {
      return await readFrom(only.eks, { clusterName: nameOrArn }, settings);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const cluster = await namedCluster(world, nameOrArn, calls);
  const { eks } = await world.portsFor(cluster, calls);
  return readFrom(eks, { clusterName: cluster.name }, { ...calls, filter, clock });
}

/**
 * The associations of every cluster in scope, each once however many profiles see it; one that cannot be read is named,
 * and keeps nobody else back.
 */
export async function readAll(world: World, settings: ReadSettings): Promise<Found> {
  const found = together(await Promise.all(world.sessions.map(session => readSession(session, settings))));
  const rows = new Map(found.rows.map(row => [row.associationArn || `${row.clusterName} ${row.associationId}`, row]));
  return { ...found, rows: [...rows.values()] };
}

async function readSession(session: WorldSession, settings: ReadSettings): Promise<Found> {
  const { eks, region } = session;
  const { signal } = settings;
  const clusters: Promise<Found>[] = [];
  const parts: Found[] = [];
  try {
    // Reading begins with the first page of clusters, while the next is on its way.
    for await (const names of eks.listClusters(signal ? { signal } : {}))
      for (const clusterName of names) clusters.push(readOne(eks, { clusterName, region }, settings));
  } catch (error) {
    parts.push(failedTo(`the clusters of ${region}`, error));
  }
  return together([...parts, ...(await Promise.all(clusters))]);
}

async function readOne(
  eks: EksPort,
  place: Place & { readonly region: string },
  settings: ReadSettings,
): Promise<Found> {
  const what = `cluster ${place.clusterName} in ${place.region}`;
  try {
    return await readFrom(eks, place, settings);
  } catch (error) {
    if (isNotFound(error)) return { rows: [], complete: 1, gone: [what], failures: [] };
    return failedTo(what, error);
  }
}

async function readFrom(eks: EksPort, place: Place, { clock, ...options }: ReadSettings): Promise<Found> {
  const rows: AssociationJson[] = [];
  const gone: string[] = [];
  const failures: Found['failures'][number][] = [];
  const onGone = (summary: Parameters<typeof subjectText>[0]) => gone.push(named(summary, place));
  for await (const { summary, association } of readAssociations(eks, place.clusterName, clock, {
    ...options,
    onGone,
  })) {
    if (association.state === 'read') rows.push(associationJson(association.value, placeOf(association.value, place)));
    if (association.state === 'failed') failures.push({ what: named(summary, place), failure: association.failure });
  }
  return { rows, complete: failures.length === 0 ? 1 : 0, gone, failures };
}

const named = (subject: Parameters<typeof subjectText>[0], { clusterName, region }: Place): string =>
  region === undefined ? subjectText(subject) : `${subjectText(subject)} of cluster ${clusterName} in ${region}`;

/** The account is told by the association's ARN: asking STS would be one more service to reach. */
const placeOf = ({ arn }: Association, place: Place): Place =>
  place.region === undefined ? place : { ...place, account: arn.split(':')[4] ?? '' };

const isNotFound = (error: unknown): boolean => error instanceof PortError && error.failure.kind === 'not-found';

function failedTo(what: string, error: unknown): Found {
  if (!(error instanceof PortError)) throw error;
  return { rows: [], complete: 0, gone: [], failures: [{ what, failure: error.failure }] };
}
