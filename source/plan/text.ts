import { printable } from '../identity/plain-text.ts';
import type { Action } from './action.ts';
import {
  type ActionNode,
  actions,
  type Evidence,
  type GroupNode,
  type Plan,
  type PlanNode,
  type Remark,
} from './plan.ts';

export type PlanTextOptions = {
  /** The plan is about to be carried out, or was: nothing is said of a missing approval. */
  readonly approved?: boolean;
  /** How the plan would be carried out; absent: `run again with --approve`. */
  readonly next?: string;
};

const approve = 'run again with --approve';

/**
 * A plan for people, in the layout of eksctl's documentation: a header, the tree of tasks, then everything that is not
 * a task, then what to do next. Ends with a newline; no line has trailing blanks.
 */
export function planText(plan: Plan, { approved = false, next = approve }: PlanTextOptions = {}): string {
  const tasks = actions(plan.root).length;
  const blocks = [
    [headerText(plan, approved)],
    tasks > 0 ? taskLines(plan.root) : [],
    stageLines(plan.root),
    remarkLines('skipped', plan.skipped),
    remarkLines('beyond what was named', plan.beyond ?? []),
    remarkLines('held', plan.held),
    remarkLines('already as wanted', plan.same),
    evidenceLines(plan.evidence ?? []),
    plan.notes.length > 0 ? ['notes:', ...plan.notes.map(note => `    - ${note}`)] : [],
    approved || tasks === 0 ? [] : ['all tasks were skipped', `no changes were applied, ${next} to apply the changes`],
  ];
  const lines = blocks.filter(block => block.length > 0).map(block => block.map(lineText).join('\n'));
  return `${lines.join('\n\n')}\n`;
}

function headerText(plan: Plan, approved: boolean): string {
  const work = workText(plan);
  if (!work) return nothingTexts[plan.command];
  return `${approved ? 'will' : '(plan) would'} ${work} by executing the following tasks`;
}

function workText(plan: Plan): string | undefined {
  const types = actions(plan.root).flatMap(({ action, onlyIfFails }) =>
    onlyIfFails === undefined ? [action.type] : [],
  );
  if (types.length === 0) return undefined;
  const count = (type: (typeof types)[number]) => types.filter(one => one === type).length;
  switch (plan.command) {
    case 'migrate':
      return migrationText(plan, count);
    case 'create':
      return `create ${count('create-association')} pod identity association(s)`;
    case 'update':
      return `update ${subjectCount(plan)} pod identity association(s)`;
    case 'delete':
      return `delete ${count('delete-association')} pod identity association(s)`;
    case 'apply':
    case 'undo':
      return `${plan.command} ${types.length} change(s)`;
  }
}

/** The documentation's words, then the stages that it does not know. */
function migrationText({ root }: Plan, count: (type: Action['type']) => number): string {
  const moves = [count('create-association'), count('update-addon')] as const;
  const [restarts, annotations] = [count('restart-workload'), count('annotate')];
  const trust = actions(root).filter(({ action }) => 'intent' in action && action.intent === 'retire').length;
  const parts = [
    ...(moves[0] + moves[1] > 0 || restarts + annotations + trust === 0
      ? [`migrate ${moves[0]} service account(s) and ${moves[1]} addon(s) to pod identity`]
      : []),
    ...(restarts > 0 ? [`restart workloads in ${restarts} step(s)`] : []),
    ...(annotations > 0 ? [`remove ${annotations} role annotation(s)`] : []),
    ...(trust > 0 ? [`remove the OIDC provider's trust from ${trust} role(s)`] : []),
  ];
  return parts.join(', ');
}

function subjectCount(plan: Plan): number {
  const updates = actions(plan.root).flatMap(({ action, onlyIfFails }) =>
    'target' in action && onlyIfFails === undefined ? [action.subject] : [],
  );
  return new Set(updates).size;
}

const nothingTexts: Readonly<Record<Plan['command'], string>> = {
  migrate: 'no service accounts or addons to migrate to pod identity',
  create: 'no pod identity association to create',
  update: 'no pod identity association to update',
  delete: 'no pod identity association to delete',
  apply: 'nothing to apply',
  undo: 'nothing to undo',
};

function taskLines(root: GroupNode): readonly string[] {
  const all = actions(root);
  const [first, second] = root.children;
  if (first && !second) return ['1 task: {', ...indented(nodeLines(first, all)), '}'];
  return groupLines(root, 'tasks', all);
}

type All = readonly ActionNode[];

function nodeLines(node: PlanNode, all: All): readonly string[] {
  return node.kind === 'action'
    ? [`${node.title}${condition(node, all)},`]
    : closedBy(groupLines(node, 'sub-tasks', all), ',');
}

function groupLines({ kind, children }: GroupNode, word: 'tasks' | 'sub-tasks', all: All): readonly string[] {
  const order = kind === 'sequence' ? 'sequential' : 'parallel';
  return [`${children.length} ${order} ${word}: {`, ...children.flatMap(child => indented(nodeLines(child, all))), '}'];
}

/** Steps are the tasks counted from the top, groups aside. */
export function condition({ onlyIfFails }: ActionNode, all: All): string {
  if (onlyIfFails === undefined) return '';
  return ` (only if step ${all.findIndex(({ id }) => id === onlyIfFails) + 1} fails)`;
}

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `    ${line}`);

const closedBy = (lines: readonly string[], sign: string): readonly string[] =>
  lines.map((line, index) => (index === lines.length - 1 ? `${line}${sign}` : line));

const stages = ['agent', 'trust', 'associate', 'restart', 'retire'] as const;

/** Said where a plan goes beyond giving access: then the later stages wait for what the earlier ones show. */
function stageLines(root: GroupNode): readonly string[] {
  const nodes = actions(root);
  if (!nodes.some(({ stage }) => stage === 'restart' || stage === 'retire')) return [];
  const counts = stages.map(stage => [stage, nodes.filter(node => node.stage === stage).length] as const);
  return [`stages: ${counts.flatMap(([stage, count]) => (count > 0 ? [`${stage} (${count})`] : [])).join(', then ')}`];
}

/** Checks that came out alike are one line, so that a plan of many service accounts stays readable. */
function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  if (evidence.length === 0) return [];
  const alike = Map.groupBy(evidence, ({ gate, verdict, detail }) => JSON.stringify([gate, verdict, detail]));
  return [
    'checked before:',
    ...[...alike.values()].flatMap(([first, ...rest]) => {
      if (!first) return [];
      const whom =
        rest.length < 3
          ? [first, ...rest].map(({ subject }) => subject).join(', ')
          : `${first.subject} and ${rest.length} more`;
      return [`    - ${first.gate}, ${first.verdict}: ${whom}: ${first.detail}`];
    }),
  ];
}

function remarkLines(title: string, remarks: readonly Remark[]): readonly string[] {
  if (remarks.length === 0) return [];
  return [
    `${title} (${remarks.length}):`,
    ...remarks.flatMap(({ subject, reason, command }) => [
      `    - ${subject}: ${reason}`,
      ...(command ? [`      ${command}`] : []),
    ]),
  ];
}

/** Names come from AWS and Kubernetes, so every line is made safe to print. */
const lineText = (line: string): string => printable(line).trimEnd();
