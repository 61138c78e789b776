import { ok, type Result, refused } from '../identity/result.ts';
import { commandText, type Draft } from './command-text.ts';
import { actions, type Plan } from './plan.ts';
import { planShape } from './plan-shape.ts';
import { object, oneOf, text } from './shape.ts';

/** sha256 of a plan's canonical JSON, hex; given in, because hashing is not for pure code. */
export type PlanHash = (plan: Plan) => string;

const format = 'podid-tui plan';

/** A plan as a file that `--approve FILE` takes. The hash tells a plan that was changed by accident or by hand. */
export const planFileText = (plan: Plan, hash: PlanHash): string =>
  `${JSON.stringify({ format, version: 1, hash: hash(plan), plan }, null, 2)}\n`;

const fileShape = object({ format: oneOf(format), version: oneOf(1), hash: text, plan: planShape });

/**
 * Reads such a file back. Refused, in one clause, when it is anything but a whole plan of this version, as it was
 * written, whose parts agree: what is shown of each action is what it does.
 */
export function parsePlanFile(content: string, hash: PlanHash): Result<Plan> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return refused('it is not JSON');
  }
  const wrong = fileShape(value, 'file');
  if (wrong) return refused(`it is not a plan of this version: ${wrong}`);
  const file = value as { readonly hash: string; readonly plan: Plan };
  if (hash(file.plan) !== file.hash) return refused('it was changed after it was written: its hash does not fit');
  const odd = disagreement(file.plan);
  return odd ? refused(odd) : ok(file.plan);
}

/** What a changed file with a made-up hash could still hide. */
function disagreement(plan: Plan): string | undefined {
  const seen = new Set<string>();
  for (const { id, needs, action } of actions(plan.root)) {
    if (seen.has(id)) return `two of its actions have the id ${id}`;
    const missing = needs.find(need => !seen.has(need));
    if (missing !== undefined) return `${id} needs ${missing}, which does not come before it`;
    seen.add(id);
    const { account, region, cluster } = action;
    if (cluster !== plan.cluster.arn || account !== plan.cluster.account || region !== plan.cluster.region)
      return `${id} is for another cluster than the plan`;
    const { command, ...draft } = action;
    if (command !== commandText(draft as Draft)) return `the command that is shown for ${id} is not what it does`;
  }
  return undefined;
}
