/** Places a user can be. Everything that tells one place from another is in the view, nothing else. */
export type TableView =
  | { readonly kind: 'clusters' }
  | { readonly kind: 'namespaces'; readonly cluster: string }
  | { readonly kind: 'service-accounts'; readonly cluster?: string; readonly namespace?: string }
  | { readonly kind: 'roles'; readonly cluster: string }
  | { readonly kind: 'associations'; readonly cluster?: string; readonly namespace?: string };

export type TableKind = TableView['kind'];

/** What a detail screen is about; `id` is the row's id in its table. */
export type DetailSubject = {
  readonly type: 'cluster' | 'service-account' | 'association' | 'role';
  readonly cluster: string;
  readonly id: string;
};

export type View =
  | TableView
  | { readonly kind: 'detail'; readonly subject: DetailSubject; readonly label: string; readonly tab: number }
  | { readonly kind: 'log' }
  | { readonly kind: 'help'; readonly of: Place }
  | { readonly kind: 'form' }
  | { readonly kind: 'review' }
  | { readonly kind: 'migrate'; readonly key: string }
  | { readonly kind: 'contexts' }
  /** Where the association of a service account can be copied to; `id`: of the row that it was asked for on. */
  | { readonly kind: 'copies'; readonly namespace: string; readonly serviceAccount: string; readonly id: string }
  | { readonly kind: 'runs' }
  | { readonly kind: 'run'; readonly run: string };

/** Where keys are looked up: the view, or what lies over it. */
export type Place = View['kind'] | 'delete' | 'approve' | 'retire' | 'stop' | 'interrupted' | 'filter' | 'command';

export const isTable = (view: View): view is TableView =>
  view.kind === 'clusters' ||
  view.kind === 'namespaces' ||
  view.kind === 'service-accounts' ||
  view.kind === 'roles' ||
  view.kind === 'associations';

/** A table of the service accounts or associations of every cluster in scope. */
export const isFleet = (view: View): view is TableView & { readonly cluster?: undefined } =>
  (view.kind === 'associations' || view.kind === 'service-accounts') && view.cluster === undefined;

/** The cluster a view is about, if it is about one. */
export function viewCluster(view: View): string | undefined {
  switch (view.kind) {
    case 'namespaces':
    case 'service-accounts':
    case 'roles':
      return view.cluster;
    case 'associations':
      return view.cluster;
    case 'detail':
      return view.subject.cluster;
    case 'migrate':
      return view.key.split('|')[0];
    default:
      return undefined;
  }
}

export const viewNamespace = (view: View): string | undefined =>
  view.kind === 'service-accounts' || view.kind === 'associations' ? view.namespace : undefined;

/** The cluster's name, from its ARN. */
export const clusterName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The word for a view in the crumbs. */
export function viewLabel(view: View): string {
  switch (view.kind) {
    case 'service-accounts':
      return view.namespace
        ? `serviceaccounts ${view.namespace}`
        : view.cluster
          ? 'serviceaccounts'
          : 'serviceaccounts @all';
    case 'associations':
      return view.namespace ? `associations ${view.namespace}` : view.cluster ? 'associations' : 'associations @all';
    case 'detail':
      return view.label;
    case 'form':
      return 'draft';
    case 'copies':
      return `copy ${view.namespace}/${view.serviceAccount}`;
    case 'run':
      return `run ${view.run}`;
    default:
      return view.kind;
  }
}
