import { Box, Text } from 'ink';
import { FrameBox } from '../../components/frame-box.tsx';
import { RowList } from '../../components/row-list.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { useUi } from '../../hooks/use-app.ts';
import { type Strip, useTableSlice } from '../../hooks/use-table-slice.ts';
import { layoutOf } from '../../state/layout.ts';
import { topFrame } from '../../state/state.ts';
import { isTable } from '../../state/view.ts';
import { cut } from '../../text/pad.ts';
import { useTheme } from '../../theme/context.ts';
import { noticeLines } from './notices.ts';
import { tableTitle } from './title.ts';

/** The row under the cursor, explained: its worst finding, then its facts. */
function HealthStrip({ strip, width }: { readonly strip: Strip; readonly width: number }) {
  const theme = useTheme();
  const head = `  ${strip.subject}  `;
  return (
    <Box flexDirection="column">
      <Text> </Text>
      <Text wrap="truncate-end">
        <Text bold>{head}</Text>
        <Text {...theme.roles[strip.healthRole]}>{`${strip.health}  `}</Text>
        <Text>{strip.detail}</Text>
      </Text>
      <Text wrap="truncate-end" {...theme.roles.dim}>{`  ${cut(strip.more, width - 3)}`}</Text>
    </Box>
  );
}

/** Any of the five tables. */
export function TableScreen() {
  const slice = useTableSlice();
  const frame = useUi(topFrame);
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  const now = useUi(state => state.now);
  const layout = layoutOf(columns, rows);
  const { view } = frame;
  if (!slice || !isTable(view)) return null;
  const notices = noticeLines(view, slice.pane, now, layout.width, frame.filter, slice.total);
  const hasRows = slice.lines.length > 0;
  return (
    <FrameBox columns={columns} body={layout.body} title={tableTitle(view, frame, slice)} position={slice.position}>
      {notices.slice(0, layout.body - 1).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of a notice is its place
        <SpanLine key={index} line={line} />
      ))}
      {hasRows && (
        <Box flexDirection="column" flexGrow={1}>
          <RowList header={slice.header} lines={slice.lines} width={layout.width} />
        </Box>
      )}
      {hasRows && layout.strip > 0 && slice.strip && <HealthStrip strip={slice.strip} width={layout.width} />}
    </FrameBox>
  );
}
