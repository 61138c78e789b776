/** What flags may say: the rules are those of files. Each answers a sentence about what is wrong, or undefined. */
import {
  mostTags,
  namespaceProblem,
  policyArnProblem,
  roleArnProblem,
  roleNameProblem,
  serviceAccountProblem,
  tagProblem,
} from '../../files/cluster-config/checks.ts';
import { inlinePolicyProblem, sessionPolicyProblem } from '../../files/cluster-config/policy-document.ts';
import { parseJsonText } from '../../identity/json-text.ts';
import type { Subject } from '../../identity/scope.ts';
import { stackTags } from '../../plan/role-stack/tags.ts';
import { type WellKnownPolicy, wellKnownPolicies } from '../../plan/wanted.ts';

type Check = (flag: string, value: string) => string | undefined;

const about =
  (problem: (value: string) => string | undefined): Check =>
  (flag, value) => {
    const wrong = problem(value);
    return wrong && `${flag} ${wrong}`;
  };

export const namespace = about(namespaceProblem);
export const serviceAccount = about(serviceAccountProblem);
export const roleName = about(roleNameProblem);
export const sessionPolicy = about(sessionPolicyProblem);
// Which partition the cluster is in is not known yet.
export const roleArn = about(value => roleArnProblem(value, undefined));
export const policyArn = about(value => policyArnProblem(value, undefined));

export const permissionPolicy = about(value => {
  const json = parseJsonText(value);
  return json.ok ? inlinePolicyProblem(JSON.parse(value)) : `must be a policy document in JSON: ${json.reason}`;
});

/** The policy of a name; names are matched whatever their case, as eksctl does. */
export const wellKnownPolicy = (name: string): WellKnownPolicy | undefined =>
  wellKnownPolicies.find(known => known.toLowerCase() === name.toLowerCase());

type Tags = Readonly<Record<string, string>>;

/** `key=value` words as tags, and what is wrong with them. */
export function tagsOf(
  flag: string,
  words: readonly string[],
): { readonly tags: Tags; readonly problems: readonly string[] } {
  const tags = new Map<string, string>();
  const problems = words.flatMap(word => {
    const at = word.indexOf('=');
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    if (at < 1) return [`${flag} "${word}" is not KEY=VALUE`];
    if (tags.has(key)) return [`${flag} names "${key}" twice`];
    tags.set(key, value);
    const problem = tagProblem(key, value);
    return problem ? [`${flag} ${key} ${problem}`] : [];
  });
  const many = tags.size > mostTags ? [`${flag} must not be more than ${mostTags}`] : [];
  return { tags: Object.fromEntries(tags), problems: [...problems, ...many] };
}

/** A role that is made takes them on its stack too, beside those by which eksctl knows it. */
export function stackTagProblem(flag: string, subject: Subject, tags: Tags): string | undefined {
  // Which cluster it is changes nothing about how many there are.
  const count = Object.keys(stackTags('', subject, tags)).length;
  if (count <= mostTags || Object.keys(tags).length > mostTags) return undefined;
  return `${flag} would give the role's stack ${count} tags, with eksctl's own; it takes ${mostTags}`;
}
