import { Box, Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { runIndex, runsHeight } from '../../actions/perform/runs.ts';
import { FrameBox } from '../../components/frame-box.tsx';
import { Page } from '../../components/page.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { useApp, useSessions, useUi } from '../../hooks/use-app.ts';
import { layoutOf } from '../../state/layout.ts';
import { blank, line } from '../../state/lines.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { runRow, runsHeading } from './lines.ts';

/** What was carried out, newest first, from the journals of this user in this world. */
export function RunsScreen() {
  const app = useApp();
  const theme = useTheme();
  useSessions();
  const state = useUi(now => now);
  const { phase, rows, failure } = useSyncExternalStore(app.runs.subscribe, app.runs.get);
  const layout = layoutOf(state.columns, state.rows);
  const height = runsHeight(state);
  const cursor = runIndex(app, state);
  const top = Math.max(0, Math.min(cursor - Math.floor(height / 2), rows.length - height));
  const going = new Set(app.sessions.running().map(session => session.run));
  return (
    <FrameBox
      columns={state.columns}
      body={layout.body}
      title={[
        { text: 'runs', role: 'title' },
        { text: `[${rows.length}${phase === 'reading' ? '…' : ''}]`, role: 'accent' },
      ]}
      position={rows.length === 0 ? '' : `${cursor + 1}/${rows.length}`}
    >
      {failure && <SpanLine line={[{ text: ` ✗ ${clean(failure.message)}`, role: 'error' }]} />}
      {rows.length === 0 && phase === 'reading' && (
        <Box paddingLeft={3}>
          <Spinner />
          <Text> Reading the journals</Text>
        </Box>
      )}
      {rows.length === 0 && phase === 'read' && (
        <Page
          lines={[
            blank,
            line('  No runs here yet', 'title'),
            blank,
            line('  Each change that is carried out is kept.', 'dim'),
          ]}
          scroll={0}
          height={5}
        />
      )}
      {rows.length > 0 && (
        <>
          <Text wrap="truncate" {...theme.roles.accent} bold>{`   ${runsHeading(layout.width - 3)}`}</Text>
          {rows.slice(top, top + height).map((item, index) => (
            <Box key={item.run}>
              <Text {...theme.roles.accent}>{top + index === cursor ? ' ▌ ' : '   '}</Text>
              <SpanLine line={runRow(item, going.has(item.run), layout.width - 3)} selected={top + index === cursor} />
            </Box>
          ))}
        </>
      )}
    </FrameBox>
  );
}
