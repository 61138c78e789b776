import type { Faults, World } from '../model.ts';
import type { SandboxProfile } from '../shell/protocol.ts';
import { makeDemoWorld } from './demo.ts';
import { makeDocsWorld } from './docs.ts';
import { makeFleetWorld } from './fleet.ts';

export const worldNames = ['docs', 'demo', 'fleet'] as const;
export type WorldName = (typeof worldNames)[number];

export type WorldOptions = {
  readonly name: WorldName;
  /** Of the fleet: clusters, and associations in each. */
  readonly clusters: number;
  readonly associations: number;
  /** The same seed makes the same world, with the same ids. */
  readonly seed: number;
  readonly faults: Omit<Faults, 'scripted'>;
};

/** A world with the profiles that open it, the default one first. */
export type MadeWorld = { readonly world: World; readonly profiles: readonly SandboxProfile[] };

/** Makes a world as it stands at `now`, milliseconds since 1970. */
export function makeWorld(options: WorldOptions, now: number): MadeWorld {
  switch (options.name) {
    case 'docs':
      return makeDocsWorld(options, now);
    case 'demo':
      return makeDemoWorld(options, now);
    case 'fleet':
      return makeFleetWorld(options, now);
  }
}
