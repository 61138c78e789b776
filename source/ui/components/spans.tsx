import { Text } from 'ink';
import { memo } from 'react';
import { type Line, sameLine } from '../state/lines.ts';
import { useTheme } from '../theme/context.ts';

type Props = { readonly line: Line };

/** One line of a page. One that says what it said before is not drawn again, whoever made it anew. */
export const SpanLine = memo(
  function SpanLine({ line }: Props) {
    const theme = useTheme();
    if (line.length === 0) return <Text> </Text>;
    return (
      <Text wrap="truncate-end">
        {line.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a line have no other identity
          <Text key={index} {...theme.roles[span.role ?? 'text']}>
            {span.text}
          </Text>
        ))}
      </Text>
    );
  },
  (before, after) => sameLine(before.line, after.line),
);
