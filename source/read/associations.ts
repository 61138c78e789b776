import type { Association, AssociationSummary } from '../identity/facts.ts';
import type { Reading } from '../identity/reading.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import type { Clock } from '../run/clock.ts';
import { type CallOptions, type EksPort, PortError } from '../run/ports.ts';
import { attempt } from './attempt.ts';
import { isGone } from './clusters.ts';
import { asTheyCome } from './streams.ts';

export type AssociationEntry = {
  readonly summary: AssociationSummary;
  readonly association: Reading<Association>;
};

export type AssociationFilter = { readonly namespace?: string; readonly serviceAccount?: string };

/**
 * The associations of a cluster, each as soon as it is described: the list has no role, so there is one describe for
 * each (EKS API reference, ListPodIdentityAssociations). One that was deleted since it was listed does not come;
 * `onGone` hears of it. Throws `PortError` when they cannot be listed.
 */
export async function* readAssociations(
  eks: EksPort,
  clusterName: string,
  clock: Clock,
  { filter = {}, onGone = () => {}, ...options }: ReadOptions = {},
): AsyncGenerator<AssociationEntry> {
  const describe = async (summary: AssociationSummary): Promise<AssociationEntry> => ({
    summary,
    association: await attempt(clock, () => eks.describeAssociation(clusterName, summary.id, options)),
  });
  for await (const entry of asTheyCome(eks.listAssociations(clusterName, filter, options), describe)) {
    if (isGone(entry.association)) onGone(entry.summary);
    else yield entry;
  }
}

type ReadOptions = CallOptions & {
  readonly filter?: AssociationFilter;
  readonly onGone?: (summary: AssociationSummary) => void;
};

export type WholeOptions = CallOptions & {
  /** Only the associations of these; absent: all. */
  readonly subjects?: readonly Subject[];
  readonly onCount?: (described: number) => void;
};

/** More subjects than this cost more as single lists than as one list of everything. */
const singleLists = 20;

/**
 * All of them (or those of some subjects), sorted by namespace and service account, as a plan wants them: complete, or
 * not at all. Throws `PortError` that says how many could not be described when some could not.
 */
export async function readAllAssociations(
  eks: EksPort,
  clusterName: string,
  clock: Clock,
  { subjects, onCount = () => {}, ...options }: WholeOptions = {},
): Promise<readonly Association[]> {
  const entries: AssociationEntry[] = [];
  const readThose = async (filter: AssociationFilter) => {
    for await (const entry of readAssociations(eks, clusterName, clock, { ...options, filter })) {
      entries.push(entry);
      onCount(entries.length);
    }
  };
  if (!subjects || subjects.length > singleLists) {
    await readThose({});
    return complete(entries);
  }
  const once = new Map(subjects.map(subject => [subjectText(subject), subject])).values();
  await Promise.all([...once].map(({ namespace, serviceAccount }) => readThose({ namespace, serviceAccount })));
  const some = complete(entries);
  // An add-on's associations change together, so who sees one of them needs to see them all.
  if (!some.some(each => each.ownerArn !== undefined)) return some;
  return readAllAssociations(eks, clusterName, clock, { ...options, onCount });
}

function complete(entries: readonly AssociationEntry[]): readonly Association[] {
  const good: Association[] = [];
  const bad = [];
  for (const { association } of entries) {
    if (association.state === 'read') good.push(association.value);
    if (association.state === 'failed') bad.push(association.failure);
  }
  const [first] = bad;
  if (first) {
    const message = `${bad.length} of ${entries.length} associations could not be described: ${first.message}`;
    throw new PortError({ ...first, message });
  }
  return good.sort(
    (a, b) => compare(a.namespace, b.namespace) || compare(a.serviceAccount, b.serviceAccount) || compare(a.id, b.id),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
