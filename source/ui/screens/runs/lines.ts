import type { Action } from '../../../plan/action.ts';
import type { ActionNode } from '../../../plan/plan.ts';
import type { PriorState } from '../../../run/journal.ts';
import type { ActionRecord, RunSummary } from '../../../run/summary.ts';
import { type RunList, type RunRow, tallyOf, type Unreadable } from '../../controller/runs.ts';
import { condense, jsonLines, lineDiff } from '../../state/line-diff.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { statusOf } from '../../state/run-history.ts';
import { dateTime, elapsed } from '../../text/numbers.ts';
import { pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';
import { field } from '../detail/field.ts';
import { statusSign } from '../migrate/lines.ts';
import { actionLines, callName, diffLines, remarkLines } from '../review/lines.ts';

/** Of a run: going on, here or in another process; finished; at its end with something left; or open: its process died. */
export function runState(
  { state, torn }: Pick<RunRow, 'state' | 'torn'>,
  goingOn: boolean,
): readonly [word: string, role: Role] {
  const tail = torn ? ', torn' : '';
  if (goingOn || state === 'running') return [`running${tail}`, 'info'];
  if (state === 'complete') return [`finished${tail}`, 'ok'];
  return state === 'incomplete' ? [`incomplete${tail}`, 'warning'] : [`open${tail}`, 'error'];
}

const columns = (
  width: number,
  cells: readonly [time: string, command: string, cluster: string, state: string, counts: string],
) => {
  const [time, command, cluster, state, counts] = cells;
  const room = Math.max(12, width - 18 - 9 - 18 - 36);
  return [pad(time, 18), pad(command, 9), pad(cluster, room), pad(state, 18), counts] as const;
};

export const runsHeading = (width: number): string =>
  columns(width, ['BEGAN', 'COMMAND', 'CLUSTER', 'STATE', 'DONE']).join('');

/** A run on one line. */
export function runRow(item: RunRow | Unreadable, goingOn: boolean, width: number): Line {
  if ('unreadable' in item) {
    return [{ text: `${pad(clean(item.run), 27)}` }, { text: `unreadable: ${clean(item.unreadable)}`, role: 'error' }];
  }
  const [word, role] = runState(item, goingOn);
  const { done, of, failed, held, unknown } = item.tally ?? { ...nothing, done: '?', of: '?' };
  const parts = columns(width, [dateTime(item.begunAt), item.command, clean(item.cluster.name), word, `${done}/${of}`]);
  const extra = (value: number, text: string, colour: Role): Line =>
    value > 0 ? [{ text: `  ${value} ${text}`, role: colour }] : [];
  return [
    { text: parts[0], role: 'dim' },
    { text: parts[1] + parts[2] },
    { text: parts[3], role },
    { text: parts[4] },
    ...extra(failed, 'failed', 'error'),
    ...extra(held, 'held', 'warning'),
    // What is in flight is not unknown to the process that has it in hand.
    ...(item.holder === undefined || goingOn
      ? extra(unknown, 'unknown', 'unknown')
      : [{ text: `  ${clean(item.holder)}`, role: 'dim' as const }]),
  ];
}

const nothing = { failed: 0, held: 0, unknown: 0 };

/** What a run was and did: who, when, where, each action with what it changed, before and after. */
export function runLines(item: NonNullable<RunList['shown']>, goingOn: boolean, width: number): readonly Line[] {
  if ('unreadable' in item)
    return [
      ...field('Run', clean(item.run)),
      blank,
      line(`✗ Its journal cannot be read: ${clean(item.unreadable)}`, 'error'),
    ];
  const { summary } = item;
  const { begin, sittings, endedAt, actions } = summary;
  const { place, plan } = begin;
  const { done, of, failed, held, unknown } = tallyOf(summary);
  const nodes = actions.map(record => record.node);
  return [
    ...field('Run', clean(summary.run)),
    ...field('Cluster', clean(place.cluster.arn)),
    ...(place.endpoint === undefined ? [] : field('Endpoint', clean(place.endpoint))),
    ...field(
      'State',
      `${runState(summary, goingOn)[0]}: ${done} of ${of} done, ${failed} failed, ${held} held, ${unknown} unknown`,
    ),
    ...sittings.flatMap(({ at, caller }, index) =>
      field(index === 0 ? 'Begun' : 'Resumed', `${dateTime(at)} by ${clean(caller ?? 'unknown')}`),
    ),
    ...(endedAt === undefined ? [] : field('Ended', dateTime(endedAt))),
    ...field(
      'Plan',
      `${plan.command}, sha256 ${clean(begin.planHash).slice(0, 16)}, podid-tui ${clean(begin.version)}`,
    ),
    ...(summary.torn ? [line('! The last record of the journal was cut short and is left out.', 'warning')] : []),
    ...actions.flatMap((record, index) => spaced(recordLines(record, nodes), index === 0)),
    ...remarks('Held', plan.held, width),
    ...remarks('Skipped', plan.skipped, width),
  ];
}

/** What has details stands apart; lines that are all there is of an action stand together. */
const spaced = (lines: readonly Line[], first: boolean): readonly Line[] =>
  first || lines.length > 1 ? [blank, ...lines] : lines;

const remarks = (title: string, list: RunSummary['begin']['plan']['held'], width: number): readonly Line[] =>
  list.length === 0 ? [] : [blank, line(title, 'title'), ...list.flatMap(remark => remarkLines(remark, width))];

function recordLines(record: ActionRecord, all: readonly ActionNode[]): readonly Line[] {
  const { node, outcome, begunAt, endedAt, failure, prior, requestIds } = record;
  const [sign, role] = statusSign(statusOf(outcome));
  const time = begunAt !== undefined && endedAt !== undefined ? `  ${elapsed(endedAt - begunAt)}` : '';
  return [
    [
      { text: ` ${sign} `, role },
      { text: clean(node.title) },
      { text: `   ${callName(node.action)}  ${outcome}${time}`, role: 'dim' },
    ],
    ...(failure ? [line(`    ${clean(failure.message)}`, 'error')] : []),
    ...(requestIds.length > 0 ? [line(`    request ${requestIds.map(id => clean(id)).join(', ')}`, 'dim')] : []),
    ...(prior ? changeLines(node.action, prior, all) : []),
  ];
}

/** Before and after: a trust policy as it was found and as it was sent, anything else as its fields. */
function changeLines(action: Action, prior: PriorState, all: readonly ActionNode[]): readonly Line[] {
  switch (prior.kind) {
    case 'trust':
    case 'stack': {
      const after =
        action.type === 'edit-trust'
          ? action.request.PolicyDocument
          : action.type === 'edit-stack-trust'
            ? action.trustPolicy
            : prior.document;
      const stack = prior.kind === 'stack' ? [line(`    through stack ${clean(prior.stackName)}`, 'dim')] : [];
      return [...stack, ...diffLines(prior.document, after)];
    }
    case 'annotations': {
      const after = action.type === 'annotate' ? action.request.annotations : {};
      const changed = Object.entries(after).flatMap(([name, value]) => [
        [name, prior.annotations[name] ?? null, 'remove'] as const,
        [name, value, 'add'] as const,
      ]);
      return changed.flatMap(([name, value, role]) =>
        value === null ? [] : [line(`    ${role === 'add' ? '+' : '-'} ${clean(`${name}: ${value}`)}`, role)],
      );
    }
    case 'association': {
      if (!prior.described) return actionLines(action, all);
      if (action.type !== 'delete-association') return actionLines(action, all);
      return removed(JSON.stringify(prior.described));
    }
    case 'workload':
      return [line(`    restarted before: ${clean(prior.restartedAt ?? 'never')}`, 'dim')];
    case 'role-stack': {
      if (action.type === 'delete-role-stack') return removed(prior.template);
      const after = action.type === 'update-role-stack' ? action.request.TemplateBody : prior.template;
      return diffLines(prior.template, after);
    }
    case 'service-account':
      return prior.found ? removed(JSON.stringify(prior.found)) : actionLines(action, all);
    case 'nothing':
      return actionLines(action, all);
  }
}

/** What is no more. */
const removed = (document: string): readonly Line[] =>
  condense(lineDiff(jsonLines(document), [])).map(item => line(`    ${item.sign} ${clean(item.text)}`, 'remove'));
