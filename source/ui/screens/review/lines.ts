import type { Action } from '../../../plan/action.ts';
import { isRef } from '../../../plan/action.ts';
import { type ActionNode, actions, type Plan, type Remark } from '../../../plan/plan.ts';
import { condense, jsonLines, lineDiff } from '../../state/line-diff.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import { plural } from '../../text/numbers.ts';
import { cells, take, wrap } from '../../text/pad.ts';
import { clean, cleanLines } from '../../text/sanitise.ts';

/** A plan for someone who is about to approve it: exact calls in order, what they change, who is affected. */
export function reviewLines(plan: Plan, width: number): readonly Line[] {
  return planLines(plan, width).flatMap(each => folded(each, width - 2));
}

/** A line that is too long goes on beneath, so that no name and no value is cut. */
function folded(each: Line, width: number): readonly Line[] {
  const [only, more] = each;
  if (!only || more || cells(only.text) <= width) return [each];
  const role = only.role === undefined ? {} : { role: only.role };
  const first = take(only.text, width);
  const rest = wrap(only.text.slice(first.length), width - 8);
  return [[{ ...only, text: first }], ...rest.map((text): Line => [{ text: `        ${text}`, ...role }])];
}

function planLines(plan: Plan, width: number): readonly Line[] {
  const nodes = actions(plan.root);
  const calls = nodes.filter(({ onlyIfFails }) => onlyIfFails === undefined);
  const head =
    nodes.length === 0
      ? nothingLine(plan)
      : line(`${plural(calls.length, 'call')}, in this order; nothing has been sent`, 'title');
  return [
    head,
    ...nodes.flatMap((node, index) => [blank, ...nodeLines(node, index + 1, nodes)]),
    ...section(
      'Beyond what was named',
      (plan.beyond ?? []).flatMap(remark => remarkLines(remark, width)),
    ),
    ...section(
      'Who is affected, and what to know',
      plan.notes.flatMap(note => bullet(clean(note), width)),
    ),
    ...section(
      'Skipped',
      plan.skipped.flatMap(remark => remarkLines(remark, width)),
    ),
    ...section(
      'Held back',
      plan.held.flatMap(remark => remarkLines(remark, width)),
    ),
    ...section(
      'Already as wanted',
      plan.same.flatMap(remark => remarkLines(remark, width)),
    ),
    ...section(
      'The same by hand',
      calls.flatMap(node => commandLines(node.action.command, width)),
    ),
  ];
}

/** A plan without calls: because all is as wanted, or because nothing of it can be done now. */
const nothingLine = (plan: Plan): Line =>
  plan.skipped.length + plan.held.length > 0
    ? line('✗ Nothing can be done; the reasons are below. <esc> leads back.', 'warning')
    : line('✓ Nothing to do: it is as wanted already.', 'ok');

const section = (title: string, lines: readonly Line[]): readonly Line[] =>
  lines.length === 0 ? [] : [blank, line(title, 'title'), ...lines];

const bullet = (text: string, width: number): readonly Line[] =>
  wrap(text, width - 6).map((part, index) => line(`${index === 0 ? '  · ' : '    '}${part}`));

export const remarkLines = (remark: Remark, width: number): readonly Line[] => [
  ...bullet(`${clean(remark.subject)}: ${clean(remark.reason)}`, width),
  ...(remark.command ? commandLines(remark.command, width) : []),
];

const commandLines = (command: string, width: number): readonly Line[] =>
  cleanLines(command).flatMap(text => wrap(text, width - 6).map(part => line(`    ${part}`, 'dim')));

const prefix: Readonly<Record<Action['service'], string>> = {
  eks: 'eks',
  iam: 'iam',
  cloudformation: 'cloudformation',
  kubernetes: 'kubernetes',
};

/** `iam:UpdateAssumeRolePolicy`, as a policy would name it. */
export const callName = (action: Action): string => `${prefix[action.service]}:${action.operation}`;

