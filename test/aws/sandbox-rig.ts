import { afterAll, beforeAll } from 'vitest';
import type { World } from '../../source/sandbox/model.ts';
import { writeClientSettings } from '../../source/sandbox/shell/environment.ts';
import { type RunningSandbox, startSandbox } from '../../source/sandbox/shell/server.ts';
import { makeWorld, type WorldName } from '../../source/sandbox/worlds/worlds.ts';

export type Rig = { readonly world: World; readonly url: string };

/** A sandbox for the tests of a file, whose environment is in force while they run. */
export function sandboxFor(name: WorldName, size: { clusters?: number; associations?: number } = {}): Rig {
  const state: { sandbox?: RunningSandbox; undo: () => void } = { undo: () => {} };
  beforeAll(async () => {
    const faults = { latency: 0, throttle: 0, rate: 0, consistency: 0 };
    const { clusters = 2, associations = 10 } = size;
    const { world, profiles } = makeWorld({ name, clusters, associations, seed: 7, faults }, Date.now());
    state.sandbox = await startSandbox({ world });
    const settings = writeClientSettings(world, state.sandbox.url, profiles);
    const saved = { ...process.env };
    for (const variable of [
      ...Object.keys(process.env).filter(each => /^AWS_|_PROXY$/i.test(each)),
      ...settings.unset,
    ]) {
      delete process.env[variable];
    }
    Object.assign(process.env, settings.environment);
    state.undo = () => {
      settings.remove();
      for (const variable of Object.keys(process.env)) if (!(variable in saved)) delete process.env[variable];
      Object.assign(process.env, saved);
    };
  });
  afterAll(async () => {
    state.undo();
    await state.sandbox?.close();
  });
  const running = () => {
    if (!state.sandbox) throw new Error('The sandbox runs only while tests run.');
    return state.sandbox;
  };
  return {
    get world() {
      return running().world;
    },
    get url() {
      return running().url;
    },
  };
}
