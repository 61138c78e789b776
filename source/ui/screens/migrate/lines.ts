import type { ActionNode } from '../../../plan/plan.ts';
import { actions, type Plan, type PlanNode } from '../../../plan/plan.ts';
import type { MigrateRequest } from '../../../plan/request.ts';
import type { ActionStatus } from '../../../run/event.ts';
import type { RequestNote } from '../../../run/ports.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { RunProgress } from '../../state/run-progress.ts';
import { usualConcurrency } from '../../state/state.ts';
import { arnSubject } from '../../text/arn.ts';
import { clockTime, elapsed, plural } from '../../text/numbers.ts';
import { pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';
import { actionLines } from '../review/lines.ts';

/** Sign and colour of a state; each has its own sign. */
export function statusSign(status: ActionStatus): readonly [string, Role] {
  switch (status) {
    case 'waiting':
      return ['○', 'dim'];
    case 'running':
      return ['◐', 'info'];
    case 'done':
      return ['✓', 'ok'];
    case 'already':
      return ['=', 'ok'];
    case 'failed':
      return ['✗', 'error'];
    case 'skipped':
      return ['–', 'warning'];
    case 'stopped':
      return ['■', 'warning'];
    case 'held':
      return ['‖', 'warning'];
    case 'unknown':
      return ['?', 'unknown'];
  }
}

const perService = (nodes: readonly ActionNode[]): string => {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(node.action.service, (counts.get(node.action.service) ?? 0) + 1);
  return [...counts].map(([service, value]) => `${service} ${value}`).join('  ');
};

/**
 * `<R> restarts off  <T> retire off ...`: what a key would change about the plan.
 *
 * @param approvable says the key that approves as well: where the header has no room for hints it stands nowhere else
 */
export function optionsLine(request: MigrateRequest, concurrency: number, approvable = false): Line {
  const option = (key: string, text: string, on: boolean): Line => [
    { text: `<${key}> `, role: 'key' },
    { text: `${text}  `, role: on ? 'text' : 'dim' },
  ];
  const tags = request.sessionTags ?? 'auto';
  const { restartWorkloads = false, removeOidcProviderTrust: retires } = request;
  return [
    ...(approvable ? option('a', 'approve', true) : []),
    ...option('R', `restarts ${restartWorkloads ? 'on' : 'off'}`, restartWorkloads),
    ...option('T', `retire ${retires ? 'on' : 'off'}`, retires),
    ...option('s', `tags ${tags}`, tags !== 'auto'),
    ...option('P', `${concurrency} at once`, concurrency !== usualConcurrency),
  ];
}

/** Under the tree before approval: how much it is, and what it will not do and why. */
export function summaryLines(plan: Plan): readonly Line[] {
  const nodes = actions(plan.root);
  const skipped = plan.skipped.filter(item => !item.chosen);
  const remark = (word: string, role: Role, { subject, reason }: Plan['skipped'][number]): Line => [
    { text: word.padEnd(9), role },
    { text: `${clean(subject)}: ${clean(reason)}` },
  ];
  const remarks: readonly Line[] = [
    ...plan.notes.map((note): Line => [{ text: '! ', role: 'warning' }, { text: clean(note) }]),
    ...skipped.map(item => remark('skipped', 'warning', item)),
    ...plan.same.map(item => remark('same', 'ok', item)),
  ];
  const counts = [
    `${plural(nodes.length, 'step')}${nodes.length > 0 ? `: ${perService(nodes)}` : ''}`,
    `${skipped.length} skipped`,
    `${plan.held.length} held`,
    `${plan.same.length} already there`,
  ].join('   ');
  return [line(counts, 'title'), ...remarks];
}

/** Every remark in full, wrapped: what the summary has no room for. */
export function reasonLines(plan: Plan, width: number): readonly Line[] {
  const part = (title: string, entries: readonly (readonly [string, string | undefined])[]): readonly Line[] =>
    entries.length === 0
      ? []
      : [
          line(`  ${title}`, 'title'),
          ...entries.flatMap(([text, command]) => [
            ...wrap(text, width - 8).map((row, index) => line(`${index === 0 ? '  · ' : '    '}${row}`)),
            ...(command ? wrap(command, width - 8).map(row => line(`      ${row}`, 'dim')) : []),
          ]),
          blank,
        ];
  const remarks = (list: Plan['skipped']) =>
    list.map(item => [`${clean(item.subject)}: ${clean(item.reason)}`, item.command && clean(item.command)] as const);
  const checks = plan.evidence ?? [];
  return [
    ...part('Held: wanted, but a gate is not passed', remarks(plan.held)),
    ...part(
      'To know before approving',
      plan.notes.map(note => [clean(note), undefined] as const),
    ),
    ...part('Skipped', remarks(plan.skipped)),
    ...part('Already as wanted', remarks(plan.same)),
    ...part(
      'What was checked',
      checks.map(
        ({ gate, subject, verdict, detail }) =>
          [`${gate}, ${verdict}: ${clean(subject)}: ${clean(detail)}`, undefined] as const,
      ),
    ),
  ];
}

/** Nothing to do, with its proof. */
export const nothingLines = (plan: Plan): readonly Line[] => [
  blank,
  line('  Nothing to migrate', 'title'),
  blank,
  ...summaryLines(plan)
    .slice(1)
    .map((item): Line => [{ text: '  ' }, ...item]),
];

const services: Readonly<Record<RequestNote['service'], string>> = {
  eks: 'eks',
  iam: 'iam',
  sts: 'sts',
  cloudformation: 'cfn',
  kubernetes: 'k8s',
};

/** One request of the run; its answer first, so that no narrow screen cuts it off. */
export const streamLine = (note: RequestNote): Line => [
  { text: ` ${clockTime(note.at)}  `, role: 'dim' },
  { text: String(note.status), role: note.status >= 400 ? 'error' : 'ok' },
  { text: `  ${services[note.service]}  `, role: 'dim' },
  { text: `${pad(clean(note.operation), 29)} ${pad(clean(arnSubject(note.subject ?? '')), 26)}` },
  { text: `  ${note.milliseconds} ms${note.attempts > 1 ? `  x${note.attempts}` : ''}`, role: 'dim' },
];

/** `████████░░░░  20/34  59%  elapsed 0:48  1 failed`; `still`: in steps of a tenth. */
export function barLine(run: RunProgress, now: number, width: number, stopping: boolean, still = false): Line {
  const size = Math.max(8, Math.min(40, width - 56));
  // Afterwards what counts is what is done; what was stopped, held or skipped has ended, too.
  const count = run.result ? run.result.done : run.ended;
  const exact = run.total === 0 ? 1 : count / run.total;
  const share = still ? Math.floor(exact * 10) / 10 : exact;
  const full = Math.round(size * Math.min(1, share));
  const took = run.result?.milliseconds ?? now - run.startedAt;
  return [
    { text: ` ${'█'.repeat(full)}`, role: run.failed > 0 ? 'warning' : 'ok' },
    { text: '░'.repeat(size - full), role: 'border' },
    { text: `  ${count}/${run.total}  ${Math.round(share * 100)}%` },
    { text: `  elapsed ${elapsed(took)}`, role: 'dim' },
    ...tally(run.failed, 'failed', 'error'),
    ...tally(run.held, 'held', 'warning'),
    ...tally(run.unknown, 'unknown', 'unknown'),
    ...tally(run.paused, 'paused', 'warning'),
    ...tally(run.retries, 'retried', 'dim'),
    ...(stopping && !run.result ? [{ text: '  stopping', role: 'warning' as const }] : []),
  ];
}

const tally = (count: number, word: string, role: Role): Line =>
  count > 0 ? [{ text: `  ${count} ${word}`, role }] : [];

/** The trust change of a node, or of the first edit below it. */
export function nodeDiff(node: PlanNode, plan: Plan): readonly Line[] {
  const all = actions(plan.root);
  const own = actions(node).filter(
    item => item.action.type === 'edit-trust' || item.action.type === 'edit-stack-trust',
  );
  if (own.length === 0) return [line('  It changes no trust policy.', 'dim')];
  return own.flatMap(item => [line(`  ${clean(item.title)}`, 'title'), ...actionLines(item.action, all), blank]);
}
