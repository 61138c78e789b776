import { Box, Text } from 'ink';
import { memo } from 'react';
import type { TableLine } from '../hooks/use-table-slice.ts';
import { healthWidth } from '../tables/table.ts';
import { pad } from '../text/pad.ts';
import { useTheme } from '../theme/context.ts';

/**
 * One row: the cursor and the mark, the padded cells (one ASCII `Text`, which is what makes a key press cheap), and
 * the health with its sign in a `Text` of its own.
 */
const RowLine = memo(function RowLine({ line, width }: { readonly line: TableLine; readonly width: number }) {
  const theme = useTheme();
  const over = line.selected ? theme.selection : {};
  const text = pad(line.text, width);
  return (
    <Box>
      <Text {...theme.roles.accent} {...over}>
        {line.selected ? '▌' : ' '}
      </Text>
      <Text {...theme.roles.mark} {...over}>
        {line.marked ? '* ' : '  '}
      </Text>
      <Text wrap="truncate" {...theme.roles[line.role]} {...over}>
        {text}
      </Text>
      <Text wrap="truncate" {...theme.roles[line.healthRole]} {...over}>
        {pad(line.health, healthWidth)}
      </Text>
    </Box>
  );
});

type Props = { readonly header: string; readonly lines: readonly TableLine[]; readonly width: number };

/** The visible rows of a table under their header. */
export function RowList({ header, lines, width }: Props) {
  const theme = useTheme();
  const text = width - 3 - healthWidth;
  return (
    <Box flexDirection="column">
      <Text wrap="truncate" {...theme.roles.accent} bold>
        {`   ${pad(header, text)}HEALTH`}
      </Text>
      {lines.map(line => (
        <RowLine key={line.id} line={line} width={text} />
      ))}
    </Box>
  );
}
