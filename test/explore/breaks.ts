import type { Action } from '../../source/plan/action.ts';
import { type ActionNode, actions, type Plan } from '../../source/plan/plan.ts';
import type { Case, Problem } from './case.ts';
import type { WorldName } from './worlds.ts';

/** A way to make a sound plan dangerous, and worlds in which that shows. */
export type Break = {
  readonly name: string;
  readonly mode: Case['mode'];
  readonly worlds: readonly WorldName[];
  /** As what it shows; absent: an identity is lost. */
  readonly shows?: Problem['kind'];
  readonly spoil: (plan: Plan) => Plan;
};

/** The plan with other actions in other order; `needs` of what is gone are dropped. */
function withActions(plan: Plan, change: (nodes: readonly ActionNode[]) => readonly ActionNode[]): Plan {
  const children = change(actions(plan.root));
  const left = new Set(children.map(({ id }) => id));
  const sound = children.map(node => ({ ...node, needs: node.needs.filter(id => left.has(id)) }));
  return { ...plan, root: { ...plan.root, children: sound } };
}

/** The document without what lets service accounts in by web identity. */
function withoutWebIdentity(document: string): string {
  const policy = JSON.parse(document) as { readonly Statement: unknown };
  const statements = [policy.Statement].flat() as { readonly Principal?: unknown }[];
  const kept = statements.filter(({ Principal }) => !JSON.stringify(Principal).includes('oidc.eks.'));
  return JSON.stringify({ ...policy, Statement: kept });
}

function retireAtOnce(action: Action): Action {
  if (action.type === 'edit-trust') {
    const { request } = action;
    return { ...action, request: { ...request, PolicyDocument: withoutWebIdentity(request.PolicyDocument) } };
  }
  if (action.type === 'edit-stack-trust') return { ...action, trustPolicy: withoutWebIdentity(action.trustPolicy) };
  return action;
}

export const breaks: readonly Break[] = [
  {
    name: 'IRSA retired before the association exists, as eksctl does',
    mode: 'stay',
    worlds: ['unowned', 'shared', 'wildcard', 'owned', 'no-agent'],
    spoil: plan => withActions(plan, nodes => nodes.map(node => ({ ...node, action: retireAtOnce(node.action) }))),
  },
  {
    name: 'annotations taken away before anything else',
    mode: 'retire',
    worlds: ['unowned', 'addons', 'chained'],
    spoil: plan =>
      withActions(plan, nodes => {
        const first = nodes.filter(({ action }) => action.type === 'annotate').map(node => ({ ...node, needs: [] }));
        return [...first, ...nodes.filter(({ action }) => action.type !== 'annotate')];
      }),
  },
  {
    name: 'associations without an agent',
    mode: 'stay',
    worlds: ['no-agent'],
    spoil: plan => withActions(plan, nodes => nodes.filter(({ action }) => action.type !== 'install-addon')),
  },
  {
    name: 'a create that fails without clean-ups, as eksctl does',
    mode: 'fail',
    worlds: ['failing'],
    shows: 'goal missed',
    spoil: plan => withActions(plan, nodes => nodes.filter(({ onlyIfFails }) => onlyIfFails === undefined)),
  },
  {
    name: "somebody else's stack deleted in place of the own one",
    mode: 'unmake',
    worlds: ['made'],
    spoil: plan =>
      withActions(plan, nodes =>
        nodes.map(node => {
          const { action } = node;
          if (action.type !== 'delete-role-stack' || node.onlyIfFails !== undefined) return node;
          return { ...node, action: { ...action, request: { StackName: 'app', StackId: 'app' } } };
        }),
      ),
  },
];
