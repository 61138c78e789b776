import { Box, Text } from 'ink';
import { lastKnown } from '../../../identity/reading.ts';
import { actions } from '../../../plan/plan.ts';
import { inProd } from '../../actions/perform/review.ts';
import { Button, Phrase } from '../../components/buttons.tsx';
import { SpanLine } from '../../components/spans.tsx';
import { Spinner } from '../../components/spinner.tsx';
import type { App } from '../../controller/app.ts';
import { clusterRef } from '../../controller/app.ts';
import { useApp, useSessions, useUi } from '../../hooks/use-app.ts';
import { type Line, line } from '../../state/lines.ts';
import type { SessionState } from '../../state/plan-session.ts';
import { retireActions, retiredText } from '../../state/retirement.ts';
import type { Dialog, Victim } from '../../state/state.ts';
import { topFrame } from '../../state/state.ts';
import { clusterName } from '../../state/view.ts';
import { arnName } from '../../text/arn.ts';
import { plural } from '../../text/numbers.ts';
import { pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import { useTheme } from '../../theme/context.ts';
import { statusSign } from '../migrate/lines.ts';

/** What becomes of one: its role, its running pods, and what new pods of it will get. */
function victimLine(app: App, cluster: string, victim: Victim): Line {
  const row = app.model.serviceAccounts(cluster, victim.namespace).find(item => item.name === victim.serviceAccount);
  const listed = app.model
    .associations(cluster, victim.namespace)
    .find(item => item.serviceAccount === victim.serviceAccount);
  const association =
    (listed ? lastKnown(listed.association)?.value : undefined) ??
    (row ? lastKnown(row.association)?.value : undefined);
  const pods = row?.pods ?? listed?.pods;
  const podsText = pods === undefined ? 'pods ?' : plural(pods, 'pod');
  const name = pad(clean(`${victim.namespace}/${victim.serviceAccount}`), 24, 'left', '…');
  const role = pad(association ? clean(arnName(association.roleArn)) : '?', 20, 'left', '…');
  const fallback: Line =
    row === undefined
      ? [{ text: '? fallback not read', role: 'unknown' }]
      : row.irsaRoleArn
        ? [{ text: `falls back to IRSA ${clean(arnName(row.irsaRoleArn))}`, role: 'info' }]
        : [{ text: '! no fallback', role: 'warning' }];
  return [{ text: `${name} ${role} ${podsText.padEnd(8)} ` }, ...fallback];
}

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

const consequences = [
  'Running pods work on until their credentials expire; new pods get the fallback.',
  'Roles are not touched.',
];

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

/** What a migration takes away, by name. */
function retireLines(app: App, width: number, room: number): readonly Line[] {
  const { view } = topFrame(app.store.get());
  const state = view.kind === 'migrate' ? app.sessions.migration(view.key)?.get() : undefined;
  const retired = state?.phase === 'ready' ? retireActions(state.plan) : [];
  const text =
    'Second approval: this takes the old way away. Each goes only when its running pods were seen on Pod Identity and none needs web identity; otherwise it is held.';
  return [
    ...wrap(text, width).map(part => line(part)),
    line(''),
    ...retired.slice(0, room).map((node): Line => [{ text: '- ', role: 'remove' }, { text: retiredText(node.action) }]),
    ...(retired.length > room ? [line(`… and ${retired.length - room} more`, 'warning')] : []),
  ];
}

/** What each way of stopping leaves behind. */
function stopLines(app: App, dialog: Dialog, width: number): readonly Line[] {
  const running = app.sessions.running().flatMap(session => {
    const state = session.get();
    return state.phase === 'running' ? [state.run] : [];
  });
  const ended = running.reduce((sum, run) => sum + run.ended, 0);
  const total = running.reduce((sum, run) => sum + run.total, 0);
  const flying = running.reduce((sum, run) => sum + run.running, 0);
  const texts = [
    `${ended} of ${total} ended, ${flying} in flight.${dialog.quit ? ' The app ends with the run.' : ''}`,
    'After what is in flight: nothing new is begun. Now, or ctrl-c again: what is in flight becomes unknown, and is asked for when the run is taken up again (:runs).',
  ];
  return texts.flatMap(text => wrap(text, width).map(part => line(part)));
}

function bodyLines(app: App, dialog: Dialog, width: number, room: number): readonly Line[] {
  if (dialog.kind === 'approve') {
    const { view } = topFrame(app.store.get());
    const state = view.kind === 'migrate' ? app.sessions.migration(view.key)?.get() : undefined;
    const calls = state?.phase === 'ready' ? actions(state.plan.root).length : 0;
    const retired = state?.phase === 'ready' ? retireActions(state.plan).length : 0;
    const irsa =
      retired > 0
        ? `${plural(retired, 'of them takes', 'of them take')} IRSA away: that is asked for next, by itself.`
        : 'Annotations and OIDC trust stay, so nothing loses its role.';
    const text = `Carries out ${plural(calls, 'step')} in the order of the tree. ${irsa} ctrl-c asks how to stop.`;
    return wrap(text, width).map(part => line(part));
  }
  if (dialog.kind === 'retire') return retireLines(app, width, room - 3);
  if (dialog.kind === 'stop') return stopLines(app, dialog, width);
  const shown = dialog.victims.slice(0, room);
  const more = dialog.victims.length - shown.length;
  return [
    ...shown.map(victim => victimLine(app, dialog.cluster, victim)),
    ...(more > 0 ? [line(`… and ${more} more`, 'warning')] : []),
    line(''),
    ...consequences.flatMap(text => wrap(text, width).map(part => line(part))),
    ...(dialog.hidden > 0
      ? [line(`! ${plural(dialog.hidden, 'marked row')} of these hidden by the filter`, 'warning')]
      : []),
  ];
}

const confirmLabel: Readonly<Record<Dialog['kind'], string>> = {
  delete: 'Delete',
  approve: 'Approve',
  retire: 'Retire',
  stop: 'After what is in flight',
};

/** Asks before something is deleted, carried out or stopped. Cancel has the focus; the table beneath is frozen. */
export function DialogOverlay() {
  const app = useApp();
  useSessions();
  const dialog = useUi(state => state.dialog);
  const columns = useUi(state => state.columns);
  const rows = useUi(state => state.rows);
  if (!dialog) return null;
  const width = Math.min(columns - 4, 92);
  const inner = width - 4;
  const state = dialog.kind === 'delete' ? app.sessions.get().deletion?.get() : undefined;
  const busy = state?.phase === 'planning' || state?.phase === 'running';
  const lines = bodyLines(app, dialog, inner, Math.max(2, rows - 16));
  const matches = dialog.phrase === undefined || dialog.typed.value.trim() === dialog.phrase;
  const enabled = matches && (dialog.kind !== 'delete' || state?.phase === 'ready');
  const name = clean(clusterName(dialog.cluster));
  const titles: Readonly<Record<Dialog['kind'], string>> = {
    delete: `delete ${plural(dialog.victims.length, 'association')} in ${name}`,
    approve: `carry out in ${name}`,
    retire: `retire IRSA in ${name}`,
    stop: 'stop the run',
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
        <Button label={dialog.kind === 'stop' ? 'Go on' : 'Cancel'} focused={dialog.focus === 'cancel'} />
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
