import { Text } from 'ink';
import { memo } from 'react';
import type { Line } from '../state/lines.ts';
import { useTheme } from '../theme/context.ts';

/** One line of a page. */
export const SpanLine = memo(function SpanLine({ line }: { readonly line: Line }) {
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
});
