import { Box, Text } from 'ink';
import type { TextField } from '../state/text-field.ts';
import { useTheme } from '../theme/context.ts';
import { FieldText } from './field-text.tsx';

/** `[ Cancel ]` with the focus, `< Cancel >` without: told by the brackets as well as by colour. */
export function Button({
  label,
  focused,
  enabled = true,
}: {
  readonly label: string;
  readonly focused: boolean;
  readonly enabled?: boolean;
}) {
  const theme = useTheme();
  const style = focused ? theme.roles.button : enabled ? theme.roles.text : theme.roles.dim;
  // A row that is too narrow takes from what stands beside: half a button is none.
  return (
    <Box flexShrink={0}>
      <Text {...style}>{focused ? `[ ${label} ]` : `< ${label} >`}</Text>
    </Box>
  );
}

/** Type `phrase` to go on. */
export function Phrase({
  phrase,
  typed,
  focused,
}: {
  readonly phrase: string;
  readonly typed: TextField;
  readonly focused: boolean;
}) {
  const theme = useTheme();
  const matches = typed.value.trim() === phrase;
  return (
    <Box>
      <Text {...theme.roles.warning}>{`Type  ${phrase}  to confirm: `}</Text>
      <Box width={Math.max(12, phrase.length + 4)}>
        <FieldText field={typed} focused={focused} width={Math.max(11, phrase.length + 3)} placeholder="________" />
      </Box>
      <Text {...(matches ? theme.roles.ok : theme.roles.dim)}>{matches ? '✓' : ' '}</Text>
    </Box>
  );
}
