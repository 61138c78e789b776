import { Box, Text } from 'ink';
import { subjectText } from '../../../identity/scope.ts';
import { actions } from '../../../plan/plan.ts';
import { Button, Phrase } from '../../components/buttons.tsx';
import { FrameBox } from '../../components/frame-box.tsx';
import { Page, pagePosition } from '../../components/page.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { useApp, useRevision, useSessions, useUi } from '../../hooks/use-app.ts';
import type { FileReview } from '../../state/file-review.ts';
import { layoutOf } from '../../state/layout.ts';
import { blank, type Line, line } from '../../state/lines.ts';
import type { SessionRequest, SessionState } from '../../state/plan-session.ts';
import { topFrame } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { elapsed } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { statusSign } from '../migrate/lines.ts';
import { pageHeight, pageLines } from '../pages.ts';

/** While it is read, when it cannot be planned, while it runs. */
function progressLines(session: SessionState): readonly Line[] {
  switch (session.phase) {
    case 'planning':
      return [
        line('Reading what the plan needs to know', 'title'),
        blank,
        ...session.progress.map(item =>
          line(`  ${clean(item.what).padEnd(28)} ${item.done}${item.of === undefined ? '' : ` of ${item.of}`}`),
        ),
      ];
    case 'unplanned':
      return [
        line(`✗ ${clean(session.failure.message)}`, 'error'),
        line(
          [session.failure.code, session.failure.operation]
            .filter(part => part !== undefined)
            .map(part => clean(part))
            .join('  '),
          'dim',
        ),
        blank,
        line('Nothing was changed. <esc> leads back to the draft.'),
      ];
    case 'ready':
      return [];
    default:
      return [
        ...brokenLines(session),
        ...actions(session.plan.root).flatMap((node): readonly Line[] => {
          const progress = session.run.nodes.get(node.id);
          // A clean-up that nothing has called for is nothing that is waited for.
          if (node.onlyIfFails !== undefined && progress?.startedAt === undefined) return [];
          const [sign, role] = statusSign(progress?.status ?? 'waiting');
          const time =
            progress?.startedAt !== undefined && progress.endedAt !== undefined
              ? elapsed(progress.endedAt - progress.startedAt)
              : '';
          const attempt = progress?.attempt ? `attempt ${progress.attempt}  ` : '';
          return [
            [
              { text: ` ${sign} `, role },
              { text: clean(node.title) },
              { text: `   ${attempt}${clean(progress?.reason ?? '')} ${time}`, role: 'dim' },
            ],
          ];
        }),
      ];
  }
}

const brokenLines = (session: SessionState): readonly Line[] =>
  session.phase === 'finished' && session.broken ? [line(`✗ ${clean(session.broken.message)}`, 'error'), blank] : [];

function Buttons({ state }: { readonly state: SessionState }) {
  const review = useUi(ui => ui.review);
  if (state.phase === 'running')
    return <Text>{` applying ${state.run.ended}/${state.run.total}: what was approved goes on if you leave`}</Text>;
  if (state.phase === 'finished') return <Text> done; enter leads back</Text>;
  const calls =
    state.phase === 'ready' ? actions(state.plan.root).filter(node => node.onlyIfFails === undefined).length : 0;
  // Nothing is counted before there is a plan.
  const count = state.phase === 'ready' ? ` ${calls} ${calls === 1 ? 'call' : 'calls'}` : '';
  const matches = review.phrase === undefined || review.typed.value.trim() === review.phrase;
  return (
    <Box paddingLeft={2}>
      <Button label="Cancel" focused={review.focus === 'cancel'} />
      <Text>{'   '}</Text>
      <Button label={`Apply${count}`} focused={review.focus === 'confirm'} enabled={calls > 0 && matches} />
      <Text>{'   '}</Text>
      {review.phrase !== undefined && (
        <Phrase phrase={review.phrase} typed={review.typed} focused={review.focus === 'phrase'} />
      )}
    </Box>
  );
}

/** While it runs, the first line that is shown: what is not done yet stays in view, with a little of what is. */
function followed({ plan, run }: Extract<SessionState, { phase: 'running' }>): number {
  const first = actions(plan.root).findIndex(({ id }) => run.nodes.get(id)?.endedAt === undefined);
  return Math.max(0, first - 3);
}

/** Whom a request is about. */
function subjectOf(request: SessionRequest): string {
  switch (request.command) {
    case 'create':
      return request.associations.map(subjectText).join(', ');
    case 'update':
      return request.changes.map(subjectText).join(', ');
    case 'undo':
      return `run ${request.run}`;
    default:
      return '';
  }
}

/** Everything that is wrong with a file, in place of a plan. */
function FileProblems({ file }: { readonly file: FileReview }) {
  const app = useApp();
  const state = useUi(now => now);
  const lines = pageLines(app, state);
  const height = pageHeight(app, state);
  const { scroll } = topFrame(state);
  return (
    <FrameBox
      columns={state.columns}
      body={layoutOf(state.columns, state.rows).body}
      title={[
        { text: 'apply ', role: 'title' },
        { text: clean(file.path), role: 'text' },
      ]}
      position={pagePosition(lines.length, scroll, height)}
    >
      <Page lines={lines} scroll={scroll} height={height} />
      <SpanLine line={blank} />
      <Box paddingLeft={2}>
        <Button label="Cancel" focused={state.review.focus === 'cancel'} />
        <Text>{'   '}</Text>
        <Button label="Read again" focused={state.review.focus === 'confirm'} />
      </Box>
    </FrameBox>
  );
}

/** The plan of one change, complete, before any write. */
export function ReviewScreen() {
  const app = useApp();
  useSessions();
  useRevision();
  const state = useUi(now => now);
  const session = app.sessions.get().review;
  const plan = session?.get();
  const layout = layoutOf(state.columns, state.rows);
  if (!session || !plan) return state.file ? <FileProblems file={state.file} /> : null;
  const ready = plan.phase === 'ready';
  const lines = ready ? pageLines(app, state) : progressLines(plan);
  const height = pageHeight(app, state);
  const { scroll } = topFrame(state);
  const { request } = session;
  const subject = request.command === 'apply' ? (state.file?.path ?? '') : subjectOf(request);
  return (
    <FrameBox
      columns={state.columns}
      body={layout.body}
      title={[
        { text: `review: ${request.command} `, role: 'title' },
        { text: clean(`${subject} in ${clusterName(session.cluster.arn)}`), role: 'text' },
        ...(request.command === 'apply' && state.file?.listsAssociations
          ? [{ text: `  <ctrl-p> prune ${request.prune ? 'on' : 'off'}`, role: 'accent' as const }]
          : []),
        ...(request.command === 'undo'
          ? [{ text: `  <ctrl-r> restarts ${request.restartWorkloads ? 'on' : 'off'}`, role: 'accent' as const }]
          : []),
      ]}
      position={ready || plan.phase === 'finished' ? pagePosition(lines.length, scroll, height) : ''}
    >
      <Page lines={lines} scroll={plan.phase === 'running' ? followed(plan) : scroll} height={height} />
      <SpanLine line={blank} />
      <Box>
        {plan.phase === 'planning' || plan.phase === 'running' ? <Spinner /> : null}
        <Buttons state={plan} />
      </Box>
    </FrameBox>
  );
}
