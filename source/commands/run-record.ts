import { printable } from '../identity/plain-text.ts';
import type { Action } from '../plan/action.ts';
import { planJson } from '../plan/json.ts';
import type { Remark } from '../plan/plan.ts';
import type { PriorState } from '../run/journal.ts';
import { type ActionRecord, countOutcomes, type RunSummary } from '../run/summary.ts';

/** The change record of a run for programs: times in RFC 3339, documents as the services gave and take them. */
export function recordJson(summary: RunSummary) {
  const { run, state, torn, begin, sittings, actions } = summary;
  const { version, place, plan, planHash } = begin;
  const statuses = new Map(
    actions.map(({ node, outcome }) => [node.id, outcome === 'in-flight' ? 'unknown' : outcome] as const),
  );
  return {
    run,
    state,
    torn,
    version,
    sittings: sittings.map(({ at, caller }) => ({ at: time(at), caller: caller ?? null })),
    ended: summary.endedAt === undefined ? null : time(summary.endedAt),
    place,
    command: plan.command,
    planHash,
    plan: planJson(plan, statuses),
    skipped: plan.skipped,
    held: plan.held,
    notes: plan.notes,
    actions: actions.map(changeJson),
  };
}

function changeJson({ node, outcome, begunAt, endedAt, token, prior, failure, requestIds }: ActionRecord) {
  const { id, title, action } = node;
  return {
    id,
    title,
    subject: action.subject,
    service: action.service,
    operation: action.operation,
    command: action.command,
    outcome,
    began: begunAt === undefined ? null : time(begunAt),
    ended: endedAt === undefined ? null : time(endedAt),
    token: token ?? null,
    before: prior ?? null,
    after: afterOf(action),
    requestIds,
    failure: failure?.message ?? null,
  };
}

/** What the action makes of what was there before: the document, the fields, the annotations. */
function afterOf(action: Action): unknown {
  switch (action.type) {
    case 'edit-trust':
      return { document: action.request.PolicyDocument };
    case 'edit-stack-trust':
      return { document: action.trustPolicy };
    case 'delete-association':
      return { described: null };
    default:
      return action.request;
  }
}

const time = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The change record for people, as Markdown for a ticket. */
export function recordMarkdown(summary: RunSummary): string {
  const { run, begin, actions, sittings } = summary;
  const { plan, place } = begin;
  const counts = Object.entries(countOutcomes(summary)).map(([outcome, count]) => `${count} ${outcome}`);
  const lines = [
    `# ${plan.command} on ${place.cluster.name}, run ${run}`,
    '',
    `- State: ${summary.state} (${counts.join(', ')})`,
    `- Cluster: \`${place.cluster.arn}\``,
    ...(place.endpoint === undefined ? [] : [`- Endpoint: \`${place.endpoint}\``]),
    ...sittings.map(
      ({ at, caller }, index) => `- ${index === 0 ? 'Begun' : 'Resumed'}: ${time(at)} by \`${caller ?? 'unknown'}\``,
    ),
    ...(summary.endedAt === undefined ? [] : [`- Ended: ${time(summary.endedAt)}`]),
    `- Tool: podid-tui ${begin.version}; plan sha256 \`${begin.planHash}\``,
    ...(summary.torn ? ['- The last record of the journal was cut short and is left out.'] : []),
    '',
    '## Plan',
    '',
    ...actions.map(({ node, outcome }, index) => `${index + 1}. ${node.title}: ${outcome}`),
    ...remarks('Skipped', plan.skipped),
    ...remarks('Held', plan.held),
    '',
    '## Changes',
    ...actions.flatMap(change),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

const remarks = (title: string, list: readonly Remark[]): readonly string[] =>
  list.length === 0 ? [] : ['', `${title}:`, '', ...list.map(({ subject, reason }) => `- ${subject}: ${reason}`)];

function change(record: ActionRecord): readonly string[] {
  const { node, outcome, prior, begunAt, endedAt, requestIds, failure } = record;
  if (outcome === 'waiting' || (prior === undefined && failure === undefined)) return [];
  const { action } = node;
  return [
    '',
    `### ${node.title}`,
    '',
    `- Outcome: ${outcome}${failure ? `: ${failure.message}` : ''}`,
    `- Request: ${action.service} ${action.operation}`,
    ...(begunAt === undefined ? [] : [`- Sent: ${time(begunAt)}`]),
    ...(endedAt === undefined ? [] : [`- Settled: ${time(endedAt)}`]),
    ...(requestIds.length === 0 ? [] : [`- Request ids: ${requestIds.map(id => `\`${id}\``).join(', ')}`]),
    ...(prior === undefined ? [] : [...block('Before', beforeOf(prior)), ...block('After', afterOf(action))]),
  ];
}

/** Where there is one document, that; else all that is known. */
function beforeOf(prior: PriorState): unknown {
  if (prior.kind === 'trust' || prior.kind === 'stack') return { document: prior.document };
  return prior.kind === 'nothing' ? null : prior;
}

function block(title: string, value: unknown): readonly string[] {
  if (value === null) return ['', `${title}: nothing`];
  const lines = pretty(value).split('\n');
  // A fence must be longer than any in what it holds.
  const ticks = Math.max(2, ...lines.flatMap(line => (line.match(/`+/g) ?? []).map(run => run.length))) + 1;
  const fence = '`'.repeat(ticks);
  return ['', `${title}:`, '', `${fence}json`, ...lines, fence];
}

function pretty(value: unknown): string {
  const { document } = value as { readonly document?: unknown };
  if (typeof document !== 'string') return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(document), null, 2);
  } catch {
    return document;
  }
}
