import type { Place } from '../state/view.ts';
import type { ActionSpec, PlanPhase } from './action.ts';
import { type ActionId, actions } from './actions.ts';

/** Keys that the user has given to actions instead of their own. */
export type KeyMap = ReadonlyMap<ActionId, readonly string[]>;

export const ownKeys: KeyMap = new Map();

/** An action with the keys that it has now. */
export type Action = ActionSpec & { readonly id: ActionId };

const tables = new WeakMap<KeyMap, Map<Place, readonly Action[]>>();

/** Actions that work in a place, in the order of the table. */
export function actionsIn(place: Place, map: KeyMap = ownKeys): readonly Action[] {
  const known = tables.get(map) ?? new Map<Place, readonly Action[]>();
  tables.set(map, known);
  const before = known.get(place);
  if (before) return before;
  const found = (actions as readonly Action[])
    .filter(action => action.scope.includes(place))
    .map(action => ({ ...action, keys: map.get(action.id) ?? action.keys }));
  known.set(place, found);
  return found;
}

/** The action of a key in a place. */
export const actionFor = (place: Place, key: string, map: KeyMap = ownKeys): Action | undefined =>
  actionsIn(place, map).find(action => action.keys.includes(key));

/** What the header shows for a place, in order; of a plan, what its state allows. */
export const hintsFor = (place: Place, plan?: PlanPhase, map: KeyMap = ownKeys): readonly Action[] =>
  actionsIn(place, map)
    .filter(action => action.hint !== undefined && (!plan || !action.phases || action.phases.includes(plan)))
    .sort((a, b) => (a.hint ?? 0) - (b.hint ?? 0));
