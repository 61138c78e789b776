import type { ExportAssociation } from './model.ts';

/** By namespace, then service account, in the order of their characters: the same on every machine. */
export const ordered = <T extends ExportAssociation>(associations: readonly T[]): readonly T[] =>
  associations.toSorted(
    (a, b) => compare(a.namespace, b.namespace) || compare(a.serviceAccount, b.serviceAccount) || compare(a.id, b.id),
  );

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A map's entries by key. */
export const sortedEntries = (map: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(map).toSorted(([a], [b]) => compare(a, b));

/** Tags that can be given: those of AWS's own (`aws:...`) cannot (EKS API reference, TagResource). */
export const ownTags = (tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(sortedEntries(tags).filter(([key]) => !/^aws:/i.test(key)));

export type ByOwner = {
  /** Made by somebody, one by one. */
  readonly free: readonly ExportAssociation[];
  /** By the name of the add-on that owns them. */
  readonly owned: ReadonlyMap<string, readonly ExportAssociation[]>;
};

/** Tells associations of add-ons from others; both in order. */
export function byOwner(associations: readonly ExportAssociation[]): ByOwner {
  const all = ordered(associations);
  const owned = Map.groupBy(
    all.filter(({ ownerArn }) => ownerArn !== undefined),
    ({ ownerArn }) => addonOf(ownerArn ?? ''),
  );
  return {
    free: all.filter(({ ownerArn }) => ownerArn === undefined),
    owned: new Map([...owned].toSorted(([a], [b]) => compare(a, b))),
  };
}

/** `arn:{partition}:eks:{region}:{account}:addon/{cluster}/{addon}/{uuid}` (EKS API reference, Addon). */
const addonOf = (ownerArn: string): string => /:addon\/[^/]+\/([^/]+)/.exec(ownerArn)?.[1] ?? ownerArn;
