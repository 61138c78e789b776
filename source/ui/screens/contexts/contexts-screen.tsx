import { Box, Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { contextsHeight } from '../../actions/perform/contexts.ts';
import { FrameBox } from '../../components/frame-box.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { contextsOf, regionsOf } from '../../controller/contexts.ts';
import { useApp, useRevision, useUi } from '../../hooks/use-app.ts';
import { type ContextRow, defaultChain } from '../../state/contexts.ts';
import { layoutOf } from '../../state/layout.ts';
import { type Line, line } from '../../state/lines.ts';
import { topFrame } from '../../state/state.ts';
import { gutterWidth } from '../../tables/geometry.ts';
import { healthWidth } from '../../tables/table.ts';
import { pad } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { contextTable } from './columns.ts';
import { contextStrip, noneMatches, noProfiles } from './lines.ts';
import { regionLines, regionStrip } from './regions.ts';

/** Cells left of the names: the gutter of tables, and one for what is in scope. */
const gutter = gutterWidth + 1;

/** The profiles of the shared configuration: which of them are in scope, and how that goes. */
export function ContextsScreen() {
  const app = useApp();
  const theme = useTheme();
  useRevision();
  const state = useUi(now => now);
  const list = useSyncExternalStore(app.contexts.subscribe, app.contexts.get);
  const layout = layoutOf(state.columns, state.rows);
  const { filter } = topFrame(state);
  const { all, rows, at } = contextsOf(app, state);
  const height = contextsHeight(state);
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height));
  const table = contextTable(layout.width - 1, list.wide);
  const cells = layout.width - gutter - healthWidth;
  const counted = rows.length === all.length ? `${all.length}` : `${rows.length} of ${all.length}`;
  const under = rows[at];
  const regions = regionsOf(app, state, state.regions?.profile ?? under?.id);
  const focused = state.regions !== undefined;
  const strip = layout.strip === 0 ? 0 : layout.strip + 1;
  const shown = Math.min(height, rows.length);
  const regionRoom = focused ? layout.body - 1 - shown - strip : Math.min(7, layout.body - 1 - shown - strip);
  const listed =
    regions && (focused || (layout.mode === 'full' && under?.inScope))
      ? regionLines(regions.profile === '' ? defaultChain : regions.profile, { ...regions, focused }, regionRoom)
      : [];
  const region = focused ? regions?.rows[regions.at] : undefined;
  const title: Line = [
    { text: 'contexts', role: 'title' },
    { text: `[${counted}${list.phase === 'reading' && all.length === 0 ? '…' : ''}]`, role: 'accent' },
    ...(filter === '' ? [] : [{ text: ` </${clean(filter)}>`, role: 'warning' as const }]),
    { text: `  ${all.filter(({ inScope }) => inScope).length} in scope`, role: 'dim' },
  ];
  const notices = list.failure
    ? [line(`  ✗ ${clean(list.failure.message)}`, 'error')]
    : list.profiles.length === 0 && list.phase === 'read'
      ? noProfiles
      : all.length === 0
        ? [line('  Reading the profiles', 'dim')]
        : rows.length === 0
          ? noneMatches(filter, all.length)
          : [];
  const position = rows.length === 0 ? '' : `${at + 1}/${rows.length}`;
  return (
    <FrameBox columns={state.columns} body={layout.body} title={title} position={position}>
      {rows.length > 0 && (
        <Box flexDirection="column" flexShrink={0}>
          <Text wrap="truncate" {...theme.roles.accent} bold>
            {`${' '.repeat(gutter)}${pad(table.header, cells)}STATUS`}
          </Text>
          {rows.slice(top, top + height).map(row => (
            <SpanLine
              key={row.id}
              line={rowLine(row, pad(table.text(row, state.now), cells), row === under)}
              selected={row === under}
            />
          ))}
        </Box>
      )}
      <Box flexDirection="column" flexGrow={1} overflow="hidden">
        {[...notices, ...listed].map((notice, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
          <SpanLine key={index} line={notice} />
        ))}
      </Box>
      {under && layout.strip > 0 && (
        <Box flexDirection="column" flexShrink={0}>
          {(region
            ? regionStrip(region, layout.width, layout.strip)
            : contextStrip(under, state.now, layout.width, layout.strip)
          ).map((each, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
            <SpanLine key={index} line={each} />
          ))}
        </Box>
      )}
    </FrameBox>
  );
}

/** Cursor, whether it is in scope; its cells; how it goes, and that nothing may be changed. */
const rowLine = (row: ContextRow, cells: string, under: boolean): Line => [
  { text: under ? '▌ ' : '  ', role: 'accent' },
  { text: row.inScope ? '● ' : '  ', role: 'ok' },
  { text: cells, role: under ? 'strong' : row.inScope ? 'text' : 'dim' },
  { text: row.status.word, role: row.status.role },
  { text: row.readOnly ? ' ro' : '', role: 'warning' },
];
