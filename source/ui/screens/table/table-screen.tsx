import { Box, Text } from 'ink';
import { FrameBox } from '../../components/frame-box.tsx';
import { RowList } from '../../components/row-list.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { useUi } from '../../hooks/use-app.ts';
import { type PreviewPane, type TableSlice, useTableSlice } from '../../hooks/use-table-slice.ts';
import { layoutOf } from '../../state/layout.ts';
import type { Line } from '../../state/lines.ts';
import { topFrame } from '../../state/state.ts';
import { isTable } from '../../state/view.ts';
import { cells, cut } from '../../text/pad.ts';
import { useTheme } from '../../theme/context.ts';
import { noticeLines } from './notices.ts';
import { stripLines } from './strip.ts';
import { tableTitle } from './title.ts';

function Lines({ lines }: { readonly lines: readonly Line[] }) {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
    <SpanLine key={index} line={line} />
  ));
}

/** A named rule and what stands under it, or beside the rows. */
function Preview({ pane, width }: { readonly pane: PreviewPane; readonly width: number }) {
  const theme = useTheme();
  const title = cut(pane.title, width - 8);
  const rule = '─'.repeat(Math.max(0, width - 8 - cells(title)));
  return (
    <Box flexDirection="column" width={width} paddingLeft={2}>
      <Text wrap="truncate">
        <Text {...theme.roles.border}>── </Text>
        <Text {...theme.roles.title}>{title}</Text>
        <Text {...theme.roles.border}>{` ${rule}`}</Text>
      </Text>
      <Lines lines={pane.lines} />
    </Box>
  );
}

/** Under the rows, from the lower border up: what failed, then what explains the row under the cursor. */
function Under({ slice, rows, width }: { readonly slice: TableSlice; readonly rows: number; readonly width: number }) {
  const { preview, strip, incomplete } = slice;
  const below = preview?.area.place === 'below' ? preview : undefined;
  return (
    <Box flexDirection="column" flexShrink={0}>
      {below ? (
        <Box flexDirection="column" height={below.area.place === 'below' ? below.area.rows : 0} paddingTop={1}>
          <Preview pane={below} width={width} />
        </Box>
      ) : (
        !preview && rows > 0 && strip && <Lines lines={stripLines(strip, width, rows)} />
      )}
      <Lines lines={incomplete} />
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
  const title = tableTitle(view, frame, slice);
  if (slice.lines.length === 0) {
    const notices = noticeLines(view, slice.pane, now, layout.width, frame, slice.total);
    return (
      <FrameBox columns={columns} body={layout.body} title={title} position={slice.position} note={slice.follow}>
        <Lines lines={notices.slice(0, layout.body)} />
      </FrameBox>
    );
  }
  const right = slice.preview?.area.place === 'right' ? slice.preview : undefined;
  return (
    <FrameBox columns={columns} body={layout.body} title={title} position={slice.position} note={slice.follow}>
      <Box flexGrow={1}>
        <RowList header={slice.header} lines={slice.lines} width={slice.width} />
        {right && right.area.place === 'right' && <Preview pane={right} width={right.area.cells} />}
      </Box>
      <Under slice={slice} rows={layout.strip} width={layout.width} />
    </FrameBox>
  );
}
