import { useSyncExternalStore } from 'react';
import { FrameBox } from '../components/frame-box.tsx';
import { Page, pagePosition } from '../components/page.tsx';
import { useApp, useRevision, useUi } from '../hooks/use-app.ts';
import { layoutOf } from '../state/layout.ts';
import type { Line } from '../state/lines.ts';
import { topFrame } from '../state/state.ts';
import { streamWindow } from '../state/stream.ts';
import { followNote } from '../text/follow.ts';
import { clean } from '../text/sanitise.ts';
import { firstKey } from './help/key-text.ts';
import { shownLog } from './log/shown.ts';
import { pageHeight, pageLines } from './pages.ts';

/** Log and a run: lines that scroll. The end of the log is followed until somebody scrolls. */
export function PageScreen() {
  const app = useApp();
  useRevision();
  useSyncExternalStore(app.runs.subscribe, app.runs.get);
  const state = useUi(now => now);
  const { view, scroll, filter, stream } = topFrame(state);
  const layout = layoutOf(state.columns, state.rows);
  const lines = pageLines(app, state);
  const height = pageHeight(app, state);
  const window = view.kind === 'log' ? streamWindow(shownLog(app, state), stream, height) : undefined;
  const top = window?.top ?? Math.min(scroll, Math.max(0, lines.length - height));
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
      note={window ? followNote(window, firstKey('follow-log', state.keyMap)) : []}
    >
      <Page lines={lines} scroll={top} height={height} />
    </FrameBox>
  );
}
