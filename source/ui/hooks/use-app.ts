import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import type { LiveModel } from '../../live/model.ts';
import type { App } from '../controller/app.ts';
import type { UiState } from '../state/state.ts';

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('a component of the app was rendered outside it');
  return app;
}

/** A part of the state; the component renders again only when that part is another value. */
export function useUi<T>(select: (state: UiState) => T): T {
  const { store } = useApp();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

/** Renders again with every commit of the model. For small or rare views; tables use their slice. */
export function useRevision(): number {
  const { model } = useApp();
  return useSyncExternalStore(
    listener => model.subscribe(listener),
    () => model.revision,
  );
}

/**
 * What the model says, made into what is shown. The component renders again only when that is something else: the model
 * commits many times a second while it is filled, and each rendering costs the drawing of a screen.
 *
 * @param of what else it is made of
 */
export function useFacts<T>(of: readonly unknown[], tell: (model: LiveModel) => T, same: (a: T, b: T) => boolean): T {
  const { model } = useApp();
  const last = useRef<{ readonly of: readonly unknown[]; readonly told: T }>(undefined);
  return useSyncExternalStore(
    listener => model.subscribe(listener),
    () => {
      const now = [model.revision, ...of];
      const before = last.current;
      if (before?.of.every((item, at) => item === now[at])) return before.told;
      const told = tell(model);
      last.current = { of: now, told: before && same(before.told, told) ? before.told : told };
      return last.current.told;
    },
  );
}

/** Renders again when a plan or a run moves. */
export function useSessions(): App['sessions'] {
  const { sessions } = useApp();
  useSyncExternalStore(sessions.subscribe, sessions.get);
  return sessions;
}
