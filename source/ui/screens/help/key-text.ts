import { type ActionId, actions } from '../../actions/actions.ts';
import type { KeyMap } from '../../actions/key-map.ts';

const shown: Readonly<Record<string, string>> = { pagedown: 'pgdn', pageup: 'pgup' };

/** `ctrl-f` and so on as people read them; capitals are shift. */
export const keyText = (key: string): string =>
  shown[key] ?? (/^[A-Z]$/.test(key) ? `shift-${key.toLowerCase()}` : key);

/** The first key that an action has now, as the hints say it: a capital is itself. */
export function firstKey(id: ActionId, map: KeyMap): string {
  const [key = ''] = map.get(id) ?? actions.find(action => action.id === id)?.keys ?? [];
  return /^[A-Z]$/.test(key) ? key : keyText(key);
}
