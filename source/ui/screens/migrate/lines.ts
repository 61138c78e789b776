import type { ActionNode } from '../../../plan/plan.ts';
import { actions, type Plan, type PlanNode } from '../../../plan/plan.ts';
import type { ActionStatus } from '../../../run/event.ts';
import type { RequestNote } from '../../../run/ports.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { TreeLine } from '../../state/plan-tree.ts';
import { nodeProgress, type RunProgress } from '../../state/run-progress.ts';
import { arnSubject } from '../../text/arn.ts';
import { clockTime, elapsed, plural } from '../../text/numbers.ts';
import { cells, cut, cutMiddle, pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';
import { actionLines, callName } from '../review/lines.ts';
import { shortTitle } from './titles.ts';

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

const tail = (node: PlanNode, run: RunProgress | undefined, now: number): string => {
  const progress = nodeProgress(node, run);
  if (node.kind !== 'action') {
    const calls = plural(progress.total, 'call');
    if (!run) return calls;
    return `${progress.ended}/${progress.total}${progress.running > 0 ? `  ${progress.running} running` : ''}`;
  }
  const own = run?.nodes.get(node.id);
  if (!run || !own) return callName(node.action);
  const time = own.startedAt === undefined ? '' : elapsed((own.endedAt ?? now) - own.startedAt);
  if (own.status === 'failed' || own.status === 'skipped') return clean(own.reason ?? '');
  const attempt =
    own.attempt !== undefined && own.status === 'running' ? `attempt ${own.attempt}, ${clean(own.reason ?? '')}  ` : '';
  return `${attempt}${time}`;
};

/** Fewest cells in which the right side of a line is worth showing. */
const leastRight = 10;
/** Fewest cells in which a cut aside still says something. */
const leastAside = 10;

/** A node of the plan on one line: where it hangs, its state, its title, and at the right what there is to know. */
export function treeLine(item: TreeLine, run: RunProgress | undefined, now: number, width: number): Line {
  const { node, depth, open } = item;
  const { status } = nodeProgress(node, run);
  const [sign, role] = statusSign(status);
  const fold = node.kind === 'action' ? '  ' : open ? '▾ ' : '▸ ';
  const right = tail(node, run, now);
  const room = Math.max(10, width - depth * 2 - 4);
  const { main, aside } = shortTitle(node);
  // The title says whom it is about, so it has the first claim, until something is happening to the node.
  const busy = node.kind === 'action' ? run?.nodes.has(node.id) === true : run !== undefined;
  const beside = room - cells(main + (busy ? '' : aside)) - 2;
  const wanted = Math.min(cells(right), busy ? Math.max(beside, Math.floor(room * 0.5)) : beside);
  const rightWidth = wanted >= Math.min(leastRight, cells(right)) ? wanted : 0;
  const titleWidth = rightWidth > 0 ? room - rightWidth - 2 : room;
  const name = cutMiddle(main, titleWidth);
  const besideName = titleWidth - cells(name);
  return [
    { text: '│ '.repeat(depth), role: 'border' },
    { text: fold, role: 'dim' },
    { text: `${sign} `, role },
    { text: name },
    { text: pad(cells(aside) <= besideName || besideName >= leastAside ? cut(aside, besideName) : '', besideName) },
    {
      text: rightWidth > 0 ? `  ${cut(right, rightWidth)}` : '',
      role: status === 'failed' ? 'error' : 'dim',
    },
  ];
}

const perService = (nodes: readonly ActionNode[]): string => {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(node.action.service, (counts.get(node.action.service) ?? 0) + 1);
  return [...counts].map(([service, value]) => `${service} ${value}`).join('  ');
};

/** Under the tree before approval: how much it is, and what it will not do and why. */
export function summaryLines(plan: Plan): readonly Line[] {
  const nodes = actions(plan.root);
  const remarks: readonly Line[] = [
    ...plan.notes.map((note): Line => [{ text: '! ', role: 'warning' }, { text: clean(note) }]),
    ...plan.held.map(
      (item): Line => [
        { text: 'held     ', role: 'warning' },
        { text: `${clean(item.subject)}: ${clean(item.reason)}` },
      ],
    ),
    ...plan.skipped.map(
      (item): Line => [
        { text: 'skipped  ', role: 'warning' },
        { text: `${clean(item.subject)}: ${clean(item.reason)}` },
      ],
    ),
    ...plan.same.map(
      (item): Line => [{ text: 'same     ', role: 'ok' }, { text: `${clean(item.subject)}: ${clean(item.reason)}` }],
    ),
  ];
  const counts = [
    `${plural(nodes.length, 'call')}${nodes.length > 0 ? `: ${perService(nodes)}` : ''}`,
    `${plan.skipped.length} skipped`,
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
  return [
    ...part(
      'To know before approving',
      plan.notes.map(note => [clean(note), undefined] as const),
    ),
    ...part('Held: wanted, but a gate is not passed', remarks(plan.held)),
    ...part('Skipped', remarks(plan.skipped)),
    ...part('Already as wanted', remarks(plan.same)),
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

/** Cells of the longest service name, and a gap. */
const serviceWidth = 'cloudformation'.length + 2;

/** One request of the run. */
export const streamLine = (note: RequestNote): Line => [
  { text: ` ${clockTime(note.at)}  ${note.service.padEnd(serviceWidth)}`, role: 'dim' },
  { text: `${pad(clean(note.operation), 29)} ${pad(clean(arnSubject(note.subject ?? '')), 26)} ` },
  { text: String(note.status), role: note.status >= 400 ? 'error' : 'ok' },
  { text: `  ${note.milliseconds} ms${note.attempts > 1 ? `  x${note.attempts}` : ''}`, role: 'dim' },
];

/** `████████░░░░  20/34  59%  elapsed 0:48  1 failed`. */
export function barLine(run: RunProgress, now: number, width: number, stopping: boolean): Line {
  const size = Math.max(8, Math.min(40, width - 56));
  const share = run.total === 0 ? 1 : run.ended / run.total;
  const full = Math.round(size * Math.min(1, share));
  const took = run.result?.milliseconds ?? now - run.startedAt;
  return [
    { text: ` ${'█'.repeat(full)}`, role: run.failed > 0 ? 'warning' : 'ok' },
    { text: '░'.repeat(size - full), role: 'border' },
    { text: `  ${run.ended}/${run.total}  ${Math.round(share * 100)}%` },
    { text: `  elapsed ${elapsed(took)}`, role: 'dim' },
    ...(run.failed > 0 ? [{ text: `  ${run.failed} failed`, role: 'error' as const }] : []),
    ...(stopping && !run.result ? [{ text: '  stopping', role: 'warning' as const }] : []),
  ];
}

/** The trust change of a node, or of the first edit below it. */
export function nodeDiff(node: PlanNode, plan: Plan): readonly Line[] {
  const all = actions(plan.root);
  const own = actions(node).filter(
    item => item.action.type === 'edit-trust' || item.action.type === 'edit-stack-trust',
  );
  if (own.length === 0) return [line('  It changes no trust policy.', 'dim')];
  return own.flatMap(item => [line(`  ${clean(item.title)}`, 'title'), ...actionLines(item.action, all), blank]);
}
