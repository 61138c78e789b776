import { Box, Text, useAnimation } from 'ink';
import type { AgentState } from '../../../identity/facts.ts';
import { type Reading, unread } from '../../../identity/reading.ts';
import { actions, type Plan } from '../../../plan/plan.ts';
import { currentTree, reasonsPage } from '../../actions/perform/tree.ts';
import { FrameBox } from '../../components/frame-box.tsx';
import { Page } from '../../components/page.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { clusterRow } from '../../controller/app.ts';
import type { PodCount } from '../../controller/witness.ts';
import { useApp, useSessions, useUi } from '../../hooks/use-app.ts';
import { useWitness } from '../../hooks/use-witness.ts';
import { layoutOf } from '../../state/layout.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { SessionState } from '../../state/plan-session.ts';
import { type TreeLine, treeCursor } from '../../state/plan-tree.ts';
import { retireActions } from '../../state/retirement.ts';
import { newTree, type TreeView, topFrame } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { plural } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { firstKey } from '../help/key-text.ts';
import { agentLine } from './agent-line.ts';
import { treeHeight } from './geometry.ts';
import { barLine, nodeDiff, nothingLines, optionsLine, reasonLines, summaryLines } from './lines.ts';
import { Stream } from './stream.tsx';
import { treeLine } from './tree-line.ts';
import { witnessLine } from './witness-line.ts';

const stateWord = (state: SessionState): string => {
  switch (state.phase) {
    case 'planning':
      return 'DISCOVERY';
    case 'unplanned':
      return 'NOT PLANNED';
    case 'ready':
      return state.run ? 'AS IT STANDS' : 'PLAN (nothing written)';
    case 'running':
      return state.stopping ? 'STOPPING' : 'RUNNING';
    case 'finished':
      return state.broken ? 'BROKEN OFF' : 'FINISHED';
  }
};

function Discovery({ state }: { readonly state: SessionState }) {
  if (state.phase !== 'planning') return null;
  return (
    <Box flexDirection="column" paddingLeft={3}>
      <Text> </Text>
      <Box>
        <Spinner />
        <Text bold> Reading the cluster afresh: a plan is made of facts read for it</Text>
      </Box>
      <Text> </Text>
      {state.progress.map(item => (
        <SpanLine
          key={item.what}
          line={[
            {
              text: item.of !== undefined && item.done >= item.of ? '✓ ' : '◌ ',
              role: item.of !== undefined && item.done >= item.of ? 'ok' : 'info',
            },
            { text: clean(item.what).padEnd(30) },
            { text: `${item.done}${item.of === undefined ? '' : ` of ${item.of}`}`, role: 'dim' },
          ]}
        />
      ))}
    </Box>
  );
}

type TreeProps = {
  readonly tree: TreeView;
  readonly lines: readonly TreeLine[];
  readonly state: SessionState;
  readonly height: number;
  readonly width: number;
  readonly now: number;
};

/** The window of the tree around its cursor. */
function Tree({ tree, lines, state, height, width, now }: TreeProps) {
  const theme = useTheme();
  const run = 'run' in state ? state.run : undefined;
  const cursor = treeCursor(lines, tree.cursor);
  const top = Math.max(0, cursor - height + 1, Math.min(tree.top, lines.length - height, cursor));
  return (
    <Box flexDirection="column" height={height} overflow="hidden">
      {lines.slice(top, top + height).map((item, index) => (
        <Box key={item.id}>
          <Text {...theme.roles.accent}>{top + index === cursor ? '▌ ' : '  '}</Text>
          <SpanLine line={treeLine(item, run, now, width - 3)} />
        </Box>
      ))}
    </Box>
  );
}

/** Above the tree: whether the agent is there (as last seen, until it has been read for the plan); then the run. */
function headLines(
  state: SessionState,
  { seen, pods }: { readonly seen: Reading<AgentState>; readonly pods: PodCount | undefined },
  now: number,
  width: number,
  still: boolean,
): readonly Line[] {
  if (state.phase === 'planning') return [agentLine(seen)];
  if (state.phase === 'ready') {
    const calls = actions(state.plan.root).length;
    return [
      agentLine(state.snapshot?.agent ?? seen, state.plan),
      line(`   ${calls === 0 ? idle(state.plan) : promise(state)}`, 'dim'),
    ];
  }
  const witnessed = pods ? witnessLine(pods) : blank;
  if (state.phase === 'running') return [barLine(state.run, now, width, state.stopping, still), witnessed];
  if (state.phase === 'finished') {
    const broken: Line = state.broken ? [{ text: ` ✗ ${clean(state.broken.message)}`, role: 'error' }] : witnessed;
    return [barLine(state.run, now, width, false), broken];
  }
  return [];
}

/** Why there is no step: all is as wanted, or what is wanted cannot be done now. */
const idle = ({ held, skipped }: Plan): string =>
  held.length + skipped.length === 0
    ? 'nothing to do'
    : 'nothing to do now: what is left is held or skipped, <x> says why';

