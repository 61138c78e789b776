import type { OpenModel } from '../live/create.ts';
import type { RequestFeed } from '../read/request-feed.ts';
import { listProfiles, listRegions } from '../read/scopes.ts';
import type { ScopedWorld, WorldSession } from '../read/world.ts';
import type { ContextSource, ScopeControl } from '../ui/app.tsx';
import type { SandboxProcess } from './sandbox-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What reads a sitting's world while its scope changes, and hears of its requests. */
export type Reader = { readonly model: Pick<OpenModel, 'join' | 'leave'>; readonly feed: RequestFeed };

/**
 * What the list of profiles shows of a sitting's world, which may still be opening: nothing then. Looking asks AWS nothing;
 * what changes the scope is its `control`.
 *
 * @param starting the sandbox, when the sitting is in one: all profiles are asked in its regions
 * @param named regions that the command line names
 * @param reader absent: the scope stays as it is
 */
export function contextSource(
  opening: Promise<ScopedWorld>,
  starting: Promise<SandboxProcess> | undefined,
  named: readonly string[],
  reader?: Reader,
  environment: Environment = process.env,
): ContextSource {
  let world: ScopedWorld | undefined;
  /** Milliseconds that the last list of clusters took, by account and region. */
  const took = new Map<string, number>();
  reader?.feed.listen(({ operation, account, region, milliseconds }) => {
    if (operation === 'ListClusters' && account && region) took.set(`${account} ${region}`, milliseconds);
  });
  const profileOf = ({ profile }: WorldSession) => profile ?? unnamed(environment);
  let sandbox: readonly string[] = [];
  opening.then(
    opened => {
      world = opened;
    },
    () => {},
  );
  starting?.then(
    ({ regions }) => {
      sandbox = regions;
    },
    () => {},
  );
  return {
    profiles: listProfiles,
    sessions: () =>
      (world?.sessions ?? []).map(session => {
        const profile = profileOf(session);
        const known = session.known();
        const time = took.get(`${known.account} ${session.region}`);
        return {
          id: session.id,
          region: session.region,
          ...(profile ? { profile } : {}),
          ...known,
          ...(time === undefined ? {} : { took: time }),
        };
      }),
    regions: () => (named.length > 0 ? named : sandbox),
    usual: () => environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined,
    ...(reader ? { control: scopeControl(opening, reader.model, profileOf) } : {}),
  };
}

function scopeControl(
  opening: Promise<ScopedWorld>,
  model: Reader['model'],
  profileOf: (session: WorldSession) => string | undefined,
): ScopeControl {
  /** A row that the default chain is behind is asked through it: what it is called by may be no profile at all. */
  const profileFor = (world: ScopedWorld, id: string): string | undefined => {
    const byChain = world.sessions.some(session => session.profile === undefined && profileOf(session) === id);
    return id === '' || byChain ? undefined : id;
  };
  /** A session that is joined again while it ends would be given back as it was, and then closed. */
  const leaving = new Set<Promise<void>>();
  return {
    choices: listRegions,
    join: async (id, region) => {
      const world = await opening;
      await Promise.allSettled(leaving);
      model.join(await world.open(profileFor(world, id), region));
    },
    leave: async session => {
      const world = await opening;
      const ended = model.leave(session).then(() => world.drop(session));
      leaving.add(ended);
      await ended.finally(() => leaving.delete(ended));
    },
    tryRegion: async (id, region, signal) => {
      const world = await opening;
      await world.tryRegion(profileFor(world, id), region, { signal, priority: 'visible' });
    },
  };
}

/** Whom the SDK takes where no profile is named: that of AWS_PROFILE, keys of the environment, the one called `default`. */
export const unnamed = ({ AWS_PROFILE, AWS_ACCESS_KEY_ID }: Environment): string | undefined =>
  AWS_PROFILE || (AWS_ACCESS_KEY_ID ? undefined : 'default');
