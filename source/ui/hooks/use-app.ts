import { createContext, useContext, useSyncExternalStore } from 'react';
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

/** Renders again when a plan or a run moves. */
export function useSessions(): App['sessions'] {
  const { sessions } = useApp();
  useSyncExternalStore(sessions.subscribe, sessions.get);
  return sessions;
}
