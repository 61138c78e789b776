/**
 * How often things are read again, and how much at once. All times are milliseconds. The live view must be fresh where
 * somebody looks and cost next to nothing elsewhere, whatever the size of the fleet.
 */
export type Policy = {
  readonly caller: number;
  readonly clusters: number;
  readonly cluster: { readonly visible: number; readonly other: (fleet: Fleet) => number };
  readonly agent: { readonly visible: number; readonly other: (fleet: Fleet) => number };
  /** A list shows new and deleted associations, not changed roles. */
  readonly listAssociations: (visible: boolean, fleet: Fleet) => number;
  /** How old the description of an association may grow. */
  readonly describeAssociation: {
    readonly onScreen: number;
    /** `visible`: of a cluster that is open; `fleet` then counts that cluster's associations only. */
    readonly other: (visible: boolean, fleet: Fleet) => number;
  };
  readonly roles: { readonly onScreen: number; readonly other: (fleet: Fleet) => number };
  readonly oidcProviders: number;
  readonly concurrency: { readonly clusters: number; readonly associations: number; readonly roles: number };
  /** Up to so many clusters are watched in Kubernetes at once; beyond, those in view first and the rest one by one. */
  readonly kubernetes: { readonly eager: number; readonly pace: number; readonly podsLinger: number };
};

/** What is read, and how fast it may be: requests a second of the slowest service, as far as is known. */
export type Fleet = {
  readonly clusters: number;
  readonly associations: number;
  readonly roles: number;
  readonly rate: number;
};

/** EKS lists associations 100 to a page (ListPodIdentityAssociations, maxResults). */
const PAGE = 100;

/**
 * In the background the whole fleet costs at most one list page, one description and one role a second, and of a service
 * that bears less than nine requests a second at most a third in all: with 100,000 associations that is a list of each
 * cluster in a quarter of an hour, with a few clusters the minute and the five minutes apply.
 */
const oneASecond = (atLeast: number, requests: number, { rate }: Fleet): number =>
  Math.max(atLeast, requests * 1_000 * Math.max(1, 9 / rate));

/** Of a large fleet, one cluster nobody looks at each three seconds, and one agent each six, with two requests. */
const clusterByCluster = (atLeast: number, milliseconds: number, { clusters }: Fleet): number =>
  Math.max(atLeast, clusters * milliseconds);

export const standardPolicy: Policy = {
  caller: 300_000,
  clusters: 60_000,
  cluster: { visible: 30_000, other: fleet => clusterByCluster(120_000, 3_000, fleet) },
  agent: { visible: 60_000, other: fleet => clusterByCluster(300_000, 6_000, fleet) },
  listAssociations: (visible, fleet) =>
    visible ? 10_000 : oneASecond(60_000, fleet.clusters + fleet.associations / PAGE, fleet),
  describeAssociation: {
    onScreen: 30_000,
    other: (_, fleet) => oneASecond(300_000, fleet.associations, fleet),
  },
  roles: { onScreen: 300_000, other: fleet => oneASecond(300_000, fleet.roles, fleet) },
  oidcProviders: 300_000,
  concurrency: { clusters: 8, associations: 16, roles: 8 },
  kubernetes: { eager: 20, pace: 2_000, podsLinger: 60_000 },
};
