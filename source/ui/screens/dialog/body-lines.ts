import { lastKnown } from '../../../identity/reading.ts';
import { actions, type Plan } from '../../../plan/plan.ts';
import { type App, clusterRef } from '../../controller/app.ts';
import { weightOf } from '../../controller/approval.ts';
import { accountRow } from '../../controller/subject.ts';
import { type Line, line } from '../../state/lines.ts';
import { retireActions, retiredText } from '../../state/retirement.ts';
import type { Dialog, Victim } from '../../state/state.ts';
import { topFrame } from '../../state/state.ts';
import { arnName } from '../../text/arn.ts';
import { plural } from '../../text/numbers.ts';
import { pad, wrap } from '../../text/pad.ts';
import { clean } from '../../text/sanitise.ts';
import type { Role } from '../../theme/theme.ts';

/** Cells that name, role, pods and fallback take side by side. */
const roomForRole = 76;

/** What becomes of one: its role, its running pods, and what new pods of it will get. */
function victimLine(app: App, cluster: string, victim: Victim, width: number): Line {
  const row = accountRow(app, cluster, { namespace: victim.namespace, name: victim.serviceAccount });
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
  // The role can be looked up elsewhere; what becomes of the pods must be read here.
  const shown = width < roomForRole ? name : `${name} ${role}`;
  return [{ text: `${shown} ${podsText.padEnd(8)} ` }, ...fallback];
}

/** Until the plan tells what goes, and what is left. */
const untilPlanned = 'Running pods work on until their credentials expire; new pods get the fallback.';

/** What goes besides the associations, what was not named, who loses what by it, and what is left behind. */
function consequences(plan: Plan | undefined, width: number): readonly Line[] {
  if (!plan) return wrap(untilPlanned, width).map(part => line(part));
  const marked = (sign: string, role: Role, text: string): readonly Line[] =>
    wrap(clean(text), width - 2).map(
      (part, index): Line => [{ text: index === 0 ? `${sign} ` : '  ', role }, { text: part }],
    );
  const going = actions(plan.root).filter(({ action }) => action.type !== 'delete-association');
  return [
    ...(plan.beyond ?? []).flatMap(({ subject, reason }) =>
      marked('!', 'warning', `not named, but lost: ${subject}: ${reason}`),
    ),
    ...going.flatMap(({ title }) => marked('-', 'remove', title)),
    ...[...plan.skipped, ...plan.held].flatMap(({ subject, reason }) =>
      marked('?', 'unknown', `stays: ${subject}: ${reason}`),
    ),
    ...plan.notes.flatMap(note => marked('·', 'dim', note)),
  ];
}

/** As many lines as there is room for, and how many more there are. */
function cutTo(lines: readonly Line[], room: number): readonly Line[] {
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, Math.max(1, room - 1));
  return [
    ...shown,
    line(`… and ${plural(lines.length - shown.length, 'more line')}: a larger terminal shows them`, 'warning'),
  ];
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

function deletionPlan(app: App): Plan | undefined {
  const state = app.sessions.get().deletion?.get();
  return state && 'plan' in state ? state.plan : undefined;
}

/** What a dialog says of what it asks for, in lines of at most `width` cells; lists are cut at `room` lines. */
export function bodyLines(app: App, dialog: Dialog, width: number, room: number): readonly Line[] {
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
    const why = state?.phase === 'ready' ? weightOf(app, clusterRef(dialog.cluster), state.plan) : undefined;
    return [
      ...wrap(text, width).map(part => line(part)),
      ...(why === undefined
        ? []
        : wrap(`The name of the cluster is asked for: ${why}.`, width).map(part => line(part))),
    ];
  }
  if (dialog.kind === 'retire') return retireLines(app, width, room - 3);
  if (dialog.kind === 'stop') return stopLines(app, dialog, width);
  const shown = dialog.victims.slice(0, Math.max(2, room - 5));
  const more = dialog.victims.length - shown.length;
  return [
    ...shown.map(victim => victimLine(app, dialog.cluster, victim, width)),
    ...(more > 0 ? [line(`… and ${more} more`, 'warning')] : []),
    line(''),
    ...cutTo(consequences(deletionPlan(app), width), Math.max(3, room - shown.length - 2)),
    ...(dialog.hidden > 0
      ? [line(`! ${plural(dialog.hidden, 'marked row')} of these hidden by the filter`, 'warning')]
      : []),
  ];
}
