import { parseRoleArn } from '../identity/arn.ts';
import type { Owner } from '../identity/facts.ts';
import { ok, type Result, refused } from '../identity/result.ts';

/** Far deeper than anybody nests modules. */
const deepest = 64;

/**
 * Which roles a Terraform state manages, by role ARN, from the output of `terraform show -json` (Terraform
 * documentation, "JSON Output Format", values representation): resources `aws_iam_role` of the root module and of all
 * its child modules. Data sources only read a role. The output of a saved plan has the state under `prior_state`.
 * Nothing but addresses and ARNs is kept: a state holds secrets.
 */
export function ownersFromTerraform(text: string): Result<ReadonlyMap<string, Owner>> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return refused('it is not JSON: make it with `terraform show -json`');
  }
  if (typeof field(document, 'format_version') !== 'string')
    return refused('it is not the output of `terraform show -json`: it has no format_version');
  // A state without resources has no values at all.
  const values = field(document, 'values') ?? field(field(document, 'prior_state'), 'values');
  const owners = new Map<string, Owner>();
  collect(field(values, 'root_module'), owners, 0);
  return ok(owners);
}

function collect(module: unknown, owners: Map<string, Owner>, depth: number): void {
  if (depth > deepest) return;
  for (const resource of listOf(field(module, 'resources'))) {
    if (field(resource, 'mode') !== 'managed' || field(resource, 'type') !== 'aws_iam_role') continue;
    const arn = field(field(resource, 'values'), 'arn');
    const address = field(resource, 'address');
    if (typeof arn !== 'string' || !parseRoleArn(arn).ok) continue;
    owners.set(arn, { kind: 'terraform', evidence: typeof address === 'string' ? address : 'aws_iam_role' });
  }
  for (const child of listOf(field(module, 'child_modules'))) collect(child, owners, depth + 1);
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
