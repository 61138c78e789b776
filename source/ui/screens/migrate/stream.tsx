import { Box, Text } from 'ink';
import { SpanLine } from '../../components/spans.tsx';
import { StaticTable } from '../../components/static-table.tsx';
import type { Layout } from '../../state/layout.ts';
import { type Line, lineText } from '../../state/lines.ts';
import type { SessionState } from '../../state/plan-session.ts';
import { type TreeView, underTree } from '../../state/state.ts';
import { streamWindow } from '../../state/stream.ts';
import { followNote } from '../../text/follow.ts';
import { cells } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { streamHeight } from './geometry.ts';
import { type Left, leftBy } from './left.ts';
import { streamLine } from './lines.ts';

type Props = {
  readonly state: SessionState;
  readonly tree: TreeView;
  readonly layout: Layout;
  /** The key that follows the requests. */
  readonly followKey: string;
};

/** While it runs: the requests as they are answered. After: what did not go through. */
export function Stream({ state, tree, layout, followKey }: Props) {
  const height = streamHeight(layout);
  if (height === 0 || (state.phase !== 'running' && state.phase !== 'finished')) return null;
  const left = leftBy(state.run.result);
  const under = underTree(tree, state.run);
  if (left.length > 0) return <WhatIsLeft left={left} from={under.left ?? 0} height={height} width={layout.width} />;
  const { stream } = state.run;
  const window = streamWindow(stream, under.stream, height);
  const note = state.phase === 'running' ? followNote(window, followKey) : [];
  return (
    <Box flexDirection="column" height={height + 1} overflow="hidden">
      <Rule title="requests" note={note} width={layout.width} />
      {stream.slice(window.top, window.top + height).map((request, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the stream is its place
        <SpanLine key={index} line={[{ text: ' ' }, ...streamLine(request)]} />
      ))}
    </Box>
  );
}

/** A line across with a title in it, and a note at its end. */
function Rule({ title, note, width }: { readonly title: string; readonly note: Line; readonly width: number }) {
  const theme = useTheme();
  const room = width - title.length - 9;
  const noted = note.length === 0 ? 0 : cells(lineText(note)) + 4;
  return (
    <Text wrap="truncate" {...theme.roles.border}>
      {`  ── ${title} ${'─'.repeat(Math.max(0, room - noted))}`}
      {note.length > 0 && (
        <>
          {' '}
          {note.map(({ text, role }) => (
            <Text key={text} {...theme.roles[role ?? 'text']}>
              {text}
            </Text>
          ))}
          {' ──'}
        </>
      )}
    </Text>
  );
}

type LeftProps = {
  readonly left: readonly Left[];
  readonly from: number;
  readonly height: number;
  readonly width: number;
};

function WhatIsLeft({ left, from, height, width }: LeftProps) {
  const top = Math.max(0, Math.min(from, left.length - height));
  const [only] = left;
  const note: Line =
    left.length > height
      ? [
          { text: `${top + 1}-${top + height} of ${left.length} `, role: 'dim' },
          { text: '<{> <}>', role: 'key' },
        ]
      : [];
  return (
    <Box flexDirection="column" height={height + 1} overflow="hidden">
      <Rule title="what is left" note={note} width={width} />
      {only && left.length === 1 && height >= 5 ? (
        <Box paddingLeft={2}>
          <StaticTable
            records={[{ WHAT: only.what, SUBJECT: clean(only.subject), REASON: clean(only.reason) }]}
            width={width - 4}
          />
        </Box>
      ) : (
        left
          .slice(top, top + height)
          .map(item => (
            <SpanLine
              key={item.id}
              line={[
                { text: `   ${item.what.padEnd(9)}`, role: item.what === 'failed' ? 'error' : 'warning' },
                { text: `${clean(item.subject)}: ${clean(item.reason)}` },
              ]}
            />
          ))
      )}
    </Box>
  );
}
