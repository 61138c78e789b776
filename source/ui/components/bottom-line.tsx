import { Box, Text } from 'ink';
import { suggestionsOf } from '../actions/perform/prompt.ts';
import { useApp, useFacts, useUi } from '../hooks/use-app.ts';
import { sameLine } from '../state/lines.ts';
import { topFrame } from '../state/state.ts';
import { pad } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import { verdict } from '../text/verdict.ts';
import { useTheme } from '../theme/context.ts';
import type { Role } from '../theme/theme.ts';
import { FieldText } from './field-text.tsx';
import { SpanLine } from './spans.tsx';

const flashRole: Readonly<Record<string, Role>> = { info: 'text', warning: 'warning', error: 'error' };

/** Flash and prompt share the last line: typing replaces the message in place, nothing above moves. */
export function BottomLine() {
  const theme = useTheme();
  const prompt = useUi(state => state.prompt);
  const flash = useUi(state => state.flash);
  const columns = useUi(state => state.columns);
  const home = useUi(state => topFrame(state).view.kind === 'clusters');
  if (prompt) {
    const error = prompt.error ?? '';
    return (
      <Box>
        <Text {...theme.roles.accent} bold>{` ${prompt.kind === 'filter' ? '/' : ':'}`}</Text>
        <FieldText field={prompt.field} focused width={Math.max(10, columns - 4 - error.length - 3)} />
        <Text {...theme.roles.error}>{error === '' ? '' : `   ${clean(error)}`}</Text>
      </Box>
    );
  }
  if (!flash) return home ? <Verdict columns={columns} /> : <Text> </Text>;
  const sign = flash.level === 'warning' ? '! ' : '';
  return (
    <Text wrap="truncate-end" {...theme.roles[flashRole[flash.level] ?? 'text']}>{` ${sign}${clean(flash.text)}`}</Text>
  );
}

/** How the fleet stands, where the app opens. */
function Verdict({ columns }: { readonly columns: number }) {
  return <SpanLine line={useFacts([columns], model => verdict(model.clusters(), columns), sameLine)} />;
}

const most = 6;

/** What the command line offers, over the last rows of the pane. */
export function Suggestions() {
  const app = useApp();
  const theme = useTheme();
  const prompt = useUi(state => state.prompt);
  const rows = useUi(state => state.rows);
  const columns = useUi(state => state.columns);
  if (!prompt) return null;
  const all = suggestionsOf(app, app.store.get());
  const top = Math.max(0, Math.min(prompt.pick - most + 1, all.length - most));
  const shown = all.slice(top, top + most);
  if (shown.length === 0) return null;
  const width = columns - 2;
  return (
    <Box position="absolute" top={rows - 3 - shown.length} left={1} flexDirection="column">
      {shown.map((item, index) => {
        const picked = top + index === prompt.pick;
        const text = pad(`${picked ? '▌' : ' '} ${pad(clean(item.text), 24)} ${clean(item.hint)}`, width);
        return (
          <Text key={item.text} {...(picked ? theme.selection : theme.roles.dim)}>
            {text}
          </Text>
        );
      })}
    </Box>
  );
}
