import { detailTabs } from '../screens/detail/tabs.ts';
import { topFrame } from '../state/state.ts';
import { type App, clusterRef } from './app.ts';
import { detailRow } from './subject.ts';

/** Reads the policies of the role on screen, once their tab is opened; `again` also where they are there. */
export function readShownPolicies(app: App, again = false): void {
  const { view } = topFrame(app.store.get());
  if (view.kind !== 'detail' || detailTabs(view.subject.type)[view.tab] !== 'policies') return;
  const found = detailRow(app, view.subject);
  if (found?.kind === 'roles') void app.rolePolicies.read(clusterRef(found.cluster), found.row.arn, again);
}
