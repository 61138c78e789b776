import { listProfiles } from '../read/scopes.ts';
import type { World } from '../read/world.ts';
import type { ContextSource } from '../ui/app.tsx';
import type { SandboxProcess } from './sandbox-process.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the list of profiles shows of a sitting's world, which may still be opening: nothing then. Asks AWS nothing.
 *
 * @param starting the sandbox, when the sitting is in one: all profiles are asked in its regions
 * @param named regions that the command line names
 */
export function contextSource(
  opening: Promise<World>,
  starting: Promise<SandboxProcess> | undefined,
  named: readonly string[],
  environment: Environment = process.env,
): ContextSource {
  let world: World | undefined;
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
        const profile = session.profile ?? unnamed(environment);
        return { id: session.id, region: session.region, ...(profile ? { profile } : {}), ...session.known() };
      }),
    regions: () => {
      if (named.length > 0) return named;
      if (sandbox.length > 0) return sandbox;
      const usual = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
      return usual ? [usual] : [];
    },
  };
}

/** Whom the SDK takes where no profile is named: that of AWS_PROFILE, keys of the environment, the one called `default`. */
const unnamed = ({ AWS_PROFILE, AWS_ACCESS_KEY_ID }: Environment): string | undefined =>
  AWS_PROFILE || (AWS_ACCESS_KEY_ID ? undefined : 'default');