/** What becomes of IRSA, in one sentence. */
function promise({ plan, run }: Extract<SessionState, { phase: 'ready' }>): string {
  if (run) return `taken up again: ${run.ended - run.failed - run.held - run.unknown} of ${run.total} done so far`;
  const retired = retireActions(plan).length;
  return retired > 0
    ? `ends IRSA in ${plural(retired, 'step')}, each after its pods were seen on Pod Identity; asks once more`
    : 'keeps IRSA: every service account keeps its role all the way';
}

/** What is read in place of the tree: the trust change of a node, or every remark. */
function overlayPage(
  plan: Plan,
  { tree, lines }: { readonly tree: TreeView; readonly lines: readonly TreeLine[] },
  width: number,
): readonly Line[] | undefined {
  if (!tree.diff) return undefined;
  const { id } = tree.diff;
  if (id === reasonsPage) return reasonLines(plan, width);
  const found = lines.find(item => item.id === id);
  if (!found) return undefined;
  return found.kind === 'node' ? nodeDiff(found.node, plan) : reasonLines(plan, width);
}

/** From IRSA to Pod Identity: discovery, plan, run, result on one screen. */
export function MigrateScreen() {
  const app = useApp();
  useSessions();
  const ui = useUi(state => state);
  const { view } = topFrame(ui);
  const key = view.kind === 'migrate' ? view.key : '';
  const session = app.sessions.migration(key);
  const state = session?.get();
  // Elapsed time moves while a run is on, and only then.
  useAnimation({ interval: 1000, isActive: state?.phase === 'running' && !ui.still });
  const pods = useWitness(session?.cluster.arn);
  if (!session || !state) return null;
  const layout = layoutOf(ui.columns, ui.rows);
  const current = currentTree(app, ui) ?? { tree: newTree, lines: [] };
  const now = app.clock.now();
  const seen = clusterRow(app, session.cluster.arn)?.agent ?? unread;
  const running = state.phase === 'running' || state.phase === 'finished';
  const scope = key.includes('|') ? ` / ${key.slice(key.indexOf('|') + 1)}` : '';
  const height = treeHeight(layout, running);
  const empty = state.phase === 'ready' && current.lines.length === 0;
  const plan = 'plan' in state ? state.plan : undefined;
  const options =
    session.request.command === 'migrate' && state.phase === 'ready'
      ? [optionsLine(session.request, ui.concurrency, layout.mode !== 'full' && !empty)]
      : [];
  const page = plan ? overlayPage(plan, current, layout.width) : undefined;
  return (
    <FrameBox
      columns={ui.columns}
      body={layout.body}
      title={[
        { text: titleOf(session.request.command, plan), role: 'title' },
        { text: `${clean(clusterName(session.cluster.arn) + scope)} `, role: 'text' },
        { text: ` ${stateWord(state)}`, role: running ? 'info' : 'accent' },
      ]}
      position={
        current.lines.length === 0
          ? ''
          : `${treeCursor(current.lines, current.tree.cursor) + 1}/${current.lines.length}`
      }
    >
      {headLines(state, { seen, pods }, now, layout.width, ui.still).map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two fixed lines
        <SpanLine key={index} line={item} />
      ))}
      <Discovery state={state} />
      {state.phase === 'unplanned' && (
        <Page
          lines={[blank, line(`  ✗ ${clean(state.failure.message)}`, 'error'), blank, line('  <p> plans again')]}
          scroll={0}
          height={5}
        />
      )}
      {plan && empty && !page && (
        <Page lines={[...nothingLines(plan), blank, ...options]} scroll={0} height={layout.body - 2} />
      )}
      {plan && page && <Page lines={page} scroll={current.tree.diff?.top ?? 0} height={layout.body - 2} />}
      {plan && !empty && !page && (
        <>
          <Tree
            tree={current.tree}
            lines={current.lines}
            state={state}
            height={height}
            width={layout.width}
            now={now}
          />
          {!running && <Summary options={options} lines={summaryLines(plan)} height={layout.body - 2 - height} />}
          <Stream
            state={state}
            tree={current.tree}
            layout={layout}
            followKey={firstKey('follow-requests', ui.keyMap)}
          />
        </>
      )}
    </FrameBox>
  );
}

/** What the options are, then as many remarks as there is room for, and how many there are beyond. */
function Summary({
  options,
  lines,
  height,
}: {
  readonly options: readonly Line[];
  readonly lines: readonly Line[];
  readonly height: number;
}) {
  const spaced = height > 4 ? [blank] : [];
  const room = Math.max(1, height - options.length - spaced.length);
  const more = line(`… ${lines.length - room + 1} more, <x> shows all`, 'dim');
  // With a single line there is room for the counts alone.
  const shown = lines.length <= room || room === 1 ? lines.slice(0, room) : [...lines.slice(0, room - 1), more];
  return <Page lines={[...spaced, ...options, ...shown]} scroll={0} height={height} />;
}

/** What the screen is about: a migration, or a run of another command that is taken up again. */
function titleOf(command: string, plan: Plan | undefined): string {
  if (command === 'resume') return `take up ${plan?.command ?? 'run'} `;
  return plan === undefined || plan.command === 'migrate' ? 'migrate IRSA -> Pod Identity ' : `${plan.command} `;
}
