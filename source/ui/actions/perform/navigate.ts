import { type App, clusterRow, say } from '../../controller/app.ts';
import { readShownPolicies } from '../../controller/shown-policies.ts';
import { subjectOf } from '../../controller/subject.ts';
import type { KindedRow } from '../../controller/table.ts';
import { detailTabs } from '../../screens/detail/tabs.ts';
import { backInHistory, changeTop, forwardInHistory, jump, lastPlace, push } from '../../state/navigation.ts';
import { topFrame, type UiState } from '../../state/state.ts';
import { type DetailSubject, type View, viewCluster, viewNamespace } from '../../state/view.ts';
import { clean } from '../../text/sanitise.ts';
import type { Performs } from './perform.ts';

export const go = (app: App, view: View, filter = ''): void => app.store.update(state => push(state, view, filter));

function detailOf(subject: KindedRow): View {
  const detail = (type: DetailSubject['type'], id: string, label: string): View => ({
    kind: 'detail',
    subject: { type, cluster: subject.cluster, id },
    label,
    tab: 0,
  });
  switch (subject.kind) {
    case 'clusters':
      return detail('cluster', subject.cluster, subject.cluster.slice(subject.cluster.lastIndexOf('/') + 1));
    case 'namespaces':
      return { kind: 'service-accounts', cluster: subject.cluster, namespace: subject.row.name };
    case 'service-accounts':
      return detail('service-account', subject.row.id, clean(`${subject.row.namespace}/${subject.row.name}`));
    case 'associations':
      return detail('association', subject.row.id, clean(`${subject.row.namespace}/${subject.row.serviceAccount}`));
    case 'roles':
      return detail('role', subject.row.id, clean(subject.row.name));
  }
}

/** Cluster and namespace that a table opened from here should be limited to. */
function scopeOf(app: App): { readonly cluster: string; readonly namespace?: string } | undefined {
  const state = app.store.get();
  const { view } = topFrame(state);
  const subject = subjectOf(app, state);
  const cluster = subject?.cluster ?? viewCluster(view);
  if (cluster === undefined) return undefined;
  const namespace = subject?.kind === 'namespaces' ? subject.row.name : viewNamespace(view);
  return { cluster, ...(namespace ? { namespace } : {}) };
}

const openScoped = (kind: 'service-accounts' | 'associations' | 'roles') => (app: App) => {
  const scope = scopeOf(app);
  if (!scope) return say(app, 'warning', 'choose a cluster first');
  go(app, kind === 'roles' ? { kind, cluster: scope.cluster } : { kind, ...scope });
};

/** The way down to a view, so that `esc` leads back through it. */
export function path(view: View): readonly View[] {
  const cluster = viewCluster(view);
  const root: View = { kind: 'clusters' };
  if (view.kind === 'clusters') return [root];
  if (cluster === undefined || view.kind === 'namespaces') return [root, view];
  return [root, { kind: 'namespaces', cluster }, view];
}

export const jumpTo = (app: App, view: View, filter = ''): void =>
  app.store.update(state => jump(state, path(view), filter));

/** The tab with this number, from 1. */
const openTab = (number: number) => (app: App) =>
  app.store.update(state =>
    changeTop(state, frame => {
      const { view } = frame;
      if (view.kind !== 'detail' || number > detailTabs(view.subject.type).length) return frame;
      return { ...frame, scroll: 0, view: { ...view, tab: number - 1 } };
    }),
  );

const turnTab = (delta: 1 | -1) => (app: App) =>
  app.store.update(state =>
    changeTop(state, frame => {
      const { view } = frame;
      if (view.kind !== 'detail') return frame;
      const size = detailTabs(view.subject.type).length;
      return { ...frame, scroll: 0, view: { ...view, tab: (view.tab + delta + size) % size } };
    }),
  );

/** Goes where a step of the history leads, or says that it leads nowhere. */
const walk = (step: (state: UiState) => UiState | undefined, nowhere: string) => (app: App) => {
  const next = step(app.store.get());
  if (next) app.store.update(() => next);
  else say(app, 'info', nowhere);
};

export const navigation: Performs = {
  open: app => {
    const subject = subjectOf(app, app.store.get());
    if (!subject) return;
    go(app, subject.kind === 'clusters' ? { kind: 'namespaces', cluster: subject.cluster } : detailOf(subject));
  },
  describe: app => {
    const subject = subjectOf(app, app.store.get());
    if (subject) go(app, detailOf(subject));
  },
  'service-accounts': openScoped('service-accounts'),
  associations: openScoped('associations'),
  roles: openScoped('roles'),
  namespaces: app => {
    const { view } = topFrame(app.store.get());
    if (view.kind === 'service-accounts' && view.cluster)
      jumpTo(app, { kind: 'service-accounts', cluster: view.cluster });
    if (view.kind === 'associations' && view.cluster) jumpTo(app, { kind: 'associations', cluster: view.cluster });
  },
  'tab-1': openTab(1),
  'tab-2': openTab(2),
  'tab-3': openTab(3),
  'tab-4': openTab(4),
  'tab-5': openTab(5),
  'tab-6': openTab(6),
  'next-tab': turnTab(1),
  'previous-tab': turnTab(-1),
  'history-back': walk(backInHistory, 'there is nothing before this'),
  'history-forward': walk(forwardInHistory, 'there is nothing after this'),
  'last-view': walk(lastPlace, 'there is no other place yet'),
  refresh: app => {
    const { view } = topFrame(app.store.get());
    const cluster = viewCluster(view);
    app.model.refresh(cluster);
    readShownPolicies(app, true);
    const what = cluster === undefined ? 'everything' : (clusterRow(app, cluster)?.name ?? 'the cluster');
    say(app, 'info', `reading ${clean(what)} again`);
  },
};
