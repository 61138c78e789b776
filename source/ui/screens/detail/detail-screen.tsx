import { Box, Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { FrameBox } from '../../components/frame-box.tsx';
import { Page, pagePosition } from '../../components/page.tsx';
import { StaticTable } from '../../components/static-table.tsx';
import { useApp, useRevision, useUi } from '../../hooks/use-app.ts';
import { layoutOf } from '../../state/layout.ts';
import { topFrame } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { pageHeight, pageLines, podsShown } from '../pages.ts';
import { detailTabs } from './tabs.ts';

/** Everything about one thing, in tabs. */
export function DetailScreen() {
  const app = useApp();
  const theme = useTheme();
  useRevision();
  useSyncExternalStore(app.rolePolicies.subscribe, app.rolePolicies.get);
  const state = useUi(now => now);
  const { view, scroll } = topFrame(state);
  if (view.kind !== 'detail') return null;
  const layout = layoutOf(state.columns, state.rows);
  const tabs = detailTabs(view.subject.type);
  const lines = pageLines(app, state);
  const height = pageHeight(app, state);
  const pods = podsShown(app, state);
  const title = view.subject.type.replace('-', ' ');
  return (
    <FrameBox
      columns={state.columns}
      body={layout.body}
      title={[
        { text: `${title} `, role: 'title' },
        { text: clean(view.label), role: 'text' },
      ]}
      position={pagePosition((pods ?? lines).length, scroll, height)}
    >
      <Text wrap="truncate">
        {tabs.map((tab, index) => (
          <Text key={tab} {...(index === view.tab ? theme.roles.title : theme.roles.dim)}>
            {index === view.tab ? ` [${index + 1} ${tab}] ` : `  ${index + 1} ${tab}  `}
          </Text>
        ))}
      </Text>
      <Text> </Text>
      {pods ? (
        <Box paddingLeft={1} overflow="hidden">
          <StaticTable
            records={pods.slice(Math.max(0, Math.min(scroll, pods.length - height))).slice(0, height)}
            width={layout.width - 2}
          />
        </Box>
      ) : (
        <Page lines={lines} scroll={scroll} height={height} />
      )}
    </FrameBox>
  );
}
