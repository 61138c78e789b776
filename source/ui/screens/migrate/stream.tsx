import { Box, Text } from 'ink';
import { SpanLine } from '../../components/spans.tsx';
import { StaticTable } from '../../components/static-table.tsx';
import type { Layout } from '../../state/layout.ts';
import type { SessionState } from '../../state/plan-session.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { streamHeight } from './geometry.ts';
import { streamLine } from './lines.ts';

/** While it runs: the requests as they are answered. After: what did not go through. */
export function Stream({ state, layout }: { readonly state: SessionState; readonly layout: Layout }) {
  const theme = useTheme();
  const height = streamHeight(layout);
  if (height === 0 || (state.phase !== 'running' && state.phase !== 'finished')) return null;
  const { result } = state.run;
  const open = result
    ? [
        ...result.failed.map(item => ({ ...item, what: 'failed' })),
        ...(result.unknown ?? []).map(item => ({ ...item, what: 'unknown' })),
        ...result.held.map(item => ({ ...item, what: 'held' })),
        ...result.skipped.map(item => ({ ...item, what: 'not done' })),
      ]
    : [];
  const title = open.length > 0 ? 'what is left' : 'requests';
  const rule = `  ── ${title} ${'─'.repeat(Math.max(0, layout.width - title.length - 9))}`;
  return (
    <Box flexDirection="column" height={height + 1} overflow="hidden">
      <Text wrap="truncate" {...theme.roles.border}>
        {rule}
      </Text>
      {open.length > 0 ? (
        open.length === 1 && height >= 5 ? (
          <Box paddingLeft={2}>
            <StaticTable
              records={open.map(item => ({
                WHAT: item.what,
                SUBJECT: clean(item.subject),
                REASON: clean(item.reason),
              }))}
              width={layout.width - 4}
            />
          </Box>
        ) : (
          open
            .slice(0, height)
            .map(item => (
              <SpanLine
                key={item.id}
                line={[
                  { text: `   ${item.what.padEnd(9)}`, role: item.what === 'failed' ? 'error' : 'warning' },
                  { text: `${clean(item.subject)}: ${clean(item.reason)}` },
                ]}
              />
            ))
        )
      ) : (
        state.run.stream.slice(-height).map((note, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of the stream is its place
          <SpanLine key={index} line={[{ text: ' ' }, ...streamLine(note)]} />
        ))
      )}
    </Box>
  );
}
