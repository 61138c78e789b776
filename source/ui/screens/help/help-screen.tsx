import { FrameBox } from '../../components/frame-box.tsx';
import { Page, pagePosition } from '../../components/page.tsx';
import { helpOf } from '../../controller/help.ts';
import { useApp, useRevision, useSessions, useUi } from '../../hooks/use-app.ts';
import { layoutOf } from '../../state/layout.ts';
import type { Line } from '../../state/lines.ts';
import { topFrame } from '../../state/state.ts';
import { clean } from '../../text/sanitise.ts';

/** All that works on the screen beneath; what is chosen is done. */
export function HelpScreen() {
  const app = useApp();
  useRevision();
  useSessions();
  const state = useUi(now => now);
  const { view, filter } = topFrame(state);
  const help = helpOf(app, state);
  if (!help || view.kind !== 'help') return null;
  const { body } = layoutOf(state.columns, state.rows);
  const chosen = help.choices[help.at];
  const lines = help.items.map(
    (item, index): Line => [{ text: index === chosen ? '▌ ' : '  ', role: 'accent' }, ...item.line],
  );
  // What stands above the first choice and below the last one comes into view with them.
  const first = help.at <= 0 ? 0 : help.at === help.choices.length - 1 ? lines.length : (chosen ?? 0);
  const top = Math.max(0, Math.min(first - Math.floor(body / 2), lines.length - body));
  const title: Line = [
    { text: `help: ${view.of}`, role: 'title' },
    { text: filter === '' ? '' : ` </${clean(filter)}>`, role: 'warning' },
    { text: '   <enter> does it   </> searches', role: 'dim' },
  ];
  return (
    <FrameBox columns={state.columns} body={body} title={title} position={pagePosition(lines.length, top, body)}>
      <Page lines={lines} scroll={top} height={body} />
    </FrameBox>
  );
}
