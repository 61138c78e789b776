import type { Evidence, PlanNode } from '../../../plan/plan.ts';
import type { Line, Span } from '../../state/lines.ts';
import { isFold, type TreeLine } from '../../state/plan-tree.ts';
import { nodeProgress, type RunProgress } from '../../state/run-progress.ts';
import { worst } from '../../state/stages.ts';
import { elapsed, plural } from '../../text/numbers.ts';
import { cells, cut, cutMiddle, pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';
import { callName } from '../review/lines.ts';
import { statusSign } from './lines.ts';
import { shortTitle } from './titles.ts';

/** Sign and colour of what a gate found. */
export const verdictSign: Readonly<Record<Evidence['verdict'], readonly [string, Role]>> = {
  ok: ['✓', 'ok'],
  held: ['‖', 'warning'],
  warning: ['!', 'warning'],
  unknown: ['?', 'unknown'],
};

const verdictWord: Readonly<Record<Evidence['verdict'], string>> = {
  ok: 'passed',
  held: 'held',
  warning: 'to know',
  unknown: 'not checked',
};

/** `12 passed, 1 held`. */
function verdicts(evidence: readonly Evidence[]): string {
  return (['held', 'unknown', 'warning', 'ok'] as const)
    .flatMap(verdict => {
      const count = evidence.filter(item => item.verdict === verdict).length;
      return count === 0 ? [] : [`${count} ${verdictWord[verdict]}`];
    })
    .join(', ');
}

/** A line of the migration's tree: where it hangs, its state, whom it is about, and at the right what there is to know. */
export function treeLine(item: TreeLine, run: RunProgress | undefined, now: number, width: number): Line {
  const fold = isFold(item) ? (item.open ? '▾ ' : '▸ ') : '  ';
  const head: Line = [
    { text: '│ '.repeat(item.depth), role: 'border' },
    { text: fold, role: 'dim' },
  ];
  const room = Math.max(10, width - item.depth * 2 - 2);
  switch (item.kind) {
    case 'node':
      return [...head, ...nodeSpans(item.node, item.gates ?? [], run, now, room - 2)];
    case 'gates': {
      const [sign, role] = verdictSign[worst(item.evidence)];
      return [...head, { text: `${sign} `, role }, { text: cut(`checks: ${verdicts(item.evidence)}`, room - 2) }];
    }
    case 'gate': {
      const { verdict, subject, detail } = item.evidence;
      const [sign, role] = verdictSign[verdict];
      return [...head, { text: `${sign} `, role }, ...sentence(clean(subject), clean(detail), room - 2)];
    }
    case 'remarks': {
      const [sign, text] =
        item.sort === 'held'
          ? ['‖', `held: ${plural(item.remarks.length, 'gate')} not passed, <x> in full`]
          : ['–', `left out: ${item.remarks.length}, <space> takes it in again`];
      return [...head, { text: `${sign} `, role: 'warning' }, { text: cut(text, room - 2) }];
    }
    case 'remark':
      return [
        ...head,
        { text: item.sort === 'held' ? '‖ ' : '– ', role: 'warning' },
        ...sentence(clean(item.remark.subject), clean(item.remark.reason), room - 2),
      ];
    case 'command':
      return [...head, { text: cut(`$ ${clean(item.command)}`, room), role: 'key' }];
  }
}

/** A subject and what is said of it, cut at the end; the subject keeps at least half. */
function sentence(subject: string, detail: string, room: number): readonly Span[] {
  const name = cutMiddle(subject, Math.max(10, Math.floor(room / 2)));
  return [{ text: name }, { text: cut(`  ${detail}`, Math.max(0, room - cells(name))), role: 'dim' }];
}

function tail(node: PlanNode, gates: readonly Evidence[], run: RunProgress | undefined, now: number): string {
  const progress = nodeProgress(node, run);
  if (node.kind !== 'action') {
    if (progress.total === 0) return verdicts(gates);
    if (!run) return plural(progress.total, 'step');
    const count = run.result ? progress.done : progress.ended;
    return `${count}/${progress.total}${progress.running > 0 ? `  ${progress.running} running` : ''}`;
  }
  const own = run?.nodes.get(node.id);
  if (!run || !own) return callName(node.action);
  const time = own.startedAt === undefined ? '' : elapsed((own.endedAt ?? now) - own.startedAt);
  const reason = clean(own.reason ?? '');
  if (own.status !== 'running') return own.reason === undefined ? time : reason;
  if (own.paused) return `paused: ${reason}  ${time}`;
  return own.attempt === undefined ? time : `attempt ${own.attempt}, ${reason}  ${time}`;
}

/** Fewest cells in which the right side of a line is worth showing. */
const leastRight = 10;
/** Fewest cells in which a cut aside still says something. */
const leastAside = 10;

function nodeSpans(
  node: PlanNode,
  gates: readonly Evidence[],
  run: RunProgress | undefined,
  now: number,
  room: number,
): readonly Span[] {
  const { status, total } = nodeProgress(node, run);
  const paused = run?.nodes.get(node.id)?.paused === true;
  const [sign, role] =
    node.kind !== 'action' && total === 0 && gates.length > 0
      ? verdictSign[worst(gates)]
      : paused
        ? (['◇', 'warning'] as const)
        : statusSign(status);
  const right = tail(node, gates, run, now);
  const { main, aside } = shortTitle(node);
  // The title says whom it is about, so it has the first claim, until something is happening to the node.
  const busy = node.kind === 'action' ? run?.nodes.has(node.id) === true : run !== undefined;
  const beside = room - cells(main + (busy ? '' : aside)) - 2;
  const wanted = Math.min(cells(right), busy ? Math.max(beside, Math.floor(room * 0.5)) : beside);
  const rightWidth = wanted >= Math.min(leastRight, cells(right)) ? wanted : 0;
  const titleWidth = rightWidth > 0 ? room - rightWidth - 2 : room;
  const name = cutMiddle(main, titleWidth);
  const besideName = titleWidth - cells(name);
  const rightRole: Role = status === 'failed' ? 'error' : status === 'held' || paused ? 'warning' : 'dim';
  return [
    { text: `${sign} `, role },
    { text: name },
    { text: pad(cells(aside) <= besideName || besideName >= leastAside ? cut(aside, besideName) : '', besideName) },
    { text: rightWidth > 0 ? `  ${cut(right, rightWidth)}` : '', role: rightRole },
  ];
}
