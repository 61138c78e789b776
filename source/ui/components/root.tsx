import { useApp as useInk, useInput, usePaste, useStdin, useWindowSize } from 'ink';
import { type ReactNode, useEffect, useLayoutEffect } from 'react';
import type { App } from '../controller/app.ts';
import { keep } from '../controller/keeper.ts';
import { AppContext, useUi } from '../hooks/use-app.ts';
import { handleInput, handlePaste } from '../input/dispatch.ts';
import { leaveInput } from '../input/leave-input.ts';
import { ThemeContext } from '../theme/context.ts';
import { themeOf } from '../theme/theme.ts';
import { Screen } from './screen.tsx';

/** The one place that hears keys and pastes, and that learns the size of the terminal. */
function Terminal({ app }: { readonly app: App }) {
  const { exit, suspendTerminal } = useInk();
  const { stdin } = useStdin();
  const { columns, rows } = useWindowSize();
  useInput((input, key) => handleInput(app, input, key));
  usePaste(text => handlePaste(app, text));
  useLayoutEffect(() => {
    app.store.update(state => (state.columns === columns && state.rows === rows ? state : { ...state, columns, rows }));
  }, [app, columns, rows]);
  useEffect(() => {
    app.hands = { exit, suspend: work => suspendTerminal(() => leaveInput(stdin, work)) };
    return keep(app);
  }, [app, exit, suspendTerminal, stdin]);
  return null;
}

function Themed({ app, children }: { readonly app: App; readonly children: ReactNode }) {
  const chosen = useUi(state => state.theme);
  return <ThemeContext value={chosen ? themeOf(chosen, app.theme.depth) : app.theme}>{children}</ThemeContext>;
}

/** The whole app for one terminal. */
export function Root({ app }: { readonly app: App }) {
  return (
    <AppContext value={app}>
      <Themed app={app}>
        <Terminal app={app} />
        <Screen />
      </Themed>
    </AppContext>
  );
}
