/** One of several workers: runs what it is sent, one job after another, and tells what came of it. */
import { parentPort } from 'node:worker_threads';
import type { Outcome, Scenario } from './case.ts';
import { undisturbed } from './cases.ts';
import { onlySandboxKeys } from './environment.ts';
import { exploreCase, type Finding } from './explore.ts';
import type { Mishap } from './mishap.ts';
import { explorePlanning, type PlanningOutcome } from './planning.ts';

export type Job =
  | { readonly type: 'course'; readonly scenario: Scenario }
  | {
      readonly type: 'mishaps';
      readonly scenario: Scenario;
      readonly course: Pick<Outcome, 'sent' | 'state'>;
      readonly mishaps: readonly Mishap[];
    }
  | { readonly type: 'planning'; readonly scenario: Scenario; readonly every: number };

export type Report =
  | { readonly type: 'course'; readonly outcome: Outcome }
  | { readonly type: 'mishaps'; readonly findings: readonly Finding[] }
  | { readonly type: 'planning'; readonly outcome: PlanningOutcome };

onlySandboxKeys();

async function report(job: Job): Promise<Report> {
  if (job.type === 'course') return { type: 'course', outcome: await undisturbed(job.scenario) };
  if (job.type === 'planning') return { type: 'planning', outcome: await explorePlanning(job.scenario, job.every) };
  const findings: Finding[] = [];
  for (const mishap of job.mishaps) {
    const finding = await exploreCase(job.scenario, mishap, job.course);
    if (finding) findings.push(finding);
  }
  return { type: 'mishaps', findings };
}

parentPort?.on('message', async (job: Job) => parentPort?.postMessage(await report(job)));
