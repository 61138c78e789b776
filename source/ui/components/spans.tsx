import { Text } from 'ink';
import { memo } from 'react';
import { type Line, sameLine } from '../state/lines.ts';
import { useTheme } from '../theme/context.ts';
import type { Role, Theme } from '../theme/theme.ts';

/** `selected`: the cursor stands on it. */
type Props = { readonly line: Line; readonly selected?: boolean };

/** What the cursor may cover: signs and words of health keep their colours under it, as in tables. */
const covered: ReadonlySet<Role> = new Set<Role>(['text', 'strong', 'dim']);

const styleOf = (theme: Theme, role: Role, selected: boolean) =>
  selected && covered.has(role) ? theme.selection : theme.roles[role];

/** One line of a page. One that says what it said before is not drawn again, whoever made it anew. */
export const SpanLine = memo(
  function SpanLine({ line, selected = false }: Props) {
    const theme = useTheme();
    if (line.length === 0) return <Text> </Text>;
    return (
      <Text wrap="truncate-end">
        {line.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line have no other identity
          <Text key={index} {...styleOf(theme, span.role ?? 'text', selected)}>
            {span.text}
          </Text>
        ))}
      </Text>
    );
  },
  (before, after) => before.selected === after.selected && sameLine(before.line, after.line),
);
