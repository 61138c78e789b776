import { useSyncExternalStore } from 'react';
import { FrameBox } from '../components/frame-box.tsx';
import { Page, pagePosition } from '../components/page.tsx';
import { useApp, useRevision, useUi } from '../hooks/use-app.ts';
import { layoutOf } from '../state/layout.ts';
import type { Line } from '../state/lines.ts';
import { topFrame } from '../state/state.ts';
import { clean } from '../text/sanitise.ts';
import { pageHeight, pageLines } from './pages.ts';

/** Log and a run: lines that scroll. The log is read from its end. */
export function PageScreen() {
  const app = useApp();
  useRevision();
  useSyncExternalStore(app.runs.subscribe, app.runs.get);
  const state = useUi(now => now);
  const { view, scroll, filter } = topFrame(state);
  const layout = layoutOf(state.columns, state.rows);
  const lines = pageLines(app, state);
  const height = pageHeight(app, state);
  const most = Math.max(0, lines.length - height);
  const top = view.kind === 'log' ? most - Math.min(scroll, most) : Math.min(scroll, most);
  const title: Line = [
    {
      text: view.kind === 'run' ? `run ${clean(view.run)}` : view.kind,
      role: 'title',
    },
    { text: view.kind === 'log' && app.model.log().length > 0 ? `[${lines.length}]` : '', role: 'accent' },
    { text: filter === '' ? '' : ` </${clean(filter)}>`, role: 'warning' },
  ];
  return (
    <FrameBox
      columns={state.columns}
      body={layout.body}
      title={title}
      position={pagePosition(lines.length, top, height)}
    >
      <Page lines={lines} scroll={top} height={height} />
    </FrameBox>
  );
}
