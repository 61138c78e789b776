import { readFile, writeFile } from 'node:fs/promises';
import { ownersFromTerraform } from '../files/terraform-state.ts';
import type { Owner } from '../identity/facts.ts';
import type { Plan } from '../plan/plan.ts';
import { parsePlanFile, planFileText } from '../plan/plan-file.ts';
import { planHash } from '../run/plan-hash.ts';
import { UsageError } from './command.ts';

/** Readable by its owner alone: a plan names every role and trust policy that it touches. */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  try {
    await writeFile(path, planFileText(plan, planHash), { mode: 0o600 });
  } catch (error) {
    throw new Error(`the plan cannot be written to ${path}: ${codeOf(error)}`, { cause: error });
  }
}

/** @throws UsageError when the file is not there or is not a plan as it was written */
export async function readPlanFile(path: string): Promise<Plan> {
  const plan = parsePlanFile(await contentOf(path), planHash);
  if (plan.ok) return plan.value;
  throw new UsageError(`${path} is refused: ${plan.reason}`);
}

/** @throws UsageError when the file is not there or is not what `terraform show -json` prints */
export async function readTerraformOwners(path: string): Promise<ReadonlyMap<string, Owner>> {
  const owners = ownersFromTerraform(await contentOf(path));
  if (owners.ok) return owners.value;
  throw new UsageError(`${path} is refused: ${owners.reason}`);
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${codeOf(error)}`);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
