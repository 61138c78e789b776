import { Box, Text } from 'ink';
import { actions } from '../../../plan/plan.ts';
import { Button, Phrase } from '../../components/buttons.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { inProd } from '../../controller/account.ts';
import { clusterRef } from '../../controller/app.ts';
import { useApp, useSessions, useUi } from '../../hooks/use-app.ts';
import { useWitness } from '../../hooks/use-witness.ts';
import { type Line, line } from '../../state/lines.ts';
import type { SessionState } from '../../state/plan-session.ts';
import type { Dialog } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { plural } from '../../text/numbers.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { statusSign } from '../migrate/lines.ts';
import { bodyLines } from './body-lines.ts';
import { interruptedLines } from './interrupted-lines.ts';

/** How far the plan under the dialog is, in one line. */
function planLine(state: SessionState | undefined): Line {
  if (!state) return line('');
  switch (state.phase) {
    case 'planning':
      return line('reading what depends on it …', 'dim');
    case 'unplanned':
      return line(`✗ ${clean(state.failure.message)}`, 'error');
    case 'ready':
      return line(`${plural(actions(state.plan.root).length, 'call')} ready`, 'dim');
    default: {
      const failed = state.run.result?.failed[0]?.reason ?? ('broken' in state ? state.broken?.message : undefined);
      if (failed !== undefined) return line(`✗ ${clean(failed)}`, 'error');
      const [sign, role] = statusSign(state.phase === 'running' ? 'running' : 'done');
      return [{ text: `${sign} ${state.run.ended}/${state.run.total}`, role }];
    }
  }
}

type FrameProps = {
  readonly title: string;
  readonly prod: boolean;
  readonly width: number;
  readonly left: number;
  readonly top: number;
  readonly children: React.ReactNode;
};

/** A double border for what writes. */
function DialogFrame({ title, prod, width, left, top, children }: FrameProps) {
  const theme = useTheme();
  const label = ` ${title} `;
  const badge = prod ? ' PROD ' : '';
  const fill = Math.max(0, width - 3 - label.length - badge.length);
  return (
    <Box position="absolute" top={top} left={left} width={width} flexDirection="column">
      <Text>
        <Text {...theme.roles.error}>╔═</Text>
        <Text bold>{label}</Text>
        <Text {...theme.roles.badge}>{badge}</Text>
        <Text {...theme.roles.error}>{`${'═'.repeat(fill)}╗`}</Text>
      </Text>
      {children}
      <Text {...theme.roles.error}>{`╚${'═'.repeat(width - 2)}╝`}</Text>
    </Box>
  );
}

/** One line inside the dialog, filled to its width so that nothing beneath shows through. */
function Inside({ width, children }: { readonly width: number; readonly children: React.ReactNode }) {
  const theme = useTheme();
  return (
    <Box width={width} height={1}>
      <Text {...theme.roles.error}>║</Text>
      <Box width={width - 2} overflow="hidden">
        <Box position="absolute">
          <Text>{' '.repeat(width - 2)}</Text>
        </Box>
        <Box paddingLeft={1}>{children}</Box>
      </Box>
      <Text {...theme.roles.error}>║</Text>
    </Box>
  );
}

const confirmLabel: Readonly<Record<Dialog['kind'], string>> = {
  delete: 'Delete',
  approve: 'Approve',
  retire: 'Retire',
  stop: 'After what is in flight',
  interrupted: 'Take up <e>',
};

const cancelLabel = (kind: Dialog['kind']): string =>
  kind === 'stop' ? 'Go on' : kind === 'interrupted' ? 'Later' : 'Cancel';

/** Asks before something is deleted, carried out or stopped. Cancel has the focus; the table beneath is frozen. */
export function DialogOverlay() {
  const app = useApp();
  useSessions();
  const dialog = useUi(state => state.dialog);
  const pods = useWitness(dialog?.kind === 'interrupted' ? dialog.cluster : undefined);
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  if (!dialog) return null;
  const width = Math.min(columns - 4, 92);
  const inner = width - 4;
  const state = dialog.kind === 'delete' ? app.sessions.get().deletion?.get() : undefined;
  const busy = state?.phase === 'planning' || state?.phase === 'running';
  const name = clean(clusterName(dialog.cluster));
  const lines = dialog.interrupted
    ? interruptedLines(dialog.interrupted, { name, pods }, inner)
    : bodyLines(app, dialog, inner, Math.max(2, rows - 12));
  const matches = dialog.phrase === undefined || dialog.typed.value.trim() === dialog.phrase;
  const enabled = matches && (dialog.kind !== 'delete' || state?.phase === 'ready');
  const titles: Readonly<Record<Dialog['kind'], string>> = {
    delete: `delete ${plural(dialog.victims.length, 'association')} in ${name}`,
    approve: `carry out in ${name}`,
    retire: `retire IRSA in ${name}`,
    stop: 'stop the run',
    interrupted: `a run in ${name} was cut off`,
  };
  const title = titles[dialog.kind];
  const height = lines.length + 8;
  return (
    <DialogFrame
      title={title}
      prod={inProd(app, clusterRef(dialog.cluster))}
      width={width}
      left={Math.max(0, Math.floor((columns - width) / 2))}
      top={Math.max(0, Math.floor((rows - height) / 2))}
    >
      <Inside width={width}>{null}</Inside>
      {lines.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of a dialog is its place
        <Inside key={index} width={width}>
          <SpanLine line={item} />
        </Inside>
      ))}
      <Inside width={width}>{null}</Inside>
      {dialog.phrase !== undefined && (
        <Inside width={width}>
          <Phrase phrase={dialog.phrase} typed={dialog.typed} focused={dialog.focus === 'phrase'} />
        </Inside>
      )}
      {dialog.kind === 'delete' && (
        <Inside width={width}>
          {busy ? <Spinner /> : null}
          <SpanLine line={[{ text: busy ? ' ' : '' }, ...planLine(state)]} />
        </Inside>
      )}
      <Inside width={width}>
        <Button label={cancelLabel(dialog.kind)} focused={dialog.focus === 'cancel'} />
        <Text>{'   '}</Text>
        <Button label={confirmLabel[dialog.kind]} focused={dialog.focus === 'confirm'} enabled={enabled} />
        {dialog.kind === 'stop' && (
          <>
            <Text>{'   '}</Text>
            <Button label="Now" focused={dialog.focus === 'now'} />
          </>
        )}
      </Inside>
    </DialogFrame>
  );
}
