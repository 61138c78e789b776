import type { Association, Pod, ServiceAccount } from '../identity/facts.ts';
import { known, type Reading } from '../identity/reading.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import { quote } from './command-text.ts';
import { compare } from './nodes.ts';

export const sameSubject = (a: Subject, b: Subject): boolean =>
  a.namespace === b.namespace && a.serviceAccount === b.serviceAccount;

/** Namespace first, then name: the order of every plan. */
export const bySubjectOrder = (a: Subject, b: Subject): number =>
  compare(a.namespace, b.namespace) || compare(a.serviceAccount, b.serviceAccount);

const indexes = new WeakMap<object, ReadonlyMap<string, readonly Subject[]>>();

/** The members of a list that concern a subject; the list is indexed once, however often it is asked. */
function concerning<T extends Subject>(list: readonly T[] | undefined, subject: Subject): readonly T[] {
  if (!list) return [];
  let index = indexes.get(list) as ReadonlyMap<string, readonly T[]> | undefined;
  if (!index) {
    index = Map.groupBy(list, subjectText);
    indexes.set(list, index);
  }
  return index.get(subjectText(subject)) ?? [];
}

export const associationOf = (
  associations: Reading<readonly Association[]>,
  subject: Subject,
): Association | undefined => concerning(known(associations), subject)[0];

export const serviceAccountOf = (
  accounts: Reading<readonly ServiceAccount[]>,
  subject: Subject,
): ServiceAccount | undefined => concerning(known(accounts), subject)[0];

/** Pods that still run or will; undefined when pods were not read. */
export function livePodsOf(pods: Reading<readonly Pod[]>, subject: Subject): readonly Pod[] | undefined {
  const all = known(pods);
  return all && concerning(all, subject).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
}

/** Why a reading gives nothing to plan from. */
export function gapText(reading: Reading<unknown>): string | undefined {
  if (reading.state === 'read') return undefined;
  return reading.state === 'failed' ? `could not be read: ${reading.failure.message}` : 'were not read';
}

/** Every `podid-tui migrate` that a remark offers: this service account alone, so that it can be pasted as it is. */
export const migrateCommand = (
  cluster: string,
  { namespace, serviceAccount }: Subject,
  flags: readonly string[],
): string =>
  [
    'podid-tui migrate',
    `--cluster ${quote(cluster)} --namespace ${quote(namespace)} --service-account-name ${quote(serviceAccount)}`,
    ...flags,
    '--approve',
  ].join(' ');

/** The `podid-tui delete` that clears away what was made for a service account. */
export const deleteCommand = (cluster: string, { namespace, serviceAccount }: Subject): string =>
  `podid-tui delete --cluster ${quote(cluster)} --namespace ${quote(namespace)} --service-account-name ${quote(serviceAccount)}`;

export const podCount = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);

export const subjectList = (subjects: readonly Subject[]): string => subjects.map(subjectText).join(', ');