function nodeLines(node: ActionNode, number: number, all: readonly ActionNode[]): readonly Line[] {
  const { action } = node;
  const undo = action.undo ? `   undo: ${clean(action.undo)}` : '';
  const condition = node.onlyIfFails ? `   only if step ${stepOf(node.onlyIfFails, all)} fails` : '';
  return [
    [
      { text: `${String(number).padStart(2)}  `, role: 'accent' },
      { text: callName(action), role: 'key' },
      { text: `   ${clean(action.subject)}` },
      { text: undo + condition, role: 'dim' },
    ],
    line(`    ${clean(node.title)}`, 'dim'),
    ...actionLines(action, all),
  ];
}

const stepOf = (id: string, all: readonly ActionNode[]): string => {
  const at = all.findIndex(node => node.id === id);
  return at < 0 ? clean(id) : String(at + 1);
};

/** What a call changes: a trust policy as a diff, an association as its fields. */
export function actionLines(action: Action, all: readonly ActionNode[]): readonly Line[] {
  switch (action.type) {
    case 'edit-trust':
      return diffLines(action.expects, action.request.PolicyDocument);
    case 'edit-stack-trust':
      return [
        line(`    through stack ${clean(action.request.StackName)}`, 'dim'),
        ...templateLines(action),
        ...diffLines(action.expects, action.trustPolicy),
      ];
    case 'update-role-stack':
      return diffLines(action.expects.TemplateBody, action.request.TemplateBody, 'template');
    case 'create-role-stack': {
      const { TemplateBody, EnableTerminationProtection: _, ...request } = action.request;
      return [
        ...requestLines(request, {}, all),
        ...jsonLines(TemplateBody).map(text => line(`    + ${clean(text)}`, 'add')),
      ];
    }
    case 'delete-association':
      return [change('-', 'association', action.request.associationId), change('-', 'roleArn', action.expects.roleArn)];
    default:
      return requestLines(action.request, 'expects' in action ? action.expects : {}, all);
  }
}

/** What its stack's template has today and the role has not, and the other way round: the template is written over. */
function templateLines({ templateTrust, expects }: Extract<Action, { type: 'edit-stack-trust' }>): readonly Line[] {
  if (templateTrust === undefined) return [];
  const note = 'its template and the role differ today; from the template (-) to the live policy (+):';
  return [
    line(`    ${note}`, 'warning'),
    ...diffLines(templateTrust, expects),
    line('    and then the change:', 'dim'),
  ];
}

const obvious = new Set(['clusterName', 'namespace', 'serviceAccount', 'associationId', 'addonName']);

function requestLines(request: object, expects: object, all: readonly ActionNode[]): readonly Line[] {
  const before = new Map<string, unknown>(Object.entries(expects));
  return Object.entries(request).flatMap(([name, value]) => {
    if (obvious.has(name) || value === undefined) return [];
    const old = before.get(name);
    const was = old === undefined || old === null ? [] : [change('-', name, valueText(old, all))];
    return [...was, change('+', name, valueText(value, all))];
  });
}

function valueText(value: unknown, all: readonly ActionNode[]): string {
  if (isRef(value)) return `known after step ${stepOf(value.$from, all)}`;
  if (value === '') return '(none)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const change = (sign: '+' | '-', name: string, value: string): Line =>
  line(`    ${sign} ${name.padEnd(20)} ${clean(value)}`, sign === '+' ? 'add' : 'remove');

/** A document before and after, as lines with `+` and `-`, and its length. */
export function diffLines(before: string, after: string, what = 'trust policy'): readonly Line[] {
  const changed = condense(lineDiff(jsonLines(before), jsonLines(after)));
  return [
    line(`    ${what}, ${before.length} -> ${after.length} characters`, 'dim'),
    ...changed.map(item =>
      line(`    ${item.sign} ${clean(item.text)}`, item.sign === '+' ? 'add' : item.sign === '-' ? 'remove' : 'dim'),
    ),
  ];
}
