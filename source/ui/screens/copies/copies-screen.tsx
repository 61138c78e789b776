import { Box, Text } from 'ink';
import { FrameBox } from '../../components/frame-box.tsx';
import { Page } from '../../components/page.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { copiesShown } from '../../controller/copies.ts';
import { useApp, useRevision, useUi } from '../../hooks/use-app.ts';
import { layoutOf } from '../../state/layout.ts';
import { topFrame } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { copiesHeading, copyNotes, copyRow, noCopies } from './lines.ts';

/** Lines under the list that are kept for what a copy runs into. */
const leastNotes = 5;

/** Where the association of a service account can be copied to, and what stands in the way there. */
export function CopiesScreen() {
  const app = useApp();
  const theme = useTheme();
  useRevision();
  const state = useUi(now => now);
  const layout = layoutOf(state.columns, state.rows);
  const { view } = topFrame(state);
  const { copies, at } = copiesShown(app, state);
  if (view.kind !== 'copies') return null;
  const list = copies?.to ?? [];
  const under = list[at];
  const notes = under ? copyNotes(under, layout.width) : [];
  const height = Math.max(1, Math.min(list.length, layout.body - 2 - Math.max(leastNotes, notes.length)));
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), list.length - height));
  return (
    <FrameBox
      columns={state.columns}
      body={layout.body}
      title={[
        { text: 'copy to ', role: 'title' },
        { text: clean(`${view.namespace}/${view.serviceAccount}`), role: 'text' },
        { text: `[${list.length}]`, role: 'accent' },
        { text: copies ? `  as in ${clean(copies.from.row.clusterName)}` : '', role: 'dim' },
      ]}
      position={list.length === 0 ? '' : `${at + 1}/${list.length}`}
    >
      {copies && list.length > 0 ? (
        <>
          <Text wrap="truncate" {...theme.roles.accent} bold>{`   ${copiesHeading(layout.width - 3)}`}</Text>
          {list.slice(top, top + height).map((copy, index) => (
            <Box key={copy.cluster.id} flexShrink={0}>
              <Text {...theme.roles.accent}>{top + index === at ? ' ▌ ' : '   '}</Text>
              <SpanLine line={copyRow(copy, copies, layout.width - 3)} selected={top + index === at} />
            </Box>
          ))}
          <Text> </Text>
          <Page lines={notes} scroll={0} height={Math.max(0, layout.body - 2 - height)} />
        </>
      ) : (
        <Page lines={noCopies(copies)} scroll={0} height={layout.body} />
      )}
    </FrameBox>
  );
}
