import { printable } from '../identity/plain-text.ts';
import {
  type ActionNode,
  actions,
  type Evidence,
  type GroupNode,
  type Plan,
  type PlanNode,
  type Remark,
} from './plan.ts';
import { condition } from './text.ts';

/** A plan for a pull request: a summary, the tree, what changes in trust policies, and what is not done. */
export function planMarkdown(plan: Plan): string {
  const nodes = actions(plan.root);
  const blocks = [
    `# ${titles[plan.command]}: ${plain(plan.cluster.name)}`,
    summary(plan, nodes),
    nodes.length > 0 ? `## Tasks\n\n${treeLines(plan.root, 0, nodes).join('\n')}` : 'Nothing to do.',
    ...section('Trust policies', nodes.flatMap(trustBlock)),
    ...section('Stacks of roles', nodes.flatMap(stackBlock)),
    ...section('Commands', nodes.length > 0 ? [fenced('sh', nodes.flatMap(commandLines(nodes)).join('\n'))] : []),
    ...remarkSection('Beyond what was named', plan.beyond ?? []),
    ...remarkSection('Held', plan.held),
    ...remarkSection('Skipped', plan.skipped),
    ...remarkSection('Already as wanted', plan.same),
    ...section('Checked before', plan.evidence && plan.evidence.length > 0 ? [evidenceTable(plan.evidence)] : []),
    ...section('Notes', plan.notes.length > 0 ? [plan.notes.map(note => `- ${plain(note)}`).join('\n')] : []),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const titles: Readonly<Record<Plan['command'], string>> = {
  create: 'Create pod identity associations',
  update: 'Update pod identity associations',
  delete: 'Delete pod identity associations',
  apply: 'Apply pod identity associations',
  migrate: 'Migrate to EKS Pod Identity',
  undo: 'Undo a run',
};

function summary(plan: Plan, nodes: readonly ActionNode[]): string {
  const kinds = [
    ...Map.groupBy(
      nodes.filter(each => each.onlyIfFails === undefined),
      ({ action }) => `${action.service} ${action.operation}`,
    ),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const rows: readonly (readonly [string, string | number])[] = [
    ['Cluster', plan.cluster.arn],
    ['Read at', new Date(plan.readAt).toISOString()],
    ...kinds.map(([kind, list]) => [kind, list.length] as const),
    ['Held', plan.held.length],
    ['Skipped', plan.skipped.length],
    ['Already as wanted', plan.same.length],
  ];
  return table(
    ['', ''],
    rows.map(row => row.map(String)),
  );
}

function treeLines(node: PlanNode, depth: number, all: readonly ActionNode[]): readonly string[] {
  const indent = '  '.repeat(depth);
  if (node.kind === 'action')
    return [`${indent}- ${plain(node.title)}${node.stage ? ` (${node.stage})` : ''}${condition(node, all)}`];
  return [groupLine(node, indent), ...node.children.flatMap(child => treeLines(child, depth + 1, all))];
}

/** A clean-up is not for running: its command follows its condition, as a comment. */
const commandLines =
  (all: readonly ActionNode[]) =>
  (node: ActionNode): readonly string[] =>
    node.onlyIfFails === undefined
      ? [node.action.command]
      : [`#${condition(node, all)}: ${node.action.command.replaceAll('\n', '\n# ')}`];

const groupLine = ({ title, kind, children }: GroupNode, indent: string): string =>
  `${indent}- ${plain(title)}: ${children.length} ${kind === 'sequence' ? 'in sequence' : 'in parallel'}`;

function trustBlock({ action }: ActionNode): readonly string[] {
  if (action.type !== 'edit-trust' && action.type !== 'edit-stack-trust') return [];
  const after = action.type === 'edit-trust' ? action.request.PolicyDocument : action.trustPolicy;
  const block = (title: string, before: string, then: string) =>
    `${plain(action.subject)} (${title})\n\n${fenced('diff', diff(before, then))}`;
  const template = action.type === 'edit-stack-trust' ? action.templateTrust : undefined;
  return [
    ...(template === undefined
      ? []
      : [block("today, from its stack's template to the live policy", template, action.expects)]),
    block(action.intent, action.expects, after),
  ];
}

function stackBlock({ action }: ActionNode): readonly string[] {
  if (action.type !== 'update-role-stack') return [];
  const { StackName, TemplateBody } = action.request;
  return [`${plain(StackName)}\n\n${fenced('diff', diff(action.expects.TemplateBody, TemplateBody))}`];
}

/** Both documents in one layout, so that only what changes in meaning shows. */
function diff(before: string, after: string): string {
  const [old, young] = [layout(before), layout(after)];
  const lines: string[] = [];
  const common = longestCommon(old, young);
  let [i, j] = [0, 0];
  for (const [a, b] of [...common, [old.length, young.length] as const]) {
    while (i < a) lines.push(`-${old[i++]}`);
    while (j < b) lines.push(`+${young[j++]}`);
    if (i < old.length && a < old.length) lines.push(` ${old[i]}`);
    i += 1;
    j += 1;
  }
  return lines.join('\n');
}

function layout(document: string): readonly string[] {
  try {
    return JSON.stringify(JSON.parse(document), null, 2).split('\n');
  } catch {
    return document.split('\n');
  }
}

/** Pairs of positions of lines that both have, in order. Documents have some hundred lines at most (IAM's quota). */
function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    if (!row) continue;
    for (let j = b.length - 1; j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}

const section = (title: string, blocks: readonly string[]): readonly string[] =>
  blocks.length > 0 ? [`## ${title}\n\n${blocks.join('\n\n')}`] : [];

const remarkSection = (title: string, remarks: readonly Remark[]): readonly string[] =>
  section(
    `${title} (${remarks.length})`,
    remarks.length > 0
      ? [
          remarks
            .map(({ subject, reason, command }) => {
              const free = command ? `\n\n${indentBlock(fenced('sh', command))}` : '';
              return `- ${plain(subject)}: ${plain(reason)}${free}`;
            })
            .join('\n'),
        ]
      : [],
  );

const indentBlock = (block: string): string => block.replaceAll(/^/gm, '  ');

const evidenceTable = (rows: readonly Evidence[]): string =>
  table(
    ['Gate', 'Subject', 'Verdict', 'Found'],
    rows.map(({ gate, subject, verdict, detail }) => [gate, subject, verdict, detail]),
  );

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map(row => row.map(plain))].map(row => `| ${row.join(' | ')} |`).join('\n');

/** Longer than any run of backticks inside, so that text cannot close its own block. */
function fenced(language: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const lines = content.split('\n').map(printable).join('\n');
  return `${fence}${language}\n${lines}\n${fence}`;
}

/** Names come from AWS and Kubernetes: what Markdown or HTML would read as its own is written so that it shows as it is. */
const plain = (value: string): string =>
  printable(value).replaceAll(/[\\`*_[\]<>|#@&~]/g, sign => `&#${sign.charCodeAt(0)};`);
