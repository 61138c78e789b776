import { Box, Text } from 'ink';
import { smallest } from '../state/layout.ts';

/** Shown when there is no room for a table. Keys still work: q quits. */
export function TooSmall({ columns, rows }: { readonly columns: number; readonly rows: number }) {
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      <Text wrap="truncate">{`${smallest.columns}x${smallest.rows} needed, now ${columns}x${rows}`}</Text>
      <Text wrap="truncate">q quits</Text>
    </Box>
  );
}
