import type { Association, Pod, ServiceAccount } from '../identity/facts.ts';
import { known, type Reading } from '../identity/reading.ts';
import { type Subject, subjectText } from '../identity/scope.ts';
import { compare } from './nodes.ts';

export const sameSubject = (a: Subject, b: Subject): boolean =>
  a.namespace === b.namespace && a.serviceAccount === b.serviceAccount;

/** Namespace first, then name: the order of every plan. */
export const bySubjectOrder = (a: Subject, b: Subject): number =>
  compare(a.namespace, b.namespace) || compare(a.serviceAccount, b.serviceAccount);

export function associationOf(
  associations: Reading<readonly Association[]>,
  subject: Subject,
): Association | undefined {
  return known(associations)?.find(association => sameSubject(association, subject));
}

export function serviceAccountOf(
  accounts: Reading<readonly ServiceAccount[]>,
  subject: Subject,
): ServiceAccount | undefined {
  return known(accounts)?.find(account => sameSubject(account, subject));
}

/** Pods that still run or will; undefined when pods were not read. */
export function livePodsOf(pods: Reading<readonly Pod[]>, subject: Subject): readonly Pod[] | undefined {
  return known(pods)?.filter(pod => sameSubject(pod, subject) && pod.phase !== 'Succeeded' && pod.phase !== 'Failed');
}

/** Why a reading gives nothing to plan from. */
export function gapText(reading: Reading<unknown>): string | undefined {
  if (reading.state === 'read') return undefined;
  return reading.state === 'failed' ? `could not be read: ${reading.failure.message}` : 'were not read';
}

export const podCount = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);

export const subjectList = (subjects: readonly Subject[]): string => subjects.map(subjectText).join(', ');
