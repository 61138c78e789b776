import { type Subject, subjectText } from '../../identity/scope.ts';
import type { MigrateRequest } from '../request.ts';
import { sameSubject } from '../subjects.ts';

/** Whether a migration was asked to look at this service account: by namespace, by name, or because it takes all. */
export function inScope({ namespaces = [], subjects = [] }: MigrateRequest, subject: Subject): boolean {
  if (namespaces.length === 0 && subjects.length === 0) return true;
  return namespaces.includes(subject.namespace) || subjects.some(named => sameSubject(named, subject));
}

/**
 * The word of `--exclude` that leaves this service account out, if any: its namespace, its `namespace/name`, or its
 * role by name or ARN.
 */
export function excludedBy(
  { exclude = [] }: MigrateRequest,
  subject: Subject,
  roleArn: string | undefined,
): string | undefined {
  const names = new Set([subject.namespace, subjectText(subject)]);
  if (roleArn) names.add(roleArn).add(roleArn.slice(roleArn.lastIndexOf('/') + 1));
  return exclude.find(word => names.has(word));
}

export const excludedReason = (word: string): string => `left out by --exclude ${word}`;
