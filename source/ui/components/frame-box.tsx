import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Line } from '../state/lines.ts';
import { lineText } from '../state/lines.ts';
import { cells, cut } from '../text/pad.ts';
import { useTheme } from '../theme/context.ts';

type Props = {
  readonly columns: number;
  /** Rows between the borders. */
  readonly body: number;
  readonly title: Line;
  /** At the right of the lower border. */
  readonly position?: string;
  readonly children: ReactNode;
};

/** The one pane: a rounded border with the title cut into its top and the position into its bottom. */
export function FrameBox({ columns, body, title, position = '', children }: Props) {
  const theme = useTheme();
  const border = theme.roles.border;
  const room = columns - 6;
  const long = cells(lineText(title)) > room;
  const shown: Line = long ? [{ text: cut(lineText(title), room), role: 'title' }] : title;
  const fill = Math.max(0, columns - 5 - cells(lineText(shown)));
  const place = position === '' ? '' : ` ${cut(position, room)} `;
  const below = Math.max(0, columns - 3 - cells(place));
  return (
    <Box flexDirection="column">
      <Text wrap="truncate">
        <Text {...border}>{'╭─ '}</Text>
        {shown.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a title have no other identity
          <Text key={index} {...theme.roles[span.role ?? 'title']}>
            {span.text}
          </Text>
        ))}
        <Text {...border}>{` ${'─'.repeat(fill)}╮`}</Text>
      </Text>
      <Box
        height={body}
        borderStyle="round"
        borderTop={false}
        borderBottom={false}
        {...(border.color ? { borderColor: border.color } : {})}
        borderDimColor={border.dimColor ?? false}
        flexDirection="column"
        overflow="hidden"
      >
        {children}
      </Box>
      <Text wrap="truncate" {...border}>{`╰${'─'.repeat(below)}${place}─╯`}</Text>
    </Box>
  );
}
