import { Text } from 'ink';
import type { TextField } from '../state/text-field.ts';
import { cells, cut, graphemes } from '../text/pad.ts';
import { clean } from '../text/sanitise.ts';
import { useTheme } from '../theme/context.ts';

type Props = {
  readonly field: TextField;
  readonly focused: boolean;
  readonly width: number;
  readonly placeholder?: string;
};

/** The text of a field with its caret, scrolled so that the caret is always visible. */
export function FieldText({ field, focused, width, placeholder = '' }: Props) {
  const theme = useTheme();
  if (field.value === '' && !focused) return <Text {...theme.roles.dim}>{cut(placeholder, width)}</Text>;
  if (!focused) return <Text wrap="truncate">{cut(clean(field.value), width)}</Text>;
  const parts = graphemes(field.value);
  const room = Math.max(1, width - 1);
  let start = 0;
  while (cells(parts.slice(start, field.caret).join('')) > room) start += 1;
  const before = parts.slice(start, field.caret).join('');
  const after = cut(clean(parts.slice(field.caret).join('')), Math.max(0, room - cells(before)));
  return (
    <Text wrap="truncate">
      {clean(before)}
      <Text {...theme.roles.accent}>▏</Text>
      {after}
    </Text>
  );
}
