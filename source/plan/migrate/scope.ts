import type { Subject } from '../../identity/scope.ts';
import type { MigrateRequest } from '../request.ts';
import { sameSubject } from '../subjects.ts';

/** Whether a migration was asked to look at this service account: by namespace, by name, or because it takes all. */
export function inScope({ namespaces = [], subjects = [] }: MigrateRequest, subject: Subject): boolean {
  if (namespaces.length === 0 && subjects.length === 0) return true;
  return namespaces.includes(subject.namespace) || subjects.some(named => sameSubject(named, subject));
}
