import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { type Line, lineText, sameLine } from '../state/lines.ts';
import { cells, cut } from '../text/pad.ts';
import { useRole, useTheme } from '../theme/context.ts';
import type { Role } from '../theme/theme.ts';

type Props = {
  readonly columns: number;
  /** Rows between the borders. */
  readonly body: number;
  readonly title: Line;
  /** At the right of the lower border. */
  readonly position?: string;
  /** At the left of the lower border. */
  readonly note?: Line;
  readonly children: ReactNode;
};

/** A line in so many cells: in one role where it has to be cut. */
const fitting = (line: Line, room: number, role: Role): Line =>
  cells(lineText(line)) > room ? [{ text: cut(lineText(line), room), role }] : line;

/**
 * The one pane: a rounded border with the title laid over its top, a note and the position over its bottom.
 *
 * Ink draws the border; a `Text` of a hundred line-drawing signs would be measured sign by sign at every key press. For
 * the same reason it clips rows only: what is in it cuts its own lines.
 */
export function FrameBox({ columns, body, title, position = '', note = [], children }: Props) {
  const theme = useTheme();
  const border = theme.roles.border;
  const room = columns - 6;
  const shown = fitting(title, room, 'title');
  const place = position === '' ? '' : ` ${cut(position, room)} `;
  const noted = fitting(note, room - cells(place), 'dim');
  return (
    <Box flexDirection="column" width="100%">
      <Box
        height={body + 2}
        borderStyle="round"
        {...(border.color ? { borderColor: border.color } : {})}
        borderDimColor={border.dimColor ?? false}
        flexDirection="column"
        overflowY="hidden"
      >
        {children}
      </Box>
      <Box position="absolute" top={0} left={2}>
        <OnBorder line={shown} />
      </Box>
      {noted.length > 0 && (
        <Box position="absolute" top={body + 1} left={2}>
          <OnBorder line={noted} />
        </Box>
      )}
      {place !== '' && (
        <Box position="absolute" top={body + 1} left={columns - 2 - cells(place)}>
          <Place text={place} />
        </Box>
      )}
    </Box>
  );
}

/** What did not change is not drawn again: the lines under the borders move more often. */
const OnBorder = memo(
  function OnBorder({ line }: { readonly line: Line }) {
    const theme = useTheme();
    return (
      <Text wrap="truncate">
        {' '}
        {line.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the spans of a title have no other identity
          <Text key={index} {...theme.roles[span.role ?? 'title']}>
            {span.text}
          </Text>
        ))}{' '}
      </Text>
    );
  },
  (before, after) => sameLine(before.line, after.line),
);

const Place = memo(function Place({ text }: { readonly text: string }) {
  return (
    <Text wrap="truncate" {...useRole('border')}>
      {text}
    </Text>
  );
});
